/* One operation: its arguments, its request, its answer. */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { CODES_MAX = 4 };

struct call {
	struct shell *s;
	const json_t *op;
	text code[CODES_MAX];		/* the {…} of the path, in order */
	size_t codes;
	json_t *inputs;
	json_t *files;			/* paths of what is brought */
};

/* ---- arguments -------------------------------------------------------- */

static const char *
kind_of(const json_t *input)
{
	return table_text(input, "kind");
}

static json_t *
yes_or_no(const char *value)
{
	static const char *const yes[] = { "yes", "true", "1", "sí", "si" };
	static const char *const no[] = { "no", "false", "0" };

	for (size_t i = 0; i < LENGTH(yes); i++) {
		if (strcmp(value, yes[i]) == 0)
			return json_true();
	}
	for (size_t i = 0; i < LENGTH(no); i++) {
		if (strcmp(value, no[i]) == 0)
			return json_false();
	}
	return json_string(value);	/* the office says what is wrong */
}

static bool
put_input(struct call *c, const json_t *input, const char *value)
{
	const char *name = table_text(input, "name");
	json_t *list = json_object_get(c->inputs, name);

	if (strcmp(kind_of(input), "file") == 0)
		return json_array_append_new(c->files,
		    json_string(value)) == 0;
	if (strcmp(kind_of(input), "boolean") == 0)
		return json_object_set_new(c->inputs, name,
		    yes_or_no(value)) == 0;
	if (!table_flag(input, "many"))
		return json_object_set_new(c->inputs, name,
		    json_string(value)) == 0;
	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(c->inputs, name, list) != 0)
			return false;
	}
	/* An empty value empties the list. */
	return value[0] == '\0' ||
	    json_array_append_new(list, json_string(value)) == 0;
}

static int
bad_text(const struct call *c, const char *what)
{
	return say_no(c->s, EXIT_USAGE, "shell.bad_value", what, NULL);
}

static int
take_input(struct call *c, const json_t *input, int argc, char **argv,
    int *at)
{
	const char *name = argv[*at];
	const char *equals = strchr(name, '=');
	bool alone = equals == NULL &&
	    strcmp(kind_of(input), "boolean") == 0;

	if (table_flag(input, "secret"))
		return say_no(c->s, EXIT_USAGE, "shell.secret_option", name,
		    NULL);
	if (!alone && equals == NULL && *at + 1 >= argc)
		return say_no(c->s, EXIT_USAGE, "shell.needs_value", name,
		    NULL);
	if (alone)
		equals = "=yes";
	else if (equals == NULL)
		equals = argv[++*at] - 1;
	if (!put_input(c, input, equals + 1))
		return bad_text(c, name);
	++*at;
	return EXIT_DONE;
}

static int
take_option(struct call *c, int argc, char **argv, int *at)
{
	const char *argument = argv[*at];
	text name = text_of(argument + 2);
	const json_t *input;
	int taken;

	name = text_cut(&name, '=');
	input = table_input(c->op, name);
	if (input != NULL)
		return take_input(c, input, argc, argv, at);
	taken = option_common(c->s, argc, argv, at);
	if (taken == 0)
		return say_no(c->s, EXIT_USAGE, "shell.unknown_option",
		    argument, table_text(c->op, "shell"));
	return taken < 0 ? EXIT_USAGE : EXIT_DONE;
}

/* What may stand in an address; the office reads the code. */
static bool
fits_in_path(text t)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return t.n > 0;
}

/* The one input that may stand without its name: "find mamani". */
static const json_t *
only_input(const struct call *c)
{
	const json_t *all = json_object_get(c->op, "inputs");
	const json_t *found = NULL;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *in = json_array_get(all, i);

		if (table_flag(in, "hidden"))
			continue;
		if (found != NULL)
			return NULL;
		found = in;
	}
	return found != NULL && !table_flag(found, "secret") ? found : NULL;
}

