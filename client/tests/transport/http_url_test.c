/* Base URLs: what may stand before /v2/contact/... */
#include "tests/unit.h"
#include "transport/http_url.h"

struct read_url {
    enum hm_code code;
    char url[128];
    bool is_loopback, is_plaintext;
    struct hm_error err;
};

static struct read_url read_url(const char *text)
{
    struct read_url out = { .code = HM_OK };
    char *url = NULL;

    out.code = http_base_url(&url, &out.is_loopback, &out.is_plaintext, text, &out.err);
    if (url != NULL)
        strncpy(out.url, url, sizeof out.url - 1);
    free(url);
    return out;
}

TEST(drops_trailing_slashes_and_keeps_the_rest)
{
    assert_string_equal(read_url("https://api.heymarket.com").url, "https://api.heymarket.com");
    assert_string_equal(read_url("https://api.heymarket.com/").url, "https://api.heymarket.com");
    assert_string_equal(read_url("https://a.example/x/y//").url, "https://a.example/x/y");
    assert_string_equal(read_url("HTTPS://a.example:8443/v12").url, "HTTPS://a.example:8443/v12");
    assert_string_equal(read_url("http://[::1]:8580/").url, "http://[::1]:8580");
}

TEST(knows_loopback_and_plaintext)
{
    static const struct {
        const char *url;
        bool is_loopback, is_plaintext;
    } rows[] = {
        { "http://127.0.0.1:1", true, true },
        { "http://127.255.0.9", true, true },
        { "http://localhost:80", true, true },
        { "http://LocalHost", true, true },
        { "https://[::1]", true, false },
        { "https://[0:0:0:0:0:0:0:1]", true, false },
        { "http://api.heymarket.com", false, true },
        { "http://127.0.0.1.example.com", false, true },
        { "http://localhost.example.com", false, true },
        { "http://127.1", false, true },
        { "http://2130706433", false, true },
        { "http://0.0.0.0", false, true },
        { "http://[::2]", false, true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct read_url url = read_url(rows[i].url);

        assert_int_equal(url.code, HM_OK);
        assert_int_equal(url.is_loopback, rows[i].is_loopback);
        assert_int_equal(url.is_plaintext, rows[i].is_plaintext);
    }
}

TEST(refuses_what_is_no_base_url)
{
    static const struct {
        const char *url;
        const char *says;
    } rows[] = {
        { "https://api.heymarket.com/v1", "ends in /v1" },
        { "https://api.heymarket.com/v2/", "ends in /v2" },
        { "https://api.heymarket.com/x/V1", "ends in /V1" },
        { "https://user:secret@api.heymarket.com", "must not contain a user name or password" },
        { "https://api.heymarket.com?x=1", "a query or a fragment" },
        { "https://api.heymarket.com/#x", "a query or a fragment" },
        { "api.heymarket.com", "has no scheme" },
        { "", "has no scheme" },
        { "4secret8secret2secret6", "base URL <22 characters> has no scheme" },
        { "ftp://api.heymarket.com", "must begin with http" },
        { "file:///etc/passwd", "must begin with http" },
        { "https://", "no valid host" },
        { "https:///v3", "no valid host" },
        { "https://:8080", "no valid host" },
        { "https://a b", "no valid host" },
        { "https://a\\b", "no valid host" },
        { "https://a%2eb", "no valid host" },
        { "https://[::1", "no valid host" },
        { "https://[::1]x", "no valid host" },
        { "https://[]", "no valid host" },
        { "https://a:0", "no valid port" },
        { "https://a:65536", "no valid port" },
        { "https://a:+1", "no valid port" },
        { "https://a:", "no valid port" },
        { "https://a:80:80", "no valid port" },
        { "https://a/b c", "an invalid character in its path" },
        { "https://a/b\r\nX: y", "an invalid character in its path" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct read_url url = read_url(rows[i].url);

        assert_int_equal(url.code, HM_BAD_ARGUMENT);
        assert_non_null(strstr(url.err.text, rows[i].says));
        assert_null(strstr(url.err.text, "secret"));
        assert_string_equal(url.url, "");
    }
}
