/* What an answer must be [R1 R2 R5 R6 R8 R9], and what is read from it. */
#include "contract/channel_answer.h"
#include "contract/operation_answer.h"
#include "contract/rfc3339.h"
#include "tests/unit.h"

#define TIMES "\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\""
#define NAMES                                                                                      \
    "\"channel_type\":\"phone\",\"channel_id\":\"14155551234\",\"info_channel\":\"\","             \
    "\"channel_handle\":\"\""
#define ELEMENT "{\"id\":1,\"team_id\":2,\"contact_id\":3," NAMES "," TIMES "}"

static struct answer_breaches judge_and_take(json_t **root, const char *body,
                                             const char *content_type)
{
    const struct operation_answer answer = { content_type, body, strlen(body) };
    struct answer_breaches breaches;

    assert_int_equal(operation_answer_check(root, operation_row(OPERATION_CHANNEL_CREATE), NULL,
                                            &answer, NULL, &breaches, NULL),
                     HM_OK);
    return breaches;
}

static struct answer_breaches judge_as(const char *body, const char *content_type)
{
    return judge_and_take(NULL, body, content_type);
}

static struct answer_breaches judge(const char *body)
{
    return judge_as(body, "application/json");
}

/* Exactly one breach, of that clause and with that text. */
static void assert_breach(struct answer_breaches breaches, const char *clause, const char *text)
{
    assert_int_equal(breaches.total, 1);
    assert_string_equal(breaches.at[0].text, text);
    assert_string_equal(breaches.at[0].clause, clause);
    assert_false(breaches.at[0].is_warning);
}

TEST(accepts_what_the_contract_says)
{
    assert_int_equal(judge("[]").total, 0);
    assert_int_equal(judge("[" ELEMENT "," ELEMENT "]").total, 0);
    assert_int_equal(judge_as("[]", "Application/JSON ; charset=utf-8").total, 0);
}

TEST(ignores_unknown_members)
{
    assert_int_equal(
        judge("[{\"more\":null,\"id\":1,\"team_id\":2,\"contact_id\":3," NAMES "," TIMES "}]")
            .total,
        0);
}

TEST(says_what_stands_in_place_of_the_array)
{
    assert_breach(judge("{\"channels\":[]}"), "R1",
                  "the body is an object with the member \"channels\", an array was expected");
    assert_breach(judge("null"), "R1", "the body is null, an array was expected");
    assert_breach(judge(""), "R1", "the body is empty, an array was expected");
    assert_int_equal(judge("<html>").total, 1);
    assert_string_equal(judge("[" ELEMENT).at[0].clause, "R1");
    assert_string_equal(judge("[{\"id\":1,\"id\":2}]").at[0].clause, "R1");
}

TEST(wants_the_media_type_of_json)
{
    assert_breach(judge_as("[]", "text/html"), "R6",
                  "Content-Type is \"text/html\", application/json was expected");
    assert_breach(judge_as("[]", NULL), "R6",
                  "Content-Type is absent, application/json was expected");
    assert_int_equal(judge_as("[]", "application/jsonp").total, 1);
    assert_int_equal(judge_as("[]", "application/json, text/html").total, 1);
}

TEST(names_a_wrong_member_by_its_pointer)
{
    assert_breach(
        judge("[" ELEMENT ",{\"id\":1,\"team_id\":2,\"contact_id\":\"3\"," NAMES "," TIMES "}]"),
        "R2", "/1/contact_id is a string, an integer was expected");
    assert_breach(judge("[{\"id\":1.5,\"team_id\":2,\"contact_id\":3," NAMES "," TIMES "}]"), "R2",
                  "/0/id is a number with a fraction, an integer was expected");
    assert_breach(
        judge("[{\"id\":9223372036854775808,\"team_id\":2,\"contact_id\":3," NAMES "," TIMES "}]"),
        "R2", "/0/id is an integer that does not fit into 64 bits, an integer was expected");
    assert_breach(judge("[{\"team_id\":2,\"contact_id\":3," NAMES "," TIMES "}]"), "R2",
                  "/0/id is absent, an integer was expected");
    assert_breach(judge("[{\"id\":1,\"team_id\":2,\"contact_id\":3," NAMES
                        ",\"created\":\"2024-04-16T00:00:00Z\",\"updated\":null}]"),
                  "R2", "/0/updated is null, a string was expected");
    assert_breach(judge("[[]]"), "R2", "/0 is an array, an object was expected");
}

TEST(takes_one_point_zero_for_an_integer)
{
    assert_int_equal(
        judge("[{\"id\":1.0,\"team_id\":2e0,\"contact_id\":3," NAMES "," TIMES "}]").total, 0);
    assert_int_equal(
        judge("[{\"id\":9223372036854775807,\"team_id\":2,\"contact_id\":3," NAMES "," TIMES "}]")
            .total,
        0);
}

TEST(wants_one_contact_and_one_team)
{
    assert_breach(
        judge("[" ELEMENT ",{\"id\":1,\"team_id\":2,\"contact_id\":4," NAMES "," TIMES "}]"), "R8",
        "/1/contact_id is 4 and /0/contact_id is 3, the same in all elements was expected");
    assert_string_equal(
        judge("[" ELEMENT ",{\"id\":1,\"team_id\":5,\"contact_id\":3," NAMES "," TIMES "}]")
            .at[0]
            .clause,
        "R8");
}

