/* What is typed and never shown. */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 };

static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
static volatile sig_atomic_t stopped;

static void
remember(int number)
{
	stopped = number;
}

/* Signals come while it waits and at no other time, so that none is seen
 * too early to wake it. */
static bool
wait_for_key(int fd, const sigset_t *during)
{
	struct pollfd key = { .fd = fd, .events = POLLIN };

	while (during != NULL && ppoll(&key, 1, NULL, during) < 0) {
		if (errno != EINTR || stopped != 0)
			return false;
	}
	return true;
}

/* One line without its end; false: nothing came, or too much.  `during`:
 * the signals that may end the wait; NULL: all as ever. */
static bool
read_line(int fd, const sigset_t *during, char *line, size_t room,
    size_t *ret_n)
{
	size_t n = 0;

	for (;;) {
		char c;
		ssize_t got = -1;

		if (wait_for_key(fd, during))
			got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR && during == NULL)
			continue;
		if (got < 0 || (got == 0 && n == 0))
			return false;
		if (got == 0 || c == '\n')
			break;
		if (n == room)
			return false;
		line[n++] = c;
	}
	*ret_n = n;
	return true;
}

/* A signal while nothing is echoed must not leave the terminal so. */
static bool
read_silently(int fd, char *line, size_t room, size_t *ret_n)
{
	struct sigaction before[LENGTH(stops)];
	const struct sigaction now = { .sa_handler = remember };
	struct termios plain;
	struct termios silent;
	sigset_t held;
	sigset_t as_ever;
	bool good;

	if (tcgetattr(fd, &plain) != 0)
		return false;
	stopped = 0;
	sigemptyset(&held);
	for (size_t i = 0; i < LENGTH(stops); i++)
		sigaddset(&held, stops[i]);
	sigprocmask(SIG_BLOCK, &held, &as_ever);
	for (size_t i = 0; i < LENGTH(stops); i++)
		sigaction(stops[i], &now, &before[i]);
	silent = plain;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	silent.c_lflag |= ECHONL;
	good = tcsetattr(fd, TCSAFLUSH, &silent) == 0 &&
	    read_line(fd, &as_ever, line, room, ret_n);
	tcsetattr(fd, TCSAFLUSH, &plain);
	for (size_t i = 0; i < LENGTH(stops); i++)
		sigaction(stops[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &as_ever, NULL);
	if (stopped != 0)
		raise(stopped);
	return good;
}

static bool
ask_terminal(struct shell *s, const char *prompt, bool openly, text *ret)
{
	char line[LINE_MAX_BYTES];
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	size_t n = 0;
	bool good;

	if (fd < 0) {
		say_no(s, EXIT_REFUSED, "shell.no_terminal", NULL, NULL);
		return false;
	}
	dprintf(fd, "%s: ", prompt);
	good = openly ? read_line(fd, NULL, line, sizeof(line), &n) :
	    read_silently(fd, line, sizeof(line), &n);
	close(fd);
	if (good)
		*ret = arena_text(s->arena, (text){ line, n });
	explicit_bzero(line, sizeof(line));
	return good && ret->p != NULL;
}

/* Byte by byte, so that the next line stays for whoever reads it. */
static bool
ask_descriptor(struct shell *s, text *ret)
{
	char line[LINE_MAX_BYTES];
	size_t n = 0;

	if (!read_line(s->secrets, NULL, line, sizeof(line), &n))
		n = 0;	/* fewer lines than secrets: the rest is empty */
	*ret = arena_text(s->arena, (text){ line, n });
	explicit_bzero(line, sizeof(line));
	return ret->p != NULL;
}

bool
secret_ask(struct shell *s, const char *prompt, text *ret)
{
	return s->secrets >= 0 ? ask_descriptor(s, ret) :
	    ask_terminal(s, prompt, false, ret);
}

bool
secret_ask_openly(struct shell *s, const char *prompt, text *ret)
{
	return s->secrets >= 0 ? ask_descriptor(s, ret) :
	    ask_terminal(s, prompt, true, ret);
}
