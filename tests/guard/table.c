#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 14, ROLE_COLUMN = 2, COMPARTMENT = 10, STEP_UP = 11,
	SECOND = 12 };

static FILE *open_table(void)
{
	char path[1024];
	FILE *f;

	snprintf(path, sizeof(path), "%s/permissions.csv", house_data);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(path, sizeof(path), f));	/* the heading */
	return f;
}

/* One line; quoted cells may hold commas, none holds a quote or a line. */
static bool read_row(FILE *f, char line[2048], char *cell[COLUMNS])
{
	char *at = line;

	if (fgets(line, 2048, f) == NULL)
		return false;
	for (int i = 0; i < COLUMNS; i++) {
		bool quoted = *at == '"';
		char *end;

		at += quoted ? 1 : 0;
		end = strpbrk(at, quoted ? "\"" : ",\n");
		cell[i] = at;
		at = end == NULL ? at + strlen(at) : end;
		if (*at != '\0')
			*at++ = '\0';
		if (quoted && *at != '\0')
			at++;
	}
	return true;
}

static uint8_t levels_of(char c)
{
	switch (c) {
	case 'm':
		return LEVEL_META;
	case 'r':
		return LEVEL_META | LEVEL_READ;
	case 'w':
		return LEVEL_META | LEVEL_READ | LEVEL_WRITE;
	case 'a':
		return LEVEL_META | LEVEL_READ | LEVEL_APPROVE;
	default:
		return 0;
	}
}

static struct area_levels expected(const char *cell)
{
	struct area_levels l = { 0 };
	char part[16];
	char *rest = part;
	char *one;

	snprintf(part, sizeof(part), "%s", cell);
	while ((one = strsep(&rest, "+")) != NULL) {
		l.near |= levels_of(one[0]);
		if (one[0] != '\0' && one[1] == '*')
			l.far |= levels_of(one[0]);
	}
	return l;
}

static void every_cell(void **state)
{
	/* Dies when one cell of the table in the program moves away from
	 * permissions.csv, or an area is in one and not in the other. */
	char line[2048];
	char *cell[COLUMNS];
	FILE *f = open_table();
	int cells = 0;
	int areas = 0;

	(void)state;
	for (; read_row(f, line, cell); areas++) {
		enum area area = area_named(text_of(cell[0]));

		if (area == AREA_NONE)
			fail_msg("%s has no area", cell[0]);
		for (int role = 0; role < ROLES; role++) {
			const char *csv = cell[ROLE_COLUMN + role];
			struct area_levels want = expected(csv);
			struct area_levels have = area_levels(area,
			    role == ROLE_GUEST ? 0 : 1u << role);

			if (want.near != have.near || want.far != have.far)
				fail_msg("%s, role %d: %s", cell[0], role,
				    csv);
			cells++;
		}
	}
	fclose(f);
	assert_int_equal(areas, AREAS - 1);
	assert_int_equal(cells, (AREAS - 1) * ROLES);
	print_message("%d cells of %d areas agree\n", cells, areas);
}

static void every_row(void **state)
{
	/* Dies when compartment, step-up or second person differ. */
	char line[2048];
	char *cell[COLUMNS];
	FILE *f = open_table();

	(void)state;
	while (read_row(f, line, cell)) {
		const struct area_facts *a = area_facts(area_named(
		    text_of(cell[0])));
		const char *compartment =
		    a->compartment == IN_IDENTITY ? "identity" :
		    a->compartment == IN_SENSITIVE ? "sensitive" :
		    a->compartment == IN_CASE ? "case" : "none";
		const char *step_up = a->step_up == STEP_UP_ALWAYS ? "yes" :
		    a->step_up == STEP_UP_OVER ? "over" : "";

		assert_string_equal(cell[COMPARTMENT], compartment);
		assert_string_equal(cell[STEP_UP], step_up);
		assert_string_equal(cell[SECOND], a->second ? "yes" : "");
	}
	fclose(f);
}

static void grants_share(void **state)
{
	/* Dies when an area with a compartment would be shared by a grant
	 * of another class, or a grant would share the giving of grants. */
	(void)state;
	for (int a = AREA_NONE + 1; a < AREAS; a++) {
		const struct area_facts *f = area_facts((enum area)a);

		if (f->compartment != IN_CLEAR)
			assert_int_equal(f->by_grant, f->compartment);
	}
	assert_int_equal(area_facts(AREA_ACCESS_GRANTS)->by_grant, IN_CLEAR);
	assert_int_equal(area_facts(AREA_ACCESS_WALLS)->by_grant, IN_CLEAR);
	assert_int_equal(area_facts(AREA_TASKS)->by_grant, IN_CASE);
}

static void two_roles(void **state)
{
	/* Dies when somebody with two roles loses the greater level. */
	uint32_t both = 1u << ROLE_LAWYER | 1u << ROLE_TREASURER;
	struct area_levels l = area_levels(AREA_DEADLINES, both);

	(void)state;
	assert_int_equal(l.near & LEVEL_WRITE, LEVEL_WRITE);
	assert_int_equal(area_levels(AREA_BOOKS, both).far & LEVEL_WRITE,
	    LEVEL_WRITE);
	/* A guest's column is for guests alone. */
	assert_int_equal(area_levels(AREA_CONTACTS_WRITE, 0).near &
	    LEVEL_WRITE, LEVEL_WRITE);
	assert_int_equal(area_levels(AREA_CONTACTS_WRITE,
	    1u << ROLE_TREASURER).near, 0);
}

static void names(void **state)
{
	/* Dies when an unknown name would find an area. */
	(void)state;
	assert_int_equal(area_named(T("people.find")), AREA_PEOPLE_FIND);
	assert_int_equal(area_named(T("people")), AREA_NONE);
	assert_int_equal(area_named(T("")), AREA_NONE);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell),
		cmocka_unit_test(every_row),
		cmocka_unit_test(grants_share),
		cmocka_unit_test(two_roles),
		cmocka_unit_test(names),
	};

	house_data = argc > 1 ? argv[1] : "data";
	return cmocka_run_group_tests_name("guard table", tests, NULL, NULL);
}
