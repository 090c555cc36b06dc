/*
 * The directory: users, grants, walls and who is represented where, in
 * memory, for permission asks more often than any row is read.  The rows
 * are the truth; this is made of them, and made anew when keeping up fails.
 */
#include "guard_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const role_code[ROLE_GUEST] = {
	[ROLE_DIRECTOR] = "director", [ROLE_LAWYER] = "lawyer",
	[ROLE_SOCIAL_WORKER] = "social_worker", [ROLE_MENTOR] = "mentor",
	[ROLE_TREASURER] = "treasurer", [ROLE_RECEPTION] = "reception",
	[ROLE_TECHNICIAN] = "technician",
};

uint32_t roles_read(texts codes)
{
	uint32_t roles = 0;

	for (size_t i = 0; i < codes.n; i++) {
		for (int r = 0; r < ROLE_GUEST; r++) {
			if (text_same(codes.p[i], text_of(role_code[r])))
				roles |= 1u << r;
		}
	}
	return roles;
}

/* ---- users ------------------------------------------------------------ */

static void member_free(struct member *a)
{
	if (a != NULL)
		opened_free(&a->opened);
	free(a);
}

static text copy_behind(char **at, text t)
{
	text copy = { *at, t.n };

	if (t.n > 0)
		memcpy(*at, t.p, t.n);
	*at += t.n;
	return copy;
}

static struct member *member_new(const struct user *u)
{
	size_t words = u->sign_in_name.n + u->name.n + u->state.n;
	struct member *a = calloc(1, sizeof(*a) + words + 1);
	char *at;

	if (a == NULL)
		return NULL;
	at = (char *)(a + 1);
	a->facts.id.raw = u->row.id;
	a->facts.sign_in_name = copy_behind(&at, u->sign_in_name);
	a->facts.name = copy_behind(&at, u->name);
	a->facts.state = copy_behind(&at, u->state);
	a->facts.roles = roles_read(u->roles);
	a->facts.ends_on = u->ends_on;
	a->facts.lang = text_same(u->language, T("en")) ? LANG_EN : LANG_ES;
	a->facts.discreet = u->discreet.value;
	a->facts.officer = u->officer.value;
	a->facts.guardian = u->guardian.value;
	return a;
}

static struct user_at *user_at(const struct guard *g, user_id user)
{
	size_t at = sorted_from(&g->users, user.raw.b, 16);

	return sorted_if(&g->users, at, user.raw.b, 16);
}

struct member *member_of(const struct guard *g, user_id user)
{
	struct user_at *u = user_at(g, user);

	return u == NULL ? NULL : u->member;
}

bool member_live(const struct member *a, instant now)
{
	if (!text_same(a->facts.state, T("active")))
		return false;
	return !a->facts.ends_on.known ||
	    instant_day(now).n <= a->facts.ends_on.n;
}

/* Officer is an attribute, not a role: it reads two areas (permissions.md). */
struct area_levels member_levels(const struct member *m, enum area area)
{
	struct area_levels l = area_levels(area, m->facts.roles);
	uint8_t reads = LEVEL_META | LEVEL_READ;

	if (m->facts.officer && (area == AREA_ADMIN_AUDIT ||
	    area == AREA_ADMIN_RIGHTS_REQUESTS)) {
		l.near |= reads;
		l.far |= reads;
		l.granted |= reads;
	}
	return l;
}

uint32_t member_bulk_limit(const struct guard *g, const struct member *a)
{
	uint32_t limit = 0;

	if ((a->facts.roles & ROLES_ALL) == 0)
		return g->bulk_limit[ROLE_GUEST];
	for (int r = 0; r < ROLE_GUEST; r++) {
		if ((a->facts.roles & 1u << r) != 0 &&
		    g->bulk_limit[r] > limit)
			limit = g->bulk_limit[r];
	}
	return limit;
}

static result take_user(struct guard *g, const struct user *row)
{
	struct member *a = member_new(row);
	struct user_at at = { .member = a };
	struct user_at *there;
	result got;

	NEED(a);
	memcpy(at.id, row->row.id.b, 16);
	there = user_at(g, a->facts.id);
	if (there != NULL) {
		/* A change of account does not make the count forget. */
		a->opened = there->member->opened;
		there->member->opened = (struct opened){ 0 };
		a->uploads = there->member->uploads;
		member_free(there->member);
		there->member = a;
		return OK;
	}
	got = sorted_put(&g->users, &at);
	if (!is_ok(got))
		member_free(a);
	return got;
}

