#include "filter.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cell.h"
#include "content.h"
#include "paper.h"
#include "view.h"

enum { OUT_MAX = 64 * MIB };

struct job {
	const char *name;
	enum cell_job cell;
	size_t in_max;
	result (*load)(void);
	result (*run)(text in, struct buf *out);
};

static result nothing_to_load(void)
{
	return OK;
}

static const struct job jobs[] = {
	{ "paper", CELL_PAPER, PAPER_BYTES_MAX, paper_pdf_load, paper_pdf },
	{ "packed", CELL_COMPUTE, CONTENT_BYTES_MAX, nothing_to_load,
	  packed_look },
	{ "view", CELL_COMPUTE, CONTENT_BYTES_MAX + VIEW_HEAD,
	  nothing_to_load, view },
	{ "view-pdf", CELL_PAPER, CONTENT_BYTES_MAX + VIEW_HEAD,
	  view_pdf_load, view_pdf },
};

static const struct job *job_named(const char *name)
{
	for (size_t i = 0; i < LENGTH(jobs); i++)
		if (text_same(text_of(name), text_of(jobs[i].name)))
			return &jobs[i];
	return NULL;
}

static result read_all(struct buf *in)
{
	char part[64 * KIB];

	for (;;) {
		ssize_t n = read(STDIN_FILENO, part, sizeof(part));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault(IO);
		if (n == 0)
			return buf_end(in);
		buf_add(in, part, (size_t)n);
		TRY(buf_end(in));
	}
}

static result write_all(text out)
{
	while (out.n > 0) {
		ssize_t n = write(STDOUT_FILENO, out.p, out.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fault(IO);
		out.p += n;
		out.n -= (size_t)n;
	}
	return OK;
}

/*
 * Walls, then the library's threads, then calls, then the document: each
 * step needs the one before (cell.h).
 */
static result work(const struct job *job, struct buf *in, struct buf *out)
{
	int abi;

	TRY(cell_harden());
	TRY(cell_filter_walls(job->cell, &abi));
	TRY(job->load());
	TRY(cell_filter_calls(job->cell, abi));
	TRY(read_all(in));
	TRY(job->run(buf_view(in), out));
	return write_all(buf_view(out));
}

static enum cell_exit exit_of(result r)
{
	if (is_ok(r))
		return CELL_EXIT_DONE;
	if (r.code == E_INVALID)
		return CELL_EXIT_INVALID;
	if (r.code == E_TOO_LARGE)
		return CELL_EXIT_TOO_LARGE;
	return CELL_EXIT_FAILED;
}

int main(int argc, char **argv)
{
	const struct job *job = argc == 2 ? job_named(argv[1]) : NULL;

	if (job == NULL) {
		fputs("alas-filter: started by the runner, with a job\n",
		    stderr);
		return CELL_EXIT_FAILED;
	}

	struct buf in = buf_new(job->in_max);
	struct buf out = buf_new(OUT_MAX);
	enum cell_exit end = exit_of(work(job, &in, &out));
	/* No tidying: the memory goes with the process. */
	_exit((int)end);
}
