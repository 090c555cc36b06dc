/* calendar: the days that are closed, and why. */
#include "answers.h"

result calendar_answer(struct asker *k, const struct node *in,
    struct node *out)
{
	static const char *const members[] = { "calendar", "from", "to",
		NULL };
	static const char *const calendars[] = { "courts", "administration",
		NULL };
	static const enum law_calendar which[] = { LAW_COURTS,
		LAW_ADMINISTRATION };
	struct node *closed;
	day from = { 0 }, to = { 0 };
	size_t at = 0;

	TRY(asking_only(k, in, members));
	TRY(asking_word(k, in, "calendar", ASKING_MUST, calendars, &at));
	TRY(asking_day(k, in, "from", ASKING_MUST, &from));
	TRY(asking_day(k, in, "to", ASKING_MUST, &to));
	if (to.n < from.n)
		return asking_refuse(k, REFUSED_CONFLICT, in, "to",
		    "it ends before it begins");
	closed = node_add_list(out, "closed");
	for (day d = from; d.n <= to.n; d = day_plus(d, 1)) {
		struct law_closure c = law_closed(k->law, which[at], NULL, d);

		if (c.why != LAW_IS_OPEN)
			closure_write(node_add_object(closed, NULL), d, c);
	}
	return node_whole(out);
}
