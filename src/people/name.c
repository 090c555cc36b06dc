#include "people.h"

#include <string.h>

enum { DIGITS_SHOWN = 3 };

/* A character may have several bytes: the others are not a first one. */
static bool
begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

text
number_masked(struct arena *a, text number)
{
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	size_t all = text_characters(number);
	size_t hidden = all > DIGITS_SHOWN ? all - DIGITS_SHOWN : all;
	size_t seen = 0;

	for (size_t i = 0; i < number.n; i++) {
		bool begins = begins_character(number.p[i]);

		seen += begins;
		if (seen > hidden)
			buf_char(&b, number.p[i]);
		else if (begins)
			buf_text(&b, T("•"));
	}
	return arena_text(a, buf_view(&b));
}

/* Bytes of the first character. */
static text
first_character(text t)
{
	size_t n = t.n > 0 ? 1 : 0;

	while (n < t.n && !begins_character(t.p[n]))
		n++;
	return (text){ t.p, n };
}

/* NULL text: out of memory, which is not an empty name. */
static text
kept(struct arena *a, const struct buf *b)
{
	return b->failed ? (text){ 0 } : arena_text(a, buf_view(b));
}

static void
add_part(struct buf *b, text t)
{
	if (t.n == 0)
		return;
	if (b->n > 0)
		buf_char(b, ' ');
	buf_text(b, t);
}

text
name_whole(struct arena *a, const struct person_name *n)
{
	CLEANUP(buf_free) struct buf b = buf_new(KIB);

	if (n == NULL)
		return T("");
	add_part(&b, n->given);
	add_part(&b, n->first_surname);
	add_part(&b, n->second_surname);
	return kept(a, &b);
}

text
name_initials(struct arena *a, const struct person_name *n)
{
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	text rest = name_whole(a, n);

	while (rest.n > 0) {
		text word = text_cut(&rest, ' ');

		if (word.n == 0)
			continue;
		add_part(&b, first_character(word));
		buf_char(&b, '.');
	}
	return kept(a, &b);
}

const struct person_name *
name_shown(void *const *names, size_t n)
{
	const struct person_name *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct person_name *one = names[i];

		if (one->shown.known && one->shown.value)
			return one;
		if (best == NULL || (text_same(one->kind, T("legal")) &&
		    !text_same(best->kind, T("legal"))))
			best = one;
	}
	return best;
}

static result
hide_others(struct op *op, const struct reach *reach,
    const struct person_name *shown)
{
	void **names;
	size_t n;

	TRY(facts_children(op, reach, &entity_person_name,
	    PERSON_NAME_PERSON_ID, shown->person_id.raw, &names, &n));
	for (size_t i = 0; i < n; i++) {
		struct person_name *other = names[i];

		if (id_same(other->row.id, shown->row.id) ||
		    !other->shown.known || !other->shown.value)
			continue;
		other->shown.value = false;
		TRY(facts_update(op, reach, &entity_person_name, other));
	}
	return OK;
}

result
person_name_save(struct op *op, const struct reach *reach,
    struct person_name *n)
{
	if (n->row.v == 0)
		TRY(facts_insert(op, reach, &entity_person_name, n));
	else
		TRY(facts_update(op, reach, &entity_person_name, n));
	if (n->shown.known && n->shown.value)
		return hide_others(op, reach, n);
	return OK;
}
