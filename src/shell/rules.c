/* alas rules check | show RULE: the law as a lawyer keeps and reads it. */
#include "shell.h"

#include <stdio.h>
#include <string.h>

#include "calc.h"
#include "paper.h"

static void
drop_law(struct law **law)
{
	law_close(*law);
}

/* ---- check ------------------------------------------------------------ */

void
say_fault(const struct shell *s, FILE *to, const struct law_fault *f)
{
	const char *key = law_fault_key(f->kind);
	text remedy = arena_format(s->arena, "law.remedy.%s", key +
	    strlen("law.fault."));

	fputs(law_file_name(f->file), to);
	if (f->line > 0)
		fprintf(to, ":%u", (unsigned)f->line);
	fputs(": ", to);
	if (f->column > 0) {
		text column = arena_format(s->arena, "%u",
		    (unsigned)f->column);

		fprintf(to, "%s: ", say_word(s, "law.fault_column", column.p,
		    f->column_name).p);
	}
	if (f->found.n > 0)
		fprintf(to, "«%.*s»: ", (int)f->found.n, f->found.p);
	fprintf(to, "%s. %s", say_word(s, key, NULL, NULL).p,
	    say_word(s, remedy.p, NULL, NULL).p);
	/* Words, a number or a line of the file end the remedy. */
	if (f->wanted.n > 0)
		fprintf(to, " %.*s", (int)f->wanted.n, f->wanted.p);
	fputc('\n', to);
}

static int
check(struct shell *s, const char *dir)
{
	struct law_report *report = arena_take(s->arena, sizeof(*report));
	text n;

	if (report == NULL || !is_ok(law_check(dir, s->arena, report)))
		return say_no(s, EXIT_REFUSED, "shell.no_law", dir, NULL);
	for (size_t i = 0; i < report->n; i++)
		say_fault(s, stdout, &report->fault[i]);
	n = arena_format(s->arena, "%zu", report->n + report->more);
	say_text(report->n == 0 ? say_word(s, "law.no_faults", dir, NULL) :
	    say_word(s, "law.faults", n.p, dir));
	putchar('\n');
	return report->n == 0 ? EXIT_DONE : EXIT_REFUSED;
}

/* ---- show ------------------------------------------------------------- */

struct page {
	struct shell *s;
	const struct law *law;
	struct buf out;
};

static text
said(const struct page *p, const char *key)
{
	return say_word(p->s, key, NULL, NULL);
}

static text
said_of(const struct page *p, const char *prefix, const char *code)
{
	return said(p, arena_format(p->s->arena, "%s%s", prefix, code).p);
}

static void
pair(struct page *p, const char *key, text value)
{
	if (value.n > 0)
		paper_two(&p->out, PAPER_PAIR, said(p, key), value);
}

static void
put_count(struct page *p, const struct law_rule *r)
{
	text length = arena_format(p->s->arena, "%d", (int)r->length);
	text key = arena_format(p->s->arena, "law.count.%s",
	    law_count_name(r->count));

	pair(p, "law.sheet.method", say_word(p->s, key.p, length.p, NULL));
	if (r->back)
		pair(p, "law.sheet.back", said(p, "calc.yes"));
	if (r->calendar != LAW_NO_CALENDAR)
		pair(p, "law.sheet.calendar", said_of(p, "law.calendar.",
		    law_calendar_name(r->calendar)));
	if (r->roll)
		pair(p, "law.rule.roll", said(p, "calc.yes"));
	if (r->distance)
		pair(p, "law.sheet.distance", said(p, "calc.yes"));
	if (r->box)
		pair(p, "law.rule.box", said(p, "calc.yes"));
	if (r->suspendable)
		pair(p, "law.rule.suspendable", said(p, "calc.yes"));
}

/* "1 de diciembre de 2004 – ", without an end while it holds. */
static text
days_of(const struct page *p, const struct law_rule *r)
{
	const struct shell *s = p->s;
	text from = words_day(s->words, s->lang, s->arena, r->in_force_from);
	text to = words_day(s->words, s->lang, s->arena, r->in_force_to);

	if (!r->in_force_from.known && !r->in_force_to.known)
		return T("");
	return arena_format(s->arena, "%.*s – %.*s", (int)from.n, from.p,
	    (int)to.n, to.p);
}

static text
moment_text(const struct page *p, struct law_moment m)
{
	text on;

	if (m.never)
		return said(p, "law.sheet.no_term");
	if (m.at.known)
		return words_instant(p->s->words, p->s->lang, p->s->arena,
		    m.at);
	on = words_day(p->s->words, p->s->lang, p->s->arena, m.day);

	text weekday = words_weekday(p->s->words, p->s->lang, m.day);

	return arena_format(p->s->arena, "%.*s, %.*s", (int)weekday.n,
	    weekday.p, (int)on.n, on.p);
}

