#include "tests/suite_test.h"

#include "cases/clause.h"
#include "cases/expect.h"
#include "judge/match_expect.h"

static struct clauses clauses;

static int clauses_setup(void **state)
{
    const struct fixtures from = { TEST_FIXTURES };

    return clauses_load(&clauses, &from, NULL) == HM_OK ? 0 : -1;
}

static int clauses_teardown(void **state)
{
    clauses_fini(&clauses);
    return 0;
}

/* An answer with these headers and this body. */
static void answer_make(struct round_trip *trip, int status, const char *head, const char *body)
{
    memset(trip, 0, sizeof *trip);
    trip->was_tried = true;
    trip->answer.outcome = HTTP_ANSWERED;
    trip->answer.status = status;
    buf_init(&trip->answer.headers, 4096);
    buf_init(&trip->answer.body, 65536);
    buf_puts(&trip->answer.headers, head);
    buf_puts(&trip->answer.body, body);
    round_trip_parse(trip);
    trip->message.sent =
        json_pack("{s:s, s:s}", "channel_type", "email", "channel_id", "new@hm.test");
}

static const char before_head[] = "X-Request-Id: a\r\n";
static const char before_body[] =
    "[{\"id\":1,\"channel_id\":\"old@x\",\"updated\":\"u1\"},{\"id\":2,\"created\":\"c\"}]";

/* Compares an expectation of the second step with an answer; the first step's answer is @before. */
static enum match_verdict hold_after(const char *before, const char *expect_text, int status,
                                     const char *head, const char *body)
{
    const struct json_file file = { .name = NULL };
    json_t *entries = json_pack("[o]", json_loads(expect_text, 0, NULL));
    const struct json_node array = { .file = &file, .value = entries };
    struct marks run = { .run = "deadbeef" };
    struct case_marks marks = { .run = &run };
    struct expect expect = { .clause = NULL };
    struct round_trip trips[2];
    struct match match;
    enum match_verdict verdict = MATCH_VOID;

    answer_make(&trips[0], 200, before_head, before);
    answer_make(&trips[1], status, head, body);
    match_init(&match);
    if (expects_read(&expect, &array, &clauses, &clauses.at[0], 1, NULL) == HM_OK) {
        match_expect(&match, &expect, trips, 1, &marks);
        verdict = match.verdict;
    } else {
        print_message("cannot be read: %s\n", expect_text);
    }
    match_fini(&match);
    round_trip_fini(&trips[0]);
    round_trip_fini(&trips[1]);
    json_decref(entries);
    return verdict;
}

static enum match_verdict hold(const char *expect_text, int status, const char *head,
                               const char *body)
{
    return hold_after(before_body, expect_text, status, head, body);
}

struct row {
    const char *expect;
    const char *head;
    const char *body;
    int status;
    enum match_verdict verdict;
};

