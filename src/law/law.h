/*
 * law: the law as data, and what follows from it.
 *
 * Facts in, answer out.  Nothing here reads a clock, a database or a
 * permission: pages, API, imports and the shell's calculator ask the same
 * verbs, so no date is reckoned by another road.  The one thing read from
 * outside is the folder of CSV files, once, by law_open.
 *
 * Words.  A *rule* is what people name ("C06"); its rows differ by *step*
 * (a chain inside the rule), *variant* (an alternative of fact) and
 * *reading* (another way in which the law can be understood; the row
 * without one is the answer).  A *calendar* says which days are closed.
 * The *trigger* is the day or the instant from which a term runs, the
 * *effective* day the one that the electronic box puts in its place.  The
 * *alarm* stands on the earliest of the answer and its readings.
 *
 * Invariants.  The same law and question give the same answer, byte by
 * byte.  A law that opened has no fault that law_check would report.  Days
 * in answers lie between 1900 and 2200; what would leave that range is
 * refused.  Words for people are not made here: the sheet of a computation
 * is a list of lines with kinds and values, and the rows carry the names
 * that the files give in Spanish and English.
 *
 * Ownership.  Answers live in the arena of the call, but the texts that
 * come from the files and `struct law_rule` belong to the law, which
 * outlives the operations that ask it.
 */
#ifndef ALAS_LAW_H
#define ALAS_LAW_H

#include "asking.h"
#include "base.h"

/* ---- the files -------------------------------------------------------- */

struct law;

enum law_file {
	LAW_CREDITS, LAW_DETENTION_LIMITS, LAW_DISTANCE, LAW_HOLIDAYS,
	LAW_RULES, LAW_SUSPENSIONS,
	LAW_FILES			/* in the order of the digest */
};

/*
 * What can be wrong with a file: FAULT(name, what, remedy).  A catalogue
 * finds its own words under "law.fault.NAME".
 */
#define LAW_FAULT_KINDS(FAULT)                                               \
	FAULT(MISSING_FILE, "the file cannot be read",                       \
	    "put it into the folder")                                        \
	FAULT(TOO_LARGE, "too large", "keep to")                             \
	FAULT(NOT_UTF8, "not UTF-8", "save the file as UTF-8")               \
	FAULT(BOM, "bytes before the first letter that say UTF-8 (BOM)",     \
	    "save the file as UTF-8 without them")                           \
	FAULT(CARRIAGE_RETURN, "a carriage return",                          \
	    "end lines with LF alone")                                       \
	FAULT(NO_LAST_LF, "the last line has no end",                        \
	    "end it with LF")                                                \
	FAULT(BLANK_LINE, "an empty line", "remove it")                      \
	FAULT(QUOTES, "a quotation mark out of place",                       \
	    "quote the whole cell and double the marks inside")              \
	FAULT(HEADER, "not the name of this column", "write")                \
	FAULT(CELLS, "not as many cells as columns", "there must be")        \
	FAULT(EMPTY, "empty", "fill it")                                     \
	FAULT(SPACE, "spaces at the ends", "remove them")                    \
	FAULT(CONTROL, "a control character", "remove it")                   \
	FAULT(WORD, "not a word of this column", "write one of")             \
	FAULT(NAME, "not a name", "use letters, digits, _ and -")            \
	FAULT(NUMBER, "not a number of this column", "write one of")         \
	FAULT(DAY, "not a day", "write YYYY-MM-DD, 1900 to 2200")            \
	FAULT(MONTH_DAY, "not a day of a year", "write MM-DD")               \
	FAULT(AREA, "not areas",                                             \
	    "write `*`, or names in small letters and _ parted by ;")        \
	FAULT(ORDER, "before its beginning", "write a day not before")       \
	FAULT(NOT_HERE, "does not belong here", "leave empty, or write")     \
	FAULT(DUPLICATE, "said twice", "remove one; the other is in line")   \
	FAULT(OVERLAP, "in force together with another",                     \
	    "end one the day before the other; the other is in line")        \
	FAULT(NO_ANSWER, "a reading without an answer",                      \
	    "put the row with an empty reading above it")                    \
	FAULT(READING_DIFFERS, "not as in the answer that it reads",         \
	    "write as in the answer, in line")                               \
	FAULT(FROM, "not an earlier step of the same rule and variant",      \
	    "write `trigger` or such a step")                                \
	FAULT(NEEDS_CALENDAR, "needs a calendar",                            \
	    "write `courts` or `administration`")                            \
	FAULT(TOO_MANY, "too many", "keep to")

