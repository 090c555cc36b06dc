#include "inside.h"

#include <sodium.h>
#include <string.h>

#include "pack.h"

enum { TAG_KEY = 1, TAG_CREATED = 2 };

/* The buffer is laid over secret memory and is full-sized: never moves. */
static result pack_key(const key32 *key, uint64_t created,
    uint8_t plain[WRAP_PLAIN])
{
	struct buf over = { .p = (char *)plain, .cap = WRAP_PLAIN,
		.max = WRAP_PLAIN };
	struct packer p = pack_begin(&over);
	uint8_t at[8];

	put_u64(at, created);
	pack_add(&p, TAG_KEY, key->b, sizeof(key->b));
	pack_add(&p, TAG_CREATED, at, sizeof(at));
	return pack_end(&p);
}

result key_wrap(const struct chance *chance, const struct owner *owner,
    const struct derived *d, const struct record_place *place,
    const key32 *key, uint64_t created, uint8_t plain[WRAP_PLAIN],
    struct buf *out)
{
	result r = pack_key(key, created, plain);

	if (is_ok(r))
		r = seal_derived(chance, owner, d, place,
		    (text){ (const char *)plain, WRAP_PLAIN }, out);
	sodium_memzero(plain, WRAP_PLAIN);
	return r;
}

/* Both fields, of their sizes, and nothing else. */
static bool unpack_key(const uint8_t plain[WRAP_PLAIN],
    const key32 **ret_key, uint64_t *ret_created)
{
	struct unpacker u = unpack_begin(plain, WRAP_PLAIN);
	struct packed key, created, more;

	if (!unpack_next(&u, &key) || !unpack_next(&u, &created) ||
	    unpack_next(&u, &more) || !is_ok(unpack_end(&u)))
		return false;
	if (key.tag != TAG_KEY || key.value.n != sizeof(key32) ||
	    created.tag != TAG_CREATED || created.value.n != 8)
		return false;
	*ret_key = (const key32 *)(const void *)key.value.p;
	*ret_created = get_u64(created.value.p);
	return true;
}

result key_unwrap(const struct owner *owner, const struct derived *d,
    const struct record_place *place, text record, uint8_t plain[WRAP_PLAIN],
    const key32 **ret_key, uint64_t *ret_created)
{
	TRY(record_open_into(owner, d, place, record, plain, WRAP_PLAIN));
	if (!unpack_key(plain, ret_key, ret_created)) {
		sodium_memzero(plain, WRAP_PLAIN);
		return fault(SEALED_RECORD);
	}
	return OK;
}
