/* Each allocation of a request fails once: the first, then the second, until all succeed. Each time
 * the answer is the right one or 500, the next request is served, and nothing leaks
 * (AddressSanitizer checks).
 *
 * The libraries' own allocations do not fail here. jansson 2.14 reports some of its failures as
 * syntax errors, so the answer would be 400, and its parser does not survive others (in an object
 * of nine members; see client_memory_test.c). */
#include "fault/misbehave.h"
#include "fault/vary.h"
#include "journal/journal.h"
#include "journal/log.h"
#include "tests/failing_memory.h"
#include "tests/stage.h"
#include "tests/unit.h"
enum {
    ALLOCATIONS_MAX = 5000,
    JOURNAL_KEPT = 8,
    OLD_IAT_S = 301,
    LOG_BYTES_MAX = 65536,
    PATH_BYTES = 128,
    WHY_BYTES = 512
};

#define BODY   "{\"channel_type\":\"email\",\"channel_id\":\"m@example.com\"}"
#define CREATE STAGE_PATH(STAGE_EMPTY)

/* One request, and its answer when memory suffices. */
struct row {
    const char *method, *path, *query, *body;
    int iat_offset_s;
    int status;
    const char *key;    /* to sign with; NULL: the right one */
    const char *faults; /* fault rules; NULL: none */
};
#define ENTRY "/_mock/journal/" /* and the request id of the one before */

/* Without key and faults. */
#define ROW(...)                                                                                   \
    {                                                                                              \
        __VA_ARGS__, NULL, NULL                                                                    \
    }

