#include "ground.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "people.h"

static struct arena *a;
static struct codes *codes;
static struct problems got;
static day today;

static int start(void **state)
{
	(void)state;
	a = arena_new(MIB);
	got.n = 0;
	today = day_of(2026, 11, 24);
	return a == NULL ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

/* The problems since the last look are exactly this one, or none. */
static void only(const char *field, const char *key)
{
	if (field == NULL) {
		if (got.n > 0)
			fail_msg("%.*s: %s", (int)got.at[0].field.n,
			    got.at[0].field.p, got.at[0].key);
		return;
	}
	assert_int_equal(got.n, 1);
	assert_text(got.at[0].field, field);
	assert_string_equal(got.at[0].key, key);
	got.n = 0;
}

static day with(int year, int month, int d, enum precision p)
{
	day made = day_of(year, month, d);

	made.precision = (uint8_t)p;
	return made;
}

static void person(const struct person *p, const char *field, const char *key)
{
	person_decide(a, p, "", today, &got);
	only(field, key);
}

static void persons(void **state)
{
	/* Dies when a person is born or dies tomorrow, dies before birth, or
	 * is held back from shredding for no reason. */
	struct person p = { .known_as = T("Flor") };

	(void)state;
	person(&p, NULL, NULL);
	p.birth_date = today;
	p.died_on = today;
	person(&p, NULL, NULL);
	p.birth_date = day_plus(today, 1);
	p.died_on = (day){ 0 };
	person(&p, "birth_date", "problem.day_ahead");
	p.birth_date = (day){ 0 };
	p.died_on = day_plus(today, 1);
	person(&p, "died_on", "problem.day_ahead");
	p.birth_date = day_of(1980, 5, 10);
	p.died_on = day_of(1980, 5, 9);
	person(&p, "died_on", "problem.died_before_birth");
	/* An imprecise day is not before what it may contain. */
	p.died_on = with(1980, 5, 1, MONTH);
	person(&p, NULL, NULL);
	p.died_on = with(1980, 1, 1, YEAR);
	person(&p, NULL, NULL);
	p.died_on = with(1980, 1, 1, ESTIMATED);
	person(&p, NULL, NULL);
	p.died_on = with(1980, 4, 1, MONTH);
	person(&p, "died_on", "problem.died_before_birth");
	p.died_on = with(1979, 1, 1, YEAR);
	person(&p, "died_on", "problem.died_before_birth");
	p.died_on = (day){ 0 };
	p.legal_hold = (yesno){ false, true };
	person(&p, NULL, NULL);
	p.legal_hold.value = true;
	person(&p, "legal_hold_reason", "problem.hold_reason");
	p.legal_hold_reason = T("orden judicial");
	person(&p, NULL, NULL);
}

static void prefixes(void **state)
{
	/* Dies when the second form on a page gets the complaint of the
	 * first, or one input two of them. */
	const struct person_name n = { .kind = T("legal") };

	(void)state;
	problem_add(&got, T("given"), "problem.control", NULL, 0);
	person_name_decide(a, &n, "name_", &got);
	person_name_decide(a, &n, "name_", &got);
	person_name_decide(a, &n, "", &got);
	assert_int_equal(got.n, 2);
	assert_text(got.at[1].field, "name_given");
	assert_string_equal(got.at[1].key, "problem.name_empty");
	got.n = 0;
}

static void names(void **state)
{
	/* Dies when a name of nothing is kept, or one of one part refused. */
	const struct person_name some[] = { { .given = T("Flor") },
		{ .first_surname = T("Quispe") },
		{ .second_surname = T("Huamaní") } };

	(void)state;
	for (size_t i = 0; i < LENGTH(some); i++) {
		person_name_decide(a, &some[i], "", &got);
		only(NULL, NULL);
	}
}

/* ---- identifiers ------------------------------------------------------ */

static void identifier(const char *kind, const char *typed, const char *kept,
    const char *key)
{
	struct person_identifier i = { .kind = text_of(kind),
		.country = T("PE"), .value = text_of(typed) };

	assert_good(identifier_decide(a, codes, &i, "id_", &got));
	if (key != NULL) {
		only("id_value", key);
		assert_text(i.value, typed);
		return;
	}
	if (got.n > 0)
		fail_msg("%s %s: %s", kind, typed, got.at[0].key);
	assert_text(i.value, kept);
}

static void identifiers(void **state)
{
	/* Dies when a number is kept as it was typed, so that it is not
	 * found again, or one of another shape is taken. */
	struct person_identifier none = { .kind = T("dni") };

	(void)state;
	identifier("dni", "45678912", "45678912", NULL);
	identifier("dni", " 45.678-912", "45678912", NULL);
	identifier("dni", "45678912-7", "45678912", NULL);
	identifier("dni", "45678912K", "45678912", NULL);
	identifier("dni", "4567891", NULL, "problem.dni");
	identifier("dni", "4567891234", NULL, "problem.dni");
	identifier("dni", "4567891A", NULL, "problem.dni");
	identifier("dni", "4567891ñ", NULL, "problem.dni");
	identifier("dni", "4567/8912", NULL, "problem.dni");
	/* A kind that no list has, and no number: others say so. */
	identifier("quipu", "1", "1", NULL);
	assert_good(identifier_decide(a, codes, &none, "", &got));
	only(NULL, NULL);
}

static void every_kind(void **state)
{
	/* Dies when the pattern of a kind in codes.csv refuses everything or
	 * takes everything. */
	size_t n;
	const struct code *kind = codes_list(codes, "identifier_kind", &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char number[41];
		int good = 0;

		if (kind[i].note.n == 0 || kind[i].note.p[0] != '^')
			continue;
		for (size_t length = 1; length <= 40; length++) {
			struct person_identifier p = { .kind = kind[i].code };

			memset(number, '7', length);
			number[length] = '\0';
			p.value = text_of(number);
			assert_good(identifier_decide(a, codes, &p, "",
			    &got));
			good += got.n == 0 ? 1 : 0;
			got.n = 0;
		}
		if (good == 0 || good == 40)
			fail_msg("%s: %d lengths fit", kind[i].code.p, good);
	}
	identifier("passport", "ab-123 456", "AB123456", NULL);
	identifier("le", "1", NULL, "problem.le");
}

static void malformed_patterns(void **state)
{
	/* Dies when a pattern that somebody wrote wrong into codes.csv is
	 * read past its end, or takes any number. */
	const char *const patterns[] = { "^[}$", "^[0-9]}$", "^[0-9]{$",
		"^[0-9]8}$", "^[0-9]{}$", "^[0-9]{1,-1}$", "^[0-9]{9,8}$" };
	struct codes *ours = codes;

	(void)state;
	for (size_t i = 0; i < LENGTH(patterns); i++) {
		int fd = memfd_create("codes", MFD_CLOEXEC);
		char path[32];
		text said;

		dprintf(fd, "list,code,label_es,label_en,retired,note\n"
		    "identifier_kind,dni,DNI,DNI,,\"%s\"\n", patterns[i]);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		assert_good(codes_open(path, a, &codes, &said));
		close(fd);
		identifier("dni", "12345678", NULL, "problem.dni");
		codes_close(&codes);
	}
	codes = ours;
}

/* ---- contact ---------------------------------------------------------- */

static void point(const struct contact_point *c, const char *field,
    const char *key)
{
	contact_point_decide(a, c, "", &got);
	only(field, key);
}

static void contact_points(void **state)
{
	/* Dies when a safe rule is kept by halves: an hour that is none, a
	 * message through nobody, a silence without its why. */
	static const char *const no_hour[] = { "24:00", "9:00", "09:60",
		"0900", "09:0", "-9:00", "09:-1", "09:00:00", "tarde" };
	struct contact_point c = { .kind = T("mobile") };

	(void)state;
	point(&c, NULL, NULL);
	c.not_after = T("23:59");
	point(&c, NULL, NULL);
	for (size_t i = 0; i < LENGTH(no_hour); i++) {
		c.not_after = text_of(no_hour[i]);
		point(&c, "not_after", "problem.clock");
	}
	c.not_after = T("");
	c.kind = T("message");
	point(&c, "through", "problem.message_through");
	c.through = T("su hermana");
	point(&c, NULL, NULL);
	c.do_not_call = (yesno){ false, true };
	point(&c, NULL, NULL);
	c.do_not_call.value = true;
	point(&c, "risk", "problem.do_not_call_why");
	c.risk = T("vive con quien la denunció");
	point(&c, NULL, NULL);
}

static void warnings(void **state)
{
	/* Dies when a number is shown without the warning that keeps a
	 * person safe, or the gentler of two is given. */
	struct contact_point c = { .kind = T("mobile") };
	instant nine = instant_of(today, 9, 0);

	(void)state;
	assert_null(contact_point_warning(&c, nine));
	c.may_say = T("nothing");
	assert_string_equal(contact_point_warning(&c, nine),
	    "contact.warning.say_nothing");
	c.not_after = T("08:59");
	assert_string_equal(contact_point_warning(&c, nine),
	    "contact.warning.late");
	c.not_after = T("09:00");
	c.may_say = T("all");
	assert_null(contact_point_warning(&c, nine));
	c.not_after = T("08:00");
	c.valid_to = day_plus(today, 1);
	assert_string_equal(contact_point_warning(&c, nine),
	    "contact.warning.late");
	c.valid_to = today;
	assert_string_equal(contact_point_warning(&c, nine),
	    "contact.warning.no_longer");
	c.do_not_call = (yesno){ true, true };
	assert_string_equal(contact_point_warning(&c, nine),
	    "contact.warning.do_not_call");
}

static void relation(const struct relation *r, const char *field,
    const char *key)
{
	relation_decide(a, r, "", &got);
	only(field, key);
}

static void relations(void **state)
{
	/* Dies when a mandate by topics has none, or a topic may be told and
	 * must not be known at once. */
	const text one[] = { T("health") };
	const text two[] = { T("money"), T("health") };
	struct relation r = { .name = T("Ana"), .mandate = T("yes") };

	(void)state;
	relation(&r, NULL, NULL);
	r.mandate = T("topics");
	relation(&r, "topics", "problem.mandate_topics");
	r.topics = (texts){ one, 1 };
	relation(&r, NULL, NULL);
	r.not_to_know = (texts){ two, 2 };
	relation(&r, "not_to_know", "problem.topic_both");
	r.not_to_know.n = 1;
	relation(&r, NULL, NULL);
	r.mandate = T("no");
	relation(&r, "topics", "problem.topics_without_mandate");
	r = (struct relation){ .mandate = T("no") };
	relation(&r, "name", "problem.relation_nobody");
	r.given = T("Ana");
	relation(&r, NULL, NULL);
	r.given = T("");
	r.other_person_id.raw = id_of_number(3);
	relation(&r, NULL, NULL);
}

static void may_tell(void **state)
{
	/* Dies when a relative is told things without, or after, a mandate. */
	struct relation r = { .mandate = T("yes") };

	(void)state;
	assert_int_equal(relation_may_tell(&r, today), TELL_ALL);
	r.mandate_until = today;
	assert_int_equal(relation_may_tell(&r, today), TELL_ALL);
	r.mandate_until = day_plus(today, -1);
	assert_int_equal(relation_may_tell(&r, today), TELL_NOTHING);
	r.mandate_until = (day){ 0 };
	r.mandate = T("topics");
	assert_int_equal(relation_may_tell(&r, today), TELL_TOPICS);
	r.mandate = T("no");
	assert_int_equal(relation_may_tell(&r, today), TELL_NOTHING);
	r.mandate = T("unknown");
	assert_int_equal(relation_may_tell(&r, today), TELL_NOTHING);
	r.mandate = T("");
	assert_int_equal(relation_may_tell(&r, today), TELL_NOTHING);
}

/* ---- consent, calls --------------------------------------------------- */

static void consent(const struct consent *c, const char *field,
    const char *key)
{
	consent_decide(a, c, "", today, &got);
	only(field, key);
}

static void consents(void **state)
{
	/* Dies when a consent has no day or way, lies ahead, or is withdrawn
	 * before it was given. */
	struct consent c = { .state = T("given"), .given_on = today,
		.how = T("signed") };

	(void)state;
	consent(&c, NULL, NULL);
	c.how = T("");
	consent(&c, "how", "problem.consent_how");
	c.how = T("signed");
	c.given_on = (day){ 0 };
	consent(&c, "given_on", "problem.consent_day");
	c.given_on = day_plus(today, 1);
	consent(&c, "given_on", "problem.day_ahead");
	c.state = T("withdrawn");
	c.given_on = day_plus(today, -5);
	consent(&c, "withdrawn_on", "problem.consent_withdrawn_day");
	c.withdrawn_on = day_plus(today, -6);
	consent(&c, "withdrawn_on", "problem.withdrawn_before_given");
	c.withdrawn_on = day_plus(today, -5);
	consent(&c, NULL, NULL);
	c.withdrawn_on = day_plus(today, 1);
	consent(&c, "withdrawn_on", "problem.day_ahead");
	c = (struct consent){ .state = T("refused") };
	consent(&c, NULL, NULL);
}

static void call(const struct contact_log *c, instant now, const char *field,
    const char *key)
{
	contact_log_decide(a, c, "", now, &got);
	only(field, key);
}

static void calls(void **state)
{
	/* Dies when a call that was not made yet is noted, or one is to be
	 * returned by nobody or never. */
	instant now = instant_of(today, 9, 0);
	const text topics[] = { T("health") };
	struct contact_log c = { .at = now };

	(void)state;
	call(&c, now, NULL, NULL);
	c.at.ms = now.ms + 5 * 60000;
	call(&c, now, NULL, NULL);
	c.at.ms++;
	call(&c, now, "at", "problem.call_ahead");
	c.at = now;
	c.call_back_at = now;
	call(&c, now, "call_back_by", "problem.call_back_who");
	c.call_back_by.raw = id_of_number(1);
	call(&c, now, NULL, NULL);
	c.call_back_at.known = false;
	call(&c, now, "call_back_at", "problem.call_back_when");
	c.call_back_by.raw = (id){ 0 };
	c.mandate = T("topics");
	call(&c, now, "topics", "problem.mandate_topics");
	c.topics = (texts){ topics, 1 };
	call(&c, now, NULL, NULL);
}

static void ages(void **state)
{
	/* Dies when an age becomes an exact day, or another year. */
	day d = birth_from_age(30, today);

	(void)state;
	assert_int_equal(d.precision, ESTIMATED);
	assert_true(d.known);
	assert_int_equal(day_ymd(d).year, 1996);
	assert_int_equal(day_ymd(birth_from_age(0, today)).year, 2026);
	assert_int_equal(day_ymd(birth_from_age(115, today)).year, 1911);
}

/* ---- names and numbers shown ------------------------------------------ */

static void masked(void **state)
{
	/* Dies when a number can be read over a shoulder, or a letter is cut
	 * in two. */
	(void)state;
	assert_text(number_masked(a, T("987654321")), "••••••321");
	assert_text(number_masked(a, T("12")), "••");
	assert_text(number_masked(a, T("123")), "•••");
	assert_text(number_masked(a, T("1234")), "•234");
	assert_text(number_masked(a, T("")), "");
	assert_text(number_masked(a, T("Jirón Ñuñoa 12")),
	    "•••••••••••" " 12");
	/* Letters of two bytes, also where the last three begin. */
	assert_text(number_masked(a, T("añab")), "•ñab");
	assert_text(number_masked(a, T("ññ")), "••");
	assert_text(number_masked(a, T("ñandú")), "••ndú");
}

static void initials(void **state)
{
	/* Dies when initials name more than the first letters, or cut one. */
	struct person_name n = { .given = T("Ñusta  Ángela"),
		.first_surname = T("Quispe"), .second_surname = T("de la O") };

	(void)state;
	assert_text(name_initials(a, &n), "Ñ. Á. Q. d. l. O.");
	assert_text(name_whole(a, &n), "Ñusta  Ángela Quispe de la O");
	n = (struct person_name){ .second_surname = T("Huamaní") };
	assert_text(name_whole(a, &n), "Huamaní");
	assert_text(name_initials(a, &n), "H.");
	assert_text(name_initials(a, NULL), "");
	assert_text(name_whole(a, NULL), "");
}

static void the_shown_one(void **state)
{
	/* Dies when a list shows a name that the person did not choose. */
	struct person_name alias = { .kind = T("alias"), .given = T("F") };
	struct person_name legal = { .kind = T("legal"), .given = T("L") };
	struct person_name other = { .kind = T("legal"), .given = T("O") };
	void *const names_of[] = { &alias, &legal, &other };

	(void)state;
	assert_null(name_shown(names_of, 0));
	assert_ptr_equal(name_shown(names_of, 1), &alias);
	assert_ptr_equal(name_shown(names_of, 3), &legal);
	other.shown = (yesno){ true, true };
	assert_ptr_equal(name_shown(names_of, 3), &other);
	alias.shown = (yesno){ false, true };
	assert_ptr_equal(name_shown(names_of, 1), &alias);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(persons, start, stop),
		cmocka_unit_test_setup_teardown(prefixes, start, stop),
		cmocka_unit_test_setup_teardown(names, start, stop),
		cmocka_unit_test_setup_teardown(identifiers, start, stop),
		cmocka_unit_test_setup_teardown(every_kind, start, stop),
		cmocka_unit_test_setup_teardown(malformed_patterns, start,
		    stop),
		cmocka_unit_test_setup_teardown(contact_points, start, stop),
		cmocka_unit_test_setup_teardown(warnings, start, stop),
		cmocka_unit_test_setup_teardown(relations, start, stop),
		cmocka_unit_test_setup_teardown(may_tell, start, stop),
		cmocka_unit_test_setup_teardown(consents, start, stop),
		cmocka_unit_test_setup_teardown(calls, start, stop),
		cmocka_unit_test_setup_teardown(ages, start, stop),
		cmocka_unit_test_setup_teardown(masked, start, stop),
		cmocka_unit_test_setup_teardown(initials, start, stop),
		cmocka_unit_test_setup_teardown(the_shown_one, start, stop),
	};
	struct arena *notes = arena_new(MIB);
	char path[1024];
	text said;
	int failed;

	snprintf(path, sizeof(path), "%s/codes.csv", argc > 1 ? argv[1] :
	    "data");
	if (notes == NULL || !is_ok(codes_open(path, notes, &codes, &said)))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	codes_close(&codes);
	arena_free(notes);
	return failed;
}
