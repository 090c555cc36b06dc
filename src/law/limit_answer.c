/* detention-limit: how long somebody may be held before a judgment. */
#include "answers.h"

struct limit {
	text regime, class_name;
	day from, as_of;
	bool extended, half_given;
	struct law_term half;
};

static result limit_read(struct asker *k, const struct node *in,
    struct limit *ret)
{
	static const char *const members[] = { "regime", "class", "from",
		"extended", "half_of_sentence", "as_of", NULL };
	const struct node *half = NULL;

	TRY(asking_only(k, in, members));
	TRY(asking_text(k, in, "regime", ASKING_MUST, &ret->regime));
	TRY(asking_text(k, in, "class", ASKING_MUST, &ret->class_name));
	TRY(asking_day(k, in, "from", ASKING_MUST, &ret->from));
	TRY(asking_flag(k, in, "extended", &ret->extended));
	TRY(asking_object(k, in, "half_of_sentence", ASKING_MAY, &half));
	TRY(asking_day(k, in, "as_of", ASKING_MAY, &ret->as_of));
	ret->half_given = half != NULL;
	return half == NULL ? OK : term_read(k, half, &ret->half);
}

/* What could have been written: regimes, or the classes of one. */
static text known(struct asker *k, text regime)
{
	struct buf b = buf_new(KIB);
	const struct law_limit *f = k->law->limit;
	text t;

	for (size_t i = 0; i < k->law->limits_n; i++) {
		text word = regime.n == 0 ? f[i].regime : f[i].class_name;
		bool told = regime.n > 0 && !text_same(f[i].regime, regime);

		for (size_t j = 0; j < i && !told; j++)
			told = text_same(f[j].regime, f[i].regime) &&
			    (regime.n == 0 ||
			    text_same(f[j].class_name, word));
		if (told)
			continue;
		if (b.n > 0)
			buf_text(&b, T(", "));
		buf_text(&b, word);
	}
	t = b.failed ? T("…") : arena_text(k->arena, buf_view(&b));
	buf_free(&b);
	return t;
}

static bool in_force(const struct law_limit *f, day d)
{
	return d.n >= f->in_force_from.n &&
	    (!f->in_force_to.known || d.n <= f->in_force_to.n);
}

static result limit_version(struct asker *k, const struct node *in,
    const struct limit *q, const struct law_limit **ret)
{
	bool regime = false, class_known = false;
	text words;

	for (size_t i = 0; i < k->law->limits_n; i++) {
		const struct law_limit *f = &k->law->limit[i];

		if (!text_same(f->regime, q->regime))
			continue;
		regime = true;
		if (!text_same(f->class_name, q->class_name))
			continue;
		class_known = true;
		if (!in_force(f, q->from))
			continue;
		*ret = f;
		return OK;
	}
	if (class_known)
		return asking_refuse(k, REFUSED_NOT_IN_FORCE, in, "from",
		    "no version of this limit was in force on that day");
	words = known(k, regime ? q->regime : T(""));
	return asking_refuse(k, REFUSED_UNKNOWN_VALUE, in,
	    regime ? "class" : "regime", "it is one of: %.*s", (int)words.n,
	    words.p);
}

/* Half a month is 15 days, half a day a whole one. */
static struct law_term half_of(struct law_term t)
{
	return (struct law_term){ t.months / 2,
		t.months % 2 * 15 + (t.days + 1) / 2 };
}

static result limit_choose(struct asker *k, const struct node *in,
    const struct limit *q, const struct law_limit *f, struct law_term *ret)
{
	*ret = (struct law_term){ f->months, 0 };
	if (q->extended) {
		if (f->extended_months == 0)
			return asking_refuse(k, REFUSED_NOT_ALLOWED, in,
			    "extended", "this version knows no extension");
		ret->months = f->extended_months;
	}
	if (!q->half_given)
		return OK;
	if (!f->half_of_sentence)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in,
		    "half_of_sentence", "this version has no such rule");
	if (q->extended)
		return asking_refuse(k, REFUSED_NOT_ALLOWED, in,
		    "half_of_sentence", "not beside an extension");

	struct law_term half = half_of(q->half);
	day base = term_after(q->from, *ret, NULL);
	day longer = term_after(q->from, half, NULL);

	/* Beyond the years it is certainly the longer one. */
	if (!longer.known || (base.known && longer.n > base.n))
		*ret = half;
	return OK;
}

static void limit_steps(struct node *out, const struct limit *q,
    const struct law_limit *f, struct law_term term, day last_b)
{
	struct node *steps = node_add_list(out, "steps");

	STEP(steps, "law.step.limit_version", TEXT(q->regime),
	    TEXT(q->class_name), ON(f->in_force_from), TEXT(f->basis));
	STEP(steps, "law.step.limit_clock", ON(q->from), TEXT(f->clock));
	if (q->half_given)
		STEP(steps, "law.step.limit_half", NUMBER(q->half.months),
		    NUMBER(q->half.days), NUMBER(half_of(q->half).months),
		    NUMBER(half_of(q->half).days));
	STEP(steps, q->extended ? "law.step.limit_extended" :
	    "law.step.limit_length", NUMBER(term.months),
	    NUMBER(term.days));
	STEP(steps, "law.step.limit_b", ON(last_b));
	STEP(steps, "law.step.limit_a", ON(day_plus(last_b, -1)));
	if (f->confidence == LAW_UNSURE)
		STEP(steps, "law.step.unconfirmed", TEXT(f->basis));
}

result limit_answer(struct asker *k, const struct node *in,
    struct node *out)
{
	struct limit q = { 0 };
	const struct law_limit *f = NULL;
	struct law_term term;
	day last_b, last_a;

	TRY(limit_read(k, in, &q));
	TRY(limit_version(k, in, &q, &f));
	TRY(limit_choose(k, in, &q, f, &term));
	last_b = term_after(q.from, term, NULL);
	if (!last_b.known)
		return asking_refuse(k, REFUSED_OUT_OF_RANGE, in, "from",
		    "the limit leaves the years 1900 to 2200");
	last_a = day_plus(last_b, -1);
	node_add_number(out, "months", term.months);
	if (term.days > 0)
		node_add_number(out, "days", term.days);
	node_add_day(out, "last_day_a", last_a);
	node_add_day(out, "last_day_b", last_b);
	node_add_day(out, "alarm", last_a);
	if (q.as_of.known && q.as_of.n <= last_a.n)
		node_add_number(out, "days_left", last_a.n - q.as_of.n);
	else if (q.as_of.known)
		node_add_number(out, "days_over", q.as_of.n - last_a.n);
	node_add_text(out, "basis", f->basis);
	limit_steps(out, &q, f, term, last_b);
	return node_whole(out);
}
