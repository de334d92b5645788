/* Answers: findings as headers, as message, as JSON; terse; HEAD; X-Request-Id [T4 R6 E6]. */
#include "exchange/answer.h"

#include "support/uuid.h"
#include "tests/stage.h"
#include "tests/unit.h"

static size_t count_of(const char *text, const char *wanted)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at += strlen(wanted))
        count++;
    return count;
}

static void refuse(struct stage *stage, int status)
{
    exchange_refuse(stage->x, status);
    answer_write(&stage->x->answer);
}

STAGE_TEST(an_error_names_its_first_refusal_and_the_others)
{
    struct stage *stage = *state;
    struct exchange *x = stage->x;

    stage_request(stage, "POST", "/", NULL);
    hm_findings_add(&x->findings, HM_J9_TYP_MISSING, "no typ");
    hm_findings_add(&x->findings, HM_J6_EXPIRED, "300 s old");
    hm_findings_add(&x->findings, HM_J5_SECRET_KEY_ALONE, "the \"key\" alone");
    refuse(stage, 401);
    assert_int_equal(x->answer.status, 401);
    assert_non_null(strstr(stage_body(stage),
                           "{\"error\":\"unauthorized\",\"message\":\"the \\\"key\\\" alone: sign "
                           "with ID||KEY: the secret's ID, two pipe characters, the key "
                           "(also: J6 expired, J9 typ-missing)\",\"findings\":["
                           "{\"clause\":\"J5\",\"code\":\"secret-key-alone\",\"severity\":"
                           "\"refused\",\"message\":\"the \\\"key\\\" alone: "));
    assert_non_null(strstr(stage_head(stage), "X-Mock-Finding: J5 secret-key-alone\r\n"
                                              "X-Mock-Finding: J6 expired\r\n"
                                              "X-Mock-Finding: J9 typ-missing; warned\r\n"));
}

STAGE_TEST(a_lone_refusal_has_no_others)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", "/", NULL);
    hm_findings_add(&stage->x->findings, HM_J6_EXPIRED, "old");
    refuse(stage, 401);
    assert_null(strstr(stage_body(stage), "(also"));
}

/* [E6] */
STAGE_TEST(every_status_has_its_name)
{
    static const struct {
        int status;
        const char *error;
    } rows[] = { { 400, "bad_data" },
                 { 401, "unauthorized" },
                 { 403, "denied" },
                 { 404, "not_found" },
                 { 405, "method_not_allowed" },
                 { 408, "timeout" },
                 { 413, "too_large" },
                 { 415, "unsupported_media_type" },
                 { 429, "rate_limited" },
                 { 431, "head_too_large" },
                 { 500, "server_error" } };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char expected[64], status_line[32];

        snprintf(expected, sizeof expected, "{\"error\":\"%s\",\"message\":\"", rows[i].error);
        snprintf(status_line, sizeof status_line, "HTTP/1.1 %d ", rows[i].status);
        stage_request(stage, "POST", "/", NULL);
        refuse(stage, rows[i].status);
        assert_memory_equal(stage_body(stage), expected, strlen(expected));
        assert_memory_equal(stage_head(stage), status_line, strlen(status_line));
    }
}

STAGE_TEST(broken_framing_is_a_400_of_its_own)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", "/", NULL);
    dispatch_refuse(stage->x, 400, HM_T8_REQUEST_MALFORMED, "two lengths");
    assert_non_null(strstr(stage_body(stage), "\"error\":\"malformed\""));
    assert_non_null(strstr(stage_head(stage), "Connection: close\r\n"));
}

STAGE_TEST(terse_says_the_reason_phrase_alone)
{
    struct stage *stage = *state;

    stage->mock.is_terse = true;
    stage_request(stage, "POST", "/", NULL);
    hm_findings_add(&stage->x->findings, HM_J6_EXPIRED, "old");
    refuse(stage, 401);
    assert_string_equal(stage_body(stage),
                        "{\"error\":\"unauthorized\",\"message\":\"Unauthorized\"}");
    assert_null(strstr(stage_head(stage), "X-Mock-Finding"));
    assert_non_null(strstr(stage_head(stage), "X-Request-Id: "));
}

STAGE_TEST(head_gets_the_length_and_no_body)
{
    struct stage *stage = *state;

    stage_request(stage, "HEAD", "/", NULL);
    stage->x->answer.is_for_head = true;
    refuse(stage, 404);
    assert_string_equal(stage_body(stage), "");
    assert_null(strstr(stage_head(stage), "Content-Length: 0\r\n"));
    assert_non_null(strstr(stage_head(stage), "Content-Length: "));
}

STAGE_TEST(at_most_sixteen_findings_are_sent)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", "/", NULL);
    for (int i = 0; i < 40; i++)
        hm_findings_add(&stage->x->findings, (enum hm_mistake)i, "x");
    refuse(stage, 400);
    assert_int_equal(count_of(stage_head(stage), "X-Mock-Finding: "), 16);
}

STAGE_TEST(a_header_has_no_text_of_the_request)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", "/", NULL);
    hm_findings_add(&stage->x->findings, HM_T6_PATH_UNKNOWN, "there is no path /evil");
    refuse(stage, 404);
    assert_null(strstr(stage_head(stage), "X-Mock-Finding: T6 path-unknown/"));
    assert_true(strstr(stage_head(stage), "/evil") > strstr(stage_head(stage), "\r\n\r\n"));
}

