/* The control plane: what it answers, and to which clients. */
#include "tests/stage.h"
#include "tests/unit.h"

STAGE_TEST(health_says_all_to_loopback_clients)
{
    static char v4[] = "http://127.0.0.1:1", v6[] = "http://[::1]:2";
    static char *urls[] = { v4, v6, NULL };
    struct stage *stage = *state;
    json_t *health;

    atomic_store(&stage->mock.urls, urls);
    stage_control(stage, "GET", "/_mock/health", NULL);
    assert_int_equal(stage_run(stage), 200);
    health = json_loads(stage_body(stage), 0, NULL);
    assert_non_null(health);
    assert_int_equal(json_integer_value(json_object_get(health, "v")), 1);
    assert_string_equal(json_string_value(json_object_get(health, "status")), "ok");
    assert_string_equal(json_string_value(json_object_get(health, "clock")), "frozen");
    assert_string_equal(json_string_value(json_object_get(health, "version")), hm_version());
    assert_int_equal(json_integer_value(json_object_get(health, "now")), STAGE_NOW);
    assert_true(json_is_integer(json_object_get(health, "uptime_s")));
    assert_int_equal(json_array_size(json_object_get(health, "listeners")), 2);
    assert_int_equal(json_object_size(json_object_get(health, "counts")), 5);
    json_decref(health);
}

STAGE_TEST(health_only_says_to_others_that_it_is_up)
{
    static const char alone[] = "{\"v\":1,\"status\":\"ok\"}";
    struct stage *stage = *state;

    stage_control(stage, "GET", "/_mock/health", NULL);
    stage->x->request.peer = "10.0.0.1";
    assert_int_equal(stage_run(stage), 200);
    assert_string_equal(stage_body(stage), alone);
    stage_control(stage, "GET", "/_mock/health", NULL);
    stage->x->request.host = private_text("rebound.example:8580");
    assert_int_equal(stage_run(stage), 200);
    assert_string_equal(stage_body(stage), alone);
    stage->mock.control.is_on = false;
    stage_control(stage, "GET", "/_mock/health", NULL);
    assert_int_equal(stage_run(stage), 200);
    assert_string_equal(stage_body(stage), alone);
}

STAGE_TEST(policy_shows_the_values_in_force)
{
    struct stage *stage = *state;

    policy_be_strict(&stage->mock.main.slot.present->policy);
    stage_control(stage, "GET", "/_mock/policy", NULL);
    assert_int_equal(stage_run(stage), 200);
    assert_non_null(strstr(stage_body(stage), "{\"v\":1,\"policy\":{\"media-type\":\"reject\""));
    assert_non_null(strstr(stage_body(stage), "\"typ\":\"reject\""));
}

STAGE_TEST(hosts_of_this_machine_are_served)
{
    static const char *const hosts[] = { "127.0.0.1",      "127.0.0.1:8580", "localhost",
                                         "LocalHost:8580", "[::1]",          "[::1]:8580",
                                         "10.1.2.3:80" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        stage_control(stage, "GET", "/_mock/policy", NULL);
        stage->x->request.host = private_text(hosts[i]);
        assert_int_equal(stage_run(stage), 200);
    }
}

STAGE_TEST(other_hosts_are_refused)
{
    static const char *const hosts[] = { NULL,
                                         "",
                                         "example.com",
                                         "localhost.evil.example",
                                         "127.0.0.1.evil.example",
                                         "[::1",
                                         "[localhost]",
                                         ":80",
                                         "127.0.0.1@evil.example" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        stage_control(stage, "GET", "/_mock/policy", NULL);
        stage->x->request.host = private_text(hosts[i]);
        assert_int_equal(stage_run(stage), 403);
    }
}

