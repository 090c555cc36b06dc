#include "check.h"

#include <stdio.h>
#include <string.h>

#include "pack.h"

enum { ROUNDS = 30 };

static const enum in_class sealed[] = { IN_IDENTITY, IN_SENSITIVE, IN_CASE,
	IN_DONOR, IN_OFFICE };

static void assert_same_class(const struct entity *e, enum in_class c,
    const void *a, const void *b)
{
	for (size_t i = 0; i < e->n; i++) {
		if (e->fields[i].class == c &&
		    !field_same(&e->fields[i], a, b))
			fail_msg("%s.%s differs", e->name,
			    e->fields[i].name);
	}
}

static void assert_class_empty(const struct entity *e, enum in_class c,
    const void *row)
{
	for (size_t i = 0; i < e->n; i++) {
		if (e->fields[i].class == c &&
		    !field_empty(&e->fields[i], row))
			fail_msg("%s.%s is not empty", e->name,
			    e->fields[i].name);
	}
}

static void there_and_back(const struct entity *e, const void *row)
{
	void *back = entity_new(arena, e);
	const struct row *head = back;

	for (size_t i = 0; i < LENGTH(sealed); i++) {
		CLEANUP(buf_free) struct buf first = buf_new(
		    RECORD_PLAIN_MAX);
		CLEANUP(buf_free) struct buf again = buf_new(
		    RECORD_PLAIN_MAX);
		enum in_class c = sealed[i];
		text plain;

		assert_good(entity_pack(e, row, c, &first));
		assert_true(first.n >= 128);
		assert_int_equal(first.n & (first.n - 1), 0);
		/* What is unpacked points into the plain. */
		plain = arena_text(arena, buf_view(&first));
		assert_class_empty(e, c, back);
		assert_good(entity_unpack(arena, e, c, plain, back));
		assert_same_class(e, c, row, back);
		assert_good(entity_pack(e, back, c, &again));
		assert_true(text_same(plain, buf_view(&again)));
		assert_int_equal(head->open & 1u << c, 1u << c);
	}
	assert_false(head->read_only);
	assert_class_empty(e, IN_BOOKS, back);
	assert_class_empty(e, IN_CLEAR, back);
}

static void every_entity(void **state)
{
	/* Dies when a value of any field of any entity is lost, changed or
	 * put into another class on its way through the packed bytes. */
	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		for (unsigned int round = 0; round < ROUNDS; round++) {
			struct arena_mark mark = arena_mark(arena);
			void *row = entity_new(arena, entity_all[i]);

			fill_row(arena, codes, &seed, entity_all[i],
			    (1u << IN_CLASSES) - 1, round % 11, row);
			there_and_back(entity_all[i], row);
			arena_rewind(arena, mark);
		}
	}
}

static void tables(void **state)
{
	/* Dies when two entities have one number or name, or two fields of
	 * a class one tag: records could not be told apart. */
	(void)state;
	assert_int_equal(ENTITIES, 50);
	for (size_t i = 0; i < ENTITIES; i++) {
		const struct entity *e = entity_all[i];

		assert_ptr_equal(entity_named(text_of(e->name)), e);
		assert_true(e->n <= FIELDS_MAX);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(entity_all[k]->number,
			    e->number);
		for (size_t k = 0; k < e->n; k++) {
			const struct field *f = &e->fields[k];

			assert_ptr_equal(field_of(e, f->name), f);
			assert_true(f->kind != KIND_ID || f->of != NULL);
			assert_true(f->class == IN_CLEAR ||
			    f->class == IN_BOOKS || f->tag > 0);
			for (size_t j = 0; j < k; j++)
				assert_false(f->tag > 0 &&
				    e->fields[j].tag == f->tag &&
				    e->fields[j].class == f->class);
		}
	}
	assert_null(entity_named(T("prisoner")));
	assert_null(entity_field(&entity_person, T("party")));
}

static text plain_of(uint16_t tag, const void *value, size_t n,
    struct buf *b)
{
	struct packer p;

