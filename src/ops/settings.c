/* What a director sets for the whole office, and what follows by itself. */
#include "ops_inside.h"

#include "fields.h"
#include "lifecycle.h"

enum { NAME_MOST = 120, CLOCK_TEXT = 5, QUIET_MINUTES = 15 };

/* In the order of the inputs below; `usual` where nothing was set. */
static const struct {
	const char *name;
	int64_t least, most, usual;
} numbers[SETTINGS] = {
	[SETTING_SEAL_IDLE] = { "seal_idle", 0, 24 * 60, 180 },
	[SETTING_SHRED_DAYS] = { "shred_days", 1, 90, 7 },
};

int64_t
office_number(const struct office *office, enum setting which)
{
	text kept = office_setting(office, numbers[which].name);
	int64_t n;

	return text_integer(kept, &n) ? n : numbers[which].usual;
}

/* "21:00"; -1: no hour. */
static int
clock_minutes(text t)
{
	int64_t hour;
	int64_t minute;

	if (t.n != CLOCK_TEXT || t.p[2] != ':' ||
	    !text_integer((text){ t.p, 2 }, &hour) ||
	    !text_integer((text){ t.p + 3, 2 }, &minute) ||
	    hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -1;
	return (int)(hour * 60 + minute);
}

/* ---- sealing by itself ------------------------------------------------ */

void
office_worked(struct office *office, instant now)
{
	office->worked = now;
}

/* The hour counts from when it strikes to midnight, and waits for whoever
 * still works: a term filed at nine in the evening is not cut off. */
bool
office_seal_due(struct office *office, instant now)
{
	const int64_t minute_ms = 60 * 1000;
	int64_t idle = office_number(office, SETTING_SEAL_IDLE);
	int at = clock_minutes(office_setting(office, "seal_at"));
	int64_t quiet;
	int hour;
	int minute;

	/* Invented people: whoever comes back wants to find it open. */
	if ((office->flags & VAULT_DEMONSTRATION) != 0 ||
	    !keyring_open(office->keyring))
		return false;
	/* A clock set back would keep it open for as long as that. */
	if (now.ms < office->worked.ms)
		office->worked = now;
	quiet = (now.ms - office->worked.ms) / minute_ms;
	if (idle > 0 && quiet >= idle)
		return true;
	instant_clock(now, &hour, &minute);
	return at >= 0 && hour * 60 + minute >= at && quiet >= QUIET_MINUTES;
}

/* ---- the page --------------------------------------------------------- */

static void
check_number(struct op *op, enum setting which)
{
	text typed = text_trim(op_input(op, numbers[which].name));
	const text bounds[] = {
		arena_format(op->arena, "%lld", (long long)
		    numbers[which].least),
		arena_format(op->arena, "%lld", (long long)
		    numbers[which].most),
	};
	int64_t n;

	if (!op_given(op, numbers[which].name))
		return;
	if (!text_integer(typed, &n) || n < numbers[which].least ||
	    n > numbers[which].most)
		problem_add(&op->problems, text_of(numbers[which].name),
		    "problem.setting_bounds", bounds, LENGTH(bounds));
}

static result
run_edit(struct op *op, const struct reach *reach)
{
	static const char *const typed[] = { "office_name", "seal_at" };
	text at = text_trim(op_input(op, "seal_at"));

	(void)reach;
	for (int i = 0; i < SETTINGS; i++)
		check_number(op, (enum setting)i);
	if (at.n > 0 && clock_minutes(at) < 0)
		op_problem(op, "seal_at", "problem.clock");
	TRY(op_problems(op));
	for (size_t i = 0; i < LENGTH(typed); i++)
		TRY(office_set(op, typed[i],
		    text_trim(op_input(op, typed[i]))));
	for (int i = 0; i < SETTINGS; i++) {
		if (op_given(op, numbers[i].name))
			TRY(office_set(op, numbers[i].name,
			    text_trim(op_input(op, numbers[i].name))));
	}
	/* A program that does not know it leaves it as it is. */
	if (op_given(op, "public_pages"))
		TRY(office_set(op, "public_pages",
		    ops_ticked(op, "public_pages") ? T("1") : T("0")));
	TRY(ops_commit(op, EVENT_SETTINGS_CHANGED, NULL, (id){ 0 }));
	return office_public_changed(op->office);
}

static result
form_edit(struct op *op, const struct reach *reach)
{
	struct node *ticked;

	(void)reach;
	TRY(ops_form(op, NULL, 0));
	ticked = ops_member(ops_field(op, "public_pages"), "value");
	if (ticked != NULL && !op_given(op, "public_pages"))
		ticked->number = op->office->public_pages;
	ops_propose(op, "office_name",
	    office_setting(op->office, "office_name"));
	ops_propose(op, "seal_at", office_setting(op->office, "seal_at"));
	for (int i = 0; i < SETTINGS; i++)
		ops_propose(op, numbers[i].name, arena_format(op->arena,
		    "%lld", (long long)office_number(op->office,
		    (enum setting)i)));
	return node_whole(op->answer);
}

static const struct in edit_in[] = {
	{ .name = "office_name", .kind = KIND_TEXT,
	  .label = "first_start.office_name", .flags = IN_REQUIRED,
	  .most = NAME_MOST },
	{ .name = "seal_idle", .kind = KIND_INTEGER,
	  .label = "settings.seal_idle", .hint = "settings.seal_idle.hint",
	  .flags = IN_REQUIRED },
	{ .name = "seal_at", .kind = KIND_TEXT, .label = "settings.seal_at",
	  .hint = "settings.seal_at.hint", .most = CLOCK_TEXT },
	{ .name = "public_pages", .kind = KIND_BOOLEAN,
	  .label = "settings.public_pages",
	  .hint = "settings.public_pages.hint" },
	{ .name = "shred_days", .kind = KIND_INTEGER,
	  .label = "settings.shred_days",
	  .hint = "settings.shred_days.hint" },
	IN_END
};

const struct op_row settings_ops[] = {
	{ .name = "settings.edit", .area = AREA_ADMIN_SETTINGS,
	  .need = LEVEL_WRITE, .page = "/admin/settings",
	  .api = "POST /settings", .shell = "settings edit",
	  .flags = OP_CHANGES, .inputs = edit_in, .run = run_edit,
	  .form = form_edit, .back = "/system" },
	{ .name = NULL }
};
