/* alas calc KIND: one question, or one in each line, by the engines alone. */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calc.h"
#include "paper.h"

enum { SHEET_TEXT_MAX = 4 * MIB };

struct calculation {
	struct shell *s;
	const struct asking_kind *kind;
	struct asker asker;
	struct refusal no;
	bool batch, explain;
	const char *pdf, *data;
	const struct node *question;	/* of the one that was typed */
};

static void
drop_law(struct law **law)
{
	law_close(*law);
}

struct law *
shell_law(struct shell *s, const char *dir)
{
	struct law_report *report = arena_take(s->arena, sizeof(*report));
	text share = arena_format(s->arena, "%s/data", s->share);
	struct law *law = NULL;

	if (report == NULL || share.p == NULL)
		return NULL;
	if (dir == NULL)
		dir = share.p;
	if (is_ok(law_open(dir, s->arena, &law, report)))
		return law;
	say_no(s, EXIT_REFUSED, "shell.no_law", dir, NULL);
	for (size_t i = 0; i < report->n; i++)
		say_fault(s, stderr, &report->fault[i]);
	return NULL;
}

/* ---- what was not answered -------------------------------------------- */

/* In words, for whoever typed a rule and a day: what the office says of such
 * a question, then the detail, which knows no language. */
static int
say_plainly(const struct calculation *c)
{
	text key = arena_format(c->s->arena, "problem.law.%s",
	    refusal_name(c->no.code));
	text said = say_word(c->s, key.p, NULL, NULL);

	while (said.n > 0 && said.p[said.n - 1] == ' ')
		said.n--;		/* the detail has the choices */
	fprintf(stderr, "alas: %.*s: %.*s (%.*s)\n",
	    (int)c->no.pointer.n, c->no.pointer.p, (int)said.n, said.p,
	    (int)c->no.detail.n, c->no.detail.p);
	return EXIT_USAGE;
}

