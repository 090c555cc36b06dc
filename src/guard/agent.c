/* What somebody signs in with, in words that its owner knows it by. */
#include "guard_inside.h"

#include <string.h>

struct mark { const char *mark, *name; };

/* The first that stands there: every browser also names its forebears. */
static const struct mark families[] = {
	{ "Edg", "Edge" }, { "OPR/", "Opera" },
	{ "SamsungBrowser/", "Samsung Internet" }, { "Firefox/", "Firefox" },
	{ "FxiOS/", "Firefox" }, { "CriOS/", "Chrome" },
	{ "Chromium/", "Chromium" }, { "Chrome/", "Chrome" },
	{ "Safari/", "Safari" },
};
static const struct mark systems[] = {
	{ "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" },
	{ "Windows", "Windows" }, { "Mac OS X", "macOS" },
	{ "CrOS", "ChromeOS" }, { "Linux", "Linux" },
};

static const char *found(text agent, const struct mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (memmem(agent.p, agent.n, marks[i].mark,
		    strlen(marks[i].mark)) != NULL)
			return marks[i].name;
	}
	return NULL;
}

/* Of what a browser says of itself only these words are kept: the rest
 * would tell devices apart that nobody asked about. */
text agent_words(struct op *op, text agent, enum lang lang)
{
	const struct words *w = op->office->words;
	const char *family;
	const char *system;

	if (op->door == DOOR_SHELL)
		return words_get(w, lang, "account.terminal");
	if (agent.n == 0)
		return T("");
	family = found(agent, families, LENGTH(families));
	system = found(agent, systems, LENGTH(systems));
	if (family == NULL || system == NULL)
		return text_of(family != NULL ? family :
		    system != NULL ? system : "");

	const text args[] = { text_of(family), text_of(system) };

	return words_format(w, lang, op->arena, "account.device_on", args,
	    LENGTH(args));
}
