/* alas calendar MONTH: the month, its closed days in brackets and why. */
#include "shell.h"

#include <stdio.h>

#include "law.h"

static void
drop_law(struct law **law)
{
	law_close(*law);
}

static void
put_weekdays(const struct shell *s)
{
	text rest = say_word(s, "shell.weekdays", NULL, NULL);

	while (rest.n > 0) {
		text one = text_cut(&rest, ' ');

		printf("  %.*s ", (int)one.n, one.p);
	}
	putchar('\n');
}

static void
put_grid(const struct law *law, enum law_calendar c, day first, int days)
{
	int column = day_weekday(first);

	printf("%*s", column * 5, "");
	for (int i = 0; i < days; i++) {
		bool open = law_closed(law, c, NULL, day_plus(first, i)).why ==
		    LAW_IS_OPEN;

		printf(open ? "  %2d " : " [%2d]", i + 1);
		if (++column == 7 && i + 1 < days) {
			putchar('\n');
			column = 0;
		}
	}
	puts("\n");
}

/* Weekends show in the grid; what else is closed has a name. */
static void
put_names(struct shell *s, const struct law *law, enum law_calendar c,
    day first, int days)
{
	for (int i = 0; i < days; i++) {
		day d = day_plus(first, i);
		struct law_closure why = law_closed(law, c, NULL, d);
		text weekday = words_weekday(s->words, s->lang, d);
		text name = s->lang == LANG_EN && why.name_en.n > 0 ?
		    why.name_en : why.name_es;

		if (why.why == LAW_IS_OPEN || why.why == LAW_SATURDAY ||
		    why.why == LAW_SUNDAY)
			continue;
		printf("%2d  %.*s  %.*s\n", i + 1, (int)weekday.n, weekday.p,
		    (int)name.n, name.p);
	}
}

int
draw_month(struct shell *s, int argc, char **argv)
{
	const char *month = NULL, *dir = NULL;
	bool courts = false;
	struct own_words words = { &month, 0, 1 };
	const struct own_option options[] = {
		{ "--courts", &courts, NULL }, { "--data", NULL, &dir },
		{ NULL, NULL, NULL },
	};
	int status = own_options(s, argc, argv, options, &words);
	enum law_calendar c = courts ? LAW_COURTS : LAW_ADMINISTRATION;
	day first;

	if (status != EXIT_DONE)
		return status;
	if (s->help || month == NULL)
		return say_no(s, EXIT_USAGE, "shell.usage_calendar", NULL,
		    NULL);
	if (!day_read(text_of(month), &first) || first.precision != MONTH)
		return say_no(s, EXIT_USAGE, "shell.not_a_month", month,
		    NULL);

	CLEANUP(drop_law) struct law *law = shell_law(s, dir);
	ymd at = day_ymd(first);
	int days = days_in_month(at.year, at.month);

	if (law == NULL)
		return EXIT_REFUSED;
	say_text(words_day(s->words, s->lang, s->arena, first));
	printf(" · %s\n", say_word(s, courts ? "law.calendar.courts" :
	    "law.calendar.administration", NULL, NULL).p);
	put_weekdays(s);
	first = day_of(at.year, at.month, 1);
	put_grid(law, c, first, days);
	put_names(s, law, c, first, days);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_REFUSED;
}