/* Several words are one text. */
static int
take_words(struct call *c, const char *word)
{
	const json_t *input = only_input(c);
	const char *name = table_text(input, "name");
	const char *so_far = table_text(c->inputs, name);
	text both;

	if (table_flag(c->op, "upload"))
		return json_array_append_new(c->files,
		    json_string(word)) == 0 ? EXIT_DONE : bad_text(c, word);
	if (input == NULL)
		return say_no(c->s, EXIT_USAGE, "shell.too_many_words", word,
		    table_text(c->op, "shell"));
	both = so_far[0] == '\0' ? text_of(word) :
	    arena_format(c->s->arena, "%s %s", so_far, word);
	return both.p != NULL && put_input(c, input, both.p) ? EXIT_DONE :
	    bad_text(c, word);
}

static int
take_word(struct call *c, const char *word)
{
	size_t wanted = json_array_size(json_object_get(c->op,
	    "parameters"));

	if (c->codes == wanted || c->codes == CODES_MAX)
		return take_words(c, word);
	if (!fits_in_path(text_of(word)))
		return say_no(c->s, EXIT_USAGE, "shell.no_code", word, NULL);
	c->code[c->codes++] = text_of(word);
	return EXIT_DONE;
}

static int
take_arguments(struct call *c, int argc, char **argv)
{
	bool options = true;
	int status = EXIT_DONE;
	int at = 0;

	while (at < argc && status == EXIT_DONE) {
		if (options && strcmp(argv[at], "--") == 0) {
			options = false;
			at++;
		} else if (options && argv[at][0] == '-' &&
		    argv[at][1] != '\0') {
			status = take_option(c, argc, argv, &at);
		} else {
			status = take_word(c, argv[at++]);
		}
	}
	if (status != EXIT_DONE || c->s->help)
		return status;
	if (c->codes < json_array_size(json_object_get(c->op, "parameters")))
		return say_no(c->s, EXIT_USAGE, "shell.usage",
		    help_usage(c->s, c->op).p, NULL);
	return EXIT_DONE;
}

/* Asked one after the other; what is left empty is not sent.  What a page
 * takes in parts is hidden here, and whole under another name.  The phrase of
 * the sheet stands in for a passphrase: who has typed that is not asked. */
static int
take_secrets(struct call *c)
{
	const json_t *all = json_object_get(c->op, "inputs");
	bool passphrase = false;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *in = json_array_get(all, i);
		const char *label = table_said(c->s, in, "label");
		text typed = T("");

		if (!table_flag(in, "secret") || table_flag(in, "hidden") ||
		    c->s->demo || (passphrase &&
		    strcmp(table_text(in, "name"), "phrase") == 0))
			continue;
		if (!secret_ask(c->s, label, &typed))
			return EXIT_REFUSED;
		passphrase = passphrase || (typed.n > 0 &&
		    strcmp(table_text(in, "name"), "passphrase") == 0);
		if (typed.n > 0 && !put_input(c, in, typed.p))
			return bad_text(c, table_text(in, "name"));
	}
	return EXIT_DONE;
}

/* ---- the request ------------------------------------------------------ */

static void
put_escaped(struct buf *b, const char *value)
{
	for (; *value != '\0'; value++) {
		if (fits_in_path((text){ value, 1 }))
			buf_char(b, *value);
		else
			buf_format(b, "%%%02X", (unsigned char)*value);
	}
}

static void
put_query(struct buf *b, json_t *inputs)
{
	char mark = '?';
	const char *name;
	json_t *v;

	json_object_foreach(inputs, name, v) {
		buf_char(b, mark);
		buf_text(b, text_of(name));
		buf_char(b, '=');
		if (json_is_boolean(v))
			buf_char(b, json_is_true(v) ? '1' : '0');
		else
			put_escaped(b, json_string_value(json_is_array(v) ?
			    json_array_get(v, 0) : v));
		mark = '&';
	}
}

static text
path_with_codes(const struct call *c, text pattern)
{
	CLEANUP(buf_free) struct buf b = buf_new(PATH_MAX_BYTES);
	size_t used = 0;

	if (pattern.n > 0)
		text_cut(&pattern, '/');
	while (pattern.n > 0) {
		text part = text_cut(&pattern, '/');

		buf_char(&b, '/');
		buf_text(&b, part.p[0] == '{' && used < c->codes ?
		    c->code[used++] : part);
	}
	return arena_text(c->s->arena, buf_view(&b));
}

static bool
reading(const struct call *c)
{
	return strcmp(table_text(c->op, "method"), "GET") == 0;
}