STAGE_TEST(pages_of_other_origins_are_refused)
{
    struct stage *stage = *state;
    static const char *const paths[] = { "/_mock/health", "/_mock/policy",
                                         "/_mock/page/style.css" };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        stage_control(stage, "GET", paths[i], NULL);
        stage->x->request.sec_fetch_site = private_text("cross-site");
        assert_int_equal(stage_run(stage), 403);
        stage_control(stage, "GET", paths[i], NULL);
        stage->x->request.sec_fetch_site = private_text("same-site");
        assert_int_equal(stage_run(stage), 403);
        stage_control(stage, "GET", paths[i], NULL);
        stage->x->request.sec_fetch_site = private_text("none");
        assert_int_equal(stage_run(stage), 200);
        stage_control(stage, "GET", paths[i], NULL);
        stage->x->request.sec_fetch_site = private_text("same-origin");
        assert_int_equal(stage_run(stage), 200);
    }
}

static int write_from(struct stage *stage, const char *host, const char *origin, bool is_tls)
{
    stage_control(stage, "PUT", "/_mock/policy", "{\"policy\":{}}");
    stage->x->request.host = private_text(host);
    stage->x->request.origin = private_text(origin);
    stage->x->request.is_tls = is_tls;
    return stage_run(stage);
}

STAGE_TEST(its_own_page_alone_may_write)
{
    static const struct {
        const char *host, *origin;
        int status;
    } rows[] = {
        { "127.0.0.1:8580", "http://127.0.0.1:8580", 200 },
        { "localhost:8580", "http://LOCALHOST:8580", 200 },
        { "[::1]:8580", "http://[::1]:8580", 200 },
        { "localhost", "http://localhost", 200 },
        { "127.0.0.1:8580", "http://127.0.0.1:8581", 403 },
        { "127.0.0.1:8580", "http://127.0.0.1", 403 },
        { "127.0.0.1:8580", "https://127.0.0.1:8580", 403 },
        { "127.0.0.1:8580", "http://localhost:8580", 403 },
        { "127.0.0.1:8580", "http://127.0.0.1:8580.evil.example", 403 },
        { "127.0.0.1:8580", "http://evil@127.0.0.1:8580", 403 },
        { "127.0.0.1:8580", "http://127.0.0.1:8580 http://evil.example", 403 },
        { "127.0.0.1:8580", "127.0.0.1:8580", 403 },
        { "127.0.0.1:8580", "http://", 403 },
        { "127.0.0.1:8580", "null", 403 },
        { "127.0.0.1:8580", "", 403 },
        { "127.0.0.1:8580", "file://", 403 },
        { "evil.example", "http://evil.example", 403 },
        { NULL, "http://127.0.0.1:8580", 403 },
        { "", "http://", 403 },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(write_from(stage, rows[i].host, rows[i].origin, false), rows[i].status);
    assert_int_equal(write_from(stage, "localhost:8443", "https://localhost:8443", true), 200);
    assert_int_equal(write_from(stage, "localhost:8443", "http://localhost:8443", true), 403);
    stage_control(stage, "PUT", "/_mock/policy", "{\"policy\":{}}");
    stage->x->request.origin = private_text("http://127.0.0.1:8580");
    stage->x->request.sec_fetch_site = private_text("cross-site");
    assert_int_equal(stage_run(stage), 403);
    stage_control(stage, "PUT", "/_mock/policy", "{\"policy\":{}}");
    stage->x->request.origin = private_text("http://127.0.0.1:8580");
    stage->x->request.content_type = private_text("text/plain");
    assert_int_equal(stage_run(stage), 415);
}

STAGE_TEST(the_page_is_strict_about_what_it_loads)
{
    static const char *const paths[] = { "/_mock/", "/_mock/page/style.css", "/_mock/page/icon.svg",
                                         "/favicon.ico" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_int_equal(stage_call(stage, "GET", paths[i], NULL), 200);
        assert_non_null(strstr(stage_head(stage),
                               "Content-Security-Policy: default-src 'none'; script-src 'self'; "));
        assert_null(strstr(stage_head(stage), "unsafe"));
        assert_non_null(strstr(stage_head(stage), "frame-ancestors 'none'; "));
        assert_non_null(strstr(stage_head(stage), "X-Content-Type-Options: nosniff\r\n"));
        assert_non_null(strstr(stage_head(stage), "Cache-Control: no-store\r\n"));
    }
    assert_int_equal(stage_call(stage, "GET", "/_mock/", NULL), 200);
    assert_non_null(strstr(stage_head(stage), "Content-Type: text/html; charset=utf-8\r\n"));
    assert_null(strstr(stage_body(stage), "<style"));
    assert_int_equal(stage_call(stage, "GET", "/_mock", NULL), 302);
    assert_non_null(strstr(stage_head(stage), "Location: /_mock/\r\n"));
    assert_int_equal(stage_call(stage, "GET", "/_mock/page/other.js", NULL), 404);
    assert_int_equal(stage_call(stage, "GET", "/_mock/page/../page.c", NULL), 404);
    assert_int_equal(atomic_load(&stage->counts.requests), 0);
}

/* A link on a page elsewhere may lead to the page, which has no data; a name that an attacker
 * points here may not. */
STAGE_TEST(a_link_may_lead_to_the_page)
{
    struct stage *stage = *state;

    stage_control(stage, "GET", "/_mock/", NULL);
    stage->x->request.sec_fetch_site = private_text("cross-site");
    assert_int_equal(stage_run(stage), 200);
    stage_control(stage, "GET", "/_mock/", NULL);
    stage->x->request.host = private_text("rebound.example:8580");
    assert_int_equal(stage_run(stage), 403);
    stage_control(stage, "GET", "/_mock/", NULL);
    stage->x->request.peer = "10.0.0.1";
    assert_int_equal(stage_run(stage), 403);
    assert_int_equal(stage_call(stage, "GET", "/", NULL), 404);
    assert_int_equal(atomic_load(&stage->counts.requests), 1);
}

STAGE_TEST(it_is_off_where_a_listener_is_not_loopback)
{
    struct stage *stage = *state;

    stage->mock.control.is_on = false;
    stage_control(stage, "GET", "/_mock/policy", NULL);
    assert_int_equal(stage_run(stage), 403);
    assert_non_null(strstr(stage_body(stage), "the control plane is off"));
}

STAGE_TEST(peers_elsewhere_are_served_when_asked_for)
{
    struct stage *stage = *state;

    stage_control(stage, "GET", "/_mock/policy", NULL);
    stage->x->request.peer = "172.17.0.2";
    assert_int_equal(stage_run(stage), 403);
    assert_true(stage_says(stage, "answers only loopback addresses"));
    stage->mock.control.is_for_all_peers = true;
    stage_control(stage, "GET", "/_mock/policy", NULL);
    stage->x->request.peer = "172.17.0.2";
    assert_int_equal(stage_run(stage), 200);
    stage_control(stage, "GET", "/_mock/policy", NULL);
    stage->x->request.peer = "172.17.0.2";
    stage->x->request.host = private_text("mock.example:8580");
    assert_int_equal(stage_run(stage), 403);
    assert_true(stage_says(stage, "--control-host"));
}

STAGE_TEST(hosts_that_were_named_are_served)
{
    static const char *const names[] = { "mock", "mock.internal.example" };
    static const struct {
        const char *host;
        int status;
    } rows[] = {
        { "mock", 200 },
        { "mock:8580", 200 },
        { "MOCK:80", 200 },
        { "Mock.Internal.Example:8580", 200 },
        { "localhost", 200 },
        { "mock2", 403 },
        { "internal.example", 403 },
        { "mock.internal.example.evil.example", 403 },
        { "[mock]", 403 },
        { "mock:", 200 },
        { "mock:80x", 403 },
    };
    struct stage *stage = *state;

    stage->mock.control.hosts = names;
    stage->mock.control.host_count = 2;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage_control(stage, "GET", "/_mock/policy", NULL);
        stage->x->request.host = private_text(rows[i].host);
        assert_int_equal(stage_run(stage), rows[i].status);
    }
}

