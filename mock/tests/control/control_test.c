/* The control plane: what it answers. */
#include "tests/stage.h"
#include "tests/unit.h"

STAGE_TEST(health_says_all_to_loopback_clients)
{
    static char v4[] = "http://127.0.0.1:1", v6[] = "http://[::1]:2";
    static char *urls[] = { v4, v6, NULL };
    struct stage *stage = *state;
    json_t *health;

    atomic_store(&stage->mock.urls, urls);
    assert_int_equal(stage_call(stage, "GET", "/_mock/health", NULL), 200);
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

STAGE_TEST(policy_shows_the_values_in_force)
{
    struct stage *stage = *state;

    policy_be_strict(&stage->mock.main.slot.present->policy);
    assert_int_equal(stage_call(stage, "GET", "/_mock/policy", NULL), 200);
    assert_non_null(strstr(stage_body(stage), "{\"v\":1,\"policy\":{\"media-type\":\"reject\""));
    assert_non_null(strstr(stage_body(stage), "\"typ\":\"reject\""));
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
