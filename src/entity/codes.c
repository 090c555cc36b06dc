#include "entity.h"

#include <csv.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CODES_FILE_MAX = 1 * MIB, CODES_MAX = 4000, CODE_LISTS_MAX = 300,
	CODE_COLUMNS = 6 };

struct code_list { text name; size_t first, n; };

struct codes {
	struct arena *arena;
	struct code *code;
	size_t n;
	struct code_list list[CODE_LISTS_MAX];
	size_t lists;
	char digest[64];		/* SHA-256 of the file, hexadecimal */
};

struct reading {
	struct codes *codes;
	text cell[CODE_COLUMNS];
	size_t cells, line;
	const char *wrong;
};

static void
on_cell(void *p, size_t n, void *self)
{
	struct reading *r = self;

	if (r->cells < CODE_COLUMNS)
		r->cell[r->cells] = arena_text(r->codes->arena,
		    (text){ p, n });
	r->cells++;
}

/* The list of this row, which may begin with it; NULL: `wrong` says why. */
static struct code_list *
list_of(struct reading *r, text name, text code)
{
	struct codes *c = r->codes;
	struct code_list *list = c->lists > 0 ? &c->list[c->lists - 1] : NULL;

	if (list != NULL && text_same(list->name, name)) {
		for (size_t i = list->first; i < c->n; i++) {
			if (text_same(c->code[i].code, code))
				r->wrong = "the code is there twice";
		}
		return r->wrong == NULL ? list : NULL;
	}
	for (size_t i = 0; i < c->lists; i++) {
		if (text_same(c->list[i].name, name))
			r->wrong = "the rows of a list stand together";
	}
	if (c->lists == CODE_LISTS_MAX)
		r->wrong = "more lists than this program takes";
	if (r->wrong != NULL)
		return NULL;
	list = &c->list[c->lists++];
	*list = (struct code_list){ name, c->n, 0 };
	return list;
}

/* What is wrong with the cells alone; NULL. */
static const char *
cells_wrong(const struct reading *r)
{
	if (r->cells != CODE_COLUMNS)
		return "six columns expected: "
		    "list,code,label_es,label_en,retired,note";
	for (size_t i = 0; i < CODE_COLUMNS; i++) {
		if (!text_is_utf8(r->cell[i]))
			return "a cell is not UTF-8";
	}
	if (r->cell[0].n == 0 || r->cell[1].n == 0 || r->cell[2].n == 0 ||
	    r->cell[3].n == 0)
		return "list, code and both labels must be there";
	if (r->codes->n == CODES_MAX)
		return "more codes than this program takes";
	return NULL;
}

static void
on_line(int end, void *self)
{
	struct reading *r = self;
	struct codes *c = r->codes;
	struct code_list *list;

	(void)end;
	/* The first fault is told, with its line. */
	if (r->wrong != NULL)
		return;
	r->line++;
	if (r->line > 1) {
		r->wrong = cells_wrong(r);
		if (r->wrong != NULL)
			return;
		list = list_of(r, r->cell[0], r->cell[1]);
		if (list == NULL)
			return;
		list->n++;
		c->code[c->n++] = (struct code){ .code = r->cell[1],
		    .label = { r->cell[2], r->cell[3] },
		    .retired = r->cell[4].n > 0, .note = r->cell[5] };
	}
	r->cells = 0;
}

static result
read_file(const char *path, char **ret, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = fd < 0 ? NULL : malloc(CODES_FILE_MAX);
	size_t n = 0;
	ssize_t got = -1;

	if (p != NULL) {
		while (n < CODES_FILE_MAX &&
		    (got = read(fd, p + n, CODES_FILE_MAX - n)) > 0)
			n += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	if (got != 0) {
		free(p);
		return fault(IO);
	}
	*ret = p;
	*ret_n = n;
	return OK;
}

result
codes_open(const char *path, struct arena *a, struct codes **ret,
    text *ret_error)
{
	struct codes *c = calloc(1, sizeof(*c));
	struct reading r = { .codes = c };
	struct csv_parser parser;
	uint8_t hash[crypto_hash_sha256_BYTES];
	char *bytes = NULL;
	size_t n = 0;
	result got;

	if (c == NULL)
		return fault(NO_MEMORY);
	c->arena = arena_new(4 * CODES_FILE_MAX);
	c->code = arena_array(c->arena, CODES_MAX, sizeof(*c->code));
	got = c->code == NULL ? fault(NO_MEMORY) : read_file(path, &bytes, &n);
	if (!is_ok(got)) {
		*ret_error = arena_format(a, "%s: cannot be read", path);
		codes_close(&c);
		return got;
	}
	crypto_hash_sha256(hash, (const uint8_t *)bytes, n);
	hex_write(c->digest, hash, sizeof(hash));
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0) {
		if ((csv_parse(&parser, bytes, n, on_cell, on_line, &r) != n ||
		    csv_fini(&parser, on_cell, on_line, &r) != 0) &&
		    r.wrong == NULL) {
			r.wrong = csv_strerror(csv_error(&parser));
			r.line++;	/* the one that did not end */
		}
		csv_free(&parser);
	} else {
		r.wrong = "out of memory";
	}
	free(bytes);
	if (r.wrong != NULL) {
		*ret_error = arena_format(a, "%s: line %zu: %s", path, r.line,
		    r.wrong);
		codes_close(&c);
		return refuse(INVALID);
	}
	*ret = c;
	return OK;
}

text
codes_digest(const struct codes *c)
{
	return (text){ c->digest, sizeof(c->digest) };
}

void
codes_close(struct codes **c)
{
	if (*c == NULL)
		return;
	arena_free((*c)->arena);
	free(*c);
	*c = NULL;
}

const struct code *
codes_list(const struct codes *c, const char *list, size_t *ret_n)
{
	for (size_t i = 0; i < c->lists; i++) {
		if (text_same(c->list[i].name, text_of(list))) {
			*ret_n = c->list[i].n;
			return &c->code[c->list[i].first];
		}
	}
	*ret_n = 0;
	return NULL;
}

const struct code *
codes_find(const struct codes *c, const char *list, text code)
{
	size_t n;
	const struct code *p = codes_list(c, list, &n);

	for (size_t i = 0; i < n; i++) {
		if (text_same(p[i].code, code))
			return &p[i];
	}
	return NULL;
}

text
codes_label(const struct codes *c, const char *list, text code, enum lang l)
{
	const struct code *found = codes_find(c, list, code);

	return found == NULL ? code : found->label[l];
}
