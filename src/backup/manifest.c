#include "backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH = 32, HEX = 64, LINE_MAX_BYTES = 4096, READ_STEP = 64 * KIB,
	DEPTH_MAX = 4 };

static bool
digest_of(int folder, const char *file, char hex[HEX + 1])
{
	static unsigned char bytes[READ_STEP];
	crypto_hash_sha256_state hash;
	unsigned char out[HASH];
	struct stat is;
	ssize_t n = 1;
	int fd = openat(folder, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode))
		n = -1;
	crypto_hash_sha256_init(&hash);
	while (n > 0) {
		n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			crypto_hash_sha256_update(&hash, bytes, (size_t)n);
	}
	close(fd);
	crypto_hash_sha256_final(&hash, out);
	hex_write(hex, out, sizeof(out));
	hex[HEX] = '\0';
	return n == 0;
}

result
manifest_add(const char *manifest, const char *folder, const char *file,
    const char *name, struct said *said)
{
	char hex[HEX + 1];
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = at >= 0 && digest_of(at, file, hex);
	FILE *f;

	if (at >= 0)
		close(at);
	if (!good)
		return backup_say(said, "backup.unreadable", file);
	f = fopen(manifest, "ae");
	if (f == NULL)
		return backup_say(said, "backup.unwritable", manifest);
	good = fprintf(f, "%s  %s\n", hex, name) > 0;
	if (fclose(f) != 0 || !good)
		return backup_say(said, "backup.unwritable", manifest);
	return OK;
}

/* ---- checking --------------------------------------------------------- */

/* A path of ours: below the folder, of plain letters. */
static bool
name_good(const char *name)
{
	if (name[0] == '/' || strstr(name, "..") != NULL)
		return false;
	for (; *name != '\0'; name++) {
		if (!((*name >= 'a' && *name <= 'z') || *name == '/' ||
		    *name == '.' || (*name >= '0' && *name <= '9')))
			return false;
	}
	return true;
}

static result
check_line(int folder, char *line, long *count, struct said *said)
{
	char hex[HEX + 1];
	char *name = line + HEX + 2;

	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '#')
		return OK;
	if (strlen(line) < HEX + 3 || memcmp(line + HEX, "  ", 2) != 0 ||
	    !name_good(name))
		return backup_say(said, "backup.not_ours", line);
	if (!digest_of(folder, name, hex))
		return backup_say(said, "backup.unreadable", name);
	if (memcmp(hex, line, HEX) != 0)
		return backup_say(said, "backup.other_bytes", name);
	++*count;
	return OK;
}

static result
check_manifest(int folder, const char *manifest, long *count,
    struct said *said)
{
	char line[LINE_MAX_BYTES];
	int fd = openat(folder, manifest, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	result got = OK;

	if (f == NULL)
		return backup_say(said, "backup.unreadable", manifest);
	++*count;
	while (is_ok(got) && fgets(line, sizeof(line), f) != NULL)
		got = check_line(folder, line, count, said);
	fclose(f);
	return got;
}

/* Files and folders, and how many files: nothing else has a place here. */
static result
count_files(int parent, const char *name, int depth, long *count,
    struct said *said)
{
	int at = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	DIR *folder = at < 0 ? NULL : fdopendir(at);
	struct dirent *one;
	result got = OK;

	if (folder == NULL || depth > DEPTH_MAX) {
		if (folder != NULL)
			closedir(folder);
		return backup_say(said, "backup.not_ours", name);
	}
	while (is_ok(got) && (one = readdir(folder)) != NULL) {
		struct stat is;

		if (strcmp(one->d_name, ".") == 0 ||
		    strcmp(one->d_name, "..") == 0)
			continue;
		if (fstatat(at, one->d_name, &is, AT_SYMLINK_NOFOLLOW) != 0)
			got = backup_say(said, "backup.unreadable",
			    one->d_name);
		else if (S_ISDIR(is.st_mode))
			got = count_files(at, one->d_name, depth + 1, count,
			    said);
		else if (S_ISREG(is.st_mode))
			++*count;
		else
			got = backup_say(said, "backup.not_ours",
			    one->d_name);
	}
	closedir(folder);
	return got;
}

result
manifests_check(const char *folder, const char *const *manifests,
    struct said *said)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long named = 0;
	long there = 0;
	result got = at < 0 ? backup_say(said, "backup.unreadable", folder) :
	    OK;

	for (; is_ok(got) && *manifests != NULL; manifests++)
		got = check_manifest(at, *manifests, &named, said);
	if (is_ok(got))
		got = count_files(at, ".", 0, &there, said);
	if (at >= 0)
		close(at);
	TRY(got);
	return named == there ? OK :
	    backup_say(said, "backup.not_ours", folder);
}
