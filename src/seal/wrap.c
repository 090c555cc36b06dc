#include "inside.h"

#include <sodium.h>
#include <string.h>

#include "pack.h"

enum { TAG_KEY = 1, TAG_CREATED = 2, TAG_RETIRED = 3 };

static void pack_time(struct packer *p, uint16_t tag, uint64_t at)
{
	uint8_t bytes[8];

	put_u64(bytes, at);
	pack_add(p, tag, bytes, sizeof(bytes));
}

/* The buffer is laid over secret memory and is full-sized: never moves. */
static result pack_key(const key32 *key, const struct key_times *times,
    uint8_t plain[WRAP_PLAIN])
{
	struct buf over = { .p = (char *)plain, .cap = WRAP_PLAIN,
		.max = WRAP_PLAIN };
	struct packer p = pack_begin(&over);

	pack_add(&p, TAG_KEY, key->b, sizeof(key->b));
	pack_time(&p, TAG_CREATED, times->created);
	if (times->retired != 0)
		pack_time(&p, TAG_RETIRED, times->retired);
	return pack_end(&p);
}

result key_wrap(const struct chance *chance, const struct owner *owner,
    const struct derived *d, const struct record_place *place,
    const key32 *key, const struct key_times *times,
    uint8_t plain[WRAP_PLAIN], struct buf *out)
{
	result r = pack_key(key, times, plain);

	if (is_ok(r))
		r = seal_derived(chance, owner, d, place,
		    (text){ (const char *)plain, WRAP_PLAIN }, out);
	sodium_memzero(plain, WRAP_PLAIN);
	return r;
}

/* These fields, of their sizes, and nothing else. */
static bool unpack_key(const uint8_t plain[WRAP_PLAIN],
    const key32 **ret_key, struct key_times *ret_times)
{
	struct unpacker u = unpack_begin(plain, WRAP_PLAIN);
	struct packed key, created, retired = { 0 }, more;
	bool is_retired;

	if (!unpack_next(&u, &key) || !unpack_next(&u, &created))
		return false;
	is_retired = unpack_next(&u, &retired);
	if ((is_retired && unpack_next(&u, &more)) || !is_ok(unpack_end(&u)))
		return false;
	if (key.tag != TAG_KEY || key.value.n != sizeof(key32) ||
	    created.tag != TAG_CREATED || created.value.n != 8)
		return false;
	if (is_retired && (retired.tag != TAG_RETIRED ||
	    retired.value.n != 8 || get_u64(retired.value.p) == 0))
		return false;
	*ret_key = (const key32 *)(const void *)key.value.p;
	*ret_times = (struct key_times){ get_u64(created.value.p),
		is_retired ? get_u64(retired.value.p) : 0 };
	return true;
}

result key_unwrap(const struct owner *owner, const struct derived *d,
    const struct record_place *place, text record, uint8_t plain[WRAP_PLAIN],
    const key32 **ret_key, struct key_times *ret_times)
{
	TRY(record_open_into(owner, d, place, record, plain, WRAP_PLAIN));
	if (!unpack_key(plain, ret_key, ret_times)) {
		sodium_memzero(plain, WRAP_PLAIN);
		return fault(SEALED_RECORD);
	}
	return OK;
}
