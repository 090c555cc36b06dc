/* RFC 4180 into rows, each cell with its line, by libcsv. */
#include "law_data.h"

#include <csv.h>
#include <stdio.h>
#include <string.h>

struct table_reader {
	struct law_load *load;
	const struct law_table *table;
	struct law_row row;
	bool header_good, header_seen;
	bool between;			/* the last line ended a row */
	size_t rows;
};

static const struct law_table *const tables[] = {
	[LAW_CREDITS] = &law_table_credits,
	[LAW_DETENTION_LIMITS] = &law_table_detention_limits,
	[LAW_DISTANCE] = &law_table_distance,
	[LAW_HOLIDAYS] = &law_table_holidays,
	[LAW_RULES] = &law_table_rules,
	[LAW_SUSPENSIONS] = &law_table_suspensions,
};
_Static_assert(LENGTH(tables) == LAW_FILES, "a table for every file");

static void on_cell(void *p, size_t n, void *self)
{
	struct table_reader *t = self;
	text cell = { p, p == NULL ? 0 : n };

	if (t->row.n < LAW_COLUMNS_MAX) {
		text *to = &t->row.cell[t->row.n];

		*to = cell.n == 0 ? T("") :
		    arena_text(t->load->law->arena, cell);
		if (to->p == NULL)
			t->load->no_memory = true;
	}
	t->row.n++;
}

static void number_wanted(struct law_load *l, enum law_fault_kind k,
    size_t column, text found, size_t wanted)
{
	law_fault_add(l, k, column, found,
	    arena_format(l->notes, "%zu", wanted));
}

/* Names and order of the columns are part of the format: see README. */
static bool header_is_good(struct table_reader *t)
{
	struct law_load *l = t->load;

	if (t->row.n != t->table->columns_n) {
		number_wanted(l, LAW_FAULT_CELLS, LAW_WHOLE_LINE,
		    arena_format(l->notes, "%zu", t->row.n),
		    t->table->columns_n);
		return false;
	}
	for (size_t i = 0; i < t->row.n; i++) {
		text wanted = text_of(t->table->columns[i]);

		if (text_same(t->row.cell[i], wanted))
			continue;
		law_fault_add(l, LAW_FAULT_HEADER, i, t->row.cell[i], wanted);
		return false;
	}
	return true;
}

static bool cells_are_good(struct table_reader *t)
{
	bool good = true;

	if (t->row.n != t->table->columns_n) {
		number_wanted(t->load, LAW_FAULT_CELLS, LAW_WHOLE_LINE,
		    arena_format(t->load->notes, "%zu", t->row.n),
		    t->table->columns_n);
		return false;
	}
	for (size_t i = 0; i < t->row.n; i++) {
		text cell = t->row.cell[i];

		if (cell.n > LAW_CELL_MAX) {
			number_wanted(t->load, LAW_FAULT_TOO_LARGE, i, cell,
			    LAW_CELL_MAX);
			good = false;
		}
		if (text_has_control(cell, false)) {
			law_fault_add(t->load, LAW_FAULT_CONTROL, i, cell,
			    T(""));
			good = false;
		}
		if (text_trim(cell).n != cell.n) {
			law_fault_add(t->load, LAW_FAULT_SPACE, i, cell,
			    T(""));
			good = false;
		}
	}
	return good;
}

static void on_row(int end, void *self)
{
	struct table_reader *t = self;

	(void)end;
	t->between = true;
	if (t->load->no_memory)
		return;
	t->load->line = t->row.line;
	if (!t->header_seen) {
		t->header_seen = true;
		t->header_good = header_is_good(t);
	} else if (t->header_good) {
		t->rows++;
		if (t->rows > LAW_ROWS_MAX) {
			if (t->rows == LAW_ROWS_MAX + 1)
				number_wanted(t->load, LAW_FAULT_TOO_MANY,
				    LAW_WHOLE_LINE, T(""), LAW_ROWS_MAX);
		} else if (cells_are_good(t)) {
			t->table->row(t->load, &t->row);
		}
	}
	t->row.n = 0;
}

/* Spaces are the lawyer's; the default would drop them around a cell. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static size_t lines_of(text bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++)
		n += bytes.p[i] == '\n';
	return n;
}

static bool whole_is_good(struct law_load *l, text bytes)
{
	l->line = 0;
	if (bytes.n > LAW_FILE_MAX) {
		number_wanted(l, LAW_FAULT_TOO_LARGE, LAW_WHOLE_LINE, T(""),
		    LAW_FILE_MAX);
		return false;
	}
	l->line = 1;
	if (text_starts(bytes, T("\xEF\xBB\xBF"))) {
		law_fault_add(l, LAW_FAULT_BOM, LAW_WHOLE_LINE, T(""), T(""));
		return false;
	}
	for (text rest = bytes; rest.n > 0; l->line++) {
		text line = text_cut(&rest, '\n');
		bool returns = text_has(line, '\r');

		if (text_is_utf8(line) && !returns)
			continue;
		law_fault_add(l, returns ? LAW_FAULT_CARRIAGE_RETURN :
		    LAW_FAULT_NOT_UTF8, LAW_WHOLE_LINE, T(""), T(""));
		return false;
	}
	if (bytes.n > 0 && bytes.p[bytes.n - 1] == '\n')
		return true;
	l->line = (uint32_t)lines_of(bytes) + 1;
	law_fault_add(l, LAW_FAULT_NO_LAST_LF, LAW_WHOLE_LINE, T(""), T(""));
	return false;
}

/* Line by line, since libcsv does not say in which line it stands. */
static bool feed(struct table_reader *t, struct csv_parser *p, text bytes)
{
	uint32_t line = 0;

	t->between = true;
	for (size_t at = 0, n; at < bytes.n; at += n) {
		const char *end = memchr(bytes.p + at, '\n', bytes.n - at);

		n = (size_t)(end - (bytes.p + at)) + 1;
		line++;
		if (t->between) {
			t->row.line = line;
			t->between = false;
			if (n == 1) {
				t->load->line = line;
				law_fault_add(t->load, LAW_FAULT_BLANK_LINE,
				    LAW_WHOLE_LINE, T(""), T(""));
				t->between = true;
			}
		}
		if (csv_parse(p, bytes.p + at, n, on_cell, on_row, t) != n) {
			t->load->line = line;
			return false;
		}
	}
	t->load->line = t->row.line;
	return csv_fini(p, on_cell, on_row, t) == 0;
}

result law_table_read(struct law_load *l, enum law_file f, text bytes)
{
	struct table_reader t = { .load = l, .table = tables[f] };
	struct csv_parser p;

	l->file = f;
	l->columns = t.table->columns;
	l->columns_n = t.table->columns_n;
	if (!whole_is_good(l, bytes))
		return OK;

	size_t rows = lines_of(bytes);

	if (!t.table->begin(l, rows < LAW_ROWS_MAX ? rows : LAW_ROWS_MAX))
		return fault(NO_MEMORY);
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return fault(NO_MEMORY);
	csv_set_space_func(&p, no_space);
	if (!feed(&t, &p, bytes)) {
		if (csv_error(&p) == CSV_ENOMEM)
			l->no_memory = true;
		else
			law_fault_add(l, LAW_FAULT_QUOTES, LAW_WHOLE_LINE,
			    T(""), T(""));
	} else {
		t.table->end(l);
	}
	csv_free(&p);
	return l->no_memory ? fault(NO_MEMORY) : OK;
}