	buf_clear(b);
	p = pack_begin(b);
	pack_add(&p, tag, value, n);
	assert_good(pack_end(&p));
	return buf_view(b);
}

static void unknown_tag(void **state)
{
	/* Dies when a program that is older than the record overwrites
	 * what it cannot read. */
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	struct person p = { .known_as = T("") };
	struct packer packer;

	(void)state;
	packer = pack_begin(&b);
	pack_add(&packer, 1, "Flor", 4);
	pack_add(&packer, 9999, "new", 3);
	assert_good(pack_end(&packer));
	assert_good(entity_unpack(arena, &entity_person, IN_IDENTITY,
	    buf_view(&b), &p));
	assert_true(p.row.read_only);
	assert_text(p.known_as, "Flor");
	/* A tag of another class is as unknown: 27 is none of identity. */
	p = (struct person){ .known_as = T("") };
	assert_good(entity_unpack(arena, &entity_person, IN_SENSITIVE,
	    plain_of(27, "x", 1, &b), &p));
	assert_true(p.row.read_only);
}

/* `n` bytes under a field's tag are refused. */
static void refuses(const char *entity, const char *name, const void *value,
    size_t n)
{
	CLEANUP(buf_free) struct buf b = buf_new(2 * FIELD_VALUE_MAX);
	const struct entity *e = entity_named(text_of(entity));
	const struct field *f = field_of(e, name);
	result got;

	got = entity_unpack(arena, e, f->class, plain_of(f->tag, value, n,
	    &b), entity_new(arena, e));
	if (got.code != E_CORRUPT)
		fail_msg("%s.%s of %zu bytes: %s", entity, name, n,
		    error_name(got));
}

static void malformed(void **state)
{
	/* Dies when bytes that no program of ours wrote become a value. */
	static const char zeros[300];
	char file[32 + 8 + 64 + 4 + 3] = { 0 };
	const uint8_t day_bad[5] = { 0, 0, 0, 1, 4 };
	const uint8_t day_far[5] = { 0x7f, 0xff, 0xff, 0xff, 0 };
	const uint8_t day_early[5] = { 0x80, 0, 0, 0, 0 };
	const uint8_t code_cut[] = { 0, 2, 'q' };
	const uint8_t code_half[] = { 0 };
	const uint8_t code_latin[] = { 0, 1, 0xf1 };

	(void)state;
	refuses("person", "known_as", "\xc0\xaf", 2);
	refuses("person", "sex", "\xed\xa0\x80", 3);
	refuses("person", "health", "a\0b", 3);
	refuses("person", "birth_date", zeros, 4);
	refuses("person", "birth_date", zeros, 6);
	refuses("person", "birth_date", day_bad, 5);
	refuses("person", "birth_date", day_far, 5);
	refuses("person", "birth_date", day_early, 5);
	refuses("person", "needs_interpreter", "\2", 1);
	refuses("person", "needs_interpreter", zeros, 2);
	refuses("person", "erase_asked_at", zeros, 7);
	refuses("person", "erase_asked_at", "\x7f\xff\xff\xff\xff\xff\xff\xff",
	    8);
	refuses("person", "responsible", zeros, 15);
	refuses("person", "responsible", zeros, 17);
	refuses("person", "dependants", zeros, 4);
	refuses("person", "programmes", code_cut, sizeof(code_cut));
	refuses("person", "programmes", code_half, sizeof(code_half));
	refuses("person", "programmes", code_latin, sizeof(code_latin));
	refuses("person", "programmes", zeros, 2 * (LIST_VALUES_MAX + 1));
	refuses("sentence", "reparation", zeros, 10);
	refuses("sentence", "reparation", "\0\0\0\0\0\0\0\1P\"N", 11);
	refuses("sentence", "reparation", zeros, 11);
	refuses("document", "file", file, 100);
	refuses("document", "file", file, sizeof(file));
	file[32 + 8 + 64 + 1] = 4;
	refuses("document", "file", file, sizeof(file));
	file[32 + 8 + 64 + 1] = 0;
	file[32 + 8 + 64 + 3] = 3;
	memcpy(file + 32 + 8 + 64 + 4, "a\xff" "b", 3);
	refuses("document", "file", file, sizeof(file));
}

