#include "backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH = 32, COPY_STEP = 64 * KIB, NAME_HEX = 64 };

/* ---- preparing -------------------------------------------------------- */

static void
below(char ret[BACKUP_PATH_MAX], const char *folder, const char *name)
{
	snprintf(ret, BACKUP_PATH_MAX, "%s/%s", folder, name);
}

static result
add_line(const char *path, const char *line, struct said *said)
{
	FILE *f = fopen(path, "ae");
	bool good = f != NULL && fprintf(f, "%s\n", line) > 0;

	if ((f != NULL && fclose(f) != 0) || !good)
		return backup_say(said, "backup.unwritable", path);
	return OK;
}

static bool
small_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

/* The sealed files: ab/cdef…, each called by its own digest. */
static result
add_files(const struct packing *p, const char *manifest, const char *list,
    struct said *said)
{
	char path[BACKUP_PATH_MAX];
	struct dirent *outer;
	struct dirent *inner;
	DIR *files;
	result got = OK;

	below(path, p->data, "files");
	files = opendir(path);
	if (files == NULL)
		return errno == ENOENT ? OK :
		    backup_say(said, "backup.unreadable", path);
	while (is_ok(got) && (outer = readdir(files)) != NULL) {
		DIR *folder;

		if (!small_hex(outer->d_name, 2))
			continue;
		snprintf(path, sizeof(path), "%s/files/%s", p->data,
		    outer->d_name);
		folder = opendir(path);
		while (is_ok(got) && folder != NULL &&
		    (inner = readdir(folder)) != NULL) {
			if (!small_hex(inner->d_name, NAME_HEX - 2))
				continue;
			snprintf(path, sizeof(path), "files/%.2s/%.62s",
			    outer->d_name, inner->d_name);
			got = manifest_add(manifest, p->data, path, path,
			    said);
			if (is_ok(got))
				got = add_line(list, path, said);
		}
		if (folder != NULL)
			closedir(folder);
	}
	closedir(files);
	return got;
}

result
backup_prepare(const struct packing *p, struct said *said)
{
	char folder[BACKUP_PATH_MAX];
	char manifest[BACKUP_PATH_MAX];
	char keys[BACKUP_PATH_MAX];
	char list[BACKUP_PATH_MAX];
	char member[BACKUP_PATH_MAX];

	below(folder, p->data, "run/backup");
	below(manifest, p->data, "run/backup/MANIFEST");
	below(keys, p->data, "run/backup/MANIFEST.keys");
	below(list, p->data, "run/backup/members");
	snprintf(member, sizeof(member), "db/%s", p->dump);
	TRY(manifest_add(manifest, folder, p->dump, member, said));
	TRY(manifest_add(keys, folder, "keys.part", "db/keys.part", said));
	TRY(manifest_add(keys, folder, "vault.hdr", "db/vault.hdr", said));
	TRY(add_line(list, "run/backup/MANIFEST", said));
	snprintf(member, sizeof(member), "run/backup/%s", p->dump);
	TRY(add_line(list, member, said));
	TRY(add_files(p, manifest, list, said));
	below(list, p->data, "run/backup/members.keys");
	TRY(add_line(list, "run/backup/MANIFEST.keys", said));
	TRY(add_line(list, "run/backup/vault.hdr", said));
	return add_line(list, "run/backup/keys.part", said);
}

/* ---- one part --------------------------------------------------------- */

