#include "say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum tongue { SPANISH, ENGLISH, TONGUES };

static const char *const lines[SAYS][TONGUES] = {
#define SAY(line, spanish, english) [SAY_##line] = { spanish, english },
	SAY_LINES(SAY)
#undef SAY
};

static enum tongue tongue = SPANISH;

void serve_say_in(const char *language)
{
	if (language == NULL)
		language = getenv("LC_ALL");
	if (language == NULL || language[0] == '\0')
		language = getenv("LANG");
	tongue = language != NULL && strncmp(language, "en", 2) == 0 ?
	    ENGLISH : SPANISH;
}

void serve_say(enum say line, const char *what)
{
	const char *words = lines[line][tongue];
	const char *hole = strstr(words, "%s");

	if (hole == NULL) {
		fprintf(stderr, "alas: %s\n", words);
		return;
	}
	fprintf(stderr, "alas: %.*s%s%s\n", (int)(hole - words), words, what,
	    hole + 2);
}
