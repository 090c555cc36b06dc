#include "law_data.h"

#include <string.h>

enum { FOUND_MAX = 80 };

/* What stood there, cut between two characters. */
static text found_short(struct law_load *l, text found)
{
	size_t n = found.n;

	if (n > FOUND_MAX) {
		n = FOUND_MAX;
		while (n > 0 && ((unsigned char)found.p[n] & 0xC0) == 0x80)
			n--;
	}
	return arena_text(l->notes, (text){ found.p, n });
}

void law_fault_add(struct law_load *l, enum law_fault_kind k, size_t column,
    text found, text wanted)
{
	bool all = column >= l->columns_n;

	if (l->report->n == LAW_FAULTS_MAX) {
		l->report->more++;
		return;
	}

	struct law_fault f = {
		.kind = k,
		.file = l->file,
		.line = l->line,
		.column = all ? 0 : (uint32_t)column + 1,
		.column_name = all ? NULL : l->columns[column],
		.found = found_short(l, found),
		.wanted = arena_text(l->notes, wanted),
	};
	if (f.found.p == NULL || f.wanted.p == NULL)
		l->no_memory = true;
	l->report->fault[l->report->n++] = f;
}

void law_fault_at(struct law_load *l, uint32_t line, enum law_fault_kind k,
    size_t column, text found, uint32_t wanted_line)
{
	uint32_t at = l->line;

	l->line = line;
	law_fault_add(l, k, column, found,
	    arena_format(l->notes, "%u", (unsigned)wanted_line));
	l->line = at;
}

text cell_text(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need)
{
	text t = r->cell[column];

	if (t.n == 0 && need == CELL_FILLED)
		law_fault_add(l, LAW_FAULT_EMPTY, column, t, T(""));
	return t;
}

static bool name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

text cell_name(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need)
{
	text t = cell_text(l, r, column, need);

	for (size_t i = 0; i < t.n; i++) {
		if (name_char(t.p[i]))
			continue;
		law_fault_add(l, LAW_FAULT_NAME, column, t, T(""));
		break;
	}
	return t;
}

size_t cell_word(struct law_load *l, const struct law_row *r, size_t column,
    const char *const *words, size_t words_n)
{
	text t = r->cell[column];
	struct buf list = buf_new(LAW_CELL_MAX);

	for (size_t i = 0; i < words_n; i++) {
		if (text_same(t, text_of(words[i]))) {
			buf_free(&list);
			return i;
		}
		buf_format(&list, i == 0 ? "%s" : ", %s",
		    words[i][0] == '\0' ? "«»" : words[i]);
	}
	law_fault_add(l, LAW_FAULT_WORD, column, t, buf_view(&list));
	buf_free(&list);
	return 0;
}

bool cell_yes(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need)
{
	static const char *const words[] = { "no", "yes", "" };

	return cell_word(l, r, column, words, need == CELL_FILLED ? 2 : 3) ==
	    1;
}

int32_t cell_number(struct law_load *l, const struct law_row *r,
    size_t column, enum cell_need need, struct cell_range range)
{
	text t = cell_text(l, r, column, need);
	int64_t v;

	if (t.n == 0)
		return need == CELL_FILLED ? range.min : range.empty;
	if (text_integer(t, &v) && v >= range.min && v <= range.max)
		return (int32_t)v;
	law_fault_add(l, LAW_FAULT_NUMBER, column, t,
	    arena_format(l->notes, "%d – %d", (int)range.min,
	    (int)range.max));
	return range.min;
}

day cell_day(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need)
{
	text t = cell_text(l, r, column, need);
	day d;

	if (t.n == 0)
		return (day){ 0 };
	if (day_read(t, &d) && d.precision == EXACT)
		return d;
	law_fault_add(l, LAW_FAULT_DAY, column, t, T(""));
	return (day){ 0 };
}

void cell_days(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need_from, day *ret_from, day *ret_to)
{
	day from = cell_day(l, r, column, need_from);
	day to = cell_day(l, r, column + 1, CELL_MAY_BE_EMPTY);

	if (from.known && to.known && to.n < from.n) {
		law_fault_add(l, LAW_FAULT_ORDER, column + 1,
		    r->cell[column + 1], r->cell[column]);
		to = from;
	}
	*ret_from = from;
	*ret_to = to;
}

enum law_confidence cell_confidence(struct law_load *l,
    const struct law_row *r, size_t column)
{
	static const char *const words[] = { "C", "W", "U" };

	return (enum law_confidence)cell_word(l, r, column, words,
	    LENGTH(words));
}

/* An unknown day is an open end. */
bool days_meet(day from, day to, day other_from, day other_to)
{
	bool ends_before = to.known && other_from.known &&
	    to.n < other_from.n;
	bool begins_after = from.known && other_to.known &&
	    from.n > other_to.n;

	return !ends_before && !begins_after;
}
