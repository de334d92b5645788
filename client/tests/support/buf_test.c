#include "support/buf.h"
#include "tests/unit.h"

TEST(is_empty_text_before_the_first_append)
{
    struct buf b;

    buf_init(&b, 10);
    assert_string_equal(buf_text(&b), "");
    assert_true(buf_ok(&b));
    assert_null(b.data);
    buf_fini(&b);
}

TEST(appends_in_every_way)
{
    struct buf b;

    buf_init(&b, 1000);
    buf_puts(&b, "one");
    buf_putc(&b, ',');
    buf_add(&b, "two\0three", 9);
    buf_printf(&b, "%d-%s", 4, "five");
    assert_true(buf_ok(&b));
    assert_int_equal(b.length, 19);
    assert_memory_equal(b.data, "one,two\0three4-five", 20);
    buf_fini(&b);
}

TEST(holds_exactly_its_ceiling)
{
    struct buf b;

    buf_init(&b, 5);
    buf_puts(&b, "12345");
    assert_true(buf_ok(&b));
    assert_int_equal(b.capacity, 6);
    buf_putc(&b, '6');
    assert_int_equal(b.status, BUF_TOO_LONG);
    assert_string_equal(buf_text(&b), "12345");
    buf_fini(&b);
}

TEST(ignores_appends_after_a_failure)
{
    struct buf b;

    buf_init(&b, 5);
    buf_puts(&b, "abc");
    buf_puts(&b, "def");
    buf_putc(&b, 'g');
    buf_printf(&b, "%c", 'h');
    assert_false(buf_ok(&b));
    assert_string_equal(buf_text(&b), "abc");
    assert_null(buf_take(&b));
    assert_int_equal(b.status, BUF_TOO_LONG);
    buf_fini(&b);
}

TEST(printf_past_the_ceiling_appends_nothing)
{
    struct buf b;

    buf_init(&b, 300);
    buf_puts(&b, "kept");
    buf_printf(&b, "%0500d", 1);
    assert_int_equal(b.status, BUF_TOO_LONG);
    assert_string_equal(buf_text(&b), "kept");
    buf_fini(&b);
}

TEST(clear_forgets_a_failure_and_keeps_the_memory)
{
    struct buf b;
    char *data;

    buf_init(&b, 5);
    buf_puts(&b, "abc");
    data = b.data;
    buf_puts(&b, "defghi");
    buf_clear(&b);
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "");
    buf_puts(&b, "xyz");
    assert_ptr_equal(b.data, data);
    assert_string_equal(buf_text(&b), "xyz");
    buf_fini(&b);
}

TEST(grows_by_doubling)
{
    enum { BYTES = 100000 };
    struct buf b;
    size_t capacity = 0, moves = 0;

    buf_init(&b, BYTES);
    for (size_t i = 0; i < BYTES; i++) {
        buf_putc(&b, (char)('a' + i % 26));
        moves += b.capacity != capacity;
        capacity = b.capacity;
    }
    assert_true(buf_ok(&b));
    assert_int_equal(b.length, BYTES);
    assert_in_range(moves, 1, 10);
    for (size_t i = 0; i < b.length; i++)
        assert_int_equal(b.data[i], (char)('a' + i % 26));
    buf_fini(&b);
}

TEST(does_not_overflow_on_enormous_requests)
{
    struct buf b;

    buf_init(&b, SIZE_MAX);
    buf_puts(&b, "abc");
    buf_reserve(&b, SIZE_MAX);
    assert_int_equal(b.status, BUF_TOO_LONG);
    buf_clear(&b);
    buf_reserve(&b, SIZE_MAX / 4 * 3); /* within the ceiling, but there is no such memory */
    assert_int_equal(b.status, BUF_NO_MEMORY);
    buf_fini(&b);
}

TEST(reserve_makes_the_next_appends_free_of_moves)
{
    struct buf b;
    char *data;

    buf_init(&b, 10000);
    buf_reserve(&b, 9000);
    data = b.data;
    for (int i = 0; i < 9000; i++)
        buf_putc(&b, 'x');
    assert_ptr_equal(b.data, data);
    buf_fini(&b);
}

TEST(take_hands_over_and_leaves_it_empty)
{
    struct buf b;
    char *text, *empty;

    buf_init(&b, 100);
    buf_puts(&b, "mine");
    text = buf_take(&b);
    empty = buf_take(&b);
    assert_string_equal(text, "mine");
    assert_string_equal(empty, "");
    assert_int_equal(b.length, 0);
    assert_null(b.data);
    free(text);
    free(empty);
    buf_fini(&b);
}

TEST(fini_takes_a_zeroed_struct)
{
    struct buf b = { 0 };

    buf_fini(&b);
    buf_add(&b, NULL, 0);
    assert_true(buf_ok(&b));
    assert_string_equal(buf_text(&b), "");
    buf_fini(&b);
}
