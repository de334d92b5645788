/* The journal: what it keeps, and what it shows. */
#include "journal/journal.h"

#include "support/uuid.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <limits.h>
#include <pthread.h>

#define ID    "11111111-1111-4111-8111-111111111111"
#define KEY   "FakeKeyOfTeamOneFakeKeyOfTeamOne"
#define EMAIL "{\"channel_type\":\"email\",\"channel_id\":\"j@example.com\"}"
#define SMS   "{\"channel_type\":\"sms\",\"channel_id\":\"14155550100\"}"

enum { KEPT = STAGE_KEPT };

static int post(struct stage *stage, const char *body)
{
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), body);
    return stage_run(stage);
}

/* GET /_mock/journal with a query. */
static int ask(struct stage *stage, const char *query)
{
    stage_control(stage, "GET", "/_mock/journal", NULL);
    stage->x->request.query = private_text(query);
    return stage_run(stage);
}

/* How many it answers with; -1: no answer. */
static int count(struct stage *stage, const char *query)
{
    json_t *answer;
    int found;

    if (ask(stage, query) != 200)
        return -1;
    answer = json_loads(stage_body(stage), JSON_ALLOW_NUL, NULL);
    found = (int)json_array_size(json_object_get(answer, "exchanges"));
    json_decref(answer);
    return found;
}

JOURNAL_TEST(an_exchange_is_there_as_soon_as_it_has_its_answer)
{
    static const char *const members[] = { "v",       "request_id",     "time",   "method",
                                           "path",    "status",         "us",     "team",
                                           "contact", "findings",       "header", "claims",
                                           "body",    "body_truncated", "fault" };
    struct stage *stage = *state;
    json_t *answer, *exchange;
    size_t found = 0;

    post(stage, EMAIL);
    assert_int_equal(ask(stage, NULL), 200);
    answer = json_loads(stage_body(stage), 0, NULL);
    exchange = json_array_get(json_object_get(answer, "exchanges"), 0);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        found += json_object_get(exchange, members[i]) != NULL;
    assert_int_equal(found, sizeof members / sizeof members[0]);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(exchange, "body"), "channel_id")),
        "j@example.com");
    json_decref(answer);
}

/* They cost time that nobody else should pay. */
JOURNAL_TEST(the_answer_is_kept_while_a_page_is_open)
{
    struct stage *stage = *state;

    post(stage, EMAIL);
    assert_int_equal(ask(stage, NULL), 200);
    assert_false(stage_says(stage, "\"answer\":"));
    stage->mock.answers_left = INT_MAX;
    post(stage, EMAIL);
    assert_int_equal(ask(stage, "limit=1"), 200);
    assert_true(stage_says(stage, "\"fault\":null,\"age_s\":0,\"answer\":[{\"id\":"));
    assert_true(stage_says(stage, "\"channel_id\":\"j@example.com\""));
    assert_true(stage_says(stage, "],\"answer_truncated\":false}"));
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), EMAIL);
    stage_sign(stage, ID, KEY, STAGE_NOW - 400);
    stage_run(stage);
    assert_int_equal(ask(stage, "limit=1"), 200);
    assert_true(stage_says(stage, "\"age_s\":400,\"answer\":{\"error\":\"unauthorized\""));
}

JOURNAL_TEST(the_newest_come_first_and_a_query_chooses)
{
    struct stage *stage = *state;
    char since[64], first_id[UUID_TEXT];

    post(stage, EMAIL);
    memcpy(first_id, stage->x->request_id, sizeof first_id);
    post(stage, SMS);
    stage_request(stage, "POST", STAGE_PATH(STAGE_BOB), EMAIL);
    stage_sign(stage, ID, "an unknown key", STAGE_NOW);
    stage_run(stage);
    assert_int_equal(count(stage, NULL), 3);
    assert_true(strstr(stage_body(stage), "\"status\":401") <
                strstr(stage_body(stage), "\"status\":200"));
    assert_int_equal(count(stage, ""), 3);
    assert_int_equal(count(stage, "status=&limit="), 3);
    assert_int_equal(count(stage, "status=401"), 1);
    assert_int_equal(count(stage, "status=4xx"), 1);
    assert_int_equal(count(stage, "status=2xx&contact=ada"), 2);
    assert_int_equal(count(stage, "contact=" STAGE_ADA "&limit=1"), 1);
    assert_int_equal(count(stage, "finding=J5"), 1);
    assert_int_equal(count(stage, "finding=B3+type-unknown"), 1);
    assert_int_equal(count(stage, "finding=B3%20type-unknown"), 1);
    assert_int_equal(count(stage, "since=1713225600"), 3);
    assert_int_equal(count(stage, "since=2024-04-16T00:00:01Z"), 0);
    snprintf(since, sizeof since, "since=%s", first_id);
    assert_int_equal(count(stage, since), 2);
}