static bool
write_all(int fd, const unsigned char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

/* From `in` to its end into `out` (-1: nowhere); the digest of it. */
static bool
pour(int in, int out, unsigned char ret[HASH])
{
	static unsigned char bytes[COPY_STEP];
	crypto_hash_sha256_state hash;
	ssize_t n;

	crypto_hash_sha256_init(&hash);
	while ((n = read(in, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || (out >= 0 && !write_all(out, bytes, (size_t)n)))
			return false;
		crypto_hash_sha256_update(&hash, bytes, (size_t)n);
	}
	crypto_hash_sha256_final(&hash, ret);
	return true;
}

/* From the medium, as far as the system lets it be told. */
static bool
reads_back(const char *path, const unsigned char hash[HASH])
{
	unsigned char again[HASH];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	good = pour(fd, -1, again) && memcmp(again, hash, HASH) == 0;
	close(fd);
	return good;
}

/* Written under a name that nobody reads, flushed and read back. */
static result
write_part(int in, const char *fresh, struct said *said)
{
	unsigned char hash[HASH];
	bool good;
	int fd;

	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return backup_say(said, "backup.unwritable", fresh);
	good = pour(in, fd, hash) && fsync(fd) == 0;
	good = close(fd) == 0 && good && reads_back(fresh, hash);
	if (!good) {
		unlink(fresh);
		return backup_say(said, "backup.unwritable", fresh);
	}
	return OK;
}

static result
seal_part(const struct packing *p, const char *list, const char *fresh,
    struct said *said)
{
	char members[BACKUP_PATH_MAX];
	char recipients[BACKUP_PATH_MAX];
	const char *const tar[] = { "tar", "--create", "--file=-",
		"--no-recursion", "--owner=0", "--group=0",
		"--numeric-owner", "--mode=0600",
		"--transform=s,^run/backup/MANIFEST,MANIFEST,;"
		"s,^run/backup/,db/,", "-C", p->data, "-T", members, NULL };
	const char *const age[] = { "age", "-R", recipients, NULL };
	struct pipeline pipe;
	result got;
	int out = -1;

	below(members, p->data, list);
	below(recipients, p->data, "run/backup/recipients");
	TRY(pipeline_begin(tar, age, -1, -1, &pipe, &out, said));
	got = write_part(out, fresh, said);
	close(out);
	if (is_ok(got)) {
		got = pipeline_end(&pipe, said);
		if (!is_ok(got))
			unlink(fresh);
		return got;
	}
	ignore(pipeline_end(&pipe, &(struct said){ 0 }),
	    "it ended because nobody read it any more");
	return got;
}

static result
give_name(const char *fresh, const char *target, const char *name,
    struct said *said)
{
	char path[BACKUP_PATH_MAX];
	bool good;
	int fd;

	below(path, target, name);
	if (rename(fresh, path) != 0)
		return backup_say(said, "backup.unwritable", path);
	fd = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good ? OK : backup_say(said, "backup.unwritable", path);
}

/* ---- a target --------------------------------------------------------- */

static result
carry_keys(const struct packing *p, const char *target, struct said *said)
{
	char fresh[BACKUP_PATH_MAX];
	char first[BACKUP_PATH_MAX];
	result got;
	int in;

	below(fresh, target, ".alas.keys.part");
	below(first, target, "alas.keys.age");
	TRY(seal_part(p, "run/backup/members.keys", fresh, said));
	TRY(give_name(fresh, target, "alas.keys.age", said));
	in = open(first, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return backup_say(said, "backup.unreadable", first);
	got = write_part(in, fresh, said);
	close(in);
	TRY(got);
	return give_name(fresh, target, "alas.keys.second.age", said);
}

static bool
data_part_named(const char *file, char ret_name[BACKUP_NAME + 1])
{
	const char *digits = file + strlen("alas-");

	if (strncmp(file, "alas-", strlen("alas-")) != 0 ||
	    strspn(digits, "0123456789") != 8 || digits[8] != '-' ||
	    strspn(digits + 9, "0123456789") != 4 ||
	    strcmp(digits + BACKUP_NAME, ".data.age") != 0)
		return false;
	memcpy(ret_name, digits, BACKUP_NAME);
	ret_name[BACKUP_NAME] = '\0';
	return true;
}

/* The same day a year before: names order as their times do. */
static void
remove_old(const struct packing *p, const char *target)
{
	char last[BACKUP_NAME + 1];
	char name[BACKUP_NAME + 1];
	DIR *folder = opendir(target);
	struct dirent *one;
	int64_t year;

	if (folder == NULL || strlen(p->name) != BACKUP_NAME ||
	    !text_integer((text){ p->name, 4 }, &year)) {
		if (folder != NULL)
			closedir(folder);
		return;
	}
	snprintf(last, sizeof(last), "%04d%s", (int)(year - 1) % 10000,
	    p->name + 4);
	while ((one = readdir(folder)) != NULL) {
		if (data_part_named(one->d_name, name) &&
		    strcmp(name, last) < 0)
			unlinkat(dirfd(folder), one->d_name, 0);
	}
	closedir(folder);
}

result
backup_carry(const struct packing *p, const char *target, struct said *said)
{
	char fresh[BACKUP_PATH_MAX];
	char name[BACKUP_PATH_MAX];
	struct stat is;

	if (stat(target, &is) != 0 || !S_ISDIR(is.st_mode))
		return backup_say(said, "backup.no_target", target);
	TRY(carry_keys(p, target, said));
	below(fresh, target, ".alas.data.part");
	snprintf(name, sizeof(name), "alas-%s.data.age", p->name);
	TRY(seal_part(p, "run/backup/members", fresh, said));
	TRY(give_name(fresh, target, name, said));
	remove_old(p, target);
	return OK;
}

/* ---- unpacking finds what packing named -------------------------------- */

static result
find_part(const char *target, int sign, char ret_name[BACKUP_NAME + 1],
    struct said *said)
{
	char name[BACKUP_NAME + 1];
	char best[BACKUP_NAME + 1] = "";
	DIR *folder = opendir(target);
	struct dirent *one;

	if (folder == NULL)
		return backup_say(said, "backup.no_target", target);
	while ((one = readdir(folder)) != NULL) {
		if (data_part_named(one->d_name, name) &&
		    (best[0] == '\0' || sign * strcmp(name, best) > 0))
			memcpy(best, name, sizeof(best));
	}
	closedir(folder);
	if (best[0] == '\0')
		return backup_say(said, "backup.no_part", target);
	memcpy(ret_name, best, sizeof(best));
	return OK;
}

result
backup_newest(const char *target, char ret_name[BACKUP_NAME + 1],
    struct said *said)
{
	return find_part(target, 1, ret_name, said);
}

result
backup_oldest(const char *target, char ret_name[BACKUP_NAME + 1],
    struct said *said)
{
	return find_part(target, -1, ret_name, said);
}