STAGE_TEST(says_whether_the_connection_goes_on)
{
    static const struct {
        bool must_close, will_close, is_http_1_0;
        const char *says;
    } rows[] = { { false, false, false, "Connection: keep-alive\r\nKeep-Alive: timeout=4\r\n" },
                 { true, false, false, "Connection: close\r\n" },
                 { false, true, false, "Connection: close\r\n" },
                 { false, false, true, "Connection: keep-alive\r\nKeep-Alive: timeout=4\r\n" },
                 { false, true, true, "Connection: close\r\n" } };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage_request(stage, "POST", "/", NULL);
        stage->x->answer.must_close = rows[i].must_close;
        stage->x->request.will_close = rows[i].will_close;
        stage->x->request.is_http_1_0 = rows[i].is_http_1_0;
        assert_int_equal(stage_run(stage), 404);
        assert_non_null(strstr(stage_head(stage), rows[i].says));
    }
}

/* [T4] */
STAGE_TEST(every_request_draws_its_own_id)
{
    struct stage *stage = *state;
    char first[UUID_TEXT];

    stage_request(stage, "POST", "/", NULL);
    memcpy(first, stage->x->request_id, sizeof first);
    stage_request(stage, "POST", "/", NULL);
    assert_true(uuid_is_valid(first, strlen(first)));
    assert_true(uuid_is_valid(stage->x->request_id, strlen(stage->x->request_id)));
    assert_string_not_equal(first, stage->x->request_id);
}

/* Memory runs out while an answer is made: it is 500, whole, and the connection ends. */
STAGE_TEST(out_of_memory_is_500)
{
    struct stage *stage = *state;

    stage_request(stage, "POST", "/", NULL);
    buf_fini(&stage->x->answer.bytes);
    buf_init(&stage->x->answer.bytes, 100); /* as if memory had run out */
    refuse(stage, 404);
    assert_int_equal(stage->x->answer.status, 500);
    assert_true(stage->x->answer.must_close);
    assert_non_null(strstr(stage_head(stage), "X-Request-Id: "));
    assert_int_equal(strlen(stage_head(stage)), stage->x->answer.parts[0].length);
    assert_string_equal(stage_body(stage),
                        "{\"error\":\"server_error\",\"message\":\"Internal Server Error\"}");
}

enum { LONG_BYTES = ANSWER_KEPT_BYTES + 1 };

/* Of that length; free() it. */
static char *test_list(void)
{
    char *list = malloc(LONG_BYTES + 1);

    assert_non_null(list);
    memset(list, '[', LONG_BYTES);
    list[LONG_BYTES] = '\0';
    return list;
}

STAGE_TEST(a_long_list_is_sent_from_where_it_is)
{
    struct stage *stage = *state;
    struct answer *answer = &stage->x->answer;
    char *list = test_list(), length[64];

    stage_request(stage, "POST", "/", NULL);
    answer_set(answer, 200, list, LONG_BYTES, "]");
    answer_write(answer);
    assert_ptr_equal(answer->parts[1].at, list);
    assert_int_equal(answer->parts[1].length, LONG_BYTES);
    assert_string_equal(answer->parts[2].at, "]");
    assert_string_equal(stage_body(stage), "");
    snprintf(length, sizeof length, "Content-Length: %d\r\n", LONG_BYTES + 1);
    assert_non_null(strstr(stage_head(stage), length));
    free(list);
}

STAGE_TEST(a_short_list_is_in_one_piece)
{
    struct stage *stage = *state;
    struct answer *answer = &stage->x->answer;

    stage_request(stage, "POST", "/", NULL);
    answer_set(answer, 200, "[1", 2, "]");
    answer_write(answer);
    assert_int_equal(answer->parts[1].length, 0);
    assert_string_equal(stage_body(stage), "[1]");
}

/* How many bytes of the body are sent. */
static size_t body_bytes(const struct stage *stage)
{
    const struct answer_part *part = &stage->x->answer.parts[0];

    return part->length - (size_t)(stage_body(stage) - part->at);
}

STAGE_TEST(a_truncated_body_is_half_of_it)
{
    struct stage *stage = *state;
    struct answer *answer = &stage->x->answer;
    char *list = test_list();

    stage_request(stage, "POST", "/", NULL);
    answer->delivery = DELIVER_TRUNCATED;
    answer_set(answer, 200, list, LONG_BYTES, "]");
    answer_write(answer);
    assert_int_equal(answer->parts[1].length, 0);
    assert_int_equal(body_bytes(stage), (LONG_BYTES + 1) / 2);
    assert_true(answer->must_close);
    free(list);
}

STAGE_TEST(garbage_is_not_http)
{
    struct stage *stage = *state;
    struct answer *answer = &stage->x->answer;

    stage_request(stage, "POST", "/", NULL);
    answer_lose(answer, DELIVER_GARBAGE);
    answer_write(answer);
    assert_int_equal(answer->parts[0].at[0], 0x16);
    assert_true(answer->must_close);
    answer_lose(answer, DELIVER_RESET);
    answer_write(answer);
    assert_int_equal(answer->parts[0].length, 0);
}

STAGE_TEST(a_changed_tree_is_the_body)
{
    struct stage *stage = *state;
    struct answer *answer = &stage->x->answer;

    stage_request(stage, "POST", "/", NULL);
    answer_set(answer, 200, "[1", 2, "]");
    json_array_append_new(answer_tree(answer), json_integer(2));
    answer->is_chunked = true;
    answer->has_charset = true;
    answer->has_lower_case_names = true;
    answer_write(answer);
    assert_string_equal(stage_body(stage), "5\r\n[1,2]\r\n0\r\n\r\n");
    assert_non_null(strstr(stage_head(stage), "content-type: application/json; charset=utf-8\r\n"));
    assert_non_null(strstr(stage_head(stage), "\r\ntransfer-encoding: chunked\r\n"));
    answer_set(answer, 200, "<html>", 6, "");
    answer_release(answer);
    assert_null(answer_tree(answer));
}
