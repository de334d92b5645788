#include "http/route.h"

#include "control/control_health.h"
#include "operation/channel_create.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants those before it. */
#include <cmocka.h>

#define UUID "ada0ada0-1815-4000-8000-00000000ada0"

static void finds_the_one_endpoint(void **state)
{
    struct route_match match;

    (void)state;
    assert_int_equal(route_find(&match, "POST", "/v2/contact/" UUID "/channel"), ROUTE_FOUND);
    assert_ptr_equal(match.operation, &op_channel_create);
    assert_string_equal(match.parameter, UUID);
    assert_int_equal(match.parameter_length, strlen(UUID));
}

static void decodes_a_segment_before_it_is_compared(void **state)
{
    struct route_match match;

    (void)state;
    assert_int_equal(route_find(&match, "POST", "/v2/contact/%7Ba%20b%7d/%63hannel"), ROUTE_FOUND);
    assert_string_equal(match.parameter, "{a b}");
}

static void takes_any_one_segment_as_the_id(void **state)
{
    struct route_match match;

    (void)state;
    assert_int_equal(route_find(&match, "POST", "/v2/contact//channel"), ROUTE_FOUND);
    assert_int_equal(match.parameter_length, 0);
    assert_int_equal(route_find(&match, "POST", "/v2/contact/a/b/channel"), ROUTE_NO_PATH);
}

static void cuts_an_id_that_is_endless(void **state)
{
    char path[4096] = "/v2/contact/";
    struct route_match match;

    (void)state;
    memset(path + 12, 'a', 3000);
    memcpy(path + 3012, "/channel", sizeof "/channel");
    assert_int_equal(route_find(&match, "POST", path), ROUTE_FOUND);
    assert_int_equal(match.parameter_length, ROUTE_PARAMETER_BYTES - 1);
}

static void tells_a_method_from_a_path(void **state)
{
    struct route_match match;

    (void)state;
    assert_int_equal(route_find(&match, "GET", "/v2/contact/" UUID "/channel"), ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "POST");
    assert_int_equal(route_find(&match, "post", "/v2/contact/" UUID "/channel"), ROUTE_NO_METHOD);
    assert_int_equal(route_find(&match, "GET", "/v2/contact"), ROUTE_NO_PATH);
    assert_null(match.operation);
    assert_int_equal(route_find(&match, "POST", "/_mock/health"), ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "GET, HEAD");
    assert_true(match.operation->is_control);
    assert_int_equal(route_find(&match, "GET", "/_mock/health"), ROUTE_FOUND);
    assert_ptr_equal(match.operation, &op_health);
}

static void normalises_nothing(void **state)
{
    static const char *const paths[] = {
        "",
        "/",
        "//v2/contact/" UUID "/channel",
        "/v2/contact/" UUID "/channel/",
        "/v2/./contact/" UUID "/channel",
        "/v2/../v2/contact/" UUID "/channel",
        "/V2/contact/" UUID "/channel",
        "v2/contact/" UUID "/channel",
        "/v2/contact/" UUID "/channe",
        "/v2/contact/" UUID "/channelx",
    };
    struct route_match match;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(route_find(&match, "POST", paths[i]), ROUTE_NO_PATH);
}

static void refuses_paths_that_two_readers_read_differently(void **state)
{
    static const char *const paths[] = { "/v2/contact/%",    "/v2/contact/%4", "/v2/contact/%zz",
                                         "/v2/contact/%00",  "/v2/a%2Fb",      "/v2/a%2fb",
                                         "/v2/contact#frag", "/v2\\contact",   "/%" };
    struct route_match match;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(route_find(&match, "POST", paths[i]), ROUTE_BAD_PATH);
}

static void names_the_nearest_path(void **state)
{
    static const struct {
        const char *path, *difference;
    } rows[] = {
        { "/v1/v2/contact/" UUID "/channel",
          "the base URL ends in /v1, and the path itself begins with /v2" },
        { "/v2/v2/contact/" UUID "/channel",
          "the base URL ends in /v2, and the path itself begins with /v2" },
        { "//v2/contact/" UUID "/channel",
          "the base URL ends in a slash, so that the path begins with two" },
        { "/api/v2/contact/" UUID "/channel", "the base URL has a path of its own" },
        { "/v2/contact/" UUID "/channel/", "it has one slash too many at the end" },
        { "/v2/contact/" UUID "/channels", "the last word is channel, not channels" },
        { "/v2/contacts/" UUID "/channel", "the first word is contact, not contacts" },
        { "/contact/" UUID "/channel", "/v2 is missing at the beginning" },
        { "/v1/contact/" UUID "/channel",
          "it is version 1 of the API, but channels are created with version 2" },
        { "/v2/contact/" UUID, "/channel is missing at the end" },
        { "/v2/contact/channel", "the contact's id is missing between contact and channel" },
        { "/v2/contact/" UUID "/channel/phone",
          "it is another endpoint of the API, which the mock does not have" },
        { "/V2/Contact/" UUID "/Channel", "letter case matters in a path" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *difference = route_nearest(rows[i].path);

        assert_non_null(difference);
        assert_string_equal(difference, rows[i].difference);
    }
    assert_null(route_nearest("/v1/inboxes"));
    assert_null(route_nearest("/%zz"));
}

/* A path may carry a secret or a token where the contact should be. */
static void shows_of_a_path_only_words_and_uuids(void **state)
{
    static const struct {
        const char *path, *shown;
    } rows[] = {
        { "/v2/contact/" UUID "/channel", "/v2/contact/" UUID "/channel" },
        { "/v2/contact/cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK/channel",
          "/v2/contact/<32 characters>/channel" },
        { "/v2/contact/90001/channel", "/v2/contact/90001/channel" },
        { "/a\x1b[2Jb\xff", "/a\\x1B[2Jb\\xFF" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        char shown[128];

        buf_init(&out, sizeof shown - 1);
        request_show_path(&out, rows[i].path, NULL, NULL);
        snprintf(shown, sizeof shown, "%s", buf_text(&out));
        buf_fini(&out);
        assert_string_equal(shown, rows[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_one_endpoint),
        cmocka_unit_test(decodes_a_segment_before_it_is_compared),
        cmocka_unit_test(takes_any_one_segment_as_the_id),
        cmocka_unit_test(cuts_an_id_that_is_endless),
        cmocka_unit_test(tells_a_method_from_a_path),
        cmocka_unit_test(normalises_nothing),
        cmocka_unit_test(refuses_paths_that_two_readers_read_differently),
        cmocka_unit_test(names_the_nearest_path),
        cmocka_unit_test(shows_of_a_path_only_words_and_uuids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
