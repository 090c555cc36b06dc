/* What every cmocka test of base includes, in the order cmocka wants. */
#ifndef ALAS_TEST_BASE_CHECK_H
#define ALAS_TEST_BASE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"

#define assert_text(got, want)                                               \
	do {                                                                 \
		text got_ = (got), want_ = text_of(want);                    \
		assert_int_equal(got_.n, want_.n);                           \
		assert_memory_equal(got_.p, want_.p, want_.n);               \
	} while (0)

#endif