JOURNAL_TEST(a_bad_query_is_refused)
{
    static const char *const queries[] = { "state=200",   "status=44",      "status=xxx",
                                           "finding=J99", "contact=nobody", "since=yesterday",
                                           "limit=-1",    "limit=%zz",      "=1",
                                           ("since=" ID), "status=2%000" };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        assert_int_equal(ask(stage, queries[i]), 400);
}

JOURNAL_TEST(one_is_found_by_its_request_id)
{
    struct stage *stage = *state;
    char path[64];

    post(stage, EMAIL);
    snprintf(path, sizeof path, "/_mock/journal/%s", stage->x->request_id);
    assert_int_equal(stage_call(stage, "GET", path, NULL), 200);
    assert_true(stage_says(stage, "j@example.com"));
    assert_int_equal(stage_call(stage, "GET", "/_mock/journal/" ID, NULL), 404);
    assert_int_equal(stage_call(stage, "GET", "/_mock/journal/nothing", NULL), 404);
}

JOURNAL_TEST(calls_of_the_control_plane_are_not_in_it)
{
    struct stage *stage = *state;

    stage_call(stage, "GET", "/_mock/health", NULL);
    stage_call(stage, "POST", "/_mock/health", NULL);
    assert_int_equal(count(stage, NULL), 0);
}

JOURNAL_TEST(the_oldest_make_room_and_are_counted)
{
    struct stage *stage = *state;

    for (int i = 0; i < KEPT + 3; i++)
        post(stage, EMAIL);
    assert_int_equal(count(stage, NULL), KEPT);
    assert_true(stage_says(stage, "\"dropped\":3,"));
    assert_int_equal(stage_call(stage, "GET", "/_mock/health", NULL), 200);
    assert_true(stage_says(stage, "\"dropped\":3}"));
    assert_int_equal(stage_call(stage, "DELETE", "/_mock/journal", NULL), 200);
    assert_true(stage_says(stage, "\"cleared\":10"));
    assert_int_equal(count(stage, NULL), 0);
    assert_int_equal(journal_dropped(stage->mock.main.journal), 0);
}

JOURNAL_TEST(none_and_one_are_numbers_too)
{
    struct stage *stage = *state;

    for (size_t kept = 0; kept <= 1; kept++) {
        journal_free(stage->mock.main.journal);
        stage->mock.main.journal = journal_new(kept);
        for (int i = 0; i < 3; i++)
            post(stage, EMAIL);
        assert_int_equal(count(stage, NULL), kept);
        assert_int_equal(journal_dropped(stage->mock.main.journal), 3 - kept);
    }
}

static struct journal_entry *entry_of(size_t bytes)
{
    struct journal_entry *entry = calloc(1, sizeof *entry + bytes + 1);

    entry->bytes = sizeof *entry + bytes + 1;
    return entry;
}

TEST(its_bytes_have_a_ceiling)
{
    enum { EACH = 64 * 1024, MANY = 1000 };
    struct journal *journal = journal_new(MANY);
    struct journal_view view;
    size_t bytes = 0;

    for (int i = 0; i < MANY; i++)
        free(journal_put(journal, entry_of(EACH)));
    assert_true(journal_view_take(&view, journal));
    for (size_t i = 0; i < view.count; i++)
        bytes += view.at[i]->bytes;
    assert_int_equal(view.count + view.dropped, MANY);
    journal_view_fini(&view);
    journal_free(journal);
    assert_true(bytes <= JOURNAL_BYTES_MAX && bytes > JOURNAL_BYTES_MAX - 2 * EACH);
}

static struct journal *filled(int entries)
{
    struct journal *journal = journal_new(KEPT);

    for (int i = 0; i < entries; i++) {
        struct journal_entry *entry = entry_of(0);

        entry->status = i;
        free(journal_put(journal, entry));
    }
    return journal;
}