enum law_fault_kind {
#define FAULT(name, what, remedy) LAW_FAULT_##name,
	LAW_FAULT_KINDS(FAULT)
#undef FAULT
	LAW_FAULT_KINDS_N
};

struct law_fault {
	enum law_fault_kind kind;
	enum law_file file;
	uint32_t line;			/* 1 is the header; 0 the whole file */
	uint32_t column;		/* 1 the first; 0 the whole line */
	const char *column_name;	/* NULL where column is 0 */
	text found;			/* what stands there, cut at 80 */
	text wanted;			/* ends the remedy: words of the file */
};

struct law_report {
	struct law_fault fault[LAW_FAULTS_MAX];
	size_t n;			/* listed above */
	size_t more;			/* found beyond them */
};

/*
 * Read all six files of a folder.  CORRUPT when anything is wrong with
 * them: `report` (may be NULL) then says what, its texts in `a`, and no law
 * is made.  IO when the folder cannot be read for another reason than that
 * a file is missing.
 */
MUST_USE result law_open(const char *dir, struct arena *a, struct law **ret,
    struct law_report *report);
void law_close(struct law *law);		/* accepts NULL */
/*
 * The lint: every fault of every file in the order of file and line, for
 * lawyers who keep the files in a spreadsheet.  OK also when faults were
 * found; report->n tells.
 */
MUST_USE result law_check(const char *dir, struct arena *a,
    struct law_report *report);
/* "rules.csv:17: column 7 (count): "bdd": not a word of …; write one of …" */
text law_fault_text(struct arena *a, const struct law_fault *f);
const char *law_fault_key(enum law_fault_kind k);	/* "law.fault.WORD" */
const char *law_file_name(enum law_file f);		/* "rules.csv" */

/*
 * Which files an answer came from: SHA-256 over name LF length LF bytes of
 * the six in the order of enum law_file, names without ".csv", as 64 hex
 * digits.  The law's memory.
 */
text law_digest(const struct law *law);

/* ---- calendars -------------------------------------------------------- */

enum law_calendar { LAW_NO_CALENDAR, LAW_COURTS, LAW_ADMINISTRATION };

/* Why a day is closed; the first of these that holds is the answer. */
enum law_why {
	LAW_IS_OPEN, LAW_SATURDAY, LAW_SUNDAY, LAW_HOLIDAY, LAW_COURT_DAY,
	LAW_SUSPENSION, LAW_CLOSED_DAY,
	LAW_WHYS
};

struct law_closure { enum law_why why; text name_es, name_en; };

/* Facts that a question brings beside the files, for both calendars. */
struct law_span { day from, to; text why; };
struct law_closed_day { day date; text why; };
struct law_extra {
	text district;			/* an area of the files; empty: none */
	const struct law_span *suspensions;
	size_t suspensions_n;
	const struct law_closed_day *closed_days;
	size_t closed_days_n;
};

/*
 * Is `d` closed, and by what?  `extra` may be NULL.  LAW_NO_CALENDAR closes
 * nothing.  A day that is closed for two reasons gives the first one.
 */
struct law_closure law_closed(const struct law *law, enum law_calendar c,
    const struct law_extra *extra, day d);
/* The same without suspensions, for terms that they do not stop. */
struct law_closure law_closed_always(const struct law *law,
    enum law_calendar c, const struct law_extra *extra, day d);
/* The suspension alone; terms without a calendar follow the courts. */
struct law_closure law_suspended(const struct law *law, enum law_calendar c,
    const struct law_extra *extra, day d);
bool law_area_known(const struct law *law, text area);
day law_easter(int year);			/* Easter Sunday */
/* The same day number `months` on; a missing day becomes the last. */
day law_months_on(day d, int32_t months);

/* ---- deadlines -------------------------------------------------------- */

enum law_nature { LAW_PARTY, LAW_AUTHORITY, LAW_EARLIEST };
enum law_count {
	LAW_BD, LAW_CAL, LAW_CAL_INCL, LAW_MON, LAW_MON_INCL, LAW_HRS,
	LAW_NEVER
};
enum law_confidence { LAW_READ, LAW_WELL_KNOWN, LAW_UNSURE };
enum law_served_by {
	LAW_CEDULA, LAW_HEARING, LAW_ELECTRONIC, LAW_BY_ADMINISTRATION
};

/* One row of rules.csv; the columns are explained in data/README.md. */
struct law_rule {
	uint32_t line;
	text rule, family, step, variant, reading;
	enum law_nature nature;
	enum law_count count;
	int32_t length;			/* 0 for `none` */
	bool back;
	enum law_calendar calendar;
	bool roll;
	text from;			/* "trigger" or an earlier step */
	bool distance, box, suspendable;
	day in_force_from, in_force_to;	/* unknown: open */
	int32_t alarm_days_before;
	text name_es, name_en, trigger_es, basis;
	enum law_confidence confidence;
	text note;
};

