/* Without these the sheet could hold an identity that opens no backup. */
#include "check.h"

#include <ctype.h>
#include <string.h>

/* The bits of the signs behind the prefix. */
static void
key_of_signs(const char *signs, uint8_t key[32])
{
	static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

	memset(key, 0, 32);
	for (int bit = 0; bit < 256; bit++) {
		int value = (int)(strchr(letters, tolower(
		    (unsigned char)signs[bit / 5])) - letters);

		if ((value >> (4 - bit % 5) & 1) != 0)
			key[bit / 8] |= (uint8_t)(128 >> bit % 8);
	}
}

static void
the_letters_of_age(void **state)
{
	json_t *row = vector_file("backup.json");
	const char *identity = string_of(row, "identity");
	char made_identity[AGE_IDENTITY + 1];
	char made_recipient[AGE_RECIPIENT + 1];
	uint8_t key[32];

	(void)state;
	key_of_signs(strchr(identity, '1') + 1, key);
	assert_ok(age_keys(key, made_identity, made_recipient));
	assert_string_equal(made_identity, identity);
	assert_string_equal(made_recipient, string_of(row, "recipient"));
	json_decref(row);
}

/* Every wrong sign is noticed, or a backup would be nobody's. */
static void
a_slip_is_noticed(void **state)
{
	json_t *row = vector_file("backup.json");
	text good = text_of(string_of(row, "recipient"));
	char typed[AGE_RECIPIENT + 1];

	(void)state;
	assert_true(age_recipient_good(good));
	for (size_t i = 0; i < good.n; i++) {
		memcpy(typed, good.p, good.n + 1);
		typed[i] = typed[i] == 'q' ? 'p' : 'q';
		assert_false(age_recipient_good(text_of(typed)));
	}
	assert_false(age_recipient_good((text){ good.p, good.n - 1 }));
	assert_false(age_recipient_good(T("")));
	assert_false(age_recipient_good(text_of(string_of(row,
	    "identity"))));
	json_decref(row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_letters_of_age),
		cmocka_unit_test(a_slip_is_noticed),
	};

	if (!is_ok(seal_start()))
		return 1;
	return cmocka_run_group_tests_name("seal age", tests, NULL, NULL);
}