static int by_sign_in_name(const void *a, const void *b)
{
	const struct user_facts *const *x = a;
	const struct user_facts *const *y = b;

	return text_order((*x)->sign_in_name, (*y)->sign_in_name);
}

static result name_users(struct guard *g)
{
	const struct user_facts **list = calloc(g->users.n + 1,
	    sizeof(*list));

	NEED(list);
	for (size_t i = 0; i < g->users.n; i++) {
		const struct user_at *u = sorted_at(&g->users, i);

		list[i] = &u->member->facts;
	}
	qsort(list, g->users.n, sizeof(*list), by_sign_in_name);
	free(g->by_name);
	g->by_name = list;
	g->by_name_n = g->users.n;
	return OK;
}

const struct user_facts *guard_user(const struct guard *g, user_id user)
{
	const struct member *a = member_of(g, user);

	return a == NULL ? NULL : &a->facts;
}

const struct user_facts *guard_user_named(const struct guard *g, text name)
{
	const struct user_facts asked = { .sign_in_name = name };
	const struct user_facts *key = &asked;
	const struct user_facts **found;

	if (g->by_name_n == 0)
		return NULL;
	found = bsearch(&key, g->by_name, g->by_name_n, sizeof(*g->by_name),
	    by_sign_in_name);
	return found == NULL ? NULL : *found;
}

size_t guard_users(const struct guard *g,
    const struct user_facts *const **ret)
{
	*ret = g->by_name;
	return g->by_name_n;
}

text guard_user_name(const struct guard *g, user_id user)
{
	const struct member *a = member_of(g, user);

	return a == NULL ? T("") : a->facts.name;
}

const struct user_facts *guard_user_of(struct op *op,
    const uint8_t pseudonym[16])
{
	struct guard *g = op->office->guard;

	for (size_t i = 0; i < g->users.n; i++) {
		const struct user_at *u = sorted_at(&g->users, i);
		struct member *a = u->member;

		if (!a->pseudonym_known) {
			if (!is_ok(audit_pseudonym(op->office->keyring,
			    "user", a->facts.id.raw, a->pseudonym)))
				return NULL;
			a->pseudonym_known = true;
		}
		if (memcmp(a->pseudonym, pseudonym, 16) == 0)
			return &a->facts;
	}
	return NULL;
}

/* ---- grants, walls, parties ------------------------------------------- */

/* The fields of a grant or wall that name its object. */
static uint8_t object_of(const person_id *person, const matter_id *matter,
    uint8_t ret[16])
{
	bool by_person = !id_none(person->raw);

	memcpy(ret, by_person ? person->raw.b : matter->raw.b, 16);
	return by_person ? OBJECT_PERSON : OBJECT_MATTER;
}

static uint8_t classes_read(texts codes)
{
	uint8_t classes = 0;

	for (size_t i = 0; i < codes.n; i++) {
		if (text_same(codes.p[i], T("identity")))
			classes |= 1u << IN_IDENTITY;
		else if (text_same(codes.p[i], T("sensitive")))
			classes |= 1u << IN_SENSITIVE;
		else if (text_same(codes.p[i], T("case")))
			classes |= 1u << IN_CASE;
	}
	return classes;
}

static uint8_t level_read(text code)
{
	if (text_same(code, T("lead")))
		return LEAD_LEVELS;
	if (text_same(code, T("write")))
		return LEVEL_META | LEVEL_READ | LEVEL_WRITE;
	if (text_same(code, T("read")))
		return LEVEL_META | LEVEL_READ;
	return 0;
}

static struct holding holding_of(const struct grant *row)
{
	struct holding h = {
		.level = level_read(row->level),
		.classes = classes_read(row->compartments),
		.emergency = text_same(row->kind, T("emergency")),
		.starts_ms = row->starts_at.ms,
		.ends_ms = row->ends_at.known ? row->ends_at.ms : INT64_MAX,
	};

	memcpy(h.user, row->user_id.raw.b, 16);
	h.kind = object_of(&row->person_id, &row->matter_id, h.object);
	memcpy(h.row, row->row.id.b, 16);
	return h;
}

static bool wall_stands(const struct wall *row)
{
	return !row->ended_at.known;
}

static struct walled walled_of(const struct wall *row)
{
	struct walled w = { 0 };

	memcpy(w.user, row->user_id.raw.b, 16);
	w.kind = object_of(&row->person_id, &row->matter_id, w.object);
	memcpy(w.row, row->row.id.b, 16);
	return w;
}