static text
uri_of(const struct call *c)
{
	CLEANUP(buf_free) struct buf b = buf_new(SCGI_VALUE_MAX);
	text path = path_with_codes(c, text_of(table_text(c->op, "path")));

	buf_text(&b, path);
	if (reading(c))
		put_query(&b, c->inputs);
	return b.failed ? T("") : arena_text(c->s->arena, buf_view(&b));
}

/* At most one effect, however often it is sent. */
static text
new_key(const struct call *c)
{
	uint8_t chance[16];
	char hex[2 * sizeof(chance) + 1] = "";

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return T("");
	hex_write(hex, chance, sizeof(chance));
	return arena_text(c->s->arena, (text){ hex, 2 * sizeof(chance) });
}

/* ---- the version ------------------------------------------------------ */

/* Codes are typed in many ways and mean the same row. */
static bool
same_code(const char *a, text b)
{
	uint32_t x;
	uint32_t y;

	return code_read(text_of(a), &x) && code_read(b, &y) && x == y;
}

/* The version of the row with this code, anywhere in an answer. */
static json_int_t
version_in(json_t *answer, text code, size_t depth)
{
	json_int_t v = 0;
	const char *name;
	json_t *child;
	size_t i;

	if (depth == JSON_DEPTH_MAX)
		return 0;
	if (json_is_object(answer) &&
	    same_code(table_text(answer, "id"), code))
		return json_integer_value(json_object_get(answer, "v"));
	json_object_foreach(answer, name, child) {
		v = version_in(child, code, depth + 1);
		if (v > 0)
			return v;
	}
	json_array_foreach(answer, i, child) {
		v = version_in(child, code, depth + 1);
		if (v > 0)
			return v;
	}
	return 0;
}

/* Where the row can be read: its own page, or one it stands on. */
static text
readable_path(const struct call *c)
{
	text path = text_of(table_text(c->op, "path"));

	while (path.n > 1 && table_reading(c->s, path) == NULL) {
		while (path.n > 1 && path.p[path.n - 1] != '/')
			path.n--;
		path.n--;
	}
	return path;
}

/*
 * What is changed is changed from the version that stands now, unless --v
 * says which one was seen.  What may not be read is refused as that.
 */
static result
look_up_version(const struct call *c, text token, text *ret,
    struct answer *ret_answer)
{
	text path = readable_path(c);
	struct request r = { .method = "GET", .token = token, .json = true };
	json_int_t v = c->s->version;
	json_t *root;

	ret_answer->status = 200;
	if (v == 0 && path.n > 1 && c->codes > 0) {
		r.uri = path_with_codes(c, path);
		TRY(ask(c->s, &r, ret_answer));
		root = ret_answer->status == 200 ? answer_json(ret_answer) :
		    NULL;
		v = version_in(root, c->code[c->codes - 1], 0);
		json_decref(root);
	}
	*ret = v < 1 ? T("") : arena_format(c->s->arena, "\"%lld\"",
	    (long long)v);
	return OK;
}

/* ---- the answer ------------------------------------------------------- */

static bool
shown_at_terminal(const struct answer *a)
{
	return text_starts(a->type, T("text/")) ||
	    text_starts(a->type, T("application/json"));
}

/* --to is for what is no text; a terminal cannot show that. */
static int
check_paper(const struct call *c)
{
	bool paper = table_flag(c->op, "bytes");

	if (!paper && c->s->to != NULL)
		return say_no(c->s, EXIT_USAGE, "shell.unknown_option",
		    "--to", table_text(c->op, "shell"));
	if (paper && c->s->to == NULL && isatty(STDOUT_FILENO))
		return say_no(c->s, EXIT_USAGE, "shell.to_file", NULL, NULL);
	return EXIT_DONE;
}

/* Before it is asked for: a copy that cannot be kept is not taken.  What
 * stands there is not written over. */
