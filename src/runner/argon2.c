#include "inside.h"

#include <string.h>

#include "wire.h"

uint64_t argon2_memory(text request)
{
	return request.n < WIRE_ARGON2 ? 0 :
	    get_u64(request.p + WIRE_HEAD + 4);
}

result argon2_work(text request, uint8_t ret[32])
{
	struct slot_kdf kdf;
	key32 kek;

	if (request.n < WIRE_ARGON2)
		return refuse(INVALID);
	kdf.passes = get_u32(request.p + WIRE_HEAD);
	kdf.memory = get_u64(request.p + WIRE_HEAD + 4);
	memcpy(kdf.salt, request.p + WIRE_HEAD + 12, sizeof(kdf.salt));

	text secret = { request.p + WIRE_ARGON2, request.n - WIRE_ARGON2 };
	TRY(vault_kek(secret, &kdf, &kek));
	memcpy(ret, kek.b, sizeof(kek.b));
	return OK;
}