static struct represented represented_of(const struct party *row)
{
	struct represented r;

	memcpy(r.matter, row->matter_id.raw.b, 16);
	memcpy(r.person, row->person_id.raw.b, 16);
	memcpy(r.row, row->row.id.b, 16);
	return r;
}

static bool party_counts(const struct party *row)
{
	return row->represented.value && !id_none(row->person_id.raw);
}

/* ---- loading ---------------------------------------------------------- */

/* A row whose record does not open could be a wall: no directory, then. */
static result undamaged(const void *row)
{
	return ((const struct row *)row)->damaged == 0 ? OK :
	    fault(SEALED_RECORD);
}

static result load_user(void *self, const void *row)
{
	TRY(undamaged(row));
	return take_user(self, row);
}

static result load_grant(void *self, const void *row)
{
	struct guard *g = self;
	struct holding h;

	TRY(undamaged(row));
	h = holding_of(row);
	return sorted_append(h.emergency ? &g->emergencies : &g->holdings,
	    &h);
}

static result load_wall(void *self, const void *row)
{
	struct guard *g = self;
	struct walled w;

	TRY(undamaged(row));
	if (!wall_stands(row))
		return OK;
	w = walled_of(row);
	return sorted_append(&g->walls, &w);
}

static result load_party(void *self, const void *row)
{
	struct guard *g = self;
	struct represented r;

	/* One that does not open counts: hiding more is the safe side. */
	if (((const struct row *)row)->damaged == 0 && !party_counts(row))
		return OK;
	r = represented_of(row);
	return sorted_append(&g->represented, &r);
}

static void directory_empty(struct guard *g)
{
	g->loaded = false;
	for (size_t i = 0; i < g->users.n; i++) {
		const struct user_at *u = sorted_at(&g->users, i);

		member_free(u->member);
	}
	free(g->by_name);
	g->by_name = NULL;
	g->by_name_n = 0;
	sorted_free(&g->users);
	sorted_free(&g->holdings);
	sorted_free(&g->emergencies);
	sorted_free(&g->walls);
	sorted_free(&g->represented);
}

static const struct loaded {
	const struct entity *entity;
	result (*take)(void *guard, const void *row);
} loaded[] = {
	{ &entity_user, load_user }, { &entity_grant, load_grant },
	{ &entity_wall, load_wall }, { &entity_party, load_party },
};

bool guard_loads(const struct entity *e)
{
	for (size_t i = 0; i < LENGTH(loaded); i++) {
		if (loaded[i].entity == e)
			return true;
	}
	return false;
}

struct loading {
	const struct loaded *of;
	struct guard *guard;
	const struct guard_audience *also;
};

static result load_row(void *self, const void *row)
{
	const struct loading *l = self;

	TRY(l->of->take(l->guard, row));
	return l->also == NULL ? OK :
	    l->also->row(l->also->self, l->of->entity, row);
}

static result directory_load(struct op *op, const struct guard_audience *also)
{
	struct guard *g = op->office->guard;

	for (size_t i = 0; i < LENGTH(loaded); i++) {
		struct loading l = { &loaded[i], g, also };

		TRY(facts_each(op, guard_whole_office(op), l.of->entity,
		    load_row, &l));
	}
	sorted_sort(&g->holdings);
	sorted_sort(&g->emergencies);
	sorted_sort(&g->walls);
	sorted_sort(&g->represented);
	return name_users(g);
}

static result directory_anew(struct op *op, const struct guard_audience *also)
{
	struct guard *g = op->office->guard;
	CLEANUP(reading_end) struct reading r = { 0 };
	result got;

	TRY(reading_begin(op, &r));
	directory_empty(g);
	got = directory_load(op, also);
	if (!is_ok(got))
		directory_empty(g);
	g->loaded = is_ok(got);
	return got;
}

result directory_ready(struct op *op)
{
	return op->office->guard->loaded ? OK : directory_anew(op, NULL);
}

/* ---- keeping up ------------------------------------------------------- */

static void drop_row(struct sorted *s, size_t offset, id row)
{
	size_t at = sorted_scan(s, offset, row.b, 16);

	if (at < s->n)
		sorted_remove(s, at);
}

static result refresh_user(struct op *op, id row)
{
	struct guard *g = op->office->guard;
	struct user u;

	TRY(facts_get(op, guard_whole_office(op), &entity_user, row, &u));
	TRY(undamaged(&u));
	TRY(take_user(g, &u));
	return name_users(g);
}

