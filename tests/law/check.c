#include "law_fixture.h"

#include <sodium.h>
#include <string.h>

/* One spoilt place: what is written into which file, and what is said. */
struct spoilt {
	const char *file, *from, *to;	/* from NULL: appended */
	enum law_fault_kind kind;
	uint32_t line, column;
	const char *column_name, *found, *wanted;
};

#define R "X1,X1,,,,party,"
#define END ",no,no,no,,,0,a,a,a,a,C,\n"

static const struct spoilt cases[] = {
	{ "rules.csv", "rule,family", "rule,famly", LAW_FAULT_HEADER, 1, 2,
		"family", "famly", "family" },
	{ "rules.csv", "confidence,note\n", "confidence\n", LAW_FAULT_CELLS,
		1, 0, NULL, "23", "24" },
	{ "rules.csv", "bd,1,,courts", "bdd,1,,courts", LAW_FAULT_WORD, 2, 7,
		"count", "bdd", "bd, cal, cal_incl, mon, mon_incl, hrs, "
		"none" },
	{ "rules.csv", "bd,1,,courts", "bd,0,,courts", LAW_FAULT_NUMBER, 2,
		8, "length", "0", "1 – 36600" },
	{ "rules.csv", "bd,1,,courts", "bd,,,courts", LAW_FAULT_EMPTY, 2, 8,
		"length", "", "" },
	{ "rules.csv", "1940-03-18,,0", "1940-02-30,,0", LAW_FAULT_DAY, 2,
		16, "in_force_from", "1940-02-30", "" },
	{ "rules.csv", "1992-05-07,2003-02-20", "1992-05-07,1992-05-06",
		LAW_FAULT_ORDER, 39, 17, "in_force_to", "1992-05-06",
		"1992-05-07" },
	{ "rules.csv", "R01,R01,", "R 01,R01,", LAW_FAULT_NAME, 2, 1, "rule",
		"R 01", "" },
	{ "rules.csv", "File nullity appeal,", "File nullity appeal ,",
		LAW_FAULT_SPACE, 2, 20, "name_en", "File nullity appeal ",
		"" },
	{ "rules.csv", "File nullity", "File\tnullity", LAW_FAULT_CONTROL, 2,
		20, "name_en", "File\tnullity appeal", "" },
	{ "rules.csv", NULL, "X1,X1\n", LAW_FAULT_CELLS, 154, 0, NULL, "2",
		"24" },
	{ "rules.csv", NULL, "\n", LAW_FAULT_BLANK_LINE, 154, 0, NULL, "",
		"" },
	{ "rules.csv", NULL, "X\"1,\n", LAW_FAULT_QUOTES, 154, 0, NULL, "",
		"" },
	{ "rules.csv", NULL, "\"X1,\n\n", LAW_FAULT_QUOTES, 154, 0, NULL, "",
		"" },
	{ "rules.csv", NULL, R "bd,1,,courts,none,trigger" ",no,no,no,,,0,a,"
		"a,a,a,C,", LAW_FAULT_NO_LAST_LF, 154, 0, NULL, "", "" },
	{ "rules.csv", NULL, R "bd,1,,none,none,trigger" END,
		LAW_FAULT_NEEDS_CALENDAR, 154, 10, "calendar", "none", "" },
	{ "rules.csv", NULL, R "mon,1,,none,next,trigger" END,
		LAW_FAULT_NEEDS_CALENDAR, 154, 10, "calendar", "none", "" },
	{ "rules.csv", NULL, R "none,1,,none,none,trigger" END,
		LAW_FAULT_NOT_HERE, 154, 8, "length", "1",
		"`count` ≠ `none`" },
	{ "rules.csv", NULL, R "mon,1,yes,none,none,trigger" END,
		LAW_FAULT_NOT_HERE, 154, 9, "back", "yes",
		"`count` = `bd`, `cal`" },
	{ "rules.csv", NULL, R "bd,1,yes,courts,next,trigger" END,
		LAW_FAULT_NOT_HERE, 154, 11, "roll", "next",
		"`none`" },
	{ "rules.csv", NULL, R "hrs,24,,none,none,trigger,yes,no,no,,,0,a,a,"
		"a,a,C,\n", LAW_FAULT_NOT_HERE, 154, 13, "distance", "yes",
		"`no`" },
	{ "rules.csv", NULL, R "hrs,24,,none,none,trigger,no,yes,no,,,0,a,a,"
		"a,a,C,\n", LAW_FAULT_NOT_HERE, 154, 14, "box", "yes",
		"`no`" },
	{ "rules.csv", NULL, R "bd,1,,courts,none,answer" END,
		LAW_FAULT_FROM, 154, 12, "from", "answer", "" },
	{ "rules.csv", NULL, R "bd,1,,courts,none,trigger" END
		"X1,X1,,,electronic_strict,party,bd,1,,courts,none,trigger"
		END, LAW_FAULT_NOT_HERE, 155, 5, "reading",
		"electronic_strict", "`reading` ≠ `electronic_strict`" },
	{ "rules.csv", NULL, "X1,X1,,,b,party,bd,1,,courts,none,trigger" END,
		LAW_FAULT_NO_ANSWER, 154, 5, "reading", "b", "" },
	{ "rules.csv", NULL, "C06,C06,,,b,party,bd,1,,courts,none,trigger,"
		"yes,no,no,2004-12-01,,0,a,a,a,a,C,\n",
		LAW_FAULT_READING_DIFFERS, 154, 14, "box", "b", "91" },
	{ "rules.csv", NULL, "C06,C06,,,,party,bd,10,,courts,none,trigger"
		END, LAW_FAULT_DUPLICATE, 154, 1, "rule", "C06", "91" },
	{ "rules.csv", "2021-07-24,,0,Queja al", "2021-07-23,,0,Queja al",
		LAW_FAULT_OVERLAP, 93, 16, "in_force_from", "C07b", "92" },
	{ "holidays.csv", "fixed,01-01", "fixed,02-30", LAW_FAULT_MONTH_DAY, 2, 2,
		"on", "02-30", "" },
	{ "holidays.csv", "easter,-3", "easter,Thu", LAW_FAULT_NUMBER, 3, 2,
		"on", "Thu", "-366 – 366" },
	{ "holidays.csv", "05-01,1980,", "05-01,1980,1979", LAW_FAULT_ORDER,
		5, 4, "to_year", "1979", "1980" },
	{ "holidays.csv", "01,1980,,courts", "01,1980,,both",
		LAW_FAULT_NOT_HERE, 18, 5, "closes", "both",
		"`courts`" },
	{ "holidays.csv", NULL, "date,2026-12-24,2026,,both,a,a,a,C\n",
		LAW_FAULT_NOT_HERE, 20, 3, "from_year", "2026",
		"`kind` ≠ `date`" },
	{ "suspensions.csv", "2020-10-23,courts", ",courts",
		LAW_FAULT_EMPTY, 4, 2, "to", "", "" },
	{ "suspensions.csv", "ancash;arequipa", "ancash;Arequipa",
		LAW_FAULT_AREA, 3, 4, "area",
		"ancash;Arequipa;ica;junin;huanuco;madre_de_dios;san_martin",
		"" },
	{ "detention_limits.csv", "2001-11-14,,9,18", "2001-11-13,,9,18",
		LAW_FAULT_OVERLAP, 8, 3, "in_force_from", "ordinary", "5" },
	{ "detention_limits.csv", "ncpp-272,complex", "ncpp-727,complex",
		LAW_FAULT_WORD, 12, 1, "regime", "ncpp-727",
		"cpp91-137, ncpp-272" },
	{ "detention_limits.csv", "cpp91-137,special,1991",
		"cpp91-137,complex,1991", LAW_FAULT_WORD, 3, 2, "class",
		"complex", "ordinary, special, terrorism" },
	{ "credits.csv", "terrorism,1991", "terorism,1991", LAW_FAULT_WORD,
		2, 1, "offence", "terorism", "terrorism, common" },
	{ "detention_limits.csv", "36,48", "36,35", LAW_FAULT_NUMBER, 13, 6,
		"extended_months", "35", "36 – 1200" },
	{ "credits.csv", "by_stage,,,", "by_stage,4,,", LAW_FAULT_NOT_HERE,
		7, 5, "ratio", "4", "`mode` = `fixed`" },
	{ "credits.csv", "7,3/4", "7,4/3", LAW_FAULT_NUMBER, 4, 6,
		"conditional_fraction", "4/3", "1/2, 2/3, 3/4 …" },
	{ "credits.csv", "2009-10-15,,none", "2009-10-14,,none",
		LAW_FAULT_OVERLAP, 5, 2, "from", "terrorism", "4" },
	{ "distance.csv", "Lima,Callao,1", "Lima,Callao,91",
		LAW_FAULT_NUMBER, 2, 3, "days", "91", "1 – 90" },
	{ "distance.csv", "Lima,Cañete", "Lima,Callao", LAW_FAULT_DUPLICATE,
		3, 2, "to", "Callao", "2" },
};

