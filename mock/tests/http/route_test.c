#include "http/route.h"

#include "control/control_health.h"
#include "http/near_miss.h"
#include "operation/steps.h"
#include "tests/unit.h"
#define UUID "ada0ada0-1815-4000-8000-00000000ada0"

TEST(finds_the_one_endpoint)
{
    struct route_match match;

    assert_int_equal(route_find(&match, "POST", "/v2/contact/" UUID "/channel"), ROUTE_FOUND);
    assert_ptr_equal(match.operation, &op_channel_create);
    assert_string_equal(match.parameters[0].at, UUID);
    assert_int_equal(match.parameters[0].length, strlen(UUID));
}

TEST(decodes_a_segment_before_it_is_compared)
{
    struct route_match match;

    assert_int_equal(route_find(&match, "POST", "/v2/contact/%7Ba%20b%7d/%63hannel"), ROUTE_FOUND);
    assert_string_equal(match.parameters[0].at, "{a b}");
}

TEST(takes_any_one_segment_as_the_id)
{
    struct route_match match;

    assert_int_equal(route_find(&match, "POST", "/v2/contact//channel"), ROUTE_FOUND);
    assert_int_equal(match.parameters[0].length, 0);
    assert_int_equal(route_find(&match, "POST", "/v2/contact/a/b/channel"), ROUTE_NO_PATH);
}

TEST(keeps_parameters_as_long_as_a_head)
{
    static char path[ROUTE_PARAMETER_BYTES * 3] = "/v2/contact/" UUID "/channel/";
    const size_t begin = strlen(path);
    struct route_match match;

    memset(path + begin, 'a', ROUTE_PARAMETER_BYTES - 100);
    assert_int_equal(route_find(&match, "GET", path), ROUTE_FOUND);
    assert_int_equal(match.parameters[1].length, ROUTE_PARAMETER_BYTES - 100);
    assert_string_equal(match.parameters[0].at, UUID);
    memset(path + begin, 'a', sizeof path - begin - 1);
    assert_int_equal(route_find(&match, "GET", path), ROUTE_FOUND);
    assert_true(match.parameters[1].length < ROUTE_PARAMETER_BYTES);
    assert_int_equal(strlen(match.parameters[1].at), match.parameters[1].length);
}

/* Each operation has its name and its path, and each path says what it allows. */
TEST(finds_every_operation)
{
    static const struct {
        const char *method, *path, *name, *allow;
    } rows[] = {
        { "POST", "/v2/contact/" UUID "/channel", "channel_create", "POST, PUT" },
        { "PUT", "/v2/contact/" UUID "/channel", "channel_update", "POST, PUT" },
        { "GET", "/v2/contact/" UUID "/channel/email", "channel_get", "GET, HEAD, DELETE" },
        { "HEAD", "/v2/contact/" UUID "/channel/email", "channel_get", "GET, HEAD, DELETE" },
        { "DELETE", "/v2/contact/" UUID "/channel/email", "channel_delete", "GET, HEAD, DELETE" },
        { "GET", "/v2/contact/" UUID "/channels", "channel_list", "GET, HEAD" },
        { "HEAD", "/v2/contact/" UUID "/channels", "channel_list", "GET, HEAD" },
        { "GET", "/v1/inboxes", "inbox_list", "GET, HEAD" },
        { "HEAD", "/v1/inboxes", "inbox_list", "GET, HEAD" },
    };
    struct route_match match;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(route_find(&match, rows[i].method, rows[i].path), ROUTE_FOUND);
        assert_string_equal(match.name, rows[i].name);
        assert_false(match.operation->is_control);
        assert_int_equal(route_find(&match, "BREW", rows[i].path), ROUTE_NO_METHOD);
        assert_null(match.name);
        assert_string_equal(match.allow, rows[i].allow);
    }
}

TEST(tells_a_method_from_a_path)
{
    struct route_match match;

    assert_int_equal(route_find(&match, "post", "/v2/contact/" UUID "/channel"), ROUTE_NO_METHOD);
    assert_int_equal(route_find(&match, "GET", "/v2/contact"), ROUTE_NO_PATH);
    assert_null(match.operation);
    assert_int_equal(route_find(&match, "POST", "/_mock/health"), ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "GET, HEAD");
    assert_true(match.operation->is_control);
    assert_int_equal(route_find(&match, "GET", "/_mock/health"), ROUTE_FOUND);
    assert_ptr_equal(match.operation, &op_health);
    assert_null(match.name);
}

/* [G5] The type is decoded; it may have a slash, and it is not empty. */
TEST(takes_a_type_from_the_path)
{
    static const struct {
        const char *segment, *type;
    } rows[] = {
        { "email", "email" }, { "%65mail", "email" }, { "Email", "Email" },
        { "a%2Fb", "a/b" },   { "%2f", "/" },         { "a%20b%C3%A9", "a b\xC3\xA9" },
        { "..", ".." },       { "a+b", "a+b" },       { "%25", "%" },
    };
    struct route_match match;
    char path[128];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, "/v2/contact/" UUID "/channel/%s", rows[i].segment);
        assert_int_equal(route_find(&match, "GET", path), ROUTE_FOUND);
        assert_string_equal(match.parameters[0].at, UUID);
        assert_string_equal(match.parameters[1].at, rows[i].type);
        assert_int_equal(match.parameters[1].length, strlen(rows[i].type));
    }
    assert_int_equal(route_find(&match, "GET", "/v2/contact/" UUID "/channel/"), ROUTE_NO_PATH);
    assert_int_equal(route_find(&match, "GET", "/v2/contact/" UUID "/channel/a/b"), ROUTE_NO_PATH);
    assert_int_equal(route_find(&match, "GET", "/v2/contact/a%2Fb/channel/a"), ROUTE_BAD_PATH);
    assert_int_equal(route_find(&match, "GET", "/v2/contact/" UUID "/channel/%00"), ROUTE_BAD_PATH);
    assert_int_equal(route_find(&match, "GET", "/v2/contact/" UUID "/channel/%"), ROUTE_BAD_PATH);
    assert_int_equal(route_find(&match, "GET", "/v2/contact/" UUID "/channel%2Femail"),
                     ROUTE_BAD_PATH);
}

