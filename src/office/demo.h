/* What the files that make a demonstration office share. */
#ifndef ALAS_DEMO_H
#define ALAS_DEMO_H

#include "lifecycle.h"
#include "ops.h"

enum { DEMO_USERS = 9, NAMES_MAX = 1000 };

struct demo {
	struct office *office;
	struct arena *arena;		/* lives as long as the making */
	struct op op;			/* of the present batch */
	struct arena *batch;
	uint64_t random;		/* splitmix64, from the seed */
	user_id user[DEMO_USERS];
	text surname[NAMES_MAX], given[NAMES_MAX];
	bool woman[NAMES_MAX];
	size_t surnames, givens;
	size_t in_batch;
	instant now;
	day today;
};

enum demo_user { DORA, LUCIA, BENITO, SARA, MARTA, NILO, RITA, TITO, VERA };

/* 0 … n − 1, evenly enough for invented people. */
uint64_t demo_draw(struct demo *d, uint64_t n);
MUST_USE result demo_read_names(struct demo *d, const char *share);
MUST_USE result demo_add_users(struct demo *d);
/* One new person with everything under it, by the seed. */
MUST_USE result demo_add_person(struct demo *d, size_t number);
/* The five lives, told. */
MUST_USE result demo_add_lives(struct demo *d);
/* Commit what the batch holds. */
MUST_USE result demo_flush(struct demo *d);

/* Rows, shared by the seed's people and the told lives. */
struct demo_person {
	text given, first, second, known_as;
	const char *sex, *language, *department;
	day birth;
	enum demo_user lead;
	bool interpreter;
};
MUST_USE result demo_begin_person(struct demo *d,
    const struct demo_person *in, const struct reach **ret, person_id *ret_id);
MUST_USE result demo_insert(struct demo *d, const struct reach *reach,
    const struct entity *e, void *row);
MUST_USE result demo_add_matter(struct demo *d, person_id person,
    const char *type, const char *title, const char *forum,
    const char *regime, day served);

#endif