static void not_packed(void **state)
{
	/* Dies when a record with a wrong frame is opened at all. */
	CLEANUP(buf_free) struct buf b = buf_new(KIB);
	struct person p = { .known_as = T("") };
	char cut[128] = { 0 };

	(void)state;
	plain_of(1, "Flor", 4, &b);
	memcpy(cut, b.p, sizeof(cut));
	cut[127] = 1;
	assert_result(entity_unpack(arena, &entity_person, IN_IDENTITY,
	    (text){ cut, 128 }, &p), CORRUPT);
	assert_result(entity_unpack(arena, &entity_person, IN_IDENTITY,
	    (text){ cut, 127 }, &p), CORRUPT);
	assert_result(entity_unpack(arena, &entity_person, IN_IDENTITY,
	    T(""), &p), CORRUPT);
}

static void too_long(void **state)
{
	/* Dies when a value that the frame cannot hold is cut. */
	CLEANUP(buf_free) struct buf b = buf_new(2 * RECORD_PLAIN_MAX);
	char *p = arena_take(arena, FIELD_VALUE_MAX + 1);
	struct person person = { .health = { p, FIELD_VALUE_MAX } };
	struct person back = { .known_as = T("") };

	(void)state;
	assert_non_null(p);
	memset(p, 'x', FIELD_VALUE_MAX + 1);
	assert_good(entity_pack(&entity_person, &person, IN_SENSITIVE, &b));
	assert_good(entity_unpack(arena, &entity_person, IN_SENSITIVE,
	    buf_view(&b), &back));
	assert_int_equal(back.health.n, FIELD_VALUE_MAX);
	person.health.n++;
	buf_clear(&b);
	assert_result(entity_pack(&entity_person, &person, IN_SENSITIVE, &b),
	    BUG);
}

static void walkers(void **state)
{
	/* Dies when a field that differs is called the same, or is copied
	 * or cleared by halves: an update would not be written. */
	(void)state;
	for (size_t i = 0; i < ENTITIES; i++) {
		const struct entity *e = entity_all[i];
		void *a = entity_new(arena, e);
		void *b = entity_new(arena, e);

		fill_row(arena, codes, &seed, e, (1u << IN_CLASSES) - 1, 0,
		    a);
		for (size_t k = 0; k < e->n; k++) {
			const struct field *f = &e->fields[k];

			assert_false(field_empty(f, a));
			assert_true(field_empty(f, b));
			assert_false(field_same(f, a, b));
			assert_false(field_same(f, b, a));
			assert_true(field_same(f, b, b));
			field_copy(f, a, b);
			assert_true(field_same(f, a, b));
			field_clear(f, b);
			assert_true(field_empty(f, b));
		}
	}
	struct person p = { .birth_date = day_of(1980, 1, 1) };
	struct person q = p;
	q.birth_date.precision = YEAR;
	assert_false(field_same(field_of(&entity_person, "birth_date"), &p,
	    &q));
	const text one[] = { T("a"), T("b") };
	const text two[] = { T("b"), T("a") };
	p.programmes = (texts){ one, 2 };
	q.programmes = (texts){ two, 2 };
	assert_false(field_same(field_of(&entity_person, "programmes"), &p,
	    &q));
	q.programmes = (texts){ one, 1 };
	assert_false(field_same(field_of(&entity_person, "programmes"), &p,
	    &q));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entity),
		cmocka_unit_test(tables),
		cmocka_unit_test(unknown_tag),
		cmocka_unit_test(malformed),
		cmocka_unit_test(not_packed),
		cmocka_unit_test(too_long),
		cmocka_unit_test(walkers),
	};

	return check_run(argc, argv, "entity pack", tests, LENGTH(tests));
}
