/* Every allocation of a request fails once, the n-th for n from 0 on, until all have succeeded:
 * each time there is an answer, the right one or 500, the next request is served, and nothing leaks
 * (AddressSanitizer watches). [design 10]
 *
 * The libraries' own allocations do not fail here. jansson 2.14 calls some of its failures errors
 * of syntax, so that a body would be 400, and its parser does not survive others (in an object of
 * nine members; see client_memory_test.c). */
#include "failing_memory.h"
#include "journal.h"
#include "stage.h"
#include "store.h"
#include "world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum {
    ALLOCATIONS_MAX = 5000,
    WORLD_FILE_BYTES_MAX = 65536,
    JOURNAL_KEPT = 8,
    OLD_IAT_S = 301,
    WHY_BYTES = 512
};

#define BODY   "{\"channel_type\":\"email\",\"channel_id\":\"m@example.com\"}"
#define CREATE STAGE_PATH(STAGE_EMPTY)

/* One request, and what it is answered where memory lasts. */
struct row {
    const char *method, *path, *query, *body;
    int iat_offset_s;
    int status;
};

static const struct row rows[] = {
    { "POST", CREATE, NULL, BODY, 0, 200 },
    { "POST", CREATE, NULL, "{\"channel_\\u0074ype\":\"x\",\"channel_id\":\"y\",\"z\":[1]}", 0,
      200 },
    { "POST", CREATE, NULL, BODY, -OLD_IAT_S, 401 },
    { "POST", CREATE, NULL, "{\"channel_type\":1,\"a\":{\"b\":2}}", 0, 400 },
    { "POST", CREATE, NULL, "{\"channel_type\":", 0, 400 },
    { "POST", STAGE_PATH("7"), NULL, BODY, 0, 400 },
    { "POST", STAGE_PATH("00000000-0000-4000-8000-000000000000"), NULL, BODY, 0, 404 },
    { "POST", STAGE_PATH(STAGE_BOB), NULL, BODY, 0, 403 },
    { "GET", "/v1/v2/contact/x/channel", NULL, NULL, 0, 404 },
    { "DELETE", CREATE, NULL, NULL, 0, 405 },
    { "GET", "/_mock/health", NULL, NULL, 0, 200 },
    { "GET", "/_mock/journal", "status=2xx&contact=ada&finding=J5&limit=3", NULL, 0, 200 },
    { "DELETE", "/_mock/journal", NULL, NULL, 0, 200 },
    { "POST", "/_mock/verify", NULL,
      "{\"where\":{\"contact\":\"ada\",\"status\":200,\"body\":{\"channel_type\":\"email\"}}}", 0,
      200 },
    { "POST", "/_mock/verify", NULL,
      "{\"where\":{\"finding\":\"J6\",\"channel_id\":\"n@example.com\"},\"at_least\":2}", 0, 422 },
    { "PUT", "/_mock/faults", NULL,
      "{\"faults\":[{\"contact\":\"bob\",\"status\":429,\"retry-after\":1},{\"channel_id\":\"x\","
      "\"abort\":\"reset\"}]}",
      0, 200 },
    { "PUT", "/_mock/faults", NULL, "{\"faults\":[{\"status\":7}]}", 0, 400 },
    { "GET", "/_mock/faults", NULL, NULL, 0, 200 },
    { "DELETE", "/_mock/faults", NULL, NULL, 0, 200 },
    { "PUT", "/_mock/clock", NULL, "{\"now\":1713225600}", 0, 200 },
    { "PUT", "/_mock/policy", NULL, "{\"policy\":{\"success-status\":\"200\"}}", 0, 200 },
    { "GET", "/_mock/policy", NULL, NULL, 0, 200 },
    { "POST", "/_mock/reset", NULL, "{}", 0, 200 },
    { "GET", "/_mock/contacts/" STAGE_ADA, NULL, NULL, 0, 200 },
    { "POST", "/_mock/doctor", NULL, "{\"authorization\":\"Bearer eyJhbGciOiJub25lIn0.e30.\"}", 0,
      200 },
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static void request_make(struct stage *stage, const struct row *row)
{
    stage_request(stage, row->method, row->path, row->body);
    stage->x->request.query = row->query;
    stage_sign(stage, "11111111-1111-4111-8111-111111111111", "FakeKeyOfTeamOneFakeKeyOfTeamOne",
               STAGE_NOW + row->iat_offset_s);
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
    stage->mock.journal = journal_new(JOURNAL_KEPT);
    (void)next_is_served(stage); /* so that there is something in the journal */
    request_make(stage, row);
    has_allocation_failed = false;
    arm(n);
    status = stage_run(stage);
    arm(-1);
    if (status != row->status && (status != 500 || !has_allocation_failed))
        snprintf(why, WHY_BYTES, "%s %s, allocation %d: status %d, expected %d or 500", row->method,
                 row->path, n, status, row->status);
    else if (!is_whole(stage))
        snprintf(why, WHY_BYTES, "%s %s, allocation %d: no whole answer: %.200s", row->method,
                 row->path, n, stage_head(stage));
    else if (!next_is_served(stage))
        snprintf(why, WHY_BYTES, "%s %s, allocation %d: the next request was answered %d",
                 row->method, row->path, n, stage->x->status);
    journal_free(stage->mock.journal);
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

static void a_request_survives_each_failed_allocation(void **state)
{
    (void)state;
    all_rows_run(arm_ours);
}

/* A world is refused whole, and nothing of it stays. */
static void a_world_survives_each_failed_allocation(void **state)
{
    enum hm_code code = HM_NO_MEMORY;
    int n = 0;

    (void)state;
    for (; n < ALLOCATIONS_MAX && code == HM_NO_MEMORY; n++) {
        struct json_file file = { 0 };
        struct store *store = NULL;
        struct hm_error err = { .code = HM_OK };

        allocations_left = n;
        code = json_file_load(&file, HM_SOURCE "/mock/tests/worlds/small.json",
                              WORLD_FILE_BYTES_MAX, &err);
        if (code == HM_OK)
            code = world_read(&store, &file, &err);
        allocations_left = -1;
        json_file_fini(&file);
        store_free(store);
    }
    assert_int_equal(code, HM_OK);
    assert_true(n > 10);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_survives_each_failed_allocation),
        cmocka_unit_test(a_world_survives_each_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
