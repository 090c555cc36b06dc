/* The options of every verb. */
#include "shell.h"

#include <string.h>

/* The value behind "=", or the next argument; NULL: there is none. */
static const char *
value_of(int argc, char **argv, int *at)
{
	const char *equals = strchr(argv[*at], '=');

	if (equals != NULL)
		return equals + 1;
	if (*at + 1 >= argc)
		return NULL;
	return argv[++*at];
}

static bool
names(const char *argument, const char *option)
{
	size_t n = strlen(option);

	return strncmp(argument, option, n) == 0 &&
	    (argument[n] == '\0' || argument[n] == '=');
}

static bool
take_lang(struct shell *s, const char *value)
{
	if (strcmp(value, "es") != 0 && strcmp(value, "en") != 0)
		return false;
	s->lang = words_lang(text_of(value));
	s->lang_given = true;
	return true;
}

static bool
take_fd(struct shell *s, const char *value)
{
	int64_t fd;

	if (!text_integer(text_of(value), &fd) || fd < 0 || fd > INT_MAX)
		return false;
	s->secrets = (int)fd;
	return true;
}

static bool
take_version(struct shell *s, const char *value)
{
	return text_integer(text_of(value), &s->version) && s->version > 0;
}

static bool
take_data(struct shell *s, const char *value)
{
	s->data = value;
	return value[0] != '\0';
}

static bool
take_to(struct shell *s, const char *value)
{
	s->to = value;
	return value[0] != '\0';
}

static bool
take_flag(struct shell *s, const char *argument)
{
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--json", &s->json }, { "--demo", &s->demo },
		{ "--help", &s->help }, { "-h", &s->help },
	};

	for (size_t i = 0; i < LENGTH(flags); i++) {
		if (strcmp(argument, flags[i].name) == 0) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

int
option_common(struct shell *s, int argc, char **argv, int *at)
{
	static const struct {
		const char *name;
		bool (*take)(struct shell *s, const char *value);
	} valued[] = {
		{ "--lang", take_lang }, { "--data", take_data },
		{ "--fd", take_fd }, { "--v", take_version },
		{ "--pdf", take_to }, { "--to", take_to },
	};
	const char *argument = argv[*at];
	const char *value;

	if (take_flag(s, argument)) {
		++*at;
		return 1;
	}
	for (size_t i = 0; i < LENGTH(valued); i++) {
		if (!names(argument, valued[i].name))
			continue;
		value = value_of(argc, argv, at);
		if (value == NULL || !valued[i].take(s, value)) {
			say_no(s, EXIT_USAGE, value == NULL ?
			    "shell.needs_value" : "shell.bad_value",
			    valued[i].name, value);
			return -1;
		}
		++*at;
		return 1;
	}
	return 0;
}