/* What a page can send without asking first: a form's media types, or none. */
STAGE_TEST(a_write_must_say_that_it_is_json)
{
    static const struct {
        const char *method, *path;
    } writes[] = { { "PUT", "/_mock/clock" },   { "PUT", "/_mock/policy" },
                   { "PUT", "/_mock/faults" },  { "DELETE", "/_mock/faults" },
                   { "POST", "/_mock/reset" },  { "POST", "/_mock/doctor" },
                   { "POST", "/_mock/verify" }, { "DELETE", "/_mock/journal" } };
    static const char *const types[] = { NULL,
                                         "",
                                         "text/plain",
                                         "application/x-www-form-urlencoded",
                                         "multipart/form-data; boundary=x",
                                         "text/plain; application/json" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) {
            stage_control(stage, writes[i].method, writes[i].path, "{}");
            stage->x->request.content_type = private_text(types[j]);
            assert_int_equal(stage_run(stage), 415);
            assert_null(strstr(stage_head(stage), "Access-Control"));
        }
    }
}

STAGE_TEST(a_path_says_which_methods_it_has)
{
    struct stage *stage = *state;

    assert_int_equal(stage_call(stage, "POST", "/_mock/policy", "{}"), 405);
    assert_non_null(strstr(stage_head(stage), "Allow: GET, HEAD, PUT\r\n"));
    assert_null(strstr(stage_head(stage), "X-Mock-Finding"));
    assert_int_equal(stage_call(stage, "OPTIONS", "/_mock/reset", NULL), 405);
    assert_non_null(strstr(stage_head(stage), "Allow: POST\r\n"));
    assert_null(strstr(stage_head(stage), "Access-Control"));
}