static void assert_fault(const struct law_fault *f, const struct spoilt *c)
{
	assert_string_equal(law_file_name(f->file), c->file);
	assert_int_equal(f->line, c->line);
	assert_int_equal(f->column, c->column);
	assert_string_equal(law_fault_key(f->kind), law_fault_key(c->kind));
	if (c->column_name == NULL)
		assert_null(f->column_name);
	else
		assert_string_equal(f->column_name, c->column_name);
	assert_text(f->found, c->found);
	assert_text(f->wanted, c->wanted);
}

/*
 * A slip in the spreadsheet would become a date, or be reported where it is
 * not.  Each spoilt place is the only fault found, and the law stays shut.
 */
static void every_fault(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct folder dir = folder_new();
		struct law_report report;
		struct law *law = f->law;

		if (cases[i].from == NULL)
			folder_append(&dir, cases[i].file, cases[i].to);
		else
			folder_replace(&dir, cases[i].file, cases[i].from,
			    cases[i].to);
		assert_true(is_ok(law_check(dir.path, f->arena, &report)));
		if (report.n != 1)
			for (size_t j = 0; j < report.n; j++)
				print_error("%zu: %s\n", i, law_fault_text(
				    f->arena, &report.fault[j]).p);
		assert_int_equal(report.n, 1);
		assert_fault(&report.fault[0], &cases[i]);
		assert_int_equal(law_open(dir.path, f->arena, &law,
		    &report).code, E_CORRUPT);
		assert_ptr_equal(law, f->law);
		assert_int_equal(report.n, 1);
		folder_remove(&dir);
		arena_reset(f->arena);
	}
}

