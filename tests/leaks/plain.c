/*
 * The office with sealing off, so that the search of tests/leaks can show
 * that it would find what is not sealed.  The records keep their form: where
 * a ciphertext stands, the packed fields stand as they are.
 */
#include <sodium.h>
#include <string.h>

int __wrap_crypto_aead_xchacha20poly1305_ietf_encrypt(unsigned char *c,
    unsigned long long *c_n, const unsigned char *m, unsigned long long m_n,
    const unsigned char *bound, unsigned long long bound_n,
    const unsigned char *secret, const unsigned char *nonce,
    const unsigned char *key);
int __wrap_crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *m,
    unsigned long long *m_n, unsigned char *secret, const unsigned char *c,
    unsigned long long c_n, const unsigned char *bound,
    unsigned long long bound_n, const unsigned char *nonce,
    const unsigned char *key);

enum { TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };

int
__wrap_crypto_aead_xchacha20poly1305_ietf_encrypt(unsigned char *c,
    unsigned long long *c_n, const unsigned char *m, unsigned long long m_n,
    const unsigned char *bound, unsigned long long bound_n,
    const unsigned char *secret, const unsigned char *nonce,
    const unsigned char *key)
{
	(void)bound, (void)bound_n, (void)secret, (void)nonce, (void)key;
	memmove(c, m, (size_t)m_n);
	memset(c + m_n, 0, TAG);
	if (c_n != NULL)
		*c_n = m_n + TAG;
	return 0;
}

int
__wrap_crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *m,
    unsigned long long *m_n, unsigned char *secret, const unsigned char *c,
    unsigned long long c_n, const unsigned char *bound,
    unsigned long long bound_n, const unsigned char *nonce,
    const unsigned char *key)
{
	(void)bound, (void)bound_n, (void)secret, (void)nonce, (void)key;
	if (c_n < TAG)
		return -1;
	memmove(m, c, (size_t)c_n - TAG);
	if (m_n != NULL)
		*m_n = c_n - TAG;
	return 0;
}