/* The status of the next one; -1: the end, -2: lost. */
static int next_status(struct journal_reading *reading)
{
    struct journal_entry *entry;
    enum journal_read result = journal_read(reading, &entry);
    int status = result == JOURNAL_ENTRY ? entry->status : result == JOURNAL_END ? -1 : -2;

    journal_release(entry);
    return status;
}

TEST(a_reader_gets_what_there_was_when_it_began)
{
    struct journal *journal = filled(KEPT);
    struct journal_reading first, second;

    journal_read_begin(&first, journal);
    assert_int_equal(next_status(&first), KEPT - 1);
    for (int i = 0; i < KEPT; i++)
        free(journal_put(journal, entry_of(0)));
    journal_read_begin(&second, journal);
    assert_int_equal(journal_clear(journal), KEPT);
    for (int i = KEPT - 2; i >= 0; i--)
        assert_int_equal(next_status(&first), i);
    assert_int_equal(next_status(&first), -1);
    journal_read_end(&first);
    for (int i = 0; i < KEPT; i++)
        assert_int_equal(next_status(&second), 0);
    assert_int_equal(next_status(&second), -1);
    journal_read_again(&second);
    for (int i = 1; i < KEPT; i++)
        assert_int_equal(next_status(&second), 0);
    assert_int_equal(next_status(&second), -1);
    journal_read_end(&second);
    journal_free(journal);
}

/* Otherwise slow readers would hold as much memory as clients can write. */
TEST(a_reader_that_is_too_slow_loses_the_rest)
{
    enum { EACH = 1024 * 1024, PUT = 40 };
    struct journal *journal = filled(KEPT);
    struct journal_reading slow, empty;

    journal_read_begin(&slow, journal);
    assert_int_equal(next_status(&slow), KEPT - 1);
    for (int i = 0; i < PUT; i++)
        free(journal_put(journal, entry_of(EACH)));
    assert_int_equal(next_status(&slow), -2);
    assert_int_equal(next_status(&slow), -2);
    journal_read_end(&slow);
    journal_free(journal);
    journal_read_begin(&empty, NULL);
    assert_int_equal(next_status(&empty), -1);
    journal_read_end(&empty);
}

JOURNAL_TEST(bodies_of_all_kinds_are_kept_as_json)
{
    static char huge[65000];
    const char *bodies[] = {
        "",
        "[",
        "{\"channel_type\":\"a\\u0000b\",\"channel_id\":\"\xf0\x9f\x98\x80\\ud83d\\ude00\"}",
        "\xff\xfe{\"\x01",
        "{\"channel_type\":\"email\",\"channel_id\":\"a\"}]",
        "{\"channel_type\":\"email\",\"channel_id\":\"a\"}\xfc",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "{\"a\":1,\"b\":[1.5,-0,1e300],\"c\":null,\"d\":{\"e\":true}}",
        huge
    };
    struct stage *stage = *state;

    memset(huge, 'x', sizeof huge - 1);
    memcpy(huge, "{\"channel_id\":\"", 15);
    memcpy(huge + sizeof huge - 40, "\",\"channel_type\":\"email\",\"z\":[1,2,3]}  ", 39);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        json_t *answer;
        size_t length;

        post(stage, bodies[i]);
        assert_int_equal(ask(stage, "limit=1"), 200);
        length = strlen(stage_body(stage));
        answer = json_loads(stage_body(stage), JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(answer);
        json_decref(answer);
        assert_true(length < 8192);
    }
    assert_true(stage_says(stage, "\"body_truncated\":true"));
}

static int verify(struct stage *stage, const char *body)
{
    return stage_call(stage, "POST", "/_mock/verify", body);
}

JOURNAL_TEST(what_happened_is_verified)
{
    static const char *const bodies[] = {
        "{}",
        "{\"where\":{}}",
        "{\"where\":{\"contact\":\"ada\",\"channel_type\":\"email\",\"channel_id\":\"j@example."
        "com\"},"
        "\"at_least\":1,\"at_most\":1}",
        "{\"where\":{\"contact\":\"" STAGE_ADA "\",\"status\":200,\"method\":\"POST\",\"team\":1}}",
        "{\"where\":{\"status\":\"2xx\",\"path\":\"/v2/contact/*/channel\",\"secret_id\":\"" ID
        "\"}}",
        "{\"where\":{\"finding\":\"B3\",\"accepted\":true,\"fault\":false}}",
        "{\"where\":{\"body\":{\"m\":{\"n\":1}}}}",
        "{\"where\":{\"channel_type\":\"pigeon\"},\"at_most\":0}",
        "{\"where\":{\"channel_id\":\"" KEY "\"}}",
    };
    struct stage *stage = *state;

    post(stage, EMAIL);
    post(stage, SMS);
    post(stage,
         "{\"channel_type\":\"email\",\"channel_id\":\"" KEY "\",\"m\":{\"n\":1,\"o\":[1,2]}}");
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(verify(stage, bodies[i]), 200);
}