TEST(warns_once_of_members_that_may_be_absent)
{
#define BARE                                                                                       \
    "{\"id\":1,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"a\",\"channel_id\":\"b\","        \
    "\"channel_handle\":\"\"," TIMES "}"
    struct answer_breaches breaches = judge("[" ELEMENT "," BARE "," BARE "]");

    assert_int_equal(breaches.total, 1);
    assert_true(breaches.at[0].is_warning);
    assert_string_equal(breaches.at[0].clause, "R9");
    assert_string_equal(breaches.at[0].text,
                        "info_channel is absent from 2 of 3 elements, the first is /1");
    assert_null(answer_breach_first(&breaches));
}

TEST(counts_more_breaches_than_it_keeps)
{
    char body[512];
    size_t length = 0;
    struct answer_breaches breaches;

    for (int i = 0; i < 40; i++)
        length +=
            (size_t)snprintf(body + length, sizeof body - length, "%snull", i > 0 ? "," : "[");
    snprintf(body + length, sizeof body - length, "]");
    breaches = judge(body);
    assert_int_equal(breaches.count, ANSWER_BREACHES_MAX);
    assert_int_equal(breaches.total, 40);
}

TEST(knows_rfc3339_times)
{
    static const char *const good[] = {
        "2024-04-16T00:00:00Z",      "2024-04-16t23:59:59z",
        "2024-02-29T12:00:00Z",      "2024-04-16T00:00:00.123456789Z",
        "2024-04-16T00:00:00+05:45", "2024-04-16T00:00:00.5-23:59",
        "2016-12-31T23:59:60Z",      "2017-01-01T00:59:60+01:00",
        "0000-01-01T00:00:00-00:00",
    };
    static const char *const bad[] = {
        "",
        "2024-04-16",
        "2024-04-16 00:00:00Z",
        "2024-04-16T00:00:00",
        "2024-04-16T00:00Z",
        "2024-04-16T00:00:00.Z",
        "2024-04-16T24:00:00Z",
        "2024-04-16T00:60:00Z",
        "2024-04-16T00:00:61Z",
        "2024-04-16T12:00:60Z",
        "2024-13-16T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-04-16T00:00:00+0100",
        "2024-04-16T00:00:00+24:00",
        "2024-04-16T00:00:00Zx",
        "24-04-16T00:00:00Z",
        "1713225600",
        "2024\r04\r16T00:00:00Z",
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(rfc3339_read(NULL, good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(rfc3339_read(NULL, bad[i], strlen(bad[i])));
    assert_breach(
        judge("[{\"id\":1,\"team_id\":2,\"contact_id\":3," NAMES
              ",\"created\":\"2024-04-16 00:00:00\",\"updated\":\"2024-04-16T00:00:00Z\"}]"),
        "R5",
        "/0/created is \"2024-04-16 00:00:00\", an RFC 3339 time such as "
        "\"2024-04-16T00:00:00Z\" was expected");
}

TEST(reads_what_can_be_read)
{
    static const char body[] = "[" ELEMENT ",7,{\"id\":9,\"channel_type\":5}]";
    struct hm_channel_list list = { .count = 0 };
    json_t *root = NULL;

    judge_and_take(&root, body, "application/json");
    assert_int_equal(channel_answer_take(&list, root, NULL), HM_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.at[0].id, 1);
    assert_int_equal(list.at[0].team_id, 2);
    assert_int_equal(list.at[0].contact_id, 3);
    assert_string_equal(list.at[0].channel_id, "14155551234");
    assert_string_equal(list.at[0].updated, "2024-04-16T00:00:00Z");
    assert_int_equal(list.at[1].id, 9);
    assert_string_equal(list.at[1].channel_type, "");
    assert_string_equal(list.at[1].created, "");
    hm_channel_list_fini(&list);
    hm_channel_list_fini(&list);
    assert_int_equal(channel_answer_take(&list, NULL, NULL), HM_OK);
    hm_channel_list_fini(&list);
}

TEST(reads_on_past_a_repeated_member_and_a_huge_integer)
{
    static const char body[] = "[{\"id\":1,\"id\":4,\"team_id\":99999999999999999999}]";
    struct hm_channel_list list = { .count = 0 };
    json_t *root = NULL;
    struct answer_breaches breaches = judge_and_take(&root, body, "application/json");

    assert_int_equal(channel_answer_take(&list, root, NULL), HM_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].id, 4);
    hm_channel_list_fini(&list);
    assert_string_equal(breaches.at[0].clause, "R1");
    assert_string_equal(
        breaches.at[1].text,
        "/0/team_id is an integer that does not fit into 64 bits, an integer was expected");
}

TEST(takes_both_faults_in_any_order)
{
    static const char *const bodies[] = {
        "[{\"id\":1,\"id\":4,\"team_id\":99999999999999999999}]",
        "[{\"team_id\":99999999999999999999,\"id\":1,\"id\":4}]",
    };

    for (size_t i = 0; i < 2; i++) {
        struct answer_breaches breaches = judge(bodies[i]);

        assert_non_null(strstr(breaches.at[0].text, "the body has a duplicate member (line 1"));
        assert_string_equal(
            breaches.at[1].text,
            "/0/team_id is an integer that does not fit into 64 bits, an integer was expected");
    }
}

/* A tree of them would take a hundred times their bytes. */
TEST(refuses_more_values_than_it_can_hold)
{
    enum { COMMAS = 250000, BYTES = 2 * COMMAS + 4 };
    char *body = malloc(BYTES);

    assert_non_null(body);
    for (size_t i = 0; i <= COMMAS; i++)
        memcpy(body + 2 * (size_t)i, ",1", 2);
    body[0] = '[';
    memcpy(body + BYTES - 2, "]", 2);
    assert_breach(judge(body), "R1", "the body has more than 250000 JSON values");
    free(body);
}
