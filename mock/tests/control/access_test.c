/* Who may use the control plane: peers, hosts, pages. */
#include "tests/stage.h"
#include "tests/unit.h"

/* What differs from a call of this machine; NULL: nothing. */
struct caller {
    const char *peer, *host, *origin, *site;
};

/* Calls with the body {}, which only a write has, and returns the status. */
static int call(struct stage *stage, const char *method, const char *path, struct caller caller)
{
    struct request *request;

    stage_control(stage, method, path, strcmp(method, "GET") == 0 ? NULL : "{}");
    request = &stage->x->request;
    if (caller.peer != NULL)
        request->peer = caller.peer;
    if (caller.host != NULL)
        request->host = private_text(caller.host);
    if (caller.origin != NULL)
        request->origin = private_text(caller.origin);
    if (caller.site != NULL)
        request->sec_fetch_site = private_text(caller.site);
    return stage_run(stage);
}

STAGE_TEST(health_only_says_to_others_that_it_is_up)
{
    static const char alone[] = "{\"v\":1,\"status\":\"ok\"}";
    struct stage *stage = *state;

    assert_int_equal(call(stage, "GET", "/_mock/health", (struct caller){ .peer = "10.0.0.1" }),
                     200);
    assert_string_equal(stage_body(stage), alone);
    assert_int_equal(
        call(stage, "GET", "/_mock/health", (struct caller){ .host = "rebound.example:8580" }),
        200);
    assert_string_equal(stage_body(stage), alone);
    stage->mock.control.is_on = false;
    assert_int_equal(stage_call(stage, "GET", "/_mock/health", NULL), 200);
    assert_string_equal(stage_body(stage), alone);
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
    static const char *const paths[] = { "/_mock/health", "/_mock/policy",
                                         "/_mock/page/style.css" };
    static const struct {
        const char *site;
        int status;
    } rows[] = {
        { "cross-site", 403 }, { "same-site", 403 }, { "none", 200 }, { "same-origin", 200 }
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        for (size_t j = 0; j < sizeof rows / sizeof rows[0]; j++)
            assert_int_equal(call(stage, "GET", paths[i], (struct caller){ .site = rows[j].site }),
                             rows[j].status);
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

/* A link on a page elsewhere may lead to the page, which has no data; a name that an attacker
 * points here may not. */
STAGE_TEST(a_link_may_lead_to_the_page)
{
    struct stage *stage = *state;

    assert_int_equal(call(stage, "GET", "/_mock/", (struct caller){ .site = "cross-site" }), 200);
    assert_int_equal(
        call(stage, "GET", "/_mock/", (struct caller){ .host = "rebound.example:8580" }), 403);
    assert_int_equal(call(stage, "GET", "/_mock/", (struct caller){ .peer = "10.0.0.1" }), 403);
    assert_int_equal(stage_call(stage, "GET", "/", NULL), 404);
    assert_int_equal(atomic_load(&stage->counts.requests), 1);
}

STAGE_TEST(it_is_off_where_a_listener_is_not_loopback)
{
    struct stage *stage = *state;

    stage->mock.control.is_on = false;
    assert_int_equal(stage_call(stage, "GET", "/_mock/policy", NULL), 403);
    assert_non_null(strstr(stage_body(stage), "the control plane is off"));
}

STAGE_TEST(peers_elsewhere_are_served_when_asked_for)
{
    struct stage *stage = *state;

    assert_int_equal(call(stage, "GET", "/_mock/policy", (struct caller){ .peer = "172.17.0.2" }),
                     403);
    assert_true(stage_says(stage, "answers only loopback addresses"));
    stage->mock.control.is_for_all_peers = true;
    assert_int_equal(call(stage, "GET", "/_mock/policy", (struct caller){ .peer = "172.17.0.2" }),
                     200);
    assert_int_equal(call(stage, "GET", "/_mock/policy",
                          (struct caller){ .peer = "172.17.0.2", .host = "mock.example:8580" }),
                     403);
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
        assert_int_equal(
            call(stage, "GET", "/_mock/policy", (struct caller){ .host = rows[i].host }),
            rows[i].status);
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
        assert_int_equal(stage_call(stage, calls[i][0], calls[i][1], "{}"), 405);
        assert_int_equal(call(stage, calls[i][0], calls[i][1],
                              (struct caller){ .host = "rebound.example:8580" }),
                         403);
        assert_null(strstr(stage_head(stage), "Allow:"));
        assert_int_equal(
            call(stage, calls[i][0], calls[i][1], (struct caller){ .peer = "10.0.0.1" }), 403);
        assert_int_equal(call(stage, calls[i][0], calls[i][1],
                              (struct caller){ .origin = "https://evil.example" }),
                         403);
        stage->mock.control.is_on = false;
        assert_int_equal(stage_call(stage, calls[i][0], calls[i][1], "{}"), 403);
        stage->mock.control.is_on = true;
    }
}