JOURNAL_TEST(the_latest_misses_say_what_differed)
{
    struct stage *stage = *state;
    json_t *answer;

    for (int i = 0; i < 3; i++)
        post(stage, SMS);
    stage_request(stage, "POST", STAGE_PATH(STAGE_EMPTY), EMAIL);
    stage_run(stage);
    assert_int_equal(verify(stage, "{\"where\":{\"contact\":\"ada\",\"channel_type\":\"email\"}}"),
                     422);
    assert_true(stage_says(stage, "\"text\":\"same contact, but `channel_type` was `sms`, expected "
                                  "`email`\""));
    assert_true(stage_says(stage, "{\"member\":\"channel_type\",\"expected\":\"email\",\"found\":"
                                  "\"sms\"}"));
    assert_true(strstr(stage_body(stage), STAGE_EMPTY) < strstr(stage_body(stage), STAGE_ADA));
    answer = json_loads(stage_body(stage), 0, NULL);
    assert_int_equal(json_array_size(json_object_get(answer, "misses")), 3);
    json_decref(answer);
    assert_int_equal(verify(stage, "{\"where\":{\"accepted\":true},\"at_most\":1}"), 422);
    assert_true(stage_says(stage, "4 requests match, expected at most 1"));
}

JOURNAL_TEST(a_bad_where_is_refused)
{
    static const char *const bodies[] = {
        "[]",
        "{\"were\":{}}",
        "{\"where\":[]}",
        "{\"where\":{\"contacts\":\"ada\"}}",
        "{\"where\":{\"contact\":\"nobody\"}}",
        "{\"where\":{\"status\":\"many\"}}",
        "{\"where\":{\"status\":7}}",
        "{\"where\":{\"finding\":\"J99\"}}",
        "{\"where\":{\"accepted\":\"yes\"}}",
        "{\"where\":{\"body\":\"x\"}}",
        "{\"at_least\":-1}",
        "{\"at_least\":2,\"at_most\":1}",
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(verify(stage, bodies[i]), 400);
}

JOURNAL_TEST(what_was_dropped_leaves_only_the_open_question_open)
{
    struct stage *stage = *state;

    for (int i = 0; i < KEPT + 2; i++)
        post(stage, EMAIL);
    assert_int_equal(verify(stage, "{\"at_least\":11}"), 409);
    assert_int_equal(verify(stage, "{\"at_most\":11}"), 409);
    assert_int_equal(verify(stage, "{\"where\":{\"status\":401},\"at_most\":0}"), 409);
    assert_int_equal(verify(stage, "{\"at_least\":10}"), 200);
    assert_int_equal(verify(stage, "{\"at_most\":12}"), 200);
    assert_int_equal(verify(stage, "{\"at_least\":13}"), 422);
    assert_int_equal(verify(stage, "{\"at_most\":9}"), 422);
}

enum { WRITERS = 3, WRITES = 3000 };

static void *write_many(void *journal)
{
    for (int i = 0; i < WRITES; i++)
        free(journal_put(journal, entry_of((size_t)(i % 7) * 100)));
    return NULL;
}

static size_t bytes_of_all(struct journal *journal)
{
    struct journal_view view;
    size_t bytes = 0;

    if (!journal_view_take(&view, journal))
        abort();
    for (size_t i = 0; i < view.count; i++)
        bytes += view.at[i]->bytes + (size_t)view.at[i]->texts[0];
    journal_view_fini(&view);
    return bytes;
}

TEST(it_is_read_and_cleared_while_it_is_written)
{
    struct journal *journal = journal_new(100);
    pthread_t writers[WRITERS];

    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_many, journal), 0);
    for (int i = 0; i < 200; i++) {
        assert_true(bytes_of_all(journal) <= JOURNAL_BYTES_MAX);
        if (i % 16 == 0)
            journal_clear(journal);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    assert_true(journal_dropped(journal) <= (unsigned)(WRITERS * WRITES));
    journal_free(journal);
}
