/* alas sign-in [NAME], alas sign-in --demo NAME. */
#include "shell.h"

#include <stdlib.h>
#include <string.h>

static int
take_arguments(struct shell *s, int argc, char **argv, const char **ret_name)
{
	int at = 0;

	while (at < argc) {
		int taken = argv[at][0] == '-' ?
		    option_common(s, argc, argv, &at) : 0;

		if (taken < 0)
			return EXIT_USAGE;
		if (taken > 0)
			continue;
		if (argv[at][0] == '-' || *ret_name != NULL)
			return say_no(s, EXIT_USAGE, "shell.unknown_option",
			    argv[at], "sign-in");
		*ret_name = argv[at++];
	}
	return EXIT_DONE;
}

static bool
put(json_t *to, const char *name, text value)
{
	return json_object_set_new(to, name, json_stringn(value.p,
	    value.n)) == 0;
}

static bool
ask_all(struct shell *s, const char *name, json_t *to)
{
	text user = text_of(name);
	text passphrase;
	text code;
	text device;

	if (s->demo)
		return put(to, "user", user);
	if (name == NULL && !secret_ask_openly(s, say_word(s, "sign_in.name",
	    NULL, NULL).p, &user))
		return false;
	device = keep_get(s, KEPT_DEVICE);
	return secret_ask(s, say_word(s, "sign_in.passphrase", NULL, NULL).p,
	    &passphrase) &&
	    secret_ask(s, say_word(s, "sign_in.code", NULL, NULL).p, &code) &&
	    put(to, "name", user) && put(to, "passphrase", passphrase) &&
	    put(to, "code", code) && put(to, "device", device);
}

static int
keep(struct shell *s, const struct answer *a)
{
	json_t *answer = answer_json(a);
	const char *session = table_text(answer, "secret");
	const char *device = table_text(answer, "device");
	bool good = session[0] != '\0' &&
	    keep_put(s, KEPT_SESSION, text_of(session)) &&
	    (device[0] == '\0' ||
	    keep_put(s, KEPT_DEVICE, text_of(device)));

	json_decref(answer);
	if (!good)
		return say_no(s, EXIT_REFUSED, "shell.not_kept", NULL, NULL);
	say_text(say_word(s, "shell.signed_in", NULL, NULL));
	say_text(T("\n"));
	return EXIT_DONE;
}

static int
send(struct shell *s, json_t *inputs)
{
	struct request r = { .method = "POST", .uri = T("/session"),
		.json = true };
	char *body = json_dumps(inputs, JSON_COMPACT);
	struct answer a;
	json_t *problem;
	result got;

	r.body = text_of(body);
	got = ask(s, &r, &a);
	if (body != NULL)
		explicit_bzero(body, strlen(body));
	free(body);
	if (!is_ok(got))
		return say_no(s, EXIT_AWAY, "shell.away", s->data, NULL);
	if (a.status < 300)
		return keep(s, &a);
	problem = answer_json(&a);
	say_problem(s, problem);
	json_decref(problem);
	return EXIT_REFUSED;
}

int
sign_in(struct shell *s, int argc, char **argv)
{
	const char *name = NULL;
	int status = take_arguments(s, argc, argv, &name);
	json_t *inputs;

	if (status != EXIT_DONE)
		return status;
	if (s->help || (s->demo && name == NULL))
		return say_no(s, s->help ? EXIT_DONE : EXIT_USAGE,
		    "shell.usage_sign_in", NULL, NULL);
	/* Before anything is typed that could not be kept. */
	if (!keep_ready(s))
		return EXIT_REFUSED;
	inputs = json_object();
	status = ask_all(s, name, inputs) ? send(s, inputs) : EXIT_REFUSED;
	json_decref(inputs);
	return status;
}
