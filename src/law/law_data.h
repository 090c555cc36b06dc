/*
 * Inside the law room: what the files become, how a file is read, and how
 * one row is counted.  No other room includes this; the fuzzer does.
 */
#ifndef ALAS_LAW_DATA_H
#define ALAS_LAW_DATA_H

#include "law.h"

/* ---- rows ------------------------------------------------------------- */

enum law_closes { CLOSES_COURTS, CLOSES_ADMINISTRATION, CLOSES_BOTH };
enum feast_kind { FEAST_FIXED, FEAST_EASTER, FEAST_FIRST_BUSINESS_DAY,
	FEAST_DATE };

struct law_feast {
	enum feast_kind kind;
	int month, day;			/* fixed; first_business_day: month */
	int offset;			/* days from Easter Sunday */
	day date;
	int from_year, to_year;		/* inclusive; 0 and 9999 when open */
	enum law_closes closes;
	text name_es, name_en;
};

struct law_suspension {
	day from, to;
	enum law_closes closes;
	bool everywhere;
	texts areas;
	text name_es;
};

struct law_distance {
	uint32_t line;
	text from, to;
	int32_t days;
	text basis;
	enum law_confidence confidence;
};

/* extended_months 0: no extension is known. */
struct law_limit {
	uint32_t line;
	text regime, class_name;
	day in_force_from, in_force_to;
	int32_t months, extended_months;
	bool half_of_sentence;
	text clock, basis;
	enum law_confidence confidence;
};

enum credit_mode { CREDIT_NONE, CREDIT_FIXED, CREDIT_BY_STAGE };
struct law_credit {
	uint32_t line;
	text offence;
	day from, to;
	enum credit_mode mode;
	int32_t ratio;			/* 0 where it does not stand */
	int32_t numerator, denominator;	/* conditional release; 0: none */
	text needs, basis;
	enum law_confidence confidence;
};

struct law {
	struct arena *arena;
	char digest[64];
	struct law_rule *rule;
	size_t rules_n;
	struct law_feast *feast;
	size_t feasts_n;
	struct law_suspension *suspension;
	size_t suspensions_n;
	struct law_distance *distance;
	size_t distances_n;
	struct law_limit *limit;
	size_t limits_n;
	struct law_credit *credit;
	size_t credits_n;
};

/* ---- reading a file --------------------------------------------------- */

struct law_load {
	struct law *law;		/* being filled */
	struct arena *notes;		/* memory of the report */
	struct law_report *report;
	enum law_file file;
	const char *const *columns;
	size_t columns_n;
	uint32_t line;			/* of the row at hand */
	bool no_memory;
};

struct law_row { uint32_t line; size_t n; text cell[LAW_COLUMNS_MAX]; };

/* One file as the loader sees it: its columns and what a row becomes. */
struct law_table {
	const char *const *columns;
	size_t columns_n;
	/* Room for that many rows; false when out of memory. */
	bool (*begin)(struct law_load *l, size_t rows);
	void (*row)(struct law_load *l, const struct law_row *r);
	/* What only the whole file shows. */
	void (*end)(struct law_load *l);
};

extern const struct law_table law_table_credits, law_table_detention_limits,
    law_table_distance, law_table_holidays, law_table_rules,
    law_table_suspensions;

/* Faults go to the report, never to the result: that is for our own. */
MUST_USE result law_table_read(struct law_load *l, enum law_file f,
    text bytes);

/* ---- faults and cells ------------------------------------------------- */

/* Column 0 is the first of the row; LAW_WHOLE_LINE none of them. */
enum { LAW_WHOLE_LINE = LAW_COLUMNS_MAX };
void law_fault_add(struct law_load *l, enum law_fault_kind k, size_t column,
    text found, text wanted);
void law_fault_at(struct law_load *l, uint32_t line, enum law_fault_kind k,
    size_t column, text found, uint32_t wanted_line);

enum cell_need { CELL_MAY_BE_EMPTY, CELL_FILLED };
text cell_text(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need);
/* Letters, digits, _ and -. */
text cell_name(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need);
/* Index of the word, 0 after a fault. */
size_t cell_word(struct law_load *l, const struct law_row *r, size_t column,
    const char *const *words, size_t words_n);
bool cell_yes(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need);
/* `empty` when it may be empty and is; `min` after a fault. */
struct cell_range { int32_t min, max, empty; };
int32_t cell_number(struct law_load *l, const struct law_row *r,
    size_t column, enum cell_need need, struct cell_range range);
day cell_day(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need);
/* Two cells: a first and a last day, the last one open when empty. */
void cell_days(struct law_load *l, const struct law_row *r, size_t column,
    enum cell_need need_from, day *ret_from, day *ret_to);
enum law_confidence cell_confidence(struct law_load *l,
    const struct law_row *r, size_t column);
bool days_meet(day from, day to, day other_from, day other_to);

/* A feast of the whole nation, on whatever day of the week. */
bool law_is_feast(const struct law *law, day d);

/* ---- counting --------------------------------------------------------- */

day law_day_last(void);			/* 2200-12-31 */
day law_day_first(void);		/* 1900-01-01 */

/* A list that keeps its first days and its last ones. */
struct day_list {
	struct law_day first[DEADLINE_DAYS_MAX];
	struct law_day last[LAW_DAYS_EDGE];	/* a ring */
	size_t n;
};

struct count {
	const struct law *law;
	const struct law_rule *row;
	const struct law_extra *extra;
	int32_t length;			/* with the distance */
	struct day_list counted, skipped;
	bool suspended;			/* a suspension moved it */
	day unrolled;
};

/*
 * From `from` by the row of `c`; false when the days leave 1900 to 2200.
 * Lists, `suspended` and `unrolled` are added to, so that the box and the
 * count can share one.
 */
bool count_term(struct count *c, struct law_moment from,
    struct law_moment *ret);
/* The second open court day after the deposit. */
bool count_box(struct count *c, day deposit, day *ret);
MUST_USE result day_list_take(struct arena *a, const struct day_list *l,
    struct law_days *ret);

#endif
