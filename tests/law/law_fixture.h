/* What the tests of law share: the law, folders to spoil, days. */
#ifndef ALAS_LAW_FIXTURE_H
#define ALAS_LAW_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "law.h"

struct fixture { struct arena *arena; struct law *law; };
/* The law of `data`, for cmocka's group setup and teardown. */
int fixture_open(void **state);
int fixture_close(void **state);

/* A folder of its own with the six files of `data`, to be spoilt. */
struct folder { char path[64]; };
struct folder folder_new(void);
void folder_remove(struct folder *f);
void folder_write(const struct folder *f, const char *name, text bytes);
void folder_append(const struct folder *f, const char *name,
    const char *bytes);
/* The first place of `from` becomes `to`; fails when it is nowhere. */
void folder_replace(const struct folder *f, const char *name,
    const char *from, const char *to);
void folder_unlink(const struct folder *f, const char *name);
struct law *folder_law(const struct folder *f, struct arena *a);
/* calendar-test.csv for holidays, and the three rules of W07, W09, W10. */
struct law *pe_test_law(struct arena *a);

text file_text(struct arena *a, const char *path);
day on(const char *iso);
instant at(const char *lima);
void assert_day(day d, const char *iso);
void assert_text(text t, const char *wanted);

#endif
