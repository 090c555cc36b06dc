#include "backup.h"

#include <stdio.h>

/* Which part it was is what a person must know; age said why above. */
static result
open_part(const char *target, const char *file, const char *identity,
    const char *folder, struct said *said)
{
	char path[BACKUP_PATH_MAX];
	struct said program = { .key = NULL };
	const char *const age[] = { "age", "--decrypt", "-i", identity, path,
		NULL };
	const char *const tar[] = { "tar", "--extract", "--file=-",
		"--no-same-owner", "--no-same-permissions", "-C", folder,
		NULL };
	result got;

	snprintf(path, sizeof(path), "%s/%s", target, file);
	got = backup_pipe(age, tar, -1, -1, &program);
	if (!is_ok(got))
		return backup_say(said, "backup.part_closed", path);
	return OK;
}

result
backup_unpack(const char *target, const char *name, const char *identity,
    const char *folder, struct said *said)
{
	static const char *const manifests[] = { "MANIFEST", "MANIFEST.keys",
		NULL };
	char data[BACKUP_PATH_MAX];

	snprintf(data, sizeof(data), "alas-%s.data.age", name);
	TRY(open_part(target, data, identity, folder, said));
	TRY(open_part(target, "alas.keys.age", identity, folder, said));
	return manifests_check(folder, manifests, said);
}