/* Who may not use the control plane does not learn its methods either. */
STAGE_TEST(a_wrong_method_does_not_come_before_the_checks)
{
    static const char *const calls[][2] = { { "POST", "/_mock/policy" },
                                            { "OPTIONS", "/_mock/reset" },
                                            { "DELETE", "/_mock/health" },
                                            { "HEAD", "/_mock/verify" },
                                            { "BREW", "/_mock/journal" } };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        stage_control(stage, calls[i][0], calls[i][1], "{}");
        assert_int_equal(stage_run(stage), 405);
        stage_control(stage, calls[i][0], calls[i][1], "{}");
        stage->x->request.host = private_text("rebound.example:8580");
        assert_int_equal(stage_run(stage), 403);
        assert_null(strstr(stage_head(stage), "Allow:"));
        stage_control(stage, calls[i][0], calls[i][1], "{}");
        stage->x->request.peer = "10.0.0.1";
        assert_int_equal(stage_run(stage), 403);
        stage_control(stage, calls[i][0], calls[i][1], "{}");
        stage->x->request.origin = private_text("https://evil.example");
        assert_int_equal(stage_run(stage), 403);
        stage->mock.control.is_on = false;
        stage_control(stage, calls[i][0], calls[i][1], "{}");
        assert_int_equal(stage_run(stage), 403);
        stage->mock.control.is_on = true;
    }
}

STAGE_TEST(what_can_be_read_has_a_head)
{
    struct stage *stage = *state;

    assert_int_equal(stage_call(stage, "HEAD", "/_mock/health", NULL), 200);
    assert_string_equal(stage_body(stage), "");
    assert_int_equal(stage_call(stage, "HEAD", "/_mock/journal", NULL), 200);
    assert_int_equal(stage_call(stage, "HEAD", "/_mock/verify", NULL), 405);
    assert_int_equal(stage_call(stage, "HEAD", STAGE_PATH(STAGE_ADA), NULL), 405);
}

/* A test that mistypes it has not called the API. */
STAGE_TEST(an_unknown_path_says_which_there_are)
{
    struct stage *stage = *state;

    assert_int_equal(stage_call(stage, "GET", "/_mock/jurnal", NULL), 404);
    assert_true(stage_says(stage, "has no such path; it has health, "));
    assert_null(strstr(stage_head(stage), "X-Mock-Finding"));
    assert_int_equal(atomic_load(&stage->counts.requests), 0);
}

