/* The two ways of reading a token's members agree: what the short one does not decline, the JSON
 * parser reads alike. The seed is fixed, so that a failure can be seen again. */
#include "contract/token_members.h"

#include "support/buf.h"
#include "tests/unit.h"

enum { ROUNDS = 20000, TEXT_BYTES_MAX = 1024 };

static struct span span_of(const char *text)
{
    return (struct span){ text, strlen(text) };
}

static bool is_same(const struct member *a, const struct member *b)
{
    return a->kind == b->kind && a->number == b->number && a->text.length == b->text.length &&
           (a->text.length == 0 || memcmp(a->text.at, b->text.at, a->text.length) == 0);
}

/* As token_parts.c does. NULL: not an object. */
static json_t *parsed(const struct span *text)
{
    json_t *tree = memchr(text->at, '\0', text->length) != NULL
                       ? NULL
                       : json_loadb(text->at, text->length,
                                    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL |
                                        JSON_DECODE_INT_AS_REAL,
                                    NULL);

    if (json_is_object(tree))
        return tree;
    json_decref(tree);
    return NULL;
}

/* Declined, or read as the parser reads it. */
static bool claims_agree(const struct span *text)
{
    struct token_claims plain, full;
    json_t *tree;
    bool is_right;

    if (!claims_read_plain(&plain, text))
        return true;
    tree = parsed(text);
    if (tree == NULL)
        return false;
    claims_read_tree(&full, tree);
    is_right = is_same(&plain.iss, &full.iss) && is_same(&plain.iat, &full.iat) &&
               is_same(&plain.exp, &full.exp) && is_same(&plain.nbf, &full.nbf);
    json_decref(tree);
    return is_right;
}

TEST(plain_claims_are_read_without_a_tree)
{
    static const char *const texts[] = {
        "{\"iss\":\"74f80a77-9b3f-44ac-b3ad-ab68cfb548fa\",\"iat\":1713225600}",
        "{\"iat\":1713225600,\"iss\":\"74f80a77-9b3f-44ac-b3ad-ab68cfb548fa\"}",
        "{\"iss\":\"a\",\"iat\":1713225600,\"exp\":1713225900}",
        "{\"iat\":0}",
        "{\"iat\":999999999999999}",
        "{\"iss\":\"\"}",
    };
    struct token_claims claims;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct span text = span_of(texts[i]);

        assert_true(claims_read_plain(&claims, &text));
        assert_true(claims_agree(&text));
    }
}

TEST(whatever_else_stands_there_is_left_to_the_parser)
{
    static const char *const texts[] = {
        "",
        "{",
        "{}",
        "{ \"iat\":1}",
        "{\"iat\": 1}",
        "{\"iat\":1} ",
        "{\"iat\":1}}",
        "{\"iat\":1,}",
        "{\"iat\":01}",
        "{\"iat\":-1}",
        "{\"iat\":1.0}",
        "{\"iat\":1e9}",
        "{\"iat\":}",
        "{\"iat\":1713225600000000}",
        "{\"iat\":\"1713225600\"}",
        "{\"iat\":1,\"iat\":2}",
        "{\"iss\":\"a\",\"iss\":\"\"iat\":1}",
        "{\"iss\":\"a\\u0041\"}",
        "{\"iss\":\"caf\xC3\xA9\"}",
        "{\"iss\":\"\x7F\"}",
        "{\"iss\":\"a\tb\"}",
        "{\"iss\":\"a}",
        "{\"iss\":1}",
        "{\"nbf\":1}",
        "{\"sub\":\"a\",\"iat\":1}",
        "[\"iat\",1]",
    };
    struct token_claims claims;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct span text = span_of(texts[i]);

        assert_false(claims_read_plain(&claims, &text));
    }
}

/* xorshift64 (Marsaglia 2003). */
static size_t below(uint64_t *random, size_t limit)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (size_t)(*random % limit);
}

/* Pieces strung together, so that a good part of the texts is nearly right. */
TEST(both_ways_agree_on_texts_of_likely_pieces)
{
    static const char *const pieces[] = {
        "{",
        "}",
        "\"iss\":",
        "\"iat\":",
        "\"exp\":",
        "\"nbf\":",
        ",",
        "\"",
        "a",
        "\"a-b\"",
        "0",
        "1713225600",
        "12",
        "-",
        "\"iss\"",
        "\\",
        ":",
        " ",
        "\"\"",
        "1.5",
        "\"iat\":7",
        "{\"iss\":\"x\"",
        "null",
        "\\u0041",
        "9999999999999999",
    };
    uint64_t random = 88172645463325252U;
    size_t wrong = 0, read = 0;
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = 1 + below(&random, 7);
        struct span span;
        struct token_claims claims;

        buf_clear(&text);
        buf_putc(&text, '{');
        for (size_t i = 0; i < count; i++)
            buf_puts(&text, pieces[below(&random, sizeof pieces / sizeof pieces[0])]);
        buf_puts(&text, below(&random, 4) == 0 ? "" : "}");
        span = span_of(buf_text(&text));
        read += claims_read_plain(&claims, &span);
        wrong += !claims_agree(&span);
    }
    assert_true(buf_ok(&text));
    buf_fini(&text);
    assert_int_equal(wrong, 0);
    assert_true(read > 0);
}

TEST(both_ways_agree_on_a_plain_text_changed_by_a_byte)
{
    static const char right[] = "{\"iss\":\"74f80a77-9b3f\",\"iat\":1713225600,\"exp\":1713225900}";
    size_t wrong = 0;

    for (size_t at = 0; at < sizeof right - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof right];
            struct span span = { text, sizeof right - 1 };

            memcpy(text, right, sizeof right);
            text[at] = (char)byte;
            wrong += !claims_agree(&span);
        }
    }
    assert_int_equal(wrong, 0);
}

TEST(only_the_two_usual_headers_are_plain)
{
    static const char *const plain[] = { "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                                         "{\"typ\":\"JWT\",\"alg\":\"HS256\"}" };
    static const char *const others[] = { "{\"alg\":\"HS256\"}",
                                          "{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
                                          "{\"alg\":\"hs256\",\"typ\":\"JWT\"}",
                                          "{\"alg\":\"HS256\",\"typ\":\"JWT\"} ",
                                          "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
                                          "" };

    for (size_t i = 0; i < 2; i++) {
        struct token_header read, full;
        struct span text = span_of(plain[i]);
        json_t *tree = parsed(&text);

        assert_true(header_read_plain(&read, &text));
        assert_non_null(tree);
        header_read_tree(&full, tree);
        assert_true(is_same(&read.alg, &full.alg));
        assert_true(is_same(&read.typ, &full.typ));
        assert_true(is_same(&read.crit, &full.crit));
        json_decref(tree);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct token_header read;
        struct span text = span_of(others[i]);

        assert_false(header_read_plain(&read, &text));
    }
}

TEST(a_text_with_a_nul_in_it_is_another_text)
{
    struct span text = span_of("{\"alg\":\"HS256\\u0000x\"}");
    json_t *tree = parsed(&text);
    struct token_header header;

    assert_non_null(tree);
    header_read_tree(&header, tree);
    assert_false(member_is(&header.alg, "HS256"));
    json_decref(tree);
}
