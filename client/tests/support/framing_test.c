/* Framing, on heads cut up as civetweb 1.16 does; wire_test.c uses the real program. [T8] */
#include "support/framing.h"
#include "tests/unit.h"

enum { BUFFER = 4096 };

/* Cuts a head whose lines end in CR LF and that is well formed: NULs over the separators,
 * the line ends and the very last byte. */
static void cut(struct framing_head *head, char *text)
{
    char *at = strchr(text, ' ');
    char *end = strstr(text, "\r\n\r\n");

    *head = (struct framing_head){ .method = text, .uri = at + 1 };
    end[3] = '\0';
    *at = '\0';
    at = strchr(at + 1, ' ');
    *at = '\0';
    head->version = at + 1 + strlen("HTTP/");
    if (strchr(head->uri, '?') != NULL) {
        head->query = strchr(head->uri, '?') + 1;
        *strchr(head->uri, '?') = '\0';
    }
    at = strstr(at + 1, "\r\n");
    while (at < end) {
        char *colon = strchr(at + 2, ':');

        memset(at, 0, 2);
        *colon = '\0';
        framing_add_field(head, at + 2, colon + 1 + strspn(colon + 1, " \t"));
        at = strstr(colon + 1, "\r\n");
    }
    memset(at, 0, head->field_count == 0 ? 3 : 2);
}

static int check(const char *text, struct framing *framing)
{
    char *buffer = calloc(1, BUFFER); /* on the heap, so that reading past it is noticed */
    struct framing_head head;
    const char *reason;
    int status;

    snprintf(buffer, BUFFER, "%s", text);
    cut(&head, buffer);
    status = framing_check(framing, &head, &reason);
    free(buffer);
    return status;
}

static int check_host(const char *host)
{
    struct framing framing;
    char text[BUFFER];

    snprintf(text, sizeof text, "POST /x HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    return check(text, &framing);
}

#define LINE "POST /x HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

TEST(reads_how_the_body_is_framed)
{
    static const struct {
        const char *text;
        int64_t length;
        bool is_chunked;
    } rows[] = {
        { LINE HOST "\r\n", 0, false },
        { LINE HOST "Content-Length: 0\r\n\r\n", 0, false },
        { LINE HOST "content-length:007\r\n\r\n", 7, false },
        { LINE HOST "Content-Length: 999999999999999999\r\n\r\n", 999999999999999999, false },
        { LINE HOST "Transfer-Encoding: chunked\r\n\r\n", 0, true },
        { LINE "TRANSFER-ENCODING: Chunked\r\nHOST:\r\n\r\n", 0, true },
        { "GET /x?a=b HTTP/1.0\r\n\r\n", 0, false },
        { "GET /x HTTP/1.0\r\nA: b\r\n\r\n", 0, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct framing framing;

        assert_int_equal(check(rows[i].text, &framing), 0);
        assert_true(framing.content_length == rows[i].length);
        assert_int_equal(framing.is_chunked, rows[i].is_chunked);
    }
}

TEST(refuses_what_is_ambiguous)
{
    static const char *const rows[] = {
        LINE "\r\n",
        LINE HOST HOST "\r\n",
        LINE "Host: a b\r\n\r\n",
        LINE "Host: user@a\r\n\r\n",
        LINE HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        LINE HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        LINE HOST "Content-Length: 1,1\r\n\r\n",
        LINE HOST "Content-Length: -1\r\n\r\n",
        LINE HOST "Content-Length: 1 1\r\n\r\n",
        LINE HOST "Content-Length:\r\n\r\n",
        LINE HOST "Content-Length: 1000000000000000000\r\n\r\n",
        LINE HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        LINE HOST "Transfer-Encoding: chunked, chunked\r\n\r\n",
        LINE HOST "Transfer-Encoding: \r\n\r\n",
        LINE HOST "A B: c\r\n\r\n",
        "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct framing framing;

        assert_int_equal(check(rows[i], &framing), 400);
    }
}

TEST(takes_a_host_and_a_port)
{
    static const char *const good[] = {
        "",      "localhost", "localhost:8580", "127.0.0.1:65535", "a-b_c.example.",   "%41:",
        "[::1]", "[::1]:80",  "localhost  ",    "[fe80::1]:1 \t",  "xn--a!$&'()*+;=~",
    };
    static const char *const bad[] = {
        ":80",         "a:b",
        "a:-1",        "a:+1",
        "a:1a",        "a:80:80",
        "a:65536",     "a:99999999999999999999",
        "a b",         "a,b",
        "a/b",         "a?b",
        "a#b",         "u@a",
        "a\\b",        "<a>",
        "\"a\"",       "a|b",
        "%",           "%4",
        "%zz",         "\xE4",
        "::1",         "[::1",
        "[]",          "[::g]",
        "[::1]80",     "[::1]:x",
        "[::1]]",      "[::1%25lo]",
        "[127.0.0.1]", "a]",
        "[a",          "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]",
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(check_host(good[i]), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(check_host(bad[i]), 400);
}

TEST(trusts_only_a_request_line_that_is_whole)
{
    const struct framing_head good = { .method = "BREW", .uri = "/x", .version = "1.1" };
    struct framing_head head = good;

    assert_true(framing_is_unknown_method(&head));
    head.field_count = -1;
    assert_false(framing_is_unknown_method(&head));
    head = good;
    head.version = NULL;
    assert_false(framing_is_unknown_method(&head));
    head.version = "1.1 x\r\nHost: a";
    assert_false(framing_is_unknown_method(&head));
    head = good;
    head.uri = "x";
    assert_false(framing_is_unknown_method(&head));
    head = good;
    head.method = "POST";
    assert_false(framing_is_unknown_method(&head));
    head.method = "P(ST";
    assert_false(framing_is_unknown_method(&head));
    head.method = NULL;
    assert_false(framing_is_unknown_method(&head));
}
