#include "tests/suite_test.h"

#include "run/progress.h"

TEST(says_how_many_and_how_long_yet)
{
    static const struct {
        size_t done, failed;
        int64_t now_ms;
        const char *text;
    } rows[] = {
        { 0, 0, 11000, "0/649, 10 s" },
        { 9, 1, 11000, "9/649, 1 failed, 10 s" },
        { 120, 0, 15200, "120/649, 14 s, about 63 s left" },
        { 648, 2, 61000, "648/649, 2 failed, 60 s, about 1 s left" },
        { 649, 0, 61000, "649/649, 60 s" },
    };
    const struct progress progress = { .is_on = true, .total = 649, .started_ms = 1000 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf text;

        buf_init(&text, 200);
        progress_describe(&text, &progress, rows[i].done, rows[i].failed, rows[i].now_ms);
        assert_string_equal(buf_text(&text), rows[i].text);
        buf_fini(&text);
    }
}
