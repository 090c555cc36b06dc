#include "names.h"

#include <string.h>
#include <utf8proc.h>

#include "variants.h"

enum { MARK_TILDE = 0x303, CODEPOINTS_MAX = 8 };

/* The next word of a name, folded into `to`, which has room for all. */
struct reader { text left; char *to; size_t n, max; };
struct word { text folded; bool dotted; };

static void put(struct reader *r, utf8proc_int32_t c)
{
	utf8proc_uint8_t b[4];
	utf8proc_ssize_t n = utf8proc_encode_char(c, b);

	if (n <= 0 || (size_t)n > r->max - r->n)
		return;
	for (utf8proc_ssize_t i = 0; i < n; i++)
		r->to[r->n++] = (char)b[i];
}

static void put_byte(struct reader *r, utf8proc_int32_t c)
{
	if (r->n < r->max)
		r->to[r->n++] = (char)c;
}

/* "Q'ispe", "D'Ángelo": what typewriters and phones put for a glottal. */
static bool is_apostrophe(utf8proc_int32_t c)
{
	return c == '\'' || c == '`' || c == 0xb4 || c == 0x2018 ||
	    c == 0x2019 || c == 0x2bb || c == 0x2bc;
}

static bool is_letter(utf8proc_int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) ||
	    k == UTF8PROC_CATEGORY_ND;
}

/* Accents go; the tilde of ñ stays, for Peña and Pena are two surnames. */
static void put_mark(struct reader *r, utf8proc_int32_t c)
{
	if (c != MARK_TILDE || r->n == 0 || r->to[r->n - 1] != 'n')
		return;
	r->n--;
	put(r, 0xf1);
}

static bool is_mark(utf8proc_int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k >= UTF8PROC_CATEGORY_MN && k <= UTF8PROC_CATEGORY_ME;
}

/* False when `c` ends the word. */
static bool fold_one(struct reader *r, utf8proc_int32_t c)
{
	utf8proc_int32_t d[CODEPOINTS_MAX];
	int boundary = 0;

	/* Most letters are these, and nothing is to be looked up. */
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9')) {
		put_byte(r, c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
		return true;
	}
	if (is_apostrophe(c) || utf8proc_category(c) == UTF8PROC_CATEGORY_CF)
		return true;
	if (c == 0xaa || c == 0xba) {	/* Mª, Antº */
		put(r, c == 0xaa ? 'a' : 'o');
		return true;
	}
	utf8proc_ssize_t n = utf8proc_decompose_char(c, d, CODEPOINTS_MAX,
	    UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
	if (n < 1 || n > CODEPOINTS_MAX || !(is_letter(d[0]) || is_mark(d[0])))
		return false;
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		if (is_mark(d[i]))
			put_mark(r, d[i]);
		else
			put(r, d[i]);
	}
	return true;
}

/* False at the end of the name. */
static bool next_word(struct reader *r, struct word *ret)
{
	size_t start = r->n;

	while (r->left.n > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(
		    (const utf8proc_uint8_t *)r->left.p,
		    (utf8proc_ssize_t)r->left.n, &c);
		size_t step = n > 0 ? (size_t)n : 1;
		bool goes_on = n > 0 && fold_one(r, c);

		r->left = (text){ r->left.p + step, r->left.n - step };
		if (goes_on || r->n == start)
			continue;
		*ret = (struct word){ { r->to + start, r->n - start },
			n > 0 && c == '.' };
		return true;
	}
	*ret = (struct word){ { r->to + start, r->n - start }, false };
	return r->n > start;
}

/* Folding never makes more than three bytes of one. */
static bool reader_begin(struct arena *a, text name, struct reader *ret)
{
	if (name.n > NAME_BYTES_MAX)
		name.n = NAME_BYTES_MAX;
	*ret = (struct reader){ .left = name, .max = 3 * name.n };
	ret->to = arena_take(a, ret->max);
	return ret->to != NULL;
}

text names_fold(struct arena *a, text name)
{
	struct reader r;
	struct word w;
	text all = T("");

	if (!reader_begin(a, name, &r))
		return (text){ 0 };
	while (next_word(&r, &w)) {
		text meant = variant_of(w.folded);

		all = all.n == 0 ? arena_text(a, meant) :
		    arena_format(a, "%.*s %.*s", (int)all.n, all.p,
		    (int)meant.n, meant.p);
		if (all.p == NULL)
			return (text){ 0 };
	}
	return all;
}

result names_tokens(struct arena *a, text name, struct name_tokens *ret)
{
	struct name_tokens all = { .cut = name.n > NAME_BYTES_MAX };
	struct name_token found[NAME_TOKENS_MAX];
	struct reader r;
	struct word w;

	if (!reader_begin(a, name, &r))
		return fault(NO_MEMORY);
	while (next_word(&r, &w)) {
		/* "Y." is Yolanda's initial, "y" joins two surnames. */
		bool initial = w.dotted && w.folded.n == 1;

		if (!initial && variant_is_particle(w.folded))
			continue;
		if (all.n == NAME_TOKENS_MAX) {
			all.cut = true;
			break;
		}
		text folded = variant_of(w.folded);
		text key = names_key(a, folded);
		NEED(key.p);
		found[all.n++] = names_token(folded, key);
	}
	struct name_token *p = arena_array(a, all.n, sizeof(*p));
	NEED(p);
	if (all.n > 0)
		memcpy(p, found, all.n * sizeof(*p));
	all.p = p;
	*ret = all;
	return OK;
}