STAGE_TEST(the_error_for_a_large_body_does_not_mention_channels)
{
    struct stage *stage = *state;

    stage_control(stage, "PUT", "/_mock/faults", "[]");
    stage->x->request.content_length = CHANNEL_BODY_BYTES_MAX + 1;
    assert_int_equal(stage_run(stage), 413);
    assert_true(stage_says(stage, "more than 64 KiB"));
    assert_false(stage_says(stage, "channel_id"));
}

STAGE_TEST(a_mistake_is_quoted_without_a_key)
{
    static const char key[] = "FakeKeyOfTeamOneFakeKeyOfTeamOne";
    struct stage *stage = *state;

    assert_int_equal(
        stage_call(stage, "PUT", "/_mock/clock", "{\"FakeKeyOfTeamOneFakeKeyOfTeamOne\":1}"), 400);
    assert_true(stage_says(stage, "found an unknown member"));
    assert_false(stage_says(stage, key));
    stage_control(stage, "GET", "/_mock/journal", NULL);
    stage->x->request.query = private_text("contact=FakeKeyOfTeamOneFakeKeyOfTeamOne");
    assert_int_equal(stage_run(stage), 400);
    assert_false(stage_says(stage, key));
    assert_int_equal(
        stage_call(stage, "PUT", "/_mock/faults",
                   "[{\"channel_id\":\"FakeKeyOfTeamOneFakeKeyOfTeamOne\",\"status\":500}]"),
        200);
    assert_true(stage_says(stage, "\"status\":500"));
    assert_false(stage_says(stage, key));
}

/* A complaint quotes what was sent, and may be cut in the middle of a letter. */
STAGE_TEST(a_mistake_that_is_not_utf_8_is_quoted_as_json)
{
    enum { LETTERS = 250, LETTERS_BYTES = 2 * LETTERS };
    struct stage *stage = *state;
    char body[LETTERS_BYTES + sizeof "{\"policy\":{\"\":1}}"];

    stage_control(stage, "GET", "/_mock/journal", NULL);
    stage->x->request.query = private_text("a\xBD=%");
    assert_int_equal(stage_run(stage), 400);
    assert_true(stage_says(stage, "the value of a\\\\xBD has"));
    for (size_t shift = 0; shift < 2; shift++) {
        size_t length = (size_t)snprintf(body, sizeof body, "{\"policy\":{\"%s", shift ? "x" : "");
        json_t *answer;

        for (int i = 1; i < LETTERS; i++)
            length += (size_t)snprintf(body + length, sizeof body - length, "\xC3\xA4");
        snprintf(body + length, sizeof body - length, "\":1}}");
        assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", body), 400);
        answer = json_loads(stage_body(stage), 0, NULL);
        assert_non_null(answer);
        json_decref(answer);
    }
}

STAGE_TEST(terse_is_not_for_the_control_plane)
{
    struct stage *stage = *state;

    stage->mock.is_terse = true;
    assert_int_equal(stage_call(stage, "PUT", "/_mock/policy", "{\"policy\":{\"typ\":\"x\"}}"),
                     400);
    assert_true(stage_says(stage, "found x, expected warn or reject"));
    assert_int_equal(stage_call(stage, "GET", "/_mock/jurnal", NULL), 404);
    assert_true(stage_says(stage, "it has health"));
    stage_control(stage, "PUT", "/_mock/policy", "{}");
    stage->x->request.content_type = private_text(NULL);
    assert_int_equal(stage_run(stage), 415);
    assert_true(stage_says(stage, "send Content-Type"));
}

