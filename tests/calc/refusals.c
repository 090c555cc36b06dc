/*
 * What must not be answered: each with the member by its JSON Pointer and
 * the code.  Without these a slip of the keyboard would become a date.
 */
#include "desk.h"

#include <stdlib.h>
#include <string.h>

struct refused { const char *json, *pointer, *code; };

#define C "\"custody\":[{\"from\":\"1994-05-17\"}]"
#define T20 "\"term\":{\"years\":20}"
#define S "{" T20 "," C
#define R S ",\"redemption\":[{"

static const struct refused sentences[] = {
	/* what is no question */
	{ "", "", "wrong_type" },
	{ "[]", "", "wrong_type" },
	{ "{", "", "wrong_type" },
	{ "{} {}", "", "wrong_type" },
	{ "{\"a\":1,\"a\":1}", "/a", "conflict" },
	{ "{\"a\":[{\"b/c\":[0,\"]{,\"],\"d\":1},{\"e\":1,\"e\":2}]}",
		"/a/1/e", "conflict" },
	{ "{\"a\":[{\"b\\\"\":{}}],\"b~/\":1,\"b~/\":2}", "/b~0~1",
		"conflict" },
	{ "{\"a\":100000000000000000000}", "/a", "out_of_range" },
	{ "{\"a\":[1,[2,3],1e999]}", "/a/2", "out_of_range" },
	{ "{\"a\":[1,NaN]}", "/a/1", "wrong_type" },
	{ "{\"a\":\"\xff\"}", "/a", "wrong_type" },
	{ "{\"a\":[[[[[[[[[0,1],2],00]]]]]]]}", "/a/0/0/0/0/0/0/1",
		"wrong_type" },
	{ "{\"a\":1,}", "", "wrong_type" },
	{ "}]", "", "wrong_type" }, { "{,", "", "wrong_type" },
	{ "{\"a\":{\"b\":[[[[[[[[1]]]]]]]]}}", "/a/b/0/0/0/0/0/0",
		"too_large" },
	/* members */
	{ S ",\"colour\":1}", "/colour", "unknown_member" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\",\"too\":1}]}",
		"/custody/0/too", "unknown_member" },
	{ "{" T20 ",\"custody\":{}}", "/custody", "wrong_type" },
	{ "{" T20 ",\"custody\":null}", "/custody", "wrong_type" },
	/* terms */
	{ "{\"term\":{\"years\":-1}," C "}", "/term/years", "out_of_range" },
	{ "{\"term\":{\"years\":101}," C "}", "/term/years",
		"out_of_range" },
	{ "{\"term\":{\"years\":100,\"months\":1}," C "}", "/term",
		"out_of_range" },
	{ "{\"term\":{}," C "}", "/term", "out_of_range" },
	{ "{\"term\":{\"years\":1.5}," C "}", "/term/years", "wrong_type" },
	{ "{\"term\":{\"years\":\"20\"}," C "}", "/term/years",
		"wrong_type" },
	{ "{\"term\":\"long\"," C "}", "/term", "unknown_value" },
	{ "{\"term\":7," C "}", "/term", "wrong_type" },
	{ S ",\"consecutive\":[{\"years\":4},{\"years\":80}]}",
		"/consecutive/1", "out_of_range" },
	/* days */
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-02-31\"}]}",
		"/custody/0/from", "not_a_date" },
	{ "{" T20 ",\"custody\":[{\"from\":\"~1994\"}]}", "/custody/0/from",
		"not_a_date" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1899-12-31\"}]}",
		"/custody/0/from", "not_a_date" },
	{ S ",\"as_of\":\"2026-11\"}", "/as_of", "not_a_date" },
	{ "{" T20 ",\"custody\":[{\"from\":\"2150-01-01\"}],\"consecutive\":"
		"[{\"years\":60}]}", "/term", "out_of_range" },
	/* custody */
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\",\"to\":"
		"\"1994-05-16\"}]}", "/custody/0/to", "conflict" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\"},{\"from\":"
		"\"1995-05-17\"}]}", "/custody/1/to", "conflict" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\"}],\"as_of\":"
		"\"1994-05-16\"}", "/custody/0/from", "conflict" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\",\"to\":"
		"\"1999-01-01\"}],\"as_of\":\"1998-05-16\"}",
		"/custody/0/to", "conflict" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\",\"kind\":"
		"\"home\"}]}", "/custody/0/kind", "unknown_value" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\",\"credited\":"
		"\"yes\"}]}", "/custody/0/credited", "wrong_type" },
	/* fractions */
	{ S ",\"fraction\":\"5/4\"}", "/fraction", "out_of_range" },
	{ S ",\"fraction\":\"0/4\"}", "/fraction", "out_of_range" },
	{ S ",\"fraction\":\"-3/4\"}", "/fraction", "out_of_range" },
	{ S ",\"fraction\":\"3/0\"}", "/fraction", "out_of_range" },
	{ S ",\"fraction\":\"0.75\"}", "/fraction", "wrong_type" },
	{ S ",\"fraction\":\"3/4\",\"stated_end\":\"2014-01-01\"}",
		"/fraction", "not_allowed" },
	{ S ",\"fraction\":\"3/4\",\"rehabilitation\":true}", "/fraction",
		"not_allowed" },
	{ S ",\"fraction\":\"3/4\",\"disqualification\":{\"years\":1}}",
		"/fraction", "not_allowed" },
	{ "{\"term\":\"life\"," C ",\"fraction\":\"3/4\"}", "/fraction",
		"not_allowed" },
	{ "{\"term\":\"life\"," C ",\"stated_end\":\"2027-01-01\"}",
		"/stated_end", "not_allowed" },
	{ "{\"term\":\"life\"," C ",\"consecutive\":[{\"years\":1}]}",
		"/consecutive", "not_allowed" },
	/* revocation */
	{ S ",\"revocation\":{\"released\":\"1998-06-01\",\"revoked\":"
		"\"2000-03-15\",\"cause\":\"breach\"}}",
		"/revocation/released", "conflict" },
	{ "{" T20 ",\"custody\":[{\"from\":\"1994-05-17\",\"to\":"
		"\"1998-06-01\"}],\"revocation\":{\"released\":"
		"\"1998-06-01\",\"revoked\":\"1998-05-31\",\"cause\":"
		"\"breach\"}}", "/revocation/revoked", "conflict" },
	{ S ",\"revocation\":{\"revoked\":\"2000-03-15\",\"cause\":"
		"\"breach\"}}", "/revocation/released", "missing" },
	/* redemption */
	{ R "\"work_days\":100}]}", "/redemption/0/ratio", "missing" },
	{ R "\"ratio\":7}]}", "/redemption/0/work_days", "missing" },
	{ R "\"work_days\":-7,\"ratio\":7}]}", "/redemption/0/work_days",
		"out_of_range" },
	{ R "\"work_days\":100,\"ratio\":8}]}", "/redemption/0/ratio",
		"out_of_range" },
	{ R "\"work_days\":100,\"ratio\":7,\"state\":\"dreamt\"}]}",
		"/redemption/0/state", "unknown_value" },
	{ R "\"work_days\":1,\"ratio\":7,\"work\":\"a\"},{\"work_days\":2,"
		"\"ratio\":7,\"work\":\"a\"}]}", "/redemption/1/work",
		"conflict" },
	{ R "\"work_days\":100,\"from\":\"2004-01-01\",\"to\":"
		"\"2004-12-31\"}]}", "/redemption/0/offence", "missing" },
	{ R "\"work_days\":100,\"from\":\"1994-06-01\",\"to\":"
		"\"1994-12-31\",\"offence\":\"terrorism\"}]}",
		"/redemption/0/from", "not_allowed" },
	{ R "\"work_days\":100,\"from\":\"1985-06-01\",\"to\":"
		"\"1985-12-31\",\"offence\":\"common\"}]}",
		"/redemption/0/from", "not_in_force" },
	{ R "\"work_days\":100,\"from\":\"2009-06-01\",\"to\":"
		"\"2009-12-31\",\"offence\":\"terrorism\"}]}",
		"/redemption/0/to", "conflict" },
	{ R "\"work_days\":100,\"from\":\"2004-01-01\",\"to\":"
		"\"2004-12-31\",\"offence\":\"terrorism\",\"ratio\":7}]}",
		"/redemption/0/ratio", "not_allowed" },
	{ R "\"work_days\":100,\"from\":\"2024-01-01\",\"to\":"
		"\"2024-12-31\",\"offence\":\"common\"}]}",
		"/redemption/0/ratio", "missing" },
	/* 1 to 31 January 2005: 26 are neither Sunday nor feast, less one. */
	{ R "\"work_days\":26,\"from\":\"2005-01-01\",\"to\":\"2005-01-31\","
		"\"offence\":\"terrorism\"}]}", "/redemption/0/work_days",
		"conflict" },
	{ R "\"work_days\":100,\"from\":\"2012-01-01\",\"to\":"
		"\"2012-12-31\",\"offence\":\"terrorism\",\"applied\":"
		"\"2009-10-15\"}]}", "/redemption/0/from", "not_allowed" },
	/* D.L. 25475 gave nothing that an application could keep. */
	{ R "\"work_days\":100,\"from\":\"1999-01-01\",\"to\":"
		"\"1999-12-31\",\"offence\":\"terrorism\",\"applied\":"
		"\"1992-01-01\"}]}", "/redemption/0/from", "not_allowed" },
	{ "{\"term\":\"life\"," C ",\"redemption\":[{\"work_days\":100,"
		"\"from\":\"2004-01-01\",\"to\":\"2004-12-31\",\"offence\":"
		"\"terrorism\"}]}", "/redemption/0/offence", "not_allowed" },
	{ S ",\"other_holds\":[{\"until\":\"2030-01-01\"}]}",
		"/other_holds/0/why", "missing" },
	{ S ",\"stated_end\":\"2200-12-31\",\"disqualification\":"
		"{\"years\":5}}", "/disqualification", "out_of_range" },
};