static const struct row rows[] = {
    ROW("POST", CREATE, NULL, BODY, 0, 200),
    ROW("POST", CREATE, NULL, "{\"channel_\\u0074ype\":\"x\",\"channel_id\":\"y\",\"z\":[1]}", 0,
        200),
    ROW("POST", CREATE, NULL, BODY, -OLD_IAT_S, 401),
    ROW("POST", CREATE, NULL, "{\"channel_type\":1,\"a\":{\"b\":2}}", 0, 400),
    ROW("POST", CREATE, NULL, "{\"channel_type\":", 0, 400),
    ROW("POST", STAGE_PATH("7"), NULL, BODY, 0, 400),
    ROW("POST", STAGE_PATH("00000000-0000-4000-8000-000000000000"), NULL, BODY, 0, 404),
    ROW("POST", STAGE_PATH(STAGE_BOB), NULL, BODY, 0, 403),
    ROW("GET", "/v1/v2/contact/x/channel", NULL, NULL, 0, 404),
    ROW("DELETE", CREATE, NULL, NULL, 0, 405),
    { "POST", CREATE, NULL, BODY, 0, 401, "FakeKeyOfTeamOne", NULL },
    { "POST", CREATE, NULL, BODY, 0, 401, "unknown", NULL },
    { "POST", CREATE, NULL, BODY, 0, 503, NULL, "[{\"status\":503,\"retry-after\":1}]" },
    { "POST", CREATE, NULL, BODY, 0, 503, NULL, "[{\"status\":503,\"commit\":\"yes\"}]" },
    ROW("POST", STAGE_PATH(STAGE_ADA), NULL,
        "{\"channel_type\":\"phone\",\"channel_id\":\"+14155550100\"}", 0, 200),
    ROW("GET", STAGE_PATH(STAGE_ADA) "/phone", NULL, NULL, 0, 200),
    ROW("GET", STAGE_PATH(STAGE_ADA) "/Phone", NULL, NULL, 0, 404),
    ROW("GET", STAGE_PATH(STAGE_ADA) "s", NULL, NULL, 0, 200),
    ROW("PUT", STAGE_PATH(STAGE_ADA), NULL,
        "{\"channel_type\":\"phone\",\"channel_id\":\"14155550101\"}", 0, 200),
    ROW("PUT", STAGE_PATH(STAGE_ADA), NULL,
        "{\"channel_type\":\"fax\",\"channel_id\":\"14155550101\"}", 0, 404),
    ROW("DELETE", STAGE_PATH(STAGE_ADA) "/pager", NULL, NULL, 0, 404),
    ROW("GET", "/v1/inboxes", NULL, NULL, 0, 200),
    ROW("GET", "/_mock/health", NULL, NULL, 0, 200),
    ROW("GET", "/_mock/journal", "status=2xx&contact=ada&finding=J5&limit=3", NULL, 0, 200),
    ROW("GET", "/_mock/journal", "status=seven", NULL, 0, 400),
    ROW("GET", ENTRY, NULL, NULL, 0, 200),
    ROW("GET", ENTRY "00000000-0000-4000-8000-000000000000", NULL, NULL, 0, 404),
    ROW("DELETE", "/_mock/journal", NULL, NULL, 0, 200),
    ROW("POST", "/_mock/verify", NULL,
        "{\"where\":{\"contact\":\"ada\",\"status\":200,\"body\":{\"channel_type\":\"email\"}}}", 0,
        200),
    ROW("POST", "/_mock/verify", NULL,
        "{\"where\":{\"finding\":\"J6\",\"channel_id\":\"n@example.com\"},\"at_least\":2}", 0, 422),
    ROW("PUT", "/_mock/faults", NULL,
        "{\"faults\":[{\"contact\":\"bob\",\"status\":429,\"retry-after\":1},{\"channel_id\":\"x\","
        "\"abort\":\"reset\"}]}",
        0, 200),
    ROW("PUT", "/_mock/faults", NULL, "{\"faults\":[{\"status\":7}]}", 0, 400),
    ROW("GET", "/_mock/faults", NULL, NULL, 0, 200),
    ROW("DELETE", "/_mock/faults", NULL, NULL, 0, 200),
    ROW("PUT", "/_mock/clock", NULL, "{\"now\":1713225600}", 0, 200),
    ROW("PUT", "/_mock/clock", NULL, "{\"elapse_s\":\"x\"}", 0, 400),
    ROW("GET", "/_mock/clock", NULL, NULL, 0, 200),
    ROW("PUT", "/_mock/policy", NULL, "{\"policy\":{\"success-status\":\"200\"}}", 0, 200),
    ROW("PUT", "/_mock/policy", NULL, "{\"policy\":{\"success\":\"200\"}}", 0, 400),
    ROW("GET", "/_mock/policy", NULL, NULL, 0, 200),
    { "POST", "/_mock/reset", NULL, "{}", 0, 200, NULL, "[{\"contact\":\"bob\",\"status\":500}]" },
    ROW("POST", "/_mock/reset", NULL, "{\"what\":[\"world\"]}", 0, 400),
    ROW("GET", "/_mock/contacts/" STAGE_ADA, NULL, NULL, 0, 200),
    ROW("POST", "/_mock/doctor", NULL, "{\"authorization\":\"Bearer eyJhbGciOiJub25lIn0.e30.\"}", 0,
        200),
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static void request_make(struct stage *stage, const struct row *row)
{
    static char entry[PATH_BYTES];
    const char *key = row->key == NULL ? "FakeKeyOfTeamOneFakeKeyOfTeamOne" : row->key;
    const char *path = row->path;

    if (strcmp(path, ENTRY) == 0) {
        snprintf(entry, sizeof entry, ENTRY "%s", stage->x->request_id);
        path = entry;
    }
    if (row->faults != NULL && stage_call(stage, "PUT", "/_mock/faults", row->faults) != 200)
        abort();
    stage_request(stage, row->method, path, row->body);
    stage->x->request.query = private_text(row->query);
    stage_sign(stage, "11111111-1111-4111-8111-111111111111", key, STAGE_NOW + row->iat_offset_s);
}

/* As it would be logged; without memory the line is lost. */
static void log_make(struct stage *stage)
{
    struct buf line;

    buf_init(&line, LOG_BYTES_MAX);
    log_text(&line, stage->x, 1);
    log_json(&line, stage->x, 1);
    buf_fini(&line);
}

/* A status line, an X-Request-Id, and JSON. */
static bool is_whole(const struct stage *stage)
{
    json_t *body = json_loads(stage_body(stage), 0, NULL);
    bool is_json = body != NULL;

    json_decref(body);
    return is_json && strncmp(stage_head(stage), "HTTP/1.1 ", 9) == 0 &&
           strstr(stage_head(stage), "\r\nX-Request-Id: ") != NULL;
}

static bool next_is_served(struct stage *stage)
{
    stage_call(stage, "DELETE", "/_mock/faults", NULL);
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), BODY);
    return stage_run(stage) == 200 && strstr(stage_body(stage), "m@example.com") != NULL;
}

