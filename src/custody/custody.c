#include "custody.h"

#include <string.h>

static bool
earlier(const struct detention *x, const struct detention *y)
{
	int32_t a = custody_day_earliest(x->from_on).n;
	int32_t b = custody_day_earliest(y->from_on).n;

	if (a != b)
		return a < b;
	return id_order(x->row.id, y->row.id) < 0;
}

static void
take_in_order(struct custody_sheet *s, const struct detention *d)
{
	size_t at = s->n++;

	for (; at > 0 && earlier(d, s->period[at - 1]); at--)
		s->period[at] = s->period[at - 1];
	s->period[at] = d;
}

static struct custody_period
period_of(const struct detention *d, bool other)
{
	return (struct custody_period){ .from = d->from_on,
		.to = other && d->other_to_on.known ? d->other_to_on :
		    d->to_on };
}

static struct custody_length
length_of(struct arena *a, const struct detention *d, bool other, day today)
{
	struct custody_period p = period_of(d, other);
	struct custody_sum sum;
	struct refusal no;

	if (!is_ok(custody_merge(a, &p, 1, today, &sum, &no)))
		return (struct custody_length){ 0 };
	return (struct custody_length){ sum.served.known,
		sum.served.earliest, sum.served.latest };
}

static result
sum_of(struct arena *a, const struct custody_sheet *s, bool other, day today,
    struct custody_sum *ret, struct refusal *refusal)
{
	struct custody_period in[CUSTODY_PERIODS_MAX];

	for (size_t i = 0; i < s->n; i++)
		in[i] = period_of(s->period[i], other);
	return custody_merge(a, in, s->n, today, ret, refusal);
}

result
custody_sheet_make(struct arena *a, void *const *rows, size_t n, day today,
    struct custody_sheet *ret, struct refusal *refusal)
{
	struct refusal other_no;

	memset(ret, 0, sizeof(*ret));
	*refusal = (struct refusal){ 0 };
	if (n > CUSTODY_PERIODS_MAX) {
		refusal->code = REFUSED_TOO_LARGE;
		return refuse(INVALID);
	}
	for (size_t i = 0; i < n; i++)
		take_in_order(ret, rows[i]);
	for (size_t i = 0; i < n; i++) {
		const struct detention *d = ret->period[i];

		ret->length[i] = length_of(a, d, false, today);
		if (!d->other_to_on.known)
			continue;
		ret->other = true;
		ret->other_length[i] = length_of(a, d, true, today);
	}
	TRY(sum_of(a, ret, false, today, &ret->sum, refusal));
	if (ret->other)
		ret->other_counts = is_ok(sum_of(a, ret, true, today,
		    &ret->other_sum, &other_no));
	return OK;
}

bool
custody_is_transfer(const struct custody_sheet *s,
    const struct custody_overlap *o)
{
	const struct detention *one = s->period[o->one];
	const struct detention *other = s->period[o->other];

	return o->from.n == o->to.n && (day_same(one->to_on, other->from_on) ||
	    day_same(other->to_on, one->from_on));
}