STAGE_TEST(a_contact_is_shown_as_it_stands)
{
    struct stage *stage = *state;
    json_t *contact;

    stage_request(stage, "POST", STAGE_PATH(STAGE_EMPTY),
                  "{\"channel_type\":\"email\",\"channel_id\":\"new@example.com\"}");
    assert_int_equal(stage_run(stage), 200);
    assert_int_equal(
        stage_call(stage, "GET", "/_mock/contacts/E0E0E0E0-0000-4000-8000-00000000E0E0", NULL),
        200);
    contact = json_loads(stage_body(stage), 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(contact, "v")), 1);
    assert_string_equal(json_string_value(json_object_get(contact, "uuid")), STAGE_EMPTY);
    assert_true(json_is_integer(json_object_get(contact, "contact_id")));
    assert_true(json_is_integer(json_object_get(contact, "team_id")));
    assert_int_equal(json_array_size(json_object_get(contact, "channels")), 1);
    json_decref(contact);
}

STAGE_TEST(a_contact_that_is_not_there_is_not_found)
{
    struct stage *stage = *state;

    assert_int_equal(stage_call(stage, "GET", "/_mock/contacts/" STAGE_BOB, NULL), 200);
    assert_int_equal(
        stage_call(stage, "GET", "/_mock/contacts/ffffffff-0000-4000-8000-00000000ffff", NULL),
        404);
    assert_int_equal(stage_call(stage, "GET", "/_mock/contacts/4711", NULL), 404);
    assert_int_equal(stage_call(stage, "GET", "/_mock/contacts/", NULL), 404);
    stage_control(stage, "GET", "/_mock/contacts/" STAGE_BOB, NULL);
    stage->x->request.peer = "10.0.0.1";
    assert_int_equal(stage_run(stage), 403);
}

static int ask_doctor(struct stage *stage, const char *body)
{
    return stage_call(stage, "POST", "/_mock/doctor", body);
}

STAGE_TEST(the_doctor_judges_as_a_request_would_be)
{
    struct stage *stage = *state;
    char body[1200];
    json_t *verdict;
    json_t *finding;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), NULL);
    snprintf(body, sizeof body, "{\"authorization\":\"%s\"}", stage->authorization);
    assert_int_equal(ask_doctor(stage, body), 200);
    verdict = json_loads(stage_body(stage), 0, NULL);
    assert_string_equal(json_string_value(json_object_get(verdict, "verdict")), "good");
    assert_int_equal(json_integer_value(json_object_get(verdict, "now")), STAGE_NOW);
    json_decref(verdict);

    assert_int_equal(ask_doctor(stage, "{\"authorization\":\"Bearer undefined\"}"), 200);
    verdict = json_loads(stage_body(stage), 0, NULL);
    finding = json_array_get(json_object_get(verdict, "findings"), 0);
    assert_string_equal(json_string_value(json_object_get(verdict, "verdict")), "refused");
    assert_string_equal(json_string_value(json_object_get(finding, "code")), "token-not-a-string");
    json_decref(verdict);

    assert_int_equal(ask_doctor(stage, "{\"authorization\":null}"), 200);
    assert_non_null(strstr(stage_body(stage), "authorization-missing"));
}

STAGE_TEST(the_doctor_says_what_to_send)
{
    struct stage *stage = *state;

    assert_int_equal(ask_doctor(stage, "{}"), 400);
    assert_int_equal(ask_doctor(stage, "{\"authorization\":5}"), 400);
    assert_int_equal(ask_doctor(stage, "{"), 400);
    stage_request(stage, "POST", "/_mock/doctor", "{\"authorization\":null}");
    stage->x->request.content_type = private_text("text/plain");
    assert_int_equal(stage_run(stage), 415);
    stage_request(stage, "POST", "/_mock/doctor", "{\"authorization\":null}");
    stage->x->request.origin = private_text("http://page.example");
    assert_int_equal(stage_run(stage), 403);
    stage_request(stage, "POST", "/_mock/doctor", "{\"authorization\":null}");
    stage->x->request.peer = "10.0.0.1";
    assert_int_equal(stage_run(stage), 403);
}