/* The files as they are would not be without fault. */
static void the_law_is_clean(void **state)
{
	struct fixture *f = *state;
	struct law_report report;

	assert_true(is_ok(law_check("data", f->arena, &report)));
	assert_int_equal(report.n, 0);
	assert_int_equal(report.more, 0);
}

/* The lawyer could not find the place, or would not know what to write. */
static void fault_in_words(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct law_report report;

	folder_replace(&dir, "rules.csv", "bd,1,,courts", "bdd,1,,courts");
	folder_append(&dir, "holidays.csv", "\n");
	assert_true(is_ok(law_check(dir.path, f->arena, &report)));
	assert_int_equal(report.n, 2);
	assert_text(law_fault_text(f->arena, &report.fault[0]),
	    "holidays.csv:20: an empty line; remove it");
	assert_text(law_fault_text(f->arena, &report.fault[1]),
	    "rules.csv:2: column 7 (count): \"bdd\": not a word of this "
	    "column; write one of bd, cal, cal_incl, mon, mon_incl, hrs, "
	    "none");
	assert_string_equal(law_fault_key(LAW_FAULT_NOT_UTF8),
	    "law.fault.NOT_UTF8");
	folder_remove(&dir);
}

/* Bytes that are no text would reach the rows. */
static void not_a_text(void **state)
{
	struct fixture *f = *state;
	static const struct { text bytes; enum law_fault_kind kind;
		uint32_t line; } bad[] = {
		{ { "", 0 }, LAW_FAULT_NO_LAST_LF, 1 },
		{ { "from,to\r\n", 9 }, LAW_FAULT_CARRIAGE_RETURN, 1 },
		{ { "from,to,\xff\n", 10 }, LAW_FAULT_NOT_UTF8, 1 },
		{ { "\357\273\277from,to\n", 11 }, LAW_FAULT_BOM, 1 },
		{ { "from,to\na\0b\n", 12 }, LAW_FAULT_NOT_UTF8, 2 },
		{ { "from,to", 7 }, LAW_FAULT_NO_LAST_LF, 1 },
	};

	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct folder dir = folder_new();
		struct law_report report;

		folder_write(&dir, "distance.csv", bad[i].bytes);
		assert_true(is_ok(law_check(dir.path, f->arena, &report)));
		assert_int_equal(report.n, 1);
		assert_int_equal(report.fault[0].file, LAW_DISTANCE);
		assert_int_equal(report.fault[0].kind, bad[i].kind);
		assert_int_equal(report.fault[0].line, bad[i].line);
		folder_remove(&dir);
	}
}