static result refresh_grant(struct op *op, id row)
{
	struct guard *g = op->office->guard;
	struct grant grant;
	struct holding h;

	TRY(facts_get(op, guard_whole_office(op), &entity_grant, row,
	    &grant));
	TRY(undamaged(&grant));
	h = holding_of(&grant);
	/* The object of a grant does not change: the key is the same. */
	return sorted_put(h.emergency ? &g->emergencies : &g->holdings, &h);
}

static result refresh_wall(struct op *op, id row)
{
	struct guard *g = op->office->guard;
	struct wall wall;
	struct walled w;

	TRY(facts_get(op, guard_whole_office(op), &entity_wall, row, &wall));
	TRY(undamaged(&wall));
	w = walled_of(&wall);
	if (wall_stands(&wall))
		return sorted_put(&g->walls, &w);
	drop_row(&g->walls, OBJECT_KEY, row);
	return OK;
}

static result refresh_party(struct op *op, id row)
{
	struct guard *g = op->office->guard;
	struct party party;
	struct represented r;
	result got = facts_get(op, guard_whole_office(op), &entity_party,
	    row, &party);

	/* Shredded with its matter. */
	if (got.code == E_NOT_FOUND) {
		drop_row(&g->represented, 32, row);
		return OK;
	}
	TRY(got);
	if (party.row.v > 1)
		drop_row(&g->represented, 32, row);
	if (party.row.damaged == 0 && !party_counts(&party))
		return OK;
	r = represented_of(&party);
	return sorted_put(&g->represented, &r);
}

static result refresh(struct op *op, const struct entity *e, id row)
{
	CLEANUP(reading_end) struct reading r = { 0 };

	TRY(reading_begin(op, &r));
	if (e == &entity_user)
		return refresh_user(op, row);
	if (e == &entity_grant)
		return refresh_grant(op, row);
	if (e == &entity_wall)
		return refresh_wall(op, row);
	return e == &entity_party ? refresh_party(op, row) : OK;
}

/* Half kept up is not kept up, and the database may have gone away since the
 * commit: the next question loads anew. */
result guard_refresh(struct op *op, const struct entity *e, id row)
{
	struct guard *g = op->office->guard;
	result got;

	if (!g->loaded)
		return directory_ready(op);
	got = refresh(op, e, row);
	if (!is_ok(got))
		g->loaded = false;
	return got;
}

void guard_committed(struct op *op)
{
	for (size_t i = 0; i < op->touched_n; i++) {
		const struct touched *t = &op->touched[i];

		if (t->entity != NULL)
			ignore(guard_refresh(op, t->entity, t->row),
			    "the directory is marked and loaded anew");
	}
}

/* ---- questions -------------------------------------------------------- */

static void object_key(user_id user, enum object_kind kind, id object,
    uint8_t ret[OBJECT_KEY])
{
	memcpy(ret, user.raw.b, 16);
	ret[16] = (uint8_t)kind;
	memcpy(ret + 17, object.b, 16);
}

bool walled_off(const struct guard *g, user_id user,
    enum object_kind kind, id object)
{
	uint8_t key[OBJECT_KEY];

	object_key(user, kind, object, key);
	return sorted_if(&g->walls, sorted_from(&g->walls, key, OBJECT_KEY),
	    key, OBJECT_KEY) != NULL;
}

bool guard_walled(const struct guard *g, user_id user)
{
	size_t at = sorted_from(&g->walls, user.raw.b, 16);

	return !g->loaded ||
	    sorted_if(&g->walls, at, user.raw.b, 16) != NULL;
}

bool guard_hides(const struct guard *g, user_id user, enum object_kind kind,
    id object)
{
	const struct represented *r;
	size_t at;

	if (!guard_walled(g, user))
		return false;
	if (walled_off(g, user, kind, object))
		return true;
	if (kind != OBJECT_MATTER)
		return false;
	at = sorted_from(&g->represented, object.b, 16);
	for (; (r = sorted_if(&g->represented, at, object.b, 16)) != NULL;
	    at++) {
		id person;

		memcpy(person.b, r->person, 16);
		if (walled_off(g, user, OBJECT_PERSON, person))
			return true;
	}
	return false;
}

static bool holding_live(const struct holding *h, instant now)
{
	return now.ms >= h->starts_ms && now.ms < h->ends_ms;
}

struct held holdings_of(const struct guard *g, user_id user,
    enum object_kind kind, id object, enum in_class class, instant now)
{
	const struct member *a = member_of(g, user);
	uint8_t key[OBJECT_KEY];
	struct held held = { 0 };
	const struct holding *h;
	size_t at;

