#include "contract/hmac.h"
#include "support/page.h"
#include "tests/unit.h"

enum { PAGE_BYTES_MAX = 64 * 1024 };

static bool writes(const struct buf *out, const char *expected)
{
    bool same = buf_ok(out) && strcmp(buf_text(out), expected) == 0;

    if (!same)
        print_error("found    %s\nexpected %s\n", buf_text(out), expected);
    return same;
}

/* "sha256-" and the digest in base64, as a Content-Security-Policy names it. */
static bool digest_of(char text[64], const char *data)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char mac[MAC_BYTES_MAX + 1] = { 0 };
    char *to = text + sizeof "sha256-" - 1;

    memcpy(text, "sha256-", sizeof "sha256-");
    if (!hash_digest(HASH_SHA256, data, strlen(data), mac))
        return false;
    mac[SHA256_BYTES] = 0;
    for (size_t i = 0; i < SHA256_BYTES + 1; i += 3) {
        unsigned long three = (unsigned long)mac[i] << 16 | (unsigned long)mac[i + 1] << 8 |
                              (i + 2 < SHA256_BYTES ? mac[i + 2] : 0);

        for (int shift = 18; shift >= 0; shift -= 6)
            *to++ = letters[three >> shift & 63];
    }
    to[-1] = '=';
    *to = '\0';
    return true;
}

/* The text of the style element, in a page that has been begun. */
static char *style_of(const struct buf *page)
{
    const char *from = strstr(buf_text(page), "<style>") + strlen("<style>");

    return strndup(from, (size_t)(strstr(from, "</style>") - from));
}

TEST(allows_its_style_sheet_by_digest_alone)
{
    char digest[64], policy[128];
    struct buf out;
    char *style;

    buf_init(&out, PAGE_BYTES_MAX);
    page_begin(&out, "t", NULL);
    style = style_of(&out);
    assert_non_null(style);
    assert_true(digest_of(digest, style));
    free(style);
    snprintf(policy, sizeof policy, "default-src 'none'; style-src '%s';", digest);
    assert_non_null(strstr(buf_text(&out), policy));
    assert_null(strstr(buf_text(&out), "unsafe"));
    buf_fini(&out);
}

TEST(style_sheet_cannot_end_its_element_nor_fetch)
{
    char *style = calloc(1, embedded_style->length + 1);

    assert_non_null(style);
    memcpy(style, embedded_style->data, embedded_style->length);
    assert_null(strchr(style, '<'));
    assert_null(strstr(style, "url("));
    assert_null(strstr(style, "@import"));
    free(style);
}

TEST(escapes_every_text)
{
    static const char evil[] = "<script>'\"&";
    static const char *const columns[] = { evil, NULL };
    struct page_table table;
    struct buf out;

    buf_init(&out, PAGE_BYTES_MAX);
    page_begin(&out, evil, evil);
    page_banner(&out, PAGE_BAD, evil, evil);
    page_figures_begin(&out);
    page_figure(&out, PAGE_GOOD, 7, evil);
    page_figures_end(&out);
    page_chips_begin(&out);
    page_chip(&out, PAGE_GOOD, evil, evil);
    page_chips_end(&out);
    page_section_begin(&out, evil, evil);
    page_card_begin(&out, PAGE_WARN, evil, evil);
    page_facts_begin(&out);
    page_fact(&out, evil, evil);
    page_facts_end(&out);
    page_card_end(&out);
    page_fold_begin(&out, evil);
    page_table_begin(&out, &table, columns);
    page_row_begin(&out, &table, evil);
    page_cell(&out, &table, evil);
    page_row_end(&out);
    page_table_end(&out);
    page_fold_end(&out);
    page_paragraph(&out, evil);
    page_note(&out, evil);
    page_code(&out, evil);
    page_badge(&out, PAGE_NEUTRAL, evil);
    page_link(&out, evil, evil);
    page_lines(&out, evil, evil, strlen(evil));
    page_section_end(&out);
    page_end(&out, evil);
    assert_true(buf_ok(&out));
    assert_null(strstr(buf_text(&out), "<script"));
    assert_null(strstr(buf_text(&out), "'\"&"));
    buf_fini(&out);
}

TEST(names_each_cell_by_its_column)
{
    static const char *const columns[] = { "id", "result", NULL };
    struct page_table table;
    struct buf out;

    buf_init(&out, PAGE_BYTES_MAX);
    page_table_begin(&out, &table, columns);
    for (int row = 0; row < 2; row++) {
        page_row_begin(&out, &table, row == 0 ? NULL : "second");
        page_cell(&out, &table, "J5");
        page_cell_begin(&out, &table);
        page_badge(&out, PAGE_BAD, "failed");
        page_cell_end(&out);
        page_row_end(&out);
    }
    page_table_end(&out);
    assert_true(writes(
        &out, "<table>\n<thead><tr><th scope=\"col\">id</th><th scope=\"col\">result</th></tr>"
              "</thead>\n<tbody>\n"
              "<tr><td data-label=\"id\">J5</td><td data-label=\"result\">"
              "<span class=\"badge bad\">failed</span></td></tr>\n"
              "<tr id=\"second\"><td data-label=\"id\">J5</td><td data-label=\"result\">"
              "<span class=\"badge bad\">failed</span></td></tr>\n"
              "</tbody>\n</table>\n"));
    buf_fini(&out);
}

TEST(keeps_lines_as_they_are)
{
    struct buf out;

    buf_init(&out, PAGE_BYTES_MAX);
    page_lines(&out, NULL, "\n  a\n<b>\r\n", 10);
    assert_true(writes(&out, "<pre>\n\n  a\n&lt;b&gt;\\x0D\n</pre>\n"));
    buf_fini(&out);
}

TEST(remembers_that_it_did_not_fit)
{
    struct buf out;

    buf_init(&out, 100);
    page_begin(&out, "title", NULL);
    page_end(&out, "");
    assert_false(buf_ok(&out));
    buf_fini(&out);
}