/* A file that is gone, or far too large, would be a fault of ours. */
static void missing_and_large(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct buf large = buf_new(2 * MIB);
	struct law_report report;
	struct law *law = NULL;

	folder_unlink(&dir, "credits.csv");
	while (large.n <= LAW_FILE_MAX)
		buf_text(&large, T("a line of the wrong file\n"));
	folder_write(&dir, "rules.csv", buf_view(&large));
	assert_true(is_ok(law_check(dir.path, f->arena, &report)));
	assert_int_equal(report.n, 2);
	assert_int_equal(report.fault[0].kind, LAW_FAULT_MISSING_FILE);
	assert_int_equal(report.fault[0].file, LAW_CREDITS);
	assert_int_equal(report.fault[0].line, 0);
	assert_int_equal(report.fault[1].kind, LAW_FAULT_TOO_LARGE);
	assert_text(report.fault[1].wanted, "1048576");
	assert_int_equal(law_open("nowhere/at/all", f->arena, &law,
	    &report).code, E_CORRUPT);
	assert_int_equal(report.n, LAW_FILES);
	assert_null(law);
	buf_free(&large);
	folder_remove(&dir);
}

/* A file of nothing but faults would overflow the report. */
static void report_has_an_end(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct buf many = buf_new(MIB);
	struct law_report report;

	for (int i = 0; i < LAW_ROWS_MAX; i++)
		buf_text(&many, T("a,b,0,c,C\n"));
	buf_char(&many, '\0');
	folder_append(&dir, "distance.csv", many.p);
	assert_true(is_ok(law_check(dir.path, f->arena, &report)));
	assert_int_equal(report.n, LAW_FAULTS_MAX);
	assert_true(report.more > 0);
	buf_free(&many);
	folder_remove(&dir);
}

/* More rows than the house takes would be read all the same. */
static void too_many_rows(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct buf many = buf_new(MIB);
	struct law_report report;

	buf_text(&many, T("from,to,days,basis,confidence\n"));
	for (int i = 0; i <= LAW_ROWS_MAX; i++)
		buf_format(&many, "Lima,place %d,1,a,C\n", i);
	folder_write(&dir, "distance.csv", buf_view(&many));
	assert_true(is_ok(law_check(dir.path, f->arena, &report)));
	assert_int_equal(report.n, 1);
	assert_int_equal(report.fault[0].kind, LAW_FAULT_TOO_MANY);
	assert_int_equal(report.fault[0].line, LAW_ROWS_MAX + 2);
	buf_free(&many);
	folder_remove(&dir);
}

/* A cell that goes over two lines would shift every line behind it. */
static void cell_of_two_lines(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct law_report report;

	folder_append(&dir, "distance.csv",
	    "Lima,\"Puerto\nEsperanza\",4,a,C\nLima,Atalaya,x,a,C\n");
	assert_true(is_ok(law_check(dir.path, f->arena, &report)));
	assert_int_equal(report.n, 2);
	assert_int_equal(report.fault[0].line, 30);
	assert_int_equal(report.fault[0].kind, LAW_FAULT_CONTROL);
	assert_int_equal(report.fault[1].line, 32);
	assert_int_equal(report.fault[1].kind, LAW_FAULT_NUMBER);
	folder_remove(&dir);
}

static void assert_one(struct fixture *f, const struct folder *dir,
    enum law_fault_kind kind, uint32_t line, uint32_t column)
{
	struct law_report report;

	assert_true(is_ok(law_check(dir->path, f->arena, &report)));
	assert_int_equal(report.n, 1);
	assert_string_equal(law_fault_key(report.fault[0].kind),
	    law_fault_key(kind));
	assert_int_equal(report.fault[0].line, line);
	assert_int_equal(report.fault[0].column, column);
}

