#include "law.h"

#include <assert.h>
#include <string.h>

const char *law_file_name(enum law_file f)
{
	static const char *const names[] = {
		[LAW_CREDITS] = "credits.csv",
		[LAW_DETENTION_LIMITS] = "detention_limits.csv",
		[LAW_DISTANCE] = "distance.csv",
		[LAW_HOLIDAYS] = "holidays.csv",
		[LAW_RULES] = "rules.csv",
		[LAW_SUSPENSIONS] = "suspensions.csv",
	};
	_Static_assert(LENGTH(names) == LAW_FILES, "a name for every file");

	assert(f < LAW_FILES);
	return names[f];
}

const char *law_why_name(enum law_why w)
{
	static const char *const names[] = { "open", "saturday", "sunday",
		"holiday", "court_day", "suspension", "closed_day" };
	_Static_assert(LENGTH(names) == LAW_WHYS, "a name for every reason");

	assert(w < LAW_WHYS);
	return names[w];
}

const char *law_calendar_name(enum law_calendar c)
{
	switch (c) {
	case LAW_NO_CALENDAR:
		return "none";
	case LAW_COURTS:
		return "courts";
	case LAW_ADMINISTRATION:
		return "administration";
	}
	assert(false && "a calendar is one of three");
	return "";
}

const char *law_nature_name(enum law_nature n)
{
	switch (n) {
	case LAW_PARTY:
		return "party";
	case LAW_AUTHORITY:
		return "authority";
	case LAW_EARLIEST:
		return "earliest";
	}
	assert(false && "a nature is one of three");
	return "";
}

const char *law_count_name(enum law_count c)
{
	switch (c) {
	case LAW_BD:
		return "bd";
	case LAW_CAL:
		return "cal";
	case LAW_CAL_INCL:
		return "cal_incl";
	case LAW_MON:
		return "mon";
	case LAW_MON_INCL:
		return "mon_incl";
	case LAW_HRS:
		return "hrs";
	case LAW_NEVER:
		return "none";
	}
	assert(false && "a count is one of seven");
	return "";
}

const char *law_confidence_name(enum law_confidence c)
{
	switch (c) {
	case LAW_READ:
		return "C";
	case LAW_WELL_KNOWN:
		return "W";
	case LAW_UNSURE:
		return "U";
	}
	assert(false && "a confidence is one of three");
	return "";
}

const char *law_warning_name(enum law_warning w)
{
	static const char *const names[] = {
		[LAW_WARN_CALENDAR_UNVERIFIED] = "calendar_unverified",
		[LAW_WARN_UNCONFIRMED_RULE] = "unconfirmed_rule",
		[LAW_WARN_SUSPENSION_APPLIED] = "suspension_applied",
		[LAW_WARN_SUSPENSION_UNVERIFIED] = "suspension_unverified",
		[LAW_WARN_ENDS_IN_SUSPENSION] = "ends_in_suspension",
	};
	_Static_assert(LENGTH(names) == LAW_WARNINGS, "a name for each");

	assert(w < LAW_WARNINGS);
	return names[w];
}

static const char *const served[] = {
	[LAW_CEDULA] = "cedula",
	[LAW_HEARING] = "hearing",
	[LAW_ELECTRONIC] = "electronic",
	[LAW_BY_ADMINISTRATION] = "administrative",
};

const char *law_served_by_name(enum law_served_by s)
{
	assert(s < LENGTH(served));
	return served[s];
}

bool law_served_by_read(text name, enum law_served_by *ret)
{
	for (size_t i = 0; i < LENGTH(served); i++) {
		if (!text_same(name, text_of(served[i])))
			continue;
		*ret = (enum law_served_by)i;
		return true;
	}
	return false;
}

const char *sheet_line_key(enum sheet_line_kind k)
{
	static const char *const keys[] = {
#define LINE(name, key) [SHEET_##name] = key,
		SHEET_LINES(LINE)
#undef LINE
	};

	assert(k < SHEET_LINE_KINDS);
	return keys[k];
}