/* One problem+json on standard error, nothing on standard output. */
static int
say_refused(const struct calculation *c)
{
	CLEANUP(buf_free) struct buf out = buf_new(ANSWER_MAX);
	struct node *root = node_object(c->s->arena);

	node_add_text(root, "type", T("about:blank"));
	node_add_text(root, "title", say_word(c->s, "calc.refused", NULL,
	    NULL));
	node_add_number(root, "status", 422);
	node_add_text(root, "detail", c->no.detail);
	node_add_text(root, "pointer", c->no.pointer);
	node_add_text(root, "code", text_of(refusal_name(c->no.code)));
	if (root != NULL)
		node_json(root, &out);
	fwrite(out.p, 1, out.n, stderr);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

/* A question too large for the memory of one is refused like any other. */
static result
answer(struct calculation *c, text json, struct calc_answered *ret)
{
	result r = calc_ask(c->kind, &c->asker, json, ret);

	if (is_ok(r))
		r = calc_words(ret->answer, c->s->words, c->s->lang);
	if (r.code != E_NO_MEMORY)
		return r;
	c->no = (struct refusal){ .code = REFUSED_TOO_LARGE,
		.pointer = T(""),
		.detail = T("the answer is too large for one question") };
	return refuse(INVALID);
}

/* ---- one -------------------------------------------------------------- */

static bool
read_question(struct buf *in)
{
	char part[16 * KIB];
	size_t n;

	while (in->n <= CALC_QUESTION_MAX &&
	    (n = fread(part, 1, sizeof(part), stdin)) > 0)
		buf_add(in, part, n);
	return !ferror(stdin) && !in->failed;
}

static void
put_json(const struct node *root, struct buf *out)
{
	buf_clear(out);
	node_json(root, out);
	buf_char(out, '\n');
	fwrite(out->p, 1, out->n, stdout);
}

static int
show(struct calculation *c, const struct calc_answered *answered)
{
	CLEANUP(buf_free) struct buf sheet = buf_new(PAPER_BYTES_MAX);
	CLEANUP(buf_free) struct buf out = buf_new(ANSWER_MAX);
	const struct calc_sheet how = { c->kind, c->asker.law, c->s->words,
		c->s->lang, c->s->arena };
	bool wanted = c->explain || c->pdf != NULL;

	if (wanted && !is_ok(calc_paper(&how, answered, &sheet)))
		return say_no(c->s, EXIT_REFUSED, "shell.no_sheet", NULL,
		    NULL);
	if (c->pdf != NULL && !pdf_write(c->s, buf_view(&sheet), c->pdf))
		return EXIT_REFUSED;
	if (!c->explain) {
		put_json(answered->answer, &out);
		return EXIT_DONE;
	}
	if (!is_ok(calc_plain(buf_view(&sheet), &out)))
		return say_no(c->s, EXIT_REFUSED, "shell.no_sheet", NULL,
		    NULL);
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}

static int
answer_text(struct calculation *c, text json)
{
	struct calc_answered answered;
	result r = answer(c, json, &answered);

	if (r.code == E_INVALID)
		return c->question != NULL && !c->s->json ? say_plainly(c) :
		    say_refused(c);
	if (!is_ok(r))
		return say_no(c->s, EXIT_REFUSED, error_key(r), NULL, NULL);
	return show(c, &answered);
}

static int
answer_typed(struct calculation *c)
{
	CLEANUP(buf_free) struct buf json = buf_new(CALC_LINE_MAX);

	node_json(c->question, &json);
	return answer_text(c, buf_view(&json));
}

static int
answer_one(struct calculation *c)
{
	CLEANUP(buf_free) struct buf in = buf_new(CALC_QUESTION_MAX +
	    32 * KIB);

	if (!read_question(&in))
		return say_no(c->s, EXIT_REFUSED, "shell.no_input", NULL,
		    NULL);
	return answer_text(c, buf_view(&in));
}

/* ---- one in each line ------------------------------------------------- */

/* A line without its end; false at the end of all.  One byte more than a
 * line may have is kept of a longer one, so that it is refused. */
static bool
next_line(char line[CALC_LINE_MAX + 1], text *ret)
{
	size_t n = 0;
	int ch = getc_unlocked(stdin);

	if (ch == EOF)
		return false;
	for (; ch != EOF && ch != '\n'; ch = getc_unlocked(stdin)) {
		if (n <= CALC_LINE_MAX)
			line[n++] = (char)ch;
	}
	*ret = (text){ line, n };
	return true;
}

static int
answer_batch(struct calculation *c)
{
	CLEANUP(buf_free) struct buf out = buf_new(ANSWER_MAX);
	static char bytes[CALC_LINE_MAX + 1];
	int status = EXIT_DONE;
	text line;

	while (next_line(bytes, &line)) {
		struct calc_answered answered = { NULL, NULL };
		result r = answer(c, line, &answered);

		if (is_ok(r)) {
			put_json(answered.answer, &out);
		} else {
			if (r.code != E_INVALID)
				return say_no(c->s, EXIT_REFUSED,
				    error_key(r), NULL, NULL);
			put_json(calc_refused(c->asker.arena, &c->no), &out);
			status = EXIT_USAGE;
		}
		arena_reset(c->asker.arena);
	}
	return ferror(stdin) ? say_no(c->s, EXIT_REFUSED, "shell.no_input",
	    NULL, NULL) : status;
}

/* ---- the verb --------------------------------------------------------- */

static int
usage(const struct shell *s)
{
	const struct asking_kind *k;

	say_text(say_word(s, "shell.usage_calc", NULL, NULL));
	say_text(T("\n\n"));
	for (size_t i = 0; (k = calc_kind_at(i)) != NULL; i++) {
		text key = arena_format(s->arena, "calc.kind.%s", k->name);

		printf("  %-16s  %s\n", k->name, say_word(s, key.p, NULL,
		    NULL).p);
	}
	return EXIT_DONE;
}

static int
run_calculation(struct calculation *c)
{
	CLEANUP(drop_law) struct law *law = shell_law(c->s, c->data);
	int status;

	if (law == NULL)
		return EXIT_REFUSED;
	c->asker = (struct asker){ .arena = arena_new(OP_ARENA_MAX),
	    .law = law, .no = &c->no };
	if (c->asker.arena == NULL)
		return say_no(c->s, EXIT_REFUSED, "error.no_memory", NULL,
		    NULL);
	status = c->question != NULL ? answer_typed(c) :
	    c->batch ? answer_batch(c) : answer_one(c);
	arena_free(c->asker.arena);
	if (fflush(stdout) != 0)
		return say_no(c->s, EXIT_REFUSED, "shell.no_output", NULL,
		    NULL);
	return status;
}

int
calculate(struct shell *s, int argc, char **argv)
{
	struct calculation c = { .s = s };
	const char *kind = NULL;
	struct own_words words = { &kind, 0, 1 };
	const struct own_option options[] = {
		{ "--batch", &c.batch, NULL },
		{ "--explain", &c.explain, NULL },
		{ "--pdf", NULL, &c.pdf },
		{ "--data", NULL, &c.data },
		{ NULL, NULL, NULL },
	};
	int status = own_options(s, argc, argv, options, &words);

	if (status != EXIT_DONE)
		return status;
	/* The same bytes whatever the terminal speaks. */
	if (!s->lang_given)
		s->lang = LANG_ES;
	if (s->help)
		return usage(s);
	if (kind == NULL)
		return say_no(s, EXIT_USAGE, "shell.usage_calc", NULL, NULL);
	c.kind = calc_kind_named(text_of(kind));
	if (c.kind == NULL)
		return say_no(s, EXIT_USAGE, "shell.unknown_kind", kind,
		    NULL);
	if (c.batch && (c.explain || c.pdf != NULL))
		return say_no(s, EXIT_USAGE, "shell.not_with_batch",
		    c.pdf != NULL ? "--pdf" : "--explain", NULL);
	return run_calculation(&c);
}

/* ---- deadline RULE DATE ----------------------------------------------- */

static void
add_option(struct node *to, const char *name, const char *value)
{
	if (value != NULL)
		node_add_text(to, name, text_of(value));
}

int
count_typed(struct shell *s, int argc, char **argv)
{
	struct calculation c = { .s = s,
		.kind = calc_kind_named(T("deadline")) };
	const char *word[2] = { NULL, NULL };
	struct own_words words = { word, 0, LENGTH(word) };
	const char *variant = NULL, *step = NULL, *served = NULL;
	const char *distance = NULL, *district = NULL;
	const struct own_option options[] = {
		{ "--variant", NULL, &variant }, { "--step", NULL, &step },
		{ "--served-by", NULL, &served },
		{ "--distance-days", NULL, &distance },
		{ "--district", NULL, &district },
		{ "--pdf", NULL, &c.pdf }, { "--data", NULL, &c.data },
		{ NULL, NULL, NULL },
	};
	int status = own_options(s, argc, argv, options, &words);
	struct node *q = node_object(s->arena);
	int64_t days = 0;

	if (status != EXIT_DONE)
		return status;
	if (s->help || words.n != LENGTH(word) || q == NULL)
		return say_no(s, EXIT_USAGE, "shell.usage_deadline", NULL,
		    NULL);
	if (distance != NULL && !text_integer(text_of(distance), &days))
		return say_no(s, EXIT_USAGE, "problem.integer", distance,
		    NULL);
	add_option(q, "rule", word[0]);
	add_option(q, "trigger", word[1]);
	add_option(q, "variant", variant);
	add_option(q, "step", step);
	add_option(q, "served_by", served);
	if (distance != NULL)
		node_add_number(q, "distance_days", days);
	add_option(q, "district", district);
	c.question = q;
	c.explain = !s->json;
	return run_calculation(&c);
}