TEST(normalises_nothing)
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

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(route_find(&match, "POST", paths[i]), ROUTE_NO_PATH);
}

TEST(refuses_paths_that_two_readers_read_differently)
{
    static const char *const paths[] = { "/v2/contact/%",    "/v2/contact/%4", "/v2/contact/%zz",
                                         "/v2/contact/%00",  "/v2/a%2Fb",      "/v2/a%2fb",
                                         "/v2/contact#frag", "/v2\\contact",   "/%" };
    struct route_match match;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(route_find(&match, "POST", paths[i]), ROUTE_BAD_PATH);
}

TEST(names_the_nearest_path)
{
    static const struct {
        const char *method, *path, *difference;
    } rows[] = {
        { "POST", "/v1/v2/contact/" UUID "/channel",
          "the base URL ends in /v1, and the path itself begins with its version" },
        { "POST", "/v2/v2/contact/" UUID "/channel",
          "the base URL ends in /v2, and the path itself begins with its version" },
        { "GET", "/v1/v1/inboxes",
          "the base URL ends in /v1, and the path itself begins with its version" },
        { "GET", "/v1/v2/contact/" UUID "/channel/email",
          "the base URL ends in /v1, and the path itself begins with its version" },
        { "POST", "//v2/contact/" UUID "/channel",
          "the base URL ends in a slash, so that the path begins with two" },
        { "POST", "/api/v2/contact/" UUID "/channel", "the base URL has a path of its own" },
        { "POST", "/v2/contact/" UUID "/channel/", "it has one slash too many at the end" },
        { "GET", "/v2/contact/" UUID "/channel/email/", "it has one slash too many at the end" },
        { "GET", "/v1/inboxes/", "it has one slash too many at the end" },
        { "GET", "/v2/contact/" UUID "/channel/",
          "the channel's type is missing at the end, as in /channel/email" },
        { "DELETE", "/v2/contact/" UUID "/channel/",
          "the channel's type is missing at the end, as in /channel/email" },
        { "GET", "/v2/contact/" UUID "/channels/email",
          "the word before the type is channel, not channels" },
        { "POST", "/v2/contact/" UUID "/channels", "the last word is channel, not channels" },
        { "POST", "/v2/contacts/" UUID "/channel", "the first word is contact, not contacts" },
        { "GET", "/v2/contacts/" UUID "/channels", "the first word is contact, not contacts" },
        { "POST", "/contact/" UUID "/channel", "/v2 is missing at the beginning" },
        { "POST", "/v1/contact/" UUID "/channel",
          "it is version 1 of the API, but channels belong to version 2" },
        { "POST", "/v2/contact/" UUID, "/channel is missing at the end" },
        { "POST", "/v2/contact/channel",
          "the contact's id is missing between contact and channel" },
        { "GET", "/inboxes", "/v1 is missing at the beginning" },
        { "GET", "/v2/inboxes", "inboxes belong to version 1 of the API: /v1/inboxes" },
        { "POST", "/V2/Contact/" UUID "/Channel", "letter case matters in a path" },
        { "GET", "/v1/Inboxes", "letter case matters in a path" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *difference = near_path(rows[i].method, rows[i].path);

        assert_non_null(difference);
        assert_string_equal(difference, rows[i].difference);
    }
    assert_null(near_path("GET", "/v1/tags"));
    assert_null(near_path("GET", "/%zz"));
}

TEST(says_what_a_method_was_meant_for)
{
    static const struct {
        const char *method, *path, *says;
    } rows[] = {
        { "GET", "/channel", "to read one channel, its type comes after /channel/" },
        { "HEAD", "/channel", "to read one channel, its type comes after /channel/" },
        { "DELETE", "/channel", "the channel's type is missing at the end" },
        { "PATCH", "/channel", "a channel is changed with PUT" },
        { "POST", "/channel/email", "the type belongs in the body" },
        { "PUT", "/channel/email", "the type belongs in the body" },
        { "POST", "/channels", "the last word is channel, not channels" },
        { "DELETE", "/channels", "channels are deleted one by one" },
    };
    char path[128];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(path, sizeof path, "/v2/contact/" UUID "%s", rows[i].path);
        assert_non_null(near_method(rows[i].method, path));
        assert_non_null(strstr(near_method(rows[i].method, path), rows[i].says));
    }
    assert_null(near_method("OPTIONS", "/v2/contact/" UUID "/channel"));
    assert_null(near_method("T", "/v2/contact/" UUID "/channel"));
    assert_null(near_method("", "/v2/contact/" UUID "/channel"));
}

/* A path may carry a secret or a token where the contact should be. */
TEST(shows_of_a_path_only_words_and_uuids)
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

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        char shown[128];

        buf_init(&out, sizeof shown - 1);
        request_show_path(&out, private_text(rows[i].path), private_text(NULL), NULL);
        snprintf(shown, sizeof shown, "%s", buf_text(&out));
        buf_fini(&out);
        assert_string_equal(shown, rows[i].shown);
    }
}
