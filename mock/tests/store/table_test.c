#include "store/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum { MANY = 20000 };

static bool is_same(uint32_t value, const void *context)
{
    const uint32_t *wanted = context;

    return value == *wanted;
}

static uint32_t find(const struct table *table, uint64_t hash, uint32_t value)
{
    return table_find(table, hash, is_same, &value);
}

static void an_empty_one_has_nothing(void **state)
{
    struct table table = { 0 };

    (void)state;
    assert_int_equal(find(&table, 1, 1), TABLE_NONE);
    table_fini(&table);
}

static void finds_all_it_was_given_while_it_grows(void **state)
{
    struct table table = { 0 };
    uint32_t missing = 0, strangers = 0, failures = 0;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++)
        failures += !table_add(&table, table_hash(&i, sizeof i), i);
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t stranger = i + MANY;

        missing += find(&table, table_hash(&i, sizeof i), i) != i;
        strangers += find(&table, table_hash(&stranger, sizeof stranger), stranger) != TABLE_NONE;
    }
    table_fini(&table);
    assert_int_equal(failures, 0);
    assert_int_equal(missing, 0);
    assert_int_equal(strangers, 0);
}

static void tells_values_of_one_hash_apart(void **state)
{
    struct table table = { 0 };
    uint32_t wrong = 0;

    (void)state;
    for (uint32_t i = 0; i < 100; i++)
        wrong += !table_add(&table, 42, i);
    for (uint32_t i = 0; i < 100; i++)
        wrong += find(&table, 42, i) != i;
    wrong += find(&table, 42, 100) != TABLE_NONE;
    table_fini(&table);
    assert_int_equal(wrong, 0);
}

static void hashes_every_byte_and_the_length(void **state)
{
    char text[64] = { 0 };
    uint64_t whole = table_hash(text, sizeof text);

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 1;
        assert_true(table_hash(text, sizeof text) != whole);
        text[i] = 0;
        assert_true(table_hash(text, i) != whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_has_nothing),
        cmocka_unit_test(finds_all_it_was_given_while_it_grows),
        cmocka_unit_test(tells_values_of_one_hash_apart),
        cmocka_unit_test(hashes_every_byte_and_the_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