/*
 * The rows of the law, for lists and for the choice of a rule; NULL at the
 * end.  `i` counts from 0 through the file.
 */
const struct law_rule *law_rule_at(const struct law *law, size_t i);

struct law_happened { text step; day date; };

struct deadline_question {
	text rule;
	text variant, step;		/* empty: the usual, the first */
	day trigger;			/* or an instant, which wins */
	instant trigger_at;
	enum law_served_by served_by;
	whole distance_days;
	struct law_extra extra;
	const struct law_happened *happened;
	size_t happened_n;
};

/* A day, or for terms in hours an instant (its day stands beside it). */
struct law_moment { day day; instant at; bool never; };

struct law_day {
	day day;
	int32_t ordinal;		/* of a counted day: 1 is the first */
	struct law_closure closure;	/* of a skipped one */
};

/* In the order of the count; the first and last ten when cut. */
struct law_days { const struct law_day *p; size_t n; size_t omitted; };

struct deadline_reading {
	text name;			/* "calendar+electronic_strict" */
	const struct law_rule *row;
	struct law_moment due;
};

/* Another step of the chain: one before the answer or one after it. */
struct deadline_step {
	const struct law_rule *row;
	struct law_moment due, alarm;
	bool happened;			/* `due` is when it really took place */
};

enum law_warning {
	LAW_WARN_CALENDAR_UNVERIFIED, LAW_WARN_UNCONFIRMED_RULE,
	LAW_WARN_SUSPENSION_APPLIED, LAW_WARN_SUSPENSION_UNVERIFIED,
	LAW_WARN_ENDS_IN_SUSPENSION,
	LAW_WARNINGS
};

struct deadline_answer {
	const struct law_rule *row;	/* nature, length, count, basis … */
	bool step_given;		/* else `then` lists what follows */
	struct law_moment from;		/* what the count started from */
	day effective;			/* only with LAW_ELECTRONIC */
	struct law_days box_counted, box_skipped;	/* up to `effective` */
	struct law_moment due, alarm;	/* alarm.never when due.never */
	day unrolled;			/* last day before it moved, if so */
	struct deadline_reading reading[2 * (LAW_READINGS_MAX + 1)];
	size_t readings_n;
	struct law_days counted, skipped;
	struct deadline_step before[LAW_STEPS_MAX];	/* chain up to here */
	size_t before_n;
	struct deadline_step then[LAW_STEPS_MAX];
	size_t then_n;
	bool warning[LAW_WARNINGS];
};

/*
 * When does the term end?  INVALID with `refusal` filled when the question
 * cannot be answered: unknown rule, variant or step; a choice that must be
 * made; a trigger outside the rule's days (naming the member of the family
 * that was in force); an hour that is needed; service, distance, district,
 * suspensions, closed days or happened steps that do not fit.  `ret` is
 * then untouched.
 */
MUST_USE result law_deadline(const struct law *law, struct arena *a,
    const struct deadline_question *q, struct deadline_answer *ret,
    struct refusal *refusal);

/* ---- the sheet -------------------------------------------------------- */

/*
 * One line of the computation, in the order in which a judge reads it.
 * LINE(name, key); beside each the members it fills.  `es` and `en` are the
 * files' own words (en may be empty: show es), `code` a word of the machine.
 */