/* A day on which the rule holds: the same for all, where it can be. */
static day
example_day(const struct law_rule *r)
{
	day usual = day_of(2026, 11, 24);

	if (r->in_force_to.known && r->in_force_to.n < usual.n)
		return r->in_force_to;
	if (r->in_force_from.known && r->in_force_from.n > usual.n)
		return r->in_force_from;
	return usual;
}

static void
put_example(struct page *p, const struct law_rule *r)
{
	struct deadline_question q = { .rule = r->rule, .step = r->step,
		.variant = r->variant, .trigger = example_day(r) };
	struct law_moment start = { .day = q.trigger };
	struct deadline_answer d;
	struct refusal no;

	if (r->count == LAW_HRS)
		start.at = q.trigger_at = instant_of(q.trigger, 9, 0);
	if (!is_ok(law_deadline(p->law, p->s->arena, &q, &d, &no)))
		return;
	paper_line(&p->out, PAPER_STRONG, said(p, "law.rule.example"));
	pair(p, "law.sheet.trigger", moment_text(p, start));
	pair(p, "law.sheet.due", moment_text(p, d.due));
	for (size_t i = 0; i < d.readings_n; i++)
		paper_two(&p->out, PAPER_PAIR, arena_format(p->s->arena,
		    "%s (%.*s)", said(p, "law.sheet.reading").p,
		    (int)d.reading[i].name.n, d.reading[i].name.p),
		    moment_text(p, d.reading[i].due));
	if (!d.due.never)
		pair(p, "law.sheet.alarm", moment_text(p, d.alarm));
}

static void
put_row(struct page *p, const struct law_rule *r)
{
	const struct { const char *key; text t; } names[] = {
		{ "law.rule.step", r->step },
		{ "law.rule.variant", r->variant },
		{ "law.rule.reading", r->reading },
	};
	bool english = p->s->lang == LANG_EN;
	text before = arena_format(p->s->arena, "%d",
	    (int)r->alarm_days_before);

	paper_line(&p->out, PAPER_HEADING, english ? r->name_en :
	    r->name_es);
	for (size_t i = 0; i < LENGTH(names); i++)
		pair(p, names[i].key, names[i].t);
	pair(p, "law.rule.nature", said_of(p, "calc.value.",
	    law_nature_name(r->nature)));
	pair(p, "law.sheet.trigger", r->trigger_es);
	if (!text_same(r->from, T("trigger")))
		pair(p, "law.rule.from", r->from);
	put_count(p, r);
	pair(p, "law.rule.in_force", days_of(p, r));
	if (r->alarm_days_before > 0)
		pair(p, "law.rule.alarm", before);
	pair(p, "law.sheet.basis", r->basis);
	pair(p, "law.sheet.confidence", said_of(p, "law.confidence.",
	    law_confidence_name(r->confidence)));
	pair(p, "law.sheet.note", r->note);
	if (r->reading.n == 0)
		put_example(p, r);
}

static int
show(struct shell *s, const struct law *law, const char *rule)
{
	CLEANUP(buf_free) struct buf plain = buf_new(ANSWER_MAX);
	struct page p = { s, law, buf_new(PAPER_BYTES_MAX) };
	const struct law_rule *r;
	size_t rows = 0;
	result done;

	paper_begin(&p.out);
	paper_line(&p.out, PAPER_TITLE, text_of(rule));
	for (size_t i = 0; (r = law_rule_at(law, i)) != NULL; i++) {
		if (!text_same(r->rule, text_of(rule)))
			continue;
		put_row(&p, r);
		rows++;
	}
	done = rows == 0 ? refuse(NOT_FOUND) :
	    calc_plain(buf_view(&p.out), &plain);
	buf_free(&p.out);
	if (rows == 0)
		return say_no(s, EXIT_REFUSED, "shell.unknown_rule", rule,
		    NULL);
	if (!is_ok(done))
		return say_no(s, EXIT_REFUSED, "shell.no_sheet", NULL, NULL);
	fwrite(plain.p, 1, plain.n, stdout);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_REFUSED;
}

/* ---- the verb --------------------------------------------------------- */

int
show_rules(struct shell *s, int argc, char **argv)
{
	const char *word[2] = { "", "" };
	const char *dir = NULL;
	struct own_words words = { word, 0, LENGTH(word) };
	const struct own_option options[] = {
		{ "--data", NULL, &dir }, { NULL, NULL, NULL },
	};
	int status = own_options(s, argc, argv, options, &words);
	text share = arena_format(s->arena, "%s/data", s->share);

	if (status != EXIT_DONE)
		return status;
	if (!s->help && words.n == 1 && strcmp(word[0], "check") == 0)
		return check(s, dir == NULL ? share.p : dir);
	if (s->help || words.n != 2 || strcmp(word[0], "show") != 0)
		return say_no(s, EXIT_USAGE, "shell.usage_rules", NULL,
		    NULL);

	CLEANUP(drop_law) struct law *law = shell_law(s, dir);

	return law == NULL ? EXIT_REFUSED : show(s, law, word[1]);
}