static void check(const struct row *rows, size_t count)
{
    size_t failed = 0;

    for (size_t i = 0; i < count; i++) {
        enum match_verdict verdict =
            hold(rows[i].expect, rows[i].status, rows[i].head, rows[i].body);

        if (verdict == rows[i].verdict)
            continue;
        print_message("%s on %d %s %s: %d\n", rows[i].expect, rows[i].status, rows[i].head,
                      rows[i].body, (int)verdict);
        failed++;
    }
    assert_int_equal(failed, 0);
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

TEST(compares_a_status_by_number_and_by_class)
{
    static const struct row rows[] = {
        { "{\"status\":401}", "", "", 401, MATCH_HOLDS },
        { "{\"status\":401}", "", "", 400, MATCH_DIFFERS },
        { "{\"status\":401}", "", "", 500, MATCH_DIFFERS_IN_CLASS },
        { "{\"status\":\"2xx\"}", "", "", 201, MATCH_HOLDS },
        { "{\"status\":[200,\"4xx\"]}", "", "", 404, MATCH_HOLDS },
        { "{\"status\":[200,\"4xx\"]}", "", "", 201, MATCH_DIFFERS },
        { "{\"status\":[200,401]}", "", "", 302, MATCH_DIFFERS_IN_CLASS },
    };

    CHECK(rows);
}

TEST(compares_headers)
{
    static const char id[] = "x-request-id: 0b6ad7a2-5a52-4d30-8f61-9c1ff4f0aa01\r\n";
    static const struct row rows[] = {
        { "{\"header\":\"Allow\"}", "Allow: POST\r\n", "", 405, MATCH_HOLDS },
        { "{\"header\":\"Allow\"}", "", "", 405, MATCH_DIFFERS },
        { "{\"header\":\"Allow\",\"absent\":true}", "", "", 405, MATCH_HOLDS },
        { "{\"header\":\"Allow\",\"is\":\"POST\"}", "allow: POST\r\n", "", 405, MATCH_HOLDS },
        { "{\"header\":\"Allow\",\"is\":\"POST\"}", "Allow: GET\r\n", "", 405, MATCH_DIFFERS },
        { "{\"header\":\"Allow\",\"has\":\"POST\"}", "Allow: GET ,POST\r\n", "", 405, MATCH_HOLDS },
        { "{\"header\":\"Allow\",\"has\":\"POST\"}", "Allow: GET\r\nAllow: POST\r\n", "", 405,
          MATCH_HOLDS },
        { "{\"header\":\"Allow\",\"has\":\"POST\"}", "Allow: POSTS\r\n", "", 405, MATCH_DIFFERS },
        { "{\"header\":\"X-Request-Id\",\"matches\":\"uuid\"}", id, "", 405, MATCH_HOLDS },
        { "{\"header\":\"X-Request-Id\",\"matches\":\"uuid\"}", "X-Request-Id: 1\r\n", "", 405,
          MATCH_DIFFERS },
        { "{\"header\":\"Content-Type\",\"matches\":\"json\"}",
          "Content-Type: Application/JSON; charset=x\r\n", "", 405, MATCH_HOLDS },
        { "{\"header\":\"Date\",\"matches\":\"http-date\"}",
          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "", 405, MATCH_HOLDS },
        { "{\"header\":\"Date\",\"matches\":\"http-date\"}", "Date: 1994-11-06T08:49:37Z\r\n", "",
          405, MATCH_DIFFERS },
        { "{\"header\":\"X-Request-Id\",\"differs_from\":1}", "X-Request-Id: b\r\n", "", 405,
          MATCH_HOLDS },
        { "{\"header\":\"X-Request-Id\",\"differs_from\":1}", "X-Request-Id: A\r\n", "", 405,
          MATCH_DIFFERS },
        { "{\"header\":\"X-Request-Id\",\"differs_from\":1}", "", "", 405, MATCH_DIFFERS },
    };

    CHECK(rows);
}

TEST(follows_pointers)
{
    static const char body[] = "{\"error\":\"x\",\"a/b\":{\"m~n\":[10,{\"\":null}]}}";
    static const struct row rows[] = {
        { "{\"at\":\"/error\",\"is\":\"x\"}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/error\",\"is\":\"y\"}", "", body, 400, MATCH_DIFFERS },
        { "{\"at\":\"/a~1b/m~0n/0\",\"is\":10}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/a~1b/m~0n/1/\",\"is\":null}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/a~1b/m~0n/01x\",\"absent\":true}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/error\",\"type\":\"string\"}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/error\",\"type\":\"integer\"}", "", body, 400, MATCH_DIFFERS },
        { "{\"at\":\"\",\"type\":\"object\"}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/nothing\",\"absent\":true}", "", body, 400, MATCH_HOLDS },
        { "{\"at\":\"/nothing\",\"absent\":true}", "", "no JSON", 400, MATCH_DIFFERS },
        { "{\"body\":\"json\"}", "", "5", 400, MATCH_HOLDS },
        { "{\"body\":\"object\"}", "", "[]", 400, MATCH_DIFFERS },
        { "{\"body\":\"array\"}", "", "[]", 400, MATCH_HOLDS },
        { "{\"body\":\"empty\"}", "", "", 400, MATCH_HOLDS },
        { "{\"body\":\"empty\"}", "", " ", 400, MATCH_DIFFERS },
        { "{\"same_as\":1,\"at\":\"/0/id\"}", "", "[{\"id\":1}]", 200, MATCH_HOLDS },
        { "{\"same_as\":1,\"at\":\"/0/id\"}", "", "[{\"id\":2}]", 200, MATCH_DIFFERS },
        { "{\"same_as\":1,\"at\":\"/9\"}", "", "[]", 200, MATCH_VOID },
    };

    CHECK(rows);
}

TEST(finds_a_channel_in_the_list)
{
    static const char with[] = "[{\"channel_type\":\"email\",\"channel_id\":\"new@hm.test\"}]";
    static const char twice[] = "[{\"channel_type\":\"email\",\"channel_id\":\"new@hm.test\"},"
                                "{\"channel_type\":\"email\",\"channel_id\":\"new@hm.test\"}]";
    static const struct row rows[] = {
        { "{\"holds\":\"sent\"}", "", with, 200, MATCH_HOLDS },
        { "{\"holds\":\"sent\"}", "", "[]", 200, MATCH_DIFFERS },
        { "{\"holds\":\"sent\"}", "", "{}", 200, MATCH_DIFFERS },
        { "{\"holds\":\"sent\",\"times\":1}", "", with, 200, MATCH_HOLDS },
        { "{\"holds\":\"sent\",\"times\":1}", "", twice, 200, MATCH_DIFFERS },
        { "{\"holds\":\"sent\",\"times\":0}", "", "[]", 200, MATCH_HOLDS },
        { "{\"holds\":{\"channel_type\":\"email\",\"channel_id\":\"new@hm.test\"}}", "", with, 200,
          MATCH_HOLDS },
        { "{\"holds\":{\"channel_type\":\"Email\",\"channel_id\":\"new@hm.test\"}}", "", with, 200,
          MATCH_DIFFERS },
    };

    CHECK(rows);
}

TEST(compares_lists_by_id)
{
    static const char kept[] = "[{\"id\":9},{\"id\":2,\"created\":\"c\"},"
                               "{\"id\":1,\"channel_id\":\"old@x\",\"updated\":\"u2\",\"x\":1}]";
    static const char changed[] = "[{\"id\":2,\"created\":\"c\"},{\"id\":1,\"channel_id\":\"o\"}]";
    static const char twice[] = "[{\"id\":1,\"channel_id\":\"old@x\"},{\"id\":2,\"created\":\"c\"},"
                                "{\"id\":1,\"channel_id\":\"old@x\"}]";
    static const struct row rows[] = {
        { "{\"keeps\":1}", "", kept, 200, MATCH_HOLDS },
        { "{\"keeps\":1}", "", changed, 200, MATCH_DIFFERS },
        { "{\"keeps\":1}", "", twice, 200, MATCH_DIFFERS },
        { "{\"keeps\":1}", "", "[{\"id\":1,\"channel_id\":\"old@x\"}]", 200, MATCH_DIFFERS },
        { "{\"keeps\":1}", "", "{}", 200, MATCH_DIFFERS },
    };

    CHECK(rows);
}

#define OLD       "{\"id\":1,\"channel_id\":\"old@x\"},{\"id\":2,\"created\":\"c\"}"
#define NEW       "{\"id\":3,\"channel_id\":\"new@hm.test\"}"
#define OTHER     "{\"id\":4,\"channel_id\":\"stranger@x\"}"
#define GROWS(by) "{\"grows\":{\"since\":1,\"by\":" #by "}}"

/* Another run that ends at the same time deletes its channels. Run deadbeef is our own. */
TEST(lets_other_runs_delete_their_channels)
{
    static const char head[] = "Date: Sat, 28 Nov 2026 21:10:00 GMT\r\n";
    static const struct {
        const char *gone;
        enum match_verdict verdict;
    } rows[] = {
        { "\"channel_id\":\"hm-0badf00d-3@example.com\"", MATCH_HOLDS },
        { "\"channel_id\":\"v\",\"channel_type\":\"hm-0badf00d-t0001\"", MATCH_HOLDS },
        { "\"channel_id\":\"12125550117\",\"created\":\"2026-11-28T21:00:00Z\"", MATCH_HOLDS },
        { "\"channel_id\":\"12125550117\",\"created\":\"2024-03-01T09:30:00Z\"", MATCH_DIFFERS },
        { "\"channel_id\":\"12125550117\"", MATCH_DIFFERS },
        { "\"channel_id\":\"hm-deadbeef-3@example.com\"", MATCH_DIFFERS },
        { "\"channel_id\":\"hm-0badf00-3@example.com\"", MATCH_DIFFERS },
        { "\"channel_id\":\"x-hm-0badf00d-3@example.com\"", MATCH_DIFFERS },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum { LIST_TEXT = 256 };
        char before[LIST_TEXT];

        snprintf(before, sizeof before, "[{\"id\":1,\"channel_id\":\"old@x\"},{\"id\":5,%s}]",
                 rows[i].gone);
        assert_int_equal(
            hold_after(before, "{\"keeps\":1}", 200, head, "[{\"id\":1,\"channel_id\":\"old@x\"}]"),
            rows[i].verdict);
    }
    assert_int_equal(
        hold_after(
            "[{\"id\":1,\"channel_id\":\"old@x\"},"
            "{\"id\":5,\"channel_id\":\"hm-0badf00d-3@example.com\"}]",
            "{\"grows\":{\"since\":1,\"by\":1}}", 200, head,
            "[{\"id\":1,\"channel_id\":\"old@x\"},{\"id\":6,\"channel_id\":\"new@hm.test\"}]"),
        MATCH_HOLDS);
}

/* The case sends new@hm.test. */
TEST(counts_only_the_channels_that_the_case_sent)
{
    static const struct row rows[] = {
        { GROWS(1), "", "[" OLD "," NEW "]", 200, MATCH_HOLDS },
        { GROWS(0), "", "[" OLD "]", 200, MATCH_HOLDS },
        { GROWS(1), "", "[" OLD "]", 200, MATCH_DIFFERS },
        { GROWS(0), "", "[" OLD "," NEW "]", 200, MATCH_DIFFERS },
        { GROWS(1), "", "[" OLD "," NEW "," NEW "]", 200, MATCH_DIFFERS },
        { GROWS(1), "", "[" OLD "," NEW ",{\"channel_id\":\"new@hm.test.copy\"}]", 200,
          MATCH_DIFFERS },
        { GROWS(1), "", "[" OLD "," OTHER "," NEW "," OTHER "]", 200, MATCH_HOLDS },
        { GROWS(0), "", "[" OLD "," OTHER "]", 200, MATCH_HOLDS },
        { GROWS(0), "", "[" OLD "," OTHER "," NEW "]", 200, MATCH_DIFFERS },
        { GROWS(1), "", "[" OLD "," OTHER "]", 200, MATCH_VOID },
        { GROWS(1), "", "[" OLD ",{\"channel_id\":\"NEW@hm.TEST\"}]", 200, MATCH_HOLDS },
        { GROWS(1), "", "[]", 200, MATCH_DIFFERS },
        { GROWS(1), "", "{}", 200, MATCH_DIFFERS },
    };

    CHECK(rows);
}

TEST(hides_keys_and_signatures_that_an_answer_repeats)
{
    static char value[] = "Bearer aaa.bbb.0123456789abcdef0123";
    static char id[] = "id";
    static char key[] = "topsecret";
    static const char text[] = "0123456789abcdef0123 topsecret\ttopsecre topsecret";
    struct names names = { .secrets = { { id, { { key } } } } };
    struct round_trip trip;
    struct buf out;

    memset(&trip, 0, sizeof trip);
    assert_int_equal(names_mask(&names, NULL), HM_OK);
    trip.message.names = &names;
    trip.message.authorization.count = 1;
    trip.message.authorization.at[0] = value;
    buf_init(&out, 1000);
    round_trip_quote(&out, &trip, text, strlen(text));
    assert_string_equal(buf_text(&out),
                        "<token of 20 characters> <known key>\\x09topsecre <known key>");
    mask_free(names.mask);
    buf_fini(&out);
}

ALL_TESTS_WITHIN(clauses_setup, clauses_teardown)