/* Runs the row on a fresh mock, its n-th allocation failing; false: none was left to fail. */
static bool row_run(char why[WHY_BYTES], const struct row *row, int n, void (*arm)(int n))
{
    struct stage *stage;
    int status;

    if (stage_setup((void **)&stage) != 0)
        abort();
    stage->mock.main.journal = journal_new(JOURNAL_KEPT);
    next_is_served(stage); /* so that there is something in the journal */
    request_make(stage, row);
    has_allocation_failed = false;
    arm(n);
    status = stage_run(stage);
    log_make(stage);
    arm(-1);
    if (status != row->status && (status != 500 || !has_allocation_failed))
        snprintf(why, WHY_BYTES, "%s %s, allocation %d: status %d, expected %d or 500", row->method,
                 row->path, n, status, row->status);
    else if (!is_whole(stage))
        snprintf(why, WHY_BYTES, "%s %s, allocation %d: no whole answer: %.200s", row->method,
                 row->path, n, stage_head(stage));
    else if (!next_is_served(stage))
        snprintf(why, WHY_BYTES, "%s %s, allocation %d: the next request was answered %d",
                 row->method, row->path, n, stage->x->answer.status);
    stage_teardown((void **)&stage);
    return has_allocation_failed;
}

static void all_rows_run(void (*arm)(int n))
{
    char why[WHY_BYTES] = "";
    int total = 0;

    for (size_t i = 0; i < ROW_COUNT && why[0] == '\0'; i++) {
        for (int n = 0; n < ALLOCATIONS_MAX && why[0] == '\0' && row_run(why, &rows[i], n, arm);
             n++)
            total++;
    }
    if (why[0] != '\0')
        fail_msg("%s", why);
    print_message("%d allocations failed\n", total);
    assert_true(total >= ROW_COUNT);
}

static void arm_ours(int n)
{
    allocations_left = n;
}

TEST(a_request_survives_each_failed_allocation)
{
    all_rows_run(arm_ours);
}

/* With --misbehave and --vary there is an answer too, and nothing leaks. */
static bool odd_run(struct stage *stage, int n)
{
    stage_request(stage, "POST", CREATE, BODY);
    has_allocation_failed = false;
    allocations_left = n;
    stage_run(stage);
    allocations_left = -1;
    if (stage->x->answer.delivery == DELIVER_WHOLE &&
        strncmp(stage_head(stage), "HTTP/1.1 ", 9) != 0)
        fail_msg("allocation %d: no answer: %.200s", n, stage_head(stage));
    dispatch_end(stage->x);
    answer_fini(&stage->x->answer); /* so that the next one allocates again */
    return has_allocation_failed;
}

TEST_WITHIN(a_misbehaviour_survives_each_failed_allocation, stage_setup, stage_teardown)
{
    struct stage *stage = *state;
    int total = 0;

    for (size_t i = 0; i < misbehaviour_count; i++) {
        assert_int_equal(
            misbehaving_new(&stage->mock.main.misbehaving, misbehaviours[i].name, NULL), HM_OK);
        for (int n = 0; odd_run(stage, n); n++)
            total++;
        misbehaving_free(stage->mock.main.misbehaving);
        stage->mock.main.misbehaving = NULL;
        stage_call(stage, "POST", "/_mock/reset", "{}");
    }
    assert_true(total > 10);
}

TEST_WITHIN(a_variation_survives_each_failed_allocation, stage_setup, stage_teardown)
{
    struct stage *stage = *state;
    int total = 0;

    for (unsigned one = 1; one != 0; one <<= 1) {
        stage->mock.variations = one;
        for (int n = 0; odd_run(stage, n); n++)
            total++;
    }
    assert_true(total > 10);
}