#define SHEET_LINES(LINE)                                                    \
	LINE(RULE, "law.sheet.rule")		/* code rule, es, en */      \
	LINE(BASIS, "law.sheet.basis")		/* es */                     \
	LINE(CONFIDENCE, "law.sheet.confidence") /* code C, W, U */          \
	LINE(TRIGGER, "law.sheet.trigger")	/* day, at, es what it is */ \
	LINE(SERVED, "law.sheet.served")	/* code electronic */        \
	LINE(BOX_COUNTED, "law.sheet.box_counted")   /* day, number */       \
	LINE(BOX_SKIPPED, "law.sheet.box_skipped")   /* day, code, es, en */ \
	LINE(EFFECTIVE, "law.sheet.effective")	/* day */                    \
	LINE(STEP, "law.sheet.step")		/* code step, day, es, en */ \
	LINE(HAPPENED, "law.sheet.happened")	/* code step, day, es, en */ \
	LINE(METHOD, "law.sheet.method")	/* code count, number */     \
	LINE(BACK, "law.sheet.back")		/* the count goes back */    \
	LINE(CALENDAR, "law.sheet.calendar")	/* code */                   \
	LINE(DISTANCE, "law.sheet.distance")	/* number */                 \
	LINE(COUNTED, "law.sheet.counted")	/* day, number */            \
	LINE(SKIPPED, "law.sheet.skipped")	/* day, code why, es, en */  \
	LINE(COUNTED_OMITTED, "law.sheet.counted_omitted")   /* number */    \
	LINE(SKIPPED_OMITTED, "law.sheet.skipped_omitted")   /* number */    \
	LINE(ROLLED, "law.sheet.rolled")	/* day it would have been */ \
	LINE(DUE, "law.sheet.due")		/* day, at, code nature */   \
	LINE(NO_TERM, "law.sheet.no_term")				     \
	LINE(READING, "law.sheet.reading")	/* code, day, at, es basis */\
	LINE(ALARM, "law.sheet.alarm")		/* day, at, number before */ \
	LINE(THEN, "law.sheet.then")		/* code step, day, es, en */ \
	LINE(WARNING, "law.sheet.warning")	/* code */                   \
	LINE(NOTE, "law.sheet.note")		/* en: the row's remark */   \
	LINE(DATA, "law.sheet.data")		/* code: 12 digits */

enum sheet_line_kind {
#define LINE(name, key) SHEET_##name,
	SHEET_LINES(LINE)
#undef LINE
	SHEET_LINE_KINDS
};

struct sheet_line {
	enum sheet_line_kind kind;
	day day;
	instant at;
	int64_t number;
	text code, es, en;
};
struct sheet { const struct sheet_line *p; size_t n; };

/* The plain computation of an answer that this law gave to this question. */
MUST_USE result law_deadline_sheet(const struct law *law, struct arena *a,
    const struct deadline_question *q, const struct deadline_answer *answer,
    struct sheet *ret);
const char *sheet_line_key(enum sheet_line_kind k);

/* ---- names of the machine --------------------------------------------- */

const char *law_why_name(enum law_why w);		/* "court_day" */
const char *law_calendar_name(enum law_calendar c);
const char *law_nature_name(enum law_nature n);
const char *law_count_name(enum law_count c);
const char *law_confidence_name(enum law_confidence c);	/* "C" */
const char *law_warning_name(enum law_warning w);
const char *law_served_by_name(enum law_served_by s);
bool law_served_by_read(text name, enum law_served_by *ret);

/* ---- questions as trees ----------------------------------------------- */

/*
 * The kinds of this room for `alas calc` and for whoever asks with a tree:
 * deadline, calendar, detention-limit, sentence, releases.  The asker's law
 * must be one that opened.
 */
extern const struct asking_kind law_kinds[];

/* ---- custody ---------------------------------------------------------- */

/*
 * One stay.  No `to`: still held.  Either day may be known only as a month,
 * a year or "about": the sums are then a range.
 */
struct custody_period { day from, to; };

/* Stays that overlap or touch, as one; `to` unknown: still held. */
struct custody_run { day from, to; };

/* Days that two stays share and that were counted once. */
struct custody_overlap {
	day from, to;
	size_t one, other;		/* places in the input */
	bool certain;			/* no imprecise day may undo it */
};

struct custody_sum {
	struct custody_run run[CUSTODY_PERIODS_MAX];	/* by day */
	size_t runs_n;			/* imprecise days at their widest */
	struct custody_overlap overlap[CUSTODY_PERIODS_MAX];
	size_t overlaps_n;
	bool open;			/* somebody is still held */
	bool estimated;			/* a day was only "about" a year */
	/* Both end days counted; equal when every day is exact. */
	struct { bool known; int32_t earliest, latest; } served;
};

/*
 * Sort and merge so that no day counts twice.  An open stay lasts to
 * `as_of`; without `as_of` (not known) it has no end and served is unknown.
 * served.earliest is the fewest days that the facts allow, .latest the most.
 * INVALID with `refusal` filled: more than CUSTODY_PERIODS_MAX stays, one
 * without a first day, a release before its arrest, two open stays, a day
 * after `as_of`.  The order of `in` changes nothing but `one` and `other`.
 */
MUST_USE result custody_merge(struct arena *a,
    const struct custody_period *in, size_t n, day as_of,
    struct custody_sum *ret, struct refusal *refusal);
/* Both end days counted; both exact, `to` not before `from`. */
int32_t custody_days(day from, day to);
/* What an imprecise day may have been at the earliest and the latest. */
day custody_day_earliest(day d);
day custody_day_latest(day d);

#endif