/* A list that an answer holds in a fixed place would run over its end. */
static void limits_of_a_rule(void **state)
{
	struct fixture *f = *state;
	struct folder dir = folder_new();
	struct buf rows = buf_new(64 * KIB);

	buf_text(&rows, T(R "bd,1,,courts,none,trigger" END));
	for (int i = 0; i <= LAW_READINGS_MAX; i++)
		buf_format(&rows, "X1,X1,,,r%d,party,bd,1,,courts,none,"
		    "trigger" END, i);
	buf_char(&rows, '\0');
	folder_append(&dir, "rules.csv", rows.p);
	assert_one(f, &dir, LAW_FAULT_TOO_MANY, 154 + LAW_READINGS_MAX + 1,
	    5);
	folder_remove(&dir);

	dir = folder_new();
	buf_clear(&rows);
	for (int i = 0; i <= LAW_STEPS_MAX; i++)
		buf_format(&rows, "X1,X1,s%d,,,party,bd,1,,courts,none,"
		    "trigger" END, i);
	buf_char(&rows, '\0');
	folder_append(&dir, "rules.csv", rows.p);
	assert_one(f, &dir, LAW_FAULT_TOO_MANY, 154 + LAW_STEPS_MAX, 3);
	folder_remove(&dir);

	dir = folder_new();
	buf_clear(&rows);
	buf_text(&rows, T("2021-01-01,2021-01-02,courts,"));
	for (int i = 0; i <= LAW_AREAS_MAX; i++)
		buf_format(&rows, "%sa", i == 0 ? "" : ";");
	buf_text(&rows, T(",,a,a,C\n"));
	buf_char(&rows, '\0');
	folder_append(&dir, "suspensions.csv", rows.p);
	assert_one(f, &dir, LAW_FAULT_TOO_MANY, 5, 4);
	folder_remove(&dir);

	dir = folder_new();
	buf_clear(&rows);
	buf_text(&rows, T("Lima,"));
	for (int i = 0; i <= LAW_CELL_MAX; i++)
		buf_char(&rows, 'a');
	buf_text(&rows, T(",1,a,C\n"));
	buf_char(&rows, '\0');
	folder_append(&dir, "distance.csv", rows.p);
	assert_one(f, &dir, LAW_FAULT_TOO_LARGE, 30, 2);
	folder_remove(&dir);
	buf_free(&rows);
}

/* Answers could not say from which files they came. */
static void digest(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = { "credits", "detention_limits",
		"distance", "holidays", "rules", "suspensions" };
	struct buf all = buf_new(2 * MIB);
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash)];
	struct folder dir = folder_new();
	struct law *law;

	for (size_t i = 0; i < LENGTH(names); i++) {
		text path = arena_format(f->arena, "data/%s.csv", names[i]);
		text bytes = file_text(f->arena, path.p);

		buf_format(&all, "%s\n%zu\n", names[i], bytes.n);
		buf_text(&all, bytes);
	}
	crypto_hash_sha256(hash, (const unsigned char *)all.p, all.n);
	hex_write(hex, hash, sizeof(hash));
	assert_int_equal(law_digest(f->law).n, sizeof(hex));
	assert_memory_equal(law_digest(f->law).p, hex, sizeof(hex));

	folder_replace(&dir, "credits.csv", "by crime", "by  crime");
	law = folder_law(&dir, f->arena);
	assert_false(text_same(law_digest(law), law_digest(f->law)));
	law_close(law);
	law_close(NULL);
	folder_remove(&dir);
	buf_free(&all);
}

/* A failed allocation while reading would crash or open half a law. */
static void memory_runs_out(void **state)
{
	struct law_report report;
	struct law *law = NULL;

	(void)state;
	for (size_t max = 0; law == NULL; max += KIB) {
		struct arena *a = arena_new(max);
		result r;

		assert_non_null(a);
		r = law_open("data", a, &law, &report);
		assert_true(is_ok(r) || r.code == E_NO_MEMORY);
		assert_true(is_ok(r) == (law != NULL));
		arena_free(a);
		assert_true(max < MIB);
	}
	law_close(law);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault),
		cmocka_unit_test(the_law_is_clean),
		cmocka_unit_test(fault_in_words),
		cmocka_unit_test(not_a_text),
		cmocka_unit_test(missing_and_large),
		cmocka_unit_test(report_has_an_end),
		cmocka_unit_test(too_many_rows),
		cmocka_unit_test(cell_of_two_lines),
		cmocka_unit_test(limits_of_a_rule),
		cmocka_unit_test(digest),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
