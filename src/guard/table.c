#include "guard.h"

#include <assert.h>

/* A cell: near levels, far levels, and what a live grant adds to near. */
enum {
	LM = LEVEL_META,
	LR = LEVEL_META | LEVEL_READ,
	LW = LEVEL_META | LEVEL_READ | LEVEL_WRITE,
	LA = LEVEL_META | LEVEL_READ | LEVEL_APPROVE,
};
#define CELL(near, far, raised) { (near), (far), (near) | (raised) }
#define NO CELL(0, 0, 0)
#define M CELL(LM, 0, 0)
#define MS CELL(LM, LM, 0)
#define MG CELL(LM, LM, LR)
#define R CELL(LR, 0, 0)
#define RS CELL(LR, LR, 0)
#define W CELL(LW, 0, 0)
#define WS CELL(LW, LW, 0)
#define WRS CELL(LW, LR, 0)
#define A CELL(LA, 0, 0)
#define AS CELL(LA, LA, 0)

enum {
	NONE = IN_CLEAR, IDENTITY = IN_IDENTITY, SENSITIVE = IN_SENSITIVE,
	CASE = IN_CASE,
};
enum {
	OF_CASE = 1u << IN_CASE,
	OF_DONOR = 1u << IN_DONOR,
	OF_OFFICE = 1u << IN_OFFICE,
	OF_BOOKS = 1u << IN_BOOKS | 1u << IN_OFFICE,
};
enum { NEVER = STEP_UP_NEVER, OVER = STEP_UP_OVER, ALWAYS = STEP_UP_ALWAYS };
enum { ONE = false, TWO = true };

static const struct {
	struct area_facts facts;
	struct area_levels cell[ROLES];
} table[AREAS] = {
	[AREA_NONE] = {
		.facts = { .name = "" },
		.cell = { WS, WS, WS, WS, WS, WS, WS, WS },
	},
#define AREA(name, words, compartment, by_grant, opens, step, second,        \
    director, lawyer, social, mentor, treasurer, reception, technician,      \
    guest)                                                                   \
	[AREA_##name] = {                                                    \
		.facts = { words, (enum in_class)(compartment),              \
		    (enum in_class)(by_grant), (opens),                      \
		    (enum step_up)(step), (second) },                         \
		.cell = {                                                    \
			[ROLE_DIRECTOR] = director,                          \
			[ROLE_LAWYER] = lawyer,                              \
			[ROLE_SOCIAL_WORKER] = social,                       \
			[ROLE_MENTOR] = mentor,                              \
			[ROLE_TREASURER] = treasurer,                        \
			[ROLE_RECEPTION] = reception,                        \
			[ROLE_TECHNICIAN] = technician,                      \
			[ROLE_GUEST] = guest,                                \
		},                                                           \
	},
	REACH_TABLE(AREA)
#undef AREA
};

const struct area_facts *area_facts(enum area area)
{
	assert(area < AREAS);
	return &table[area].facts;
}

enum area area_named(text name)
{
	for (int a = AREA_NONE + 1; a < AREAS; a++) {
		if (text_same(text_of(table[a].facts.name), name))
			return (enum area)a;
	}
	return AREA_NONE;
}

struct area_levels area_levels(enum area area, uint32_t roles)
{
	struct area_levels all = { 0 };

	assert(area < AREAS);
	if ((roles & ROLES_ALL) == 0)
		return table[area].cell[ROLE_GUEST];
	for (int role = 0; role < ROLE_GUEST; role++) {
		const struct area_levels *one = &table[area].cell[role];

		if ((roles & 1u << role) == 0)
			continue;
		all.near |= one->near;
		all.far |= one->far;
		all.granted |= one->granted;
	}
	return all;
}