	/* Grants die with their account, without a write to each. */
	if (a == NULL || !member_live(a, now))
		return held;
	object_key(user, kind, object, key);
	at = sorted_from(&g->holdings, key, OBJECT_KEY);
	for (; (h = sorted_if(&g->holdings, at, key, OBJECT_KEY)) != NULL;
	    at++) {
		bool leads = h->level == LEAD_LEVELS;

		if (!holding_live(h, now))
			continue;
		held.leads = held.leads || leads;
		if (leads || (class != IN_CLEAR &&
		    (h->classes & 1u << class) != 0))
			held.levels |= h->level;
	}
	return held;
}

bool emergency_live(const struct guard *g, user_id user,
    enum object_kind kind, id object, enum in_class class, instant now)
{
	uint8_t key[OBJECT_KEY];
	const struct holding *h;
	size_t at;

	object_key(user, kind, object, key);
	at = sorted_from(&g->emergencies, key, OBJECT_KEY);
	for (; (h = sorted_if(&g->emergencies, at, key, OBJECT_KEY)) != NULL;
	    at++) {
		if (holding_live(h, now) && class != IN_CLEAR &&
		    (h->classes & 1u << class) != 0)
			return true;
	}
	return false;
}

bool guard_holds(const struct guard *g, user_id user, enum object_kind kind,
    id object, enum in_class class, enum level level, instant now)
{
	return (holdings_of(g, user, kind, object, class, now).levels &
	    level) != 0;
}

bool guard_leads(const struct guard *g, user_id user, enum object_kind kind,
    id object, instant now)
{
	return holdings_of(g, user, kind, object, IN_CLEAR, now).leads;
}

/* The emergencies of one user, one after the other. */
static const struct holding *next_emergency(const struct guard *g,
    user_id user, size_t *at)
{
	if (*at == SIZE_MAX)
		*at = sorted_from(&g->emergencies, user.raw.b, 16);
	else
		(*at)++;
	return sorted_if(&g->emergencies, *at, user.raw.b, 16);
}

int emergencies_since(const struct guard *g, user_id user, int64_t since_ms)
{
	size_t at = SIZE_MAX;
	const struct holding *h;
	int n = 0;

	while ((h = next_emergency(g, user, &at)) != NULL)
		n += h->starts_ms > since_ms ? 1 : 0;
	return n;
}

bool emergency_anywhere(const struct guard *g, user_id user, instant now)
{
	size_t at = SIZE_MAX;
	const struct holding *h;

	while ((h = next_emergency(g, user, &at)) != NULL) {
		if (holding_live(h, now))
			return true;
	}
	return false;
}

/* ---- life ------------------------------------------------------------- */

result guard_open(struct office *office, struct guard **ret)
{
	struct guard *g = calloc(1, sizeof(*g));

	NEED(g);
	g->office = office;
	g->users = (struct sorted){ .size = sizeof(struct user_at),
		.key_n = 16, .max = USERS_MAX };
	g->holdings = (struct sorted){ .size = sizeof(struct holding),
		.key_n = OBJECT_ROW_KEY, .max = GRANTS_MAX };
	g->emergencies = g->holdings;
	g->walls = (struct sorted){ .size = sizeof(struct walled),
		.key_n = OBJECT_ROW_KEY, .max = WALLS_MAX };
	g->represented = (struct sorted){
		.size = sizeof(struct represented), .key_n = 48,
		.max = PARTIES_MAX };
	g->strangers = (struct sorted){ .size = sizeof(struct stranger),
		.key_n = 16, .max = STRANGERS_MAX };
	g->uses = (struct sorted){ .size = sizeof(struct use), .key_n = 16,
		.max = USES_MAX };
	for (int r = 0; r < ROLES; r++)
		g->bulk_limit[r] = BULK_LIMIT;
	*ret = g;
	return OK;
}

void guard_forget(struct guard *g)
{
	directory_empty(g);
	sorted_free(&g->strangers);
	sorted_free(&g->uses);
	free(g->due);
	g->due = NULL;
	g->due_first = g->due_n = g->due_room = 0;
}

void guard_close(struct guard **g)
{
	if (*g == NULL)
		return;
	guard_forget(*g);
	free(*g);
	*g = NULL;
}

result guard_load(struct op *op, const struct guard_audience *also)
{
	op->office->guard->loaded = false;
	TRY(directory_anew(op, also));
	return once_load(op);
}