static int
open_paper(const struct call *c, int *ret_fd)
{
	*ret_fd = -1;
	if (c->s->to == NULL)
		return EXIT_DONE;
	*ret_fd = open(c->s->to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	return *ret_fd >= 0 ? EXIT_DONE : say_no(c->s, EXIT_REFUSED,
	    "shell.no_file", c->s->to, strerror(errno));
}

static int
close_paper(const struct call *c, int fd, const struct answer *a)
{
	text left = a->body;
	bool good = !shown_at_terminal(a);

	while (good && left.n > 0) {
		ssize_t n = write(fd, left.p, left.n);

		good = n > 0 || (n < 0 && errno == EINTR);
		if (n > 0)
			left = (text){ left.p + n, left.n - (size_t)n };
	}
	good = close(fd) == 0 && good;
	if (!good)
		unlink(c->s->to);
	return good ? EXIT_DONE : say_no(c->s, EXIT_REFUSED,
	    "shell.no_output", NULL, NULL);
}

static int
show_answer(const struct call *c, const struct answer *a)
{
	say_text(a->body);
	if (shown_at_terminal(a) && a->body.n > 0 &&
	    a->body.p[a->body.n - 1] != '\n')
		say_text(T("\n"));
	if (strcmp(table_text(c->op, "name"), "session.sign_out") == 0)
		keep_drop(c->s, KEPT_SESSION);
	return fflush(stdout) == 0 ? EXIT_DONE :
	    say_no(c->s, EXIT_REFUSED, "shell.no_output", NULL, NULL);
}

static int
show_refusal(const struct call *c, const struct answer *a)
{
	json_t *problem = answer_json(a);

	if (a->status == 401 && strcmp(table_text(problem, "code"),
	    "sign_in") == 0)
		keep_drop(c->s, KEPT_SESSION);
	if (c->s->json) {
		say_text(a->body);
		say_text(T("\n"));
	} else {
		say_problem(c->s, problem);
	}
	json_decref(problem);
	return EXIT_REFUSED;
}

static int
carry_out(struct call *c, int paper)
{
	struct request r = { .method = table_text(c->op, "method"),
		.uri = uri_of(c), .json = c->s->json };
	CLEANUP(buf_free) struct buf upload = buf_new(UPLOAD_BODY_MAX);
	char *body = NULL;
	struct answer a = { .status = 200 };
	result got = OK;

	if (!table_flag(c->op, "public"))
		r.token = keep_get(c->s, KEPT_SESSION);
	if (table_flag(c->op, "changes"))
		r.key = new_key(c);
	if (table_flag(c->op, "upload")) {
		int status = upload_body(c->s, c->inputs, c->files, &upload);

		if (status != EXIT_DONE)
			return status;
		r.type = upload_type(c->s);
		r.body = buf_view(&upload);
	} else if (!reading(c) && json_object_size(c->inputs) > 0)
		body = json_dumps(c->inputs, JSON_COMPACT);
	if (body != NULL)
		r.body = text_of(body);
	if (r.uri.n == 0)
		got = refuse(INVALID);
	else if (table_flag(c->op, "version"))
		got = look_up_version(c, r.token, &r.if_match, &a);
	if (is_ok(got) && a.status == 200)
		got = ask(c->s, &r, &a);
	if (body != NULL)
		explicit_bzero(body, strlen(body));
	free(body);
	if (!is_ok(got))
		a.status = 503;
	if (paper >= 0 && a.status < 300)
		return close_paper(c, paper, &a);
	if (paper >= 0) {
		close(paper);
		unlink(c->s->to);
	}
	if (got.code == E_INVALID)
		return bad_text(c, table_text(c->op, "shell"));
	if (!is_ok(got))
		return say_no(c->s, EXIT_AWAY, "shell.away", c->s->data,
		    NULL);
	return a.status < 300 ? show_answer(c, &a) : show_refusal(c, &a);
}

int
run_operation(struct shell *s, const json_t *operation, int argc, char **argv)
{
	struct call c = { .s = s, .op = operation, .inputs = json_object(),
		.files = json_array() };
	int status = c.inputs == NULL || c.files == NULL ? EXIT_REFUSED :
	    take_arguments(&c, argc, argv);
	int paper;

	if (status == EXIT_DONE && s->help) {
		json_decref(c.inputs);
		json_decref(c.files);
		return help_verb(s, operation);
	}
	if (status == EXIT_DONE)
		status = check_paper(&c);
	if (status == EXIT_DONE)
		status = take_secrets(&c);
	if (status == EXIT_DONE)
		status = open_paper(&c, &paper);
	if (status == EXIT_DONE)
		status = carry_out(&c, paper);
	json_decref(c.inputs);
	json_decref(c.files);
	return status;
}
