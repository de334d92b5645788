#include "tests/unit.h"
#include "tls/jks.h"

enum { STORE_BYTES_MAX = 64 * 1024, ENTRIES = 258, ONE_ENTRY_BYTES = 78 };

/* Not a certificate: five bytes in its armour. */
static const char pem[] = "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n";

TEST(a_store_is_what_another_implementation_writes)
{
    /* Made with Python's struct and hashlib. */
    static const char expected[] =
        "\xFE\xED\xFE\xED\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02\x00\x10"
        "heymarket-mock-1"
        "\x00\x00\x01\x8E\xE4\x34\x0C\xE8\x00\x05X.509\x00\x00\x00\x05\x30\x03\x02\x01\x05"
        "\x69\xF2\x99\xD6\xEE\xBD\x0A\x93\x0F\xD4"
        "\x54\xD7\xF1\x07\x88\x42\x60\xC3\x82\x7C";
    struct buf out;

    buf_init(&out, STORE_BYTES_MAX);
    assert_int_equal(jks_write(&out, pem, sizeof pem - 1, 1713225600232, NULL), HM_OK);
    assert_int_equal(out.length, sizeof expected - 1);
    assert_memory_equal(out.data, expected, sizeof expected - 1);
    buf_fini(&out);
}

TEST(entries_are_counted_and_other_pem_is_not)
{
    static const char other[] =
        "# a comment\n-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n";
    struct buf many, out;

    buf_init(&many, STORE_BYTES_MAX);
    buf_init(&out, STORE_BYTES_MAX);
    for (int i = 0; i < ENTRIES; i++) {
        buf_puts(&many, pem);
        buf_puts(&many, other);
    }
    buf_puts(&out, "before"); /* a store starts where the buffer ends */
    assert_int_equal(jks_write(&out, many.data, many.length, 0, NULL), HM_OK);
    assert_memory_equal(out.data, "before\xFE\xED\xFE\xED\0\0\0\2\0\0\1\2", 18);
    buf_fini(&many);
    buf_fini(&out);
}

TEST(a_store_without_entries_has_a_digest_too)
{
    struct buf out;

    buf_init(&out, STORE_BYTES_MAX);
    assert_int_equal(jks_write(&out, "", 0, 0, NULL), HM_OK);
    assert_int_equal(out.length, 12 + 20);
    buf_fini(&out);
}

TEST(a_store_that_does_not_fit_is_an_error)
{
    struct buf out;

    for (size_t ceiling = 0; ceiling <= ONE_ENTRY_BYTES; ceiling++) {
        buf_init(&out, ceiling);
        assert_int_equal(jks_write(&out, pem, sizeof pem - 1, 0, NULL),
                         ceiling < ONE_ENTRY_BYTES ? HM_NO_MEMORY : HM_OK);
        buf_fini(&out);
    }
}

TEST(an_extended_store_is_as_if_written_at_once)
{
    struct buf twice, whole, one, extended;

    buf_init(&twice, STORE_BYTES_MAX);
    buf_init(&whole, STORE_BYTES_MAX);
    buf_init(&one, STORE_BYTES_MAX);
    buf_init(&extended, STORE_BYTES_MAX);
    buf_puts(&twice, pem);
    buf_puts(&twice, pem);
    assert_int_equal(jks_write(&whole, twice.data, twice.length, 7, NULL), HM_OK);
    assert_int_equal(jks_write(&one, pem, sizeof pem - 1, 7, NULL), HM_OK);
    assert_true(jks_is(&one));
    assert_int_equal(jks_extend(&extended, &one, pem, sizeof pem - 1, 7, NULL), HM_OK);
    assert_int_equal(extended.length, whole.length);
    assert_memory_equal(extended.data, whole.data, whole.length);
    /* What is no such store: too short, another number, another version. */
    one.data[7] = 1;
    assert_false(jks_is(&one));
    one.data[7] = 2;
    one.data[0] = 0;
    assert_false(jks_is(&one));
    one.data[0] = '\xFE';
    one.length = 12 + 20 - 1;
    assert_false(jks_is(&one));
    buf_clear(&one);
    assert_false(jks_is(&one));
    buf_fini(&twice);
    buf_fini(&whole);
    buf_fini(&one);
    buf_fini(&extended);
}
