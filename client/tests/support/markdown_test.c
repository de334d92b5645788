#include "support/markdown.h"
#include "tests/unit.h"

enum { MADE_BYTES = 4096 };

TEST(texts_stay_texts)
{
    static const struct {
        const char *text, *made;
    } rows[] = {
        { "Send channel-type: a UUID (36 characters).",
          "Send channel-type: a UUID (36 characters)." },
        { "<b>&amp;", "&#60;b&#62;&#38;amp;" },
        { "[a](b) ![c](d) *e* _f_ ~g~ `h` |i|",
          "&#91;a&#93;(b) &#33;&#91;c&#93;(d) &#42;e&#42; &#95;f&#95; &#126;g&#126; &#96;h&#96; "
          "&#124;i&#124;" },
        { "http://x www.x a@b #1 :smile:",
          "http&#58;//x www&#46;x a&#64;<!-- -->b &#35;1 &#58;smile&#58;" },
        { "- a", "&#45; a" },
        { "1. a", "1&#46; a" },
        { "a\n# b\x1b[0m\xff", "a&#92;x0A&#35; b&#92;x1B&#91;0m&#92;xFF" },
        { "\xc3\xa4", "\xc3\xa4" },
        { "", "" },
    };
    struct buf out;

    buf_init(&out, MADE_BYTES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_clear(&out);
        markdown_text(&out, rows[i].text);
        assert_string_equal(buf_text(&out), rows[i].made);
    }
    buf_clear(&out);
    markdown_cut(&out, "a\xc3\xa4", 2);
    assert_string_equal(buf_text(&out), "a...");
    buf_fini(&out);
}

TEST(a_block_ends_where_it_ends)
{
    struct buf out;

    buf_init(&out, MADE_BYTES);
    markdown_commands(&out, "a");
    assert_string_equal(buf_text(&out), "```sh\na\n```\n\n");
    buf_clear(&out);
    markdown_commands(&out, "`a`\n```\n````b\n");
    assert_string_equal(buf_text(&out), "`````sh\n`a`\n```\n````b\n`````\n\n");
    buf_fini(&out);
}
