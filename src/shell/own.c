/* The options of the verbs that need no office. */
#include "shell.h"

#include <string.h>

static const struct own_option *
option_named(const struct own_option *options, text name)
{
	for (; options->name != NULL; options++) {
		if (text_same(name, text_of(options->name)))
			return options;
	}
	return NULL;
}

static int
take_own(struct shell *s, const struct own_option *o, int argc, char **argv,
    int *at)
{
	const char *equals = strchr(argv[*at], '=');

	if (o->flag != NULL) {
		if (equals != NULL)
			return say_no(s, EXIT_USAGE, "shell.bad_value",
			    argv[*at], NULL);
		*o->flag = true;
	} else if (equals != NULL) {
		*o->value = equals + 1;
	} else if (*at + 1 < argc) {
		*o->value = argv[++*at];
	} else {
		return say_no(s, EXIT_USAGE, "shell.needs_value", o->name,
		    NULL);
	}
	++*at;
	return EXIT_DONE;
}

int
own_options(struct shell *s, int argc, char **argv,
    const struct own_option *options, struct own_words *words)
{
	for (int at = 0; at < argc;) {
		text rest = text_of(argv[at]);
		const struct own_option *o = option_named(options,
		    text_cut(&rest, '='));
		int taken;

		if (o != NULL) {
			int status = take_own(s, o, argc, argv, &at);

			if (status != EXIT_DONE)
				return status;
			continue;
		}
		taken = option_common(s, argc, argv, &at);
		if (taken < 0)
			return EXIT_USAGE;
		if (taken > 0)
			continue;
		if (argv[at][0] == '-' || words->n == words->max)
			return say_no(s, EXIT_USAGE, argv[at][0] == '-' ?
			    "shell.unknown_option" : "shell.too_many_words",
			    argv[at], "");
		words->at[words->n++] = argv[at++];
	}
	return EXIT_DONE;
}