static void sentence(void **state)
{
	for (size_t i = 0; i < LENGTH(sentences); i++)
		desk_refused(*state, "sentence", sentences[i].json,
		    sentences[i].pointer, sentences[i].code);
}

#define L "{\"regime\":\"cpp91-137\",\"class\":\"terrorism\","

static void detention_limit(void **state)
{
	static const struct refused rows[] = {
		{ "{}", "/regime", "missing" },
		{ L "\"from\":\"2003-02-31\"}", "/from", "not_a_date" },
		{ L "\"from\":\"1990-01-01\"}", "/from", "not_in_force" },
		{ "{\"regime\":\"roman\",\"class\":\"terrorism\",\"from\":"
			"\"2003-05-20\"}", "/regime", "unknown_value" },
		{ "{\"regime\":\"ncpp-272\",\"class\":\"terrorism\","
			"\"from\":\"2020-05-20\"}", "/class",
			"unknown_value" },
		{ L "\"from\":\"1991-05-20\",\"extended\":true}",
			"/extended", "not_allowed" },
		{ L "\"from\":\"2003-05-20\",\"extended\":true,"
			"\"half_of_sentence\":{\"years\":15}}",
			"/half_of_sentence", "not_allowed" },
		{ L "\"from\":\"2003-05-20\",\"half_of_sentence\":15}",
			"/half_of_sentence", "wrong_type" },
		{ L "\"from\":\"2190-05-20\",\"half_of_sentence\":"
			"{\"years\":35}}", "/from", "out_of_range" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		desk_refused(*state, "detention-limit", rows[i].json,
		    rows[i].pointer, rows[i].code);
}

#define D "{\"rule\":\"C06\",\"trigger\":\"2026-11-24\""

static void deadline(void **state)
{
	static const struct refused rows[] = {
		{ "{\"rule\":\"C06\"}", "/trigger", "missing" },
		{ "{\"trigger\":\"2026-11-24\"}", "/rule", "missing" },
		{ "{\"rule\":\"X99\",\"trigger\":\"2026-11-24\"}", "/rule",
			"unknown_value" },
		{ "{\"rule\":\"C06\",\"trigger\":\"2026-11-31\"}",
			"/trigger", "not_a_date" },
		{ "{\"rule\":\"C06\",\"trigger\":\"2026-11-24T25:00\"}",
			"/trigger", "not_a_date" },
		{ "{\"rule\":\"C06\",\"trigger\":20261124}", "/trigger",
			"wrong_type" },
		{ D ",\"variant\":\"x\"}", "/variant", "unknown_value" },
		{ D ",\"served_by\":\"dove\"}", "/served_by",
			"unknown_value" },
		{ D ",\"distance_days\":-1}", "/distance_days",
			"out_of_range" },
		{ D ",\"distance_days\":\"1\"}", "/distance_days",
			"wrong_type" },
		{ D ",\"happened\":{\"no/step\":\"2026-11-27\"}}",
			"/happened/no~1step", "unknown_value" },
		{ D ",\"suspensions\":[{\"from\":\"2026-12-02\",\"to\":"
			"\"2026-12-01\",\"why\":\"x\"}]}",
			"/suspensions/0/to", "conflict" },
		{ D ",\"closed_days\":[{\"date\":\"2026-12-02\"}]}",
			"/closed_days/0/why", "missing" },
		{ D ",\"district\":\"atlantis\"}", "/district",
			"unknown_value" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		desk_refused(*state, "deadline", rows[i].json,
		    rows[i].pointer, rows[i].code);
}

#define W "\"weights\":{\"adverse\":\"0.2\",\"normal\":\"0.5\","             \
	"\"favourable\":\"0.3\"}"
#define F "{\"from\":\"2027-01-01\",\"to\":\"2028-12-31\","

static void releases_and_calendar(void **state)
{
	static const struct refused rows[] = {
		{ "{\"from\":\"2027-01-01\",\"to\":\"2026-12-31\"," W
			",\"kit\":\"1.00\",\"persons\":[]}", "/to",
			"conflict" },
		{ F W ",\"persons\":[]}", "/kit", "missing" },
		{ F W ",\"kit\":\"1.0\",\"persons\":[]}", "/kit",
			"wrong_type" },
		{ F W ",\"kit\":\"1.00\",\"currency\":\"CLP\",\"persons\":"
			"[]}", "/kit", "wrong_type" },
		{ F W ",\"kit\":\"-1.00\",\"persons\":[]}", "/kit",
			"out_of_range" },
		{ F W ",\"kit\":1,\"persons\":[]}", "/kit", "wrong_type" },
		{ F "\"weights\":{\"adverse\":\"0.2\",\"normal\":\"0.5\","
			"\"favourable\":\"0.4\"},\"kit\":\"1.00\","
			"\"persons\":[]}", "/weights", "conflict" },
		{ F "\"weights\":{\"adverse\":\"0.2\",\"normal\":"
			"\"0.5000001\",\"favourable\":\"0.3\"},\"kit\":"
			"\"1.00\",\"persons\":[]}", "/weights/normal",
			"wrong_type" },
		{ F W ",\"kit\":\"10000000000000.00\",\"persons\":[{\"id\":"
			"\"a\"},{\"id\":\"b\"}]}", "/kit", "out_of_range" },
		{ F W ",\"kit\":\"1.00\",\"persons\":[{\"normal\":"
			"\"2027-11-02\"}]}", "/persons/0/id", "missing" },
		{ F W ",\"kit\":\"1.00\",\"persons\":[{\"id\":\"a\","
			"\"normal\":\"2027-11\"}]}", "/persons/0/normal",
			"not_a_date" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		desk_refused(*state, "releases", rows[i].json,
		    rows[i].pointer, rows[i].code);
	desk_refused(*state, "calendar", "{\"calendar\":\"none\",\"from\":"
	    "\"2026-01-01\",\"to\":\"2026-01-01\"}", "/calendar",
	    "unknown_value");
	desk_refused(*state, "calendar", "{\"calendar\":\"courts\",\"from\":"
	    "\"2026-01-02\",\"to\":\"2026-01-01\"}", "/to", "conflict");
}

/* A line without an end would fill the memory. */
static void too_long(void **state)
{
	char *json = calloc(1, CALC_LINE_MAX + 2);

	assert_non_null(json);
	memset(json, ' ', CALC_LINE_MAX);
	memcpy(json, "{}", 2);
	assert_non_null(desk_ask(*state, "sentence", json));
	json[CALC_LINE_MAX] = ' ';
	desk_refused(*state, "sentence", json, "", "too_large");
	/* In two lines it is no line too long. */
	json[CALC_LINE_MAX / 2] = '\n';
	assert_non_null(desk_ask(*state, "sentence", json));
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentence), cmocka_unit_test(detention_limit),
		cmocka_unit_test(deadline),
		cmocka_unit_test(releases_and_calendar),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, desk_open, desk_close);
}
