/*
 * Every row of rules_examples.csv, typed by hand from the law: due, alarm,
 * readings, effective, refusals.  Without it a change of the counting would
 * pass unseen.
 */
#include "law_fixture.h"

#include <stdio.h>
#include <string.h>

enum { RULE, STEP, VARIANT, SERVED_BY, DISTANCE, DISTRICT, HAPPENED, TRIGGER,
	DUE, ALARM, READINGS, EFFECTIVE, COLUMNS, EXAMPLES = 176 };

struct example { text cell[COLUMNS]; size_t line; };

static text moment_text(struct arena *a, struct law_moment m)
{
	int hour, minute;

	if (m.never)
		return T("never");
	if (!m.at.known)
		return day_iso(a, m.day);
	instant_clock(m.at, &hour, &minute);
	return arena_format(a, "%sT%02d:%02d", day_iso(a, m.day).p, hour,
	    minute);
}

static text readings_text(struct arena *a, const struct deadline_answer *d)
{
	struct buf b = buf_new(KIB);
	text t;

	for (size_t i = 0; i < d->readings_n; i++)
		buf_format(&b, "%s%.*s=%s", i == 0 ? "" : ";",
		    (int)d->reading[i].name.n, d->reading[i].name.p,
		    moment_text(a, d->reading[i].due).p);
	t = arena_text(a, buf_view(&b));
	buf_free(&b);
	return t;
}

static struct deadline_question question_of(const struct example *e,
    struct law_happened *happened)
{
	struct deadline_question q = { .rule = e->cell[RULE],
		.step = e->cell[STEP], .variant = e->cell[VARIANT],
		.extra = { .district = e->cell[DISTRICT] } };

	if (text_has(e->cell[TRIGGER], 'T'))
		assert_true(instant_read(e->cell[TRIGGER], &q.trigger_at));
	else
		assert_true(day_read(e->cell[TRIGGER], &q.trigger));
	if (e->cell[SERVED_BY].n > 0)
		assert_true(law_served_by_read(e->cell[SERVED_BY],
		    &q.served_by));
	if (e->cell[DISTANCE].n > 0)
		q.distance_days.known = text_integer(e->cell[DISTANCE],
		    &q.distance_days.value);
	if (e->cell[HAPPENED].n > 0) {
		text rest = e->cell[HAPPENED];

		happened->step = text_cut(&rest, '=');
		assert_true(day_read(rest, &happened->date));
		q.happened = happened;
		q.happened_n = 1;
	}
	return q;
}

static bool differs(const struct example *e, size_t column, text found)
{
	if (text_same(e->cell[column], found))
		return false;
	print_error("rules_examples.csv:%zu: %.*s, not %.*s\n", e->line,
	    (int)found.n, found.p, (int)e->cell[column].n,
	    e->cell[column].p);
	return true;
}

static size_t check(struct fixture *f, const struct example *e)
{
	struct law_happened happened;
	struct deadline_question q = question_of(e, &happened);
	struct deadline_answer d = { 0 };
	struct refusal no;
	struct arena *a = f->arena;
	result r = law_deadline(f->law, a, &q, &d, &no);

	if (!is_ok(r)) {
		assert_int_equal(r.code, E_INVALID);
		assert_true(no.pointer.n > 0 && no.detail.n > 0);
		assert_null(d.row);
		return differs(e, DUE, T("refused"));
	}
	return (size_t)differs(e, DUE, moment_text(a, d.due)) +
	    differs(e, ALARM, d.alarm.never ? T("") :
	    moment_text(a, d.alarm)) +
	    differs(e, READINGS, readings_text(a, &d)) +
	    differs(e, EFFECTIVE, day_iso(a, d.effective));
}

static void every_example(void **state)
{
	struct fixture *f = *state;
	text rest = file_text(f->arena, "data/rules_examples.csv");
	text header = text_cut(&rest, '\n');
	size_t wrong = 0, n = 0;

	assert_text(header, "rule,step,variant,served_by,distance_days,"
	    "district,happened,trigger,due,alarm,readings,effective,note");
	for (; rest.n > 0; n++) {
		text line = text_cut(&rest, '\n');
		struct example e = { .line = n + 2 };

		/* Quotes stand only in the note, behind all of these. */
		for (size_t i = 0; i < COLUMNS; i++)
			e.cell[i] = text_cut(&line, ',');
		wrong += check(f, &e);
	}
	assert_int_equal(n, EXAMPLES);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
