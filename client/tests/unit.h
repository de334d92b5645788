/* What every unit test includes: cmocka and what most tests use, and the main() of its program. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* TEST(name) { ... } is one test. The tests of a file run in the order in which they stand there.
 */
#define TEST(name) TEST_WITHIN(name, NULL, NULL)

/* The same, between a setup and a teardown (or NULL). */
#define TEST_WITHIN(name, setup, teardown)                                                         \
    static void name(void **state);                                                                \
    __attribute__((constructor)) static void name##_add(void)                                      \
    {                                                                                              \
        unit_add(&(struct CMUnitTest){ #name, name, setup, teardown, NULL });                      \
    }                                                                                              \
    static void name(void **state)

/* The setup and teardown of each TEST() of the file; those around all of them together. */
#define EACH_TEST_WITHIN(setup, teardown)                                                          \
    __attribute__((constructor)) static void each_test_within(void)                                \
    {                                                                                              \
        unit_each(setup, teardown);                                                                \
    }
#define ALL_TESTS_WITHIN(setup, teardown)                                                          \
    __attribute__((constructor)) static void all_tests_within(void)                                \
    {                                                                                              \
        unit_all(setup, teardown);                                                                 \
    }

void unit_add(const struct CMUnitTest *test);
void unit_each(CMFixtureFunction setup, CMFixtureFunction teardown);
void unit_all(CMFixtureFunction setup, CMFixtureFunction teardown);

#endif
