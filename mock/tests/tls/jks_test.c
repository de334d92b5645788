#include "tls/jks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum { STORE_BYTES_MAX = 64 * 1024 };

static const unsigned char der[] = { 0x30, 0x03, 0x02, 0x01, 0x05 };

static void a_store_is_what_another_implementation_writes(void **state)
{
    /* Made with Python's struct and hashlib. */
    static const char expected[] =
        "\xFE\xED\xFE\xED\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02\x00\x04"
        "mock"
        "\x00\x00\x01\x8E\xE4\x34\x0C\xE8\x00\x05X.509\x00\x00\x00\x05\x30\x03\x02\x01\x05"
        "\x4D\x19\x75\x08\x2A\x39\x9A\xC8\x6A\xDA\xA0\x38\x80\x03\x3E\x89\x2E\xD8\xF1\x47";
    struct buf out;
    struct jks jks;

    (void)state;
    buf_init(&out, 1024);
    jks_begin(&jks, &out, 1713225600232);
    jks_add(&jks, "mock", der, sizeof der);
    assert_true(jks_end(&jks));
    assert_int_equal(out.length, sizeof expected - 1);
    assert_memory_equal(out.data, expected, sizeof expected - 1);
    buf_fini(&out);
}

static void entries_are_counted(void **state)
{
    struct buf out;
    struct jks jks;

    (void)state;
    buf_init(&out, STORE_BYTES_MAX);
    buf_puts(&out, "before"); /* a store starts where the buffer ends */
    jks_begin(&jks, &out, 0);
    for (int i = 0; i < 258; i++)
        jks_add(&jks, "same", der, sizeof der);
    assert_true(jks_end(&jks));
    assert_memory_equal(out.data, "before\xFE\xED\xFE\xED\0\0\0\2\0\0\1\2", 18);
    buf_fini(&out);
}

static void a_store_without_entries_has_a_digest_all_the_same(void **state)
{
    struct buf out;
    struct jks jks;

    (void)state;
    buf_init(&out, 64);
    jks_begin(&jks, &out, 0);
    assert_true(jks_end(&jks));
    assert_int_equal(out.length, 12 + 20);
    buf_fini(&out);
}

static void one_that_does_not_fit_is_none(void **state)
{
    struct buf out;
    struct jks jks;

    (void)state;
    for (size_t ceiling = 0; ceiling < 66; ceiling++) {
        buf_init(&out, ceiling);
        jks_begin(&jks, &out, 0);
        jks_add(&jks, "mock", der, sizeof der);
        assert_false(jks_end(&jks));
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_what_another_implementation_writes),
        cmocka_unit_test(entries_are_counted),
        cmocka_unit_test(a_store_without_entries_has_a_digest_all_the_same),
        cmocka_unit_test(one_that_does_not_fit_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
