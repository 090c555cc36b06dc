#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "names.h"

static struct arena *a;

#define assert_text(got, want)                                               \
	do {                                                                 \
		text got_ = (got), want_ = text_of(want);                    \
		assert_int_equal(got_.n, want_.n);                           \
		assert_memory_equal(got_.p, want_.p, want_.n);               \
	} while (0)

static struct name_tokens split(const char *name)
{
	struct name_tokens t;

	assert_true(is_ok(names_tokens(a, text_of(name), &t)));
	return t;
}

static text key(const char *word)
{
	return names_key(a, names_fold(a, text_of(word)));
}

static void folding_leaves_the_letters(void **state)
{
	/* Without it case and accents hide people. */
	static const char *const rows[][2] = {
		{ "", "" }, { "  ", "" }, { "...", "" },
		{ "Rosaura Quispe Huamaní", "rosaura quispe huamani" },
		{ "  ÑAUPARI,ORÉ ", "ñaupari ore" },
		{ "N\xcc\x83" "aupari Ore\xcc\x81", "ñaupari ore" },
		{ "Pérez-Rojas", "perez rojas" },
		{ "Q'ente D\xe2\x80\x99" "Angelo", "qente dangelo" },
		{ "Agüero Müller", "aguero muller" },
		{ "Ma. Elena", "maria elena" }, { "Mª Elena", "maria elena" },
		{ "M.ª Elena", "m a elena" },
		{ "JHONY", "johnny" }, { "Fco. Sauñe", "francisco sauñe" },
		{ "Juan de Dios", "juan de dios" },
		{ "Weiß", "weiss" }, { "a\xc2\xad" "b", "ab" },
		{ "a\xff" "b\xc3", "a b" }, { "Ros\xc3", "ros" },
		{ "\xcc\x83n", "n" }, { "Comando 7", "comando 7" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_text(names_fold(a, text_of(rows[i][0])), rows[i][1]);
}

static void particles_are_no_tokens(void **state)
{
	/* Without it "de" finds half the town. */
	struct name_tokens t = split("Vda. de la Cruz y Ríos, Rosa");

	(void)state;
	assert_int_equal(t.n, 3);
	assert_text(t.p[0].folded, "cruz");
	assert_text(t.p[1].folded, "rios");
	assert_text(t.p[2].folded, "rosa");
	assert_text(t.p[2].key, "rusa");
	assert_false(t.cut);
	t = split("Y. Delacruz");
	assert_int_equal(t.n, 2);
	assert_text(t.p[0].folded, "y");
	assert_text(t.p[1].folded, "cruz");
	assert_int_equal(split("de la y").n, 0);
	assert_int_equal(split("").n, 0);
	assert_int_equal(split("don Ñahui Peña").n, 2);
	assert_int_equal(split("doña Rosa").n, 1);
}

static void limits_cut_and_say_so(void **state)
{
	/* Without it a pasted page of text takes the memory of a request. */
	char longer[NAME_BYTES_MAX + 2];
	struct name_tokens t = split("a b c d f g h i j k l m n o p q");

	(void)state;
	assert_int_equal(t.n, NAME_TOKENS_MAX);
	assert_false(t.cut);
	t = split("a b c d f g h i j k l m n o p q r");
	assert_int_equal(t.n, NAME_TOKENS_MAX);
	assert_true(t.cut);
	assert_text(t.p[NAME_TOKENS_MAX - 1].folded, "q");

	memset(longer, 'x', sizeof(longer));
	longer[NAME_BYTES_MAX + 1] = '\0';
	t = split(longer);
	assert_true(t.cut);
	assert_int_equal(t.p[0].folded.n, NAME_BYTES_MAX);
	longer[NAME_BYTES_MAX] = '\0';
	assert_false(split(longer).cut);
}

static void keys_join_what_sounds_alike(void **state)
{
	/* Without it Huamaní, Guamani and Wamani are three women. */
	static const char *const groups[][6] = {
		{ "Huamaní", "Guamani", "Wamani", "Uamani" },
		{ "Quispe", "Kispe", "Qispi", "Quizpe", "Quispi" },
		{ "Ccahuana", "Qawana", "Cahuana", "Kaguana", "Cauana" },
		{ "Vilca", "Willka", "Huillca", "Villca", "Bilca" },
		{ "Ccori", "Qori", "Quri", "Cori", "Kkori" },
		{ "Ccente", "Qente", "Kenti", "Q'inti", "Quente" },
		{ "Yupanqui", "Iupanki", "Llupanqui", "Yupanqi" },
		{ "Ayala", "Allala", "Aiala" },
		{ "Inga", "Inca", "Hinca", "Inka" },
		{ "Jayo", "Xayo", "Jallo" },
		{ "Vásquez", "Basques", "Vazques", "Básquez" },
		{ "Gutiérrez", "Gutierres", "Gutieres", "Guttierrez" },
		{ "Sullca", "Sulca", "Zullka", "Sulka" },
		{ "Quicaño", "Kikano", "Qicaño" },
		{ "Huayhua", "Waywa", "Huaihua", "Guaygua" },
		{ "Gerónimo", "Jerónimo", "Geronimo" },
		{ "Exaltación", "Esaltasion", "Exaltasión" },
		{ "Ambrosio", "Anbrocio", "Hambrozio" },
		{ "Ascencio", "Asencio", "Acensio" },
		{ "Roxana", "Rosana", "Rozana" },
		{ "Taype", "Taipi", "Thaype", "Ttaype" },
		{ "Guerra", "Kerra" },
		{ "Félix", "Feliz", "Felis" },
		{ "Layme", "Laime", "Laimi" },
		{ "Conislla", "Cconislla", "Konisya" },
		{ "Quichca", "Kichka", "Qichka" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(groups); i++) {
		for (size_t j = 1; j < 6 && groups[i][j] != NULL; j++) {
			text want = key(groups[i][0]);
			text got = key(groups[i][j]);

			assert_int_equal(got.n, want.n);
			assert_memory_equal(got.p, want.p, want.n);
		}
	}
}

static void keys_keep_apart_what_does_not(void **state)
{
	/* Without it everybody is found by everything. */
	static const char *const rows[][2] = {
		{ "Quispe", "Quispitupa" }, { "Choque", "Coque" },
		{ "Rojas", "Rosas" }, { "Mamani", "Mamami" },
		{ "Huamán", "Humán" }, { "Cuba", "Cueva" },
		{ "Palma", "Poma" }, { "Sulca", "Salca" },
		{ "Llanos", "Lanos" }, { "Chura", "Cura" },
		{ "Juan", "Guan" }, { "Taco", "Taca" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_false(text_same(key(rows[i][0]), key(rows[i][1])));
	assert_text(key("h"), "");
	assert_text(names_key(a, T("\xce\xb1")), "");
}

/* The whole table, by the book: the other way to the same number. */
static unsigned distance_by_table(text x, text y)
{
	unsigned d[16][16];

	for (size_t i = 0; i <= x.n; i++) {
		for (size_t j = 0; j <= y.n; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			unsigned best = d[i - 1][j - 1] +
			    (x.p[i - 1] != y.p[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && x.p[i - 1] == y.p[j - 2] &&
			    x.p[i - 2] == y.p[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[x.n][y.n];
}

static void near_counts_like_the_whole_table(void **state)
{
	/* Without it the early ends of the loop could drop a match. */
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		char s[2][12];
		size_t n[2];

		for (int k = 0; k < 2; k++) {
			seed = seed * 1664525u + 1013904223u;
			n[k] = (seed >> 20) % 9;
			for (size_t i = 0; i < n[k]; i++) {
				seed = seed * 1664525u + 1013904223u;
				s[k][i] = (char)('a' + (seed >> 24) % 3);
			}
		}
		text x = { s[0], n[0] }, y = { s[1], n[1] };
		unsigned table = distance_by_table(x, y);
		for (unsigned most = 0; most < 5; most++) {
			unsigned want = table <= most ? table : most + 1;
			assert_int_equal(names_near(x, y, most), want);
		}
	}
}

static void near_bounds_long_words(void **state)
{
	/* Without it a long word writes past the rows. */
	char x[100], y[100];

	(void)state;
	memset(x, 'x', sizeof(x));
	memset(y, 'y', sizeof(y));
	assert_int_equal(names_near((text){ x, 100 }, (text){ y, 100 }, 2), 3);
	assert_int_equal(names_near((text){ x, 100 }, (text){ x, 99 }, 2), 1);
	assert_int_equal(names_near((text){ x, 32 }, (text){ y, 32 }, 200),
	    32);
	assert_int_equal(names_near((text){ x, 33 }, (text){ y, 33 }, 200),
	    201);
	assert_int_equal(names_near(T(""), T(""), 0), 0);
}

static enum name_reason reason(const char *typed, const char *stored,
    int *ret_score)
{
	struct name_tokens t = split(typed), s = split(stored);

	assert_int_equal(t.n, 1);
	assert_int_equal(s.n, 1);
	return names_token_match(&t.p[0], &s.p[0], ret_score);
}

static void each_reason_is_said(void **state)
{
	/* Without it the page cannot say why a name is in the list. */
	static const struct {
		const char *typed, *stored;
		enum name_reason reason;
	} rows[] = {
		{ "QUISPE", "Quispe", NAME_SAME },
		{ "Jhony", "Yonny", NAME_SAME },
		{ "Ma.", "María", NAME_SAME },
		{ "Peña", "Peña", NAME_SAME },
		{ "Pena", "Peña", NAME_SOUNDS },
		{ "Kispe", "Quispe", NAME_SOUNDS },
		{ "Qiuspe", "Quispe", NAME_ONE_LETTER },
		{ "Ayla", "Ayala", NAME_ONE_LETTER },
		{ "Nicéforo", "Nicéfora", NAME_ONE_LETTER },
		{ "Gutierrze", "Gutiérrez", NAME_ONE_LETTER },
		{ "Yarangua", "Yaranga", NAME_ONE_LETTER },
		{ "Choquigalca", "Choquehuanca", NAME_TWO_LETTERS },
		{ "Rosa", "Rosaura", NAME_SHORT },
		{ "Felic", "Felícitas", NAME_SHORT },
		{ "R", "Rosaura", NAME_INITIAL },
		{ "Rosaura", "R.", NAME_INITIAL },
		{ "V", "Bictoria", NAME_INITIAL },
		{ "H", "Huamán", NAME_INITIAL },
		{ "Ñ", "Ñaupari", NAME_INITIAL },
		{ "R", "Quispe", NAME_OTHER },
		{ "Eva", "Evanán", NAME_OTHER },
		{ "Soto", "Coto", NAME_OTHER },
		{ "Rosaura", "Rosa", NAME_OTHER },
		{ "Vásquez", "Velásquez", NAME_OTHER },
		{ "Huamanga", "Huamán", NAME_OTHER },
		{ "Quispe", "Mamani", NAME_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		int score = -7;
		enum name_reason got = reason(rows[i].typed, rows[i].stored,
		    &score);

		if (got != rows[i].reason)
			print_message("%s, %s: %s\n", rows[i].typed,
			    rows[i].stored, names_reason(got));
		assert_int_equal(got, rows[i].reason);
		if (got == NAME_OTHER)
			assert_int_equal(score, -7);
		else
			assert_in_range(score, 1, 100);
	}
	for (unsigned r = 0; r < NAME_REASONS; r++)
		assert_true(strlen(names_reason((enum name_reason)r)) > 3);
}

static int score_of(const char *typed, const char *stored)
{
	struct name_match m;

	return names_match(split(typed), split(stored), &m) ? m.score : 0;
}

static void names_match_in_any_order(void **state)
{
	/* Without it surname first, as courts write, finds nobody. */
	struct name_match m;

	(void)state;
	assert_true(names_match(split("quispi, Rosa"),
	    split("Rosaura Quispe Huamaní"), &m));
	assert_int_equal(m.n, 2);
	assert_int_equal(m.worst, NAME_SHORT);
	assert_int_equal(m.pairs[0].reason, NAME_SOUNDS);
	assert_int_equal(m.pairs[0].typed, 0);
	assert_int_equal(m.pairs[0].stored, 1);
	assert_int_equal(m.pairs[1].stored, 0);
	assert_int_equal(score_of("Rosaura Quispe", "Quispe Rosaura"), 998);
	assert_int_equal(score_of("Rosaura Quispe", "Rosaura Quispe"), 1000);
	assert_true(score_of("Ana Rojas Ruiz", "Ana Rojas Ruiz") >
	    score_of("Ana Rojas Ruiz", "Ana Ruiz Rojas"));
	assert_true(score_of("Ana Rojas", "Ana Rojas") >
	    score_of("Ana Rojas", "Ana Rojas Ruiz"));
	assert_true(score_of("Ana Rojas", "Ana Rojas Ruiz") >
	    score_of("Ana Roxas", "Ana Rojas Ruiz"));
}

static void what_is_too_little_finds_nobody(void **state)
{
	/* Without it "J." lists the town and guesses pile up. */
	struct name_match m = { .score = 7 };

	(void)state;
	assert_false(names_match(split(""), split("Ana Rojas"), &m));
	assert_false(names_match(split("Ana"), split(""), &m));
	assert_false(names_match(split("A."), split("Ana Rojas"), &m));
	assert_false(names_match(split("A. R."), split("Ana Rojas"), &m));
	assert_false(names_match(split("Ana Rojas Ruiz"),
	    split("Ana Rojas"), &m));
	assert_false(names_match(split("Ana Mamani"), split("Ana Rojas"),
	    &m));
	assert_false(names_match(split("Valentín Choque"),
	    split("Valentina Choquehuanca"), &m));
	assert_int_equal(m.score, 7);
	assert_true(score_of("A. Rojas", "Ana Rojas") > 0);
	assert_true(score_of("Choque", "Valentina Choquehuanca") > 0);
}

static void a_stored_word_answers_once(void **state)
{
	/* Without it one Quispe answers for both surnames. */
	(void)state;
	assert_int_equal(score_of("Quispe Quispe", "Rosa Quispe Sulca"), 0);
	assert_true(score_of("Quispe Kispi", "Rosa Quispe Quispe") > 0);
	/* The first word must leave the second what only it can take. */
	assert_true(score_of("Rosaura Rosa", "Rosa Rosaura") > 0);
	assert_true(score_of("Rosa Ros. R", "Rosa Ros Rosaura") > 0);
	assert_true(score_of("Condori Condor", "Condor Condori") > 0);
}

/* The best whole by trying every assignment: typed row by row. */
static int best_by_trial(const int score[3][4], size_t rows)
{
	int best = -1;

	for (int x = 0; x < 4; x++) {
		for (int y = 0; y < 4; y++) {
			for (int z = 0; z < 4; z++) {
				const int at[3] = { x, y, z };
				int sum = 0;
				bool good = x != y && (rows < 3 ||
				    (x != z && y != z));

				for (size_t i = 0; i < rows; i++) {
					good = good && score[i][at[i]] > 0;
					sum += score[i][at[i]];
				}
				if (good && sum > best)
					best = sum;
			}
		}
	}
	return best;
}

static void the_best_assignment_is_found(void **state)
{
	/* Without it a good pair taken early spoils the whole. */
	static const char *const words[] = { "Rosa", "Rosaura", "Rossa",
		"Rosario", "R.", "Condori", "Condor", "Kondory", "C." };
	uint32_t seed = 3;
	int matched = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct arena_mark mark = arena_mark(a);
		struct name_token typed[3], stored[4];
		int score[3][4] = { { 0 } };
		size_t rows = 2 + (seed >> 30) % 2;

		for (size_t i = 0; i < 7; i++) {
			seed = seed * 1664525u + 1013904223u;
			struct name_token t = *split(words[(seed >> 20) %
			    LENGTH(words)]).p;

			if (i < 3)
				typed[i] = t;
			else
				stored[i - 3] = t;
		}
		bool slip = false;
		for (size_t i = 0; i < rows; i++) {
			for (size_t j = 0; j < 4; j++) {
				enum name_reason r = names_token_match(
				    &typed[i], &stored[j], &score[i][j]);
				slip = slip || r == NAME_ONE_LETTER ||
				    r == NAME_SHORT || r == NAME_TWO_LETTERS;
			}
		}
		int best = best_by_trial((const int (*)[4])score, rows);
		struct name_match m;
		bool found = names_match((struct name_tokens){ typed, rows,
		    false }, (struct name_tokens){ stored, 4, false }, &m);
		if (best < 0)
			assert_false(found);
		if (found) {
			int sum = 0;

			for (size_t i = 0; i < rows; i++)
				sum += score[i][m.pairs[i].stored];
			assert_int_equal(sum, best);
			matched++;
		}
		if (!slip && best >= (int)rows * 60)
			assert_true(found);
		arena_rewind(a, mark);
	}
	assert_true(matched > 500);
}

static void every_name_may_run_out_of_memory(void **state)
{
	/* Without it a full arena gives half a name as the whole. */
	const text name = T("Ma. Felícitas Yupanqui Choque");
	struct name_tokens t = { .n = 77 };
	size_t room = 1, fold_room = 1;

	(void)state;
	for (;; room++) {
		struct arena *small = arena_new(room);
		result r = names_tokens(small, name, &t);

		arena_free(small);
		if (is_ok(r))
			break;
		assert_int_equal(r.code, E_NO_MEMORY);
		assert_int_equal(t.n, 77);
		assert_in_range(room, 1, 4096);
	}
	for (;; fold_room++) {
		struct arena *small = arena_new(fold_room);
		text folded = names_fold(small, name);
		bool good = folded.p != NULL;

		assert_true(good || folded.n == 0);
		arena_free(small);
		if (good)
			break;
		assert_in_range(fold_room, 1, 4096);
	}
	assert_true(room > 100 && fold_room > 100);
}

static void variants_are_all_found(void **state)
{
	/* Without it a row out of order is never found by halving. */
	static const char *const rows[][2] = {
		{ "aguila", "delaguila" }, { "alejandro", "alej" },
		{ "elizabeth", "elisabet" }, { "edwin", "eduin" },
		{ "jenny", "yeni" }, { "jenny", "jheny" },
		{ "johnny", "yony" }, { "john", "jhon" }, { "john", "yon" },
		{ "jonathan", "yonatan" }, { "maria", "ma" },
		{ "rodriguez", "rguez" }, { "walter", "gualter" },
		{ "william", "wilian" }, { "washington", "wasinton" },
		{ "jefferson", "yeferson" }, { "jackson", "yackson" },
		{ "lopez", "lpz" }, { "nelly", "neli" }, { "ruth", "rut" },
		{ "brian", "brayan" }, { "kevin", "kebin" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_text(names_fold(a, text_of(rows[i][1])), rows[i][0]);
}

static int start(void **state)
{
	(void)state;
	a = arena_new(64u * MIB);
	return a == NULL ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void what_is_told_by_bits_is_told_by_letters(void **state)
{
	/* Without it a misspelt name would not be found, and nobody know. */
	static const char *const words[] = { "Quispe", "Qispe", "Quipse",
		"Quisbert", "Mamani", "Mamany", "Mammani", "Huaman", "Huamani",
		"Wamán", "Velásquez", "Vásquez", "Velázques", "Vilca", "Vilka",
		"Rosaura", "Rosario", "Rossa", "Yupanqui", "Yupanki",
		"Yupanquí", "Ñahui", "Nahui", "Peña", "Pena", "Condori",
		"Condory", "Kondori", "Chuquimia", "Chuqimia", "Xyz" };
	int matched = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(words); i++) {
		for (size_t j = 0; j < LENGTH(words); j++) {
			struct name_token x = *split(words[i]).p;
			struct name_token y = *split(words[j]).p;
			int score = 0, again = 0;
			enum name_reason said = names_token_match(&x, &y,
			    &score);

			x.folded_has = y.folded_has = 0;
			x.key_has = y.key_has = 0;
			assert_int_equal(names_token_match(&x, &y, &again),
			    said);
			assert_int_equal(score, again);
			matched += said != NAME_OTHER && i != j;
		}
	}
	assert_in_range(matched, 30, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folding_leaves_the_letters),
		cmocka_unit_test(particles_are_no_tokens),
		cmocka_unit_test(limits_cut_and_say_so),
		cmocka_unit_test(keys_join_what_sounds_alike),
		cmocka_unit_test(keys_keep_apart_what_does_not),
		cmocka_unit_test(near_counts_like_the_whole_table),
		cmocka_unit_test(near_bounds_long_words),
		cmocka_unit_test(each_reason_is_said),
		cmocka_unit_test(names_match_in_any_order),
		cmocka_unit_test(what_is_too_little_finds_nobody),
		cmocka_unit_test(a_stored_word_answers_once),
		cmocka_unit_test(the_best_assignment_is_found),
		cmocka_unit_test(every_name_may_run_out_of_memory),
		cmocka_unit_test(variants_are_all_found),
		cmocka_unit_test(what_is_told_by_bits_is_told_by_letters),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
