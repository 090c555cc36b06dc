#include "inside.h"

#include <sodium.h>

const struct slot_kdf kdf_default = { .passes = 3,
	.memory = (uint64_t)256 * MIB };
const struct slot_kdf kdf_floor = { .passes = 1, .memory = KDF_MEMORY_MIN };

_Static_assert(crypto_pwhash_argon2id_SALTBYTES == 16, "salts are 16 bytes");

/* A header from another hand must not cost all memory, or no work. */
result kdf_bounds(const struct slot_kdf *kdf)
{
	if (kdf->passes < 1 || kdf->passes > KDF_PASSES_MAX)
		return refuse(INVALID);
	if (kdf->memory < KDF_MEMORY_MIN || kdf->memory > memory_half())
		return refuse(INVALID);
	return OK;
}

result vault_kek(text secret, const struct slot_kdf *kdf, key32 *ret_kek)
{
	CLEANUP(secret_free) struct secret kek = { 0 };

	TRY(kdf_bounds(kdf));
	TRY(secret_new(sizeof(*ret_kek), &kek));
	if (crypto_pwhash_argon2id(kek.p, kek.n, secret.p, secret.n,
	    kdf->salt, kdf->passes, (size_t)kdf->memory,
	    crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
		return fault(NO_MEMORY);
	*ret_kek = *(const key32 *)kek.p;
	return OK;
}
