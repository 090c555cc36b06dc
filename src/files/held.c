/* What lies in the folder: for who must prove later that it was this. */
#include "inside.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct gathering { file_name *name; size_t n, room; uint64_t bytes; };

static result
gather(void *self, int at, const char *file, const file_name *name)
{
	enum { FIRST = 256 };
	struct gathering *g = self;
	struct stat is;

	if (fstatat(at, file, &is, AT_SYMLINK_NOFOLLOW) != 0)
		return fault(IO);
	if (g->n == g->room) {
		size_t room = g->room == 0 ? FIRST : 2 * g->room;
		file_name *more = realloc(g->name, room * sizeof(*more));

		NEED(more);
		g->name = more;
		g->room = room;
	}
	g->name[g->n++] = *name;
	g->bytes += (uint64_t)is.st_size;
	return OK;
}

static void
digest(const struct gathering *g, uint8_t ret[32])
{
	crypto_hash_sha256_state st;

	crypto_hash_sha256_init(&st);
	for (size_t i = 0; i < g->n; i++) {
		char hex[NAME_HEX + 2] = "";

		hex_write(hex, g->name[i].b, sizeof(g->name[i].b));
		hex[NAME_HEX] = '\n';
		crypto_hash_sha256_update(&st, (const uint8_t *)hex,
		    NAME_HEX + 1);
	}
	crypto_hash_sha256_final(&st, ret);
}

result
files_held(text folder, struct files_held *ret)
{
	struct gathering g = { 0 };
	result got = folder_walk(folder, gather, &g);

	if (is_ok(got) && g.n > 0)
		qsort(g.name, g.n, sizeof(*g.name), names_order);
	*ret = (struct files_held){ .n = g.n, .bytes = g.bytes };
	digest(&g, ret->sha256);
	free(g.name);
	return got;
}
