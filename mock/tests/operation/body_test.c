/* Bodies as they come off a connection: short, slow, broken, held back [T5 T7 T8 B2]. */
#include "operation/body.h"

#include "tests/stage.h"
#include "tests/unit.h"
#include <errno.h>

#define BODY "{\"channel_type\":\"email\",\"channel_id\":\"b@example.com\"}"

static void begin(struct stage *stage, const char *body)
{
    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA), body);
}

static int run(struct stage *stage)
{
    dispatch_run(stage->x);
    return stage->x->answer.status;
}

static int broken_read(void *from, char *buf, size_t length)
{
    (void)from;
    memset(buf, 0, length);
    return -1;
}

static int slow_read(void *from, char *buf, size_t length)
{
    broken_read(from, buf, length);
    errno = ETIMEDOUT;
    return -1;
}

/* The time limit of a read may be shorter than the deadline. */
STAGE_TEST(a_client_that_the_server_gives_up_is_408)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    stage->x->connection.read = slow_read;
    assert_int_equal(run(stage), 408);
    begin(stage, BODY);
    stage->x->connection.read = slow_read;
    stage->x->request.is_chunked = true;
    assert_int_equal(run(stage), 408);
    assert_true(stage->x->answer.must_close);
}

STAGE_TEST(a_whole_body_is_read_to_its_end)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    assert_int_equal(run(stage), 200);
    assert_int_equal(stage->body_at, stage->body_length);
    assert_false(stage->x->answer.must_close);
}

STAGE_TEST(bytes_after_the_length_are_not_read)
{
    struct stage *stage = *state;

    begin(stage, BODY "GET / HTTP/1.1\r\n");
    stage->x->request.content_length = (int64_t)strlen(BODY);
    assert_int_equal(run(stage), 200);
    assert_int_equal(stage->body_at, strlen(BODY));
}

STAGE_TEST(a_short_body_is_400_and_closes)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    stage->x->request.content_length += 5;
    assert_int_equal(run(stage), 400);
    assert_true(stage->x->answer.must_close);
    assert_non_null(strstr(stage_head(stage), "X-Mock-Finding: B2 body-truncated\r\n"));
    assert_non_null(strstr(stage_body(stage), "58 bytes were announced, but 53 arrived"));
}

STAGE_TEST(a_connection_that_breaks_is_a_short_body)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    stage->x->connection.read = broken_read;
    assert_int_equal(run(stage), 400);
    assert_non_null(strstr(stage_head(stage), "X-Mock-Finding: B2 body-truncated\r\n"));
}

STAGE_TEST(broken_chunks_are_broken_framing)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    stage->x->request.is_chunked = true;
    stage->x->connection.read = broken_read;
    assert_int_equal(run(stage), 400);
    assert_true(stage->x->answer.must_close);
    assert_non_null(strstr(stage_head(stage), "X-Mock-Finding: T8 request-malformed\r\n"));
}

/* The deadline counts from the beginning of the request, however slowly the bytes come. */
STAGE_TEST(a_body_that_drips_past_the_deadline_is_408)
{
    static const char longer_than_a_piece[] = BODY BODY BODY;
    struct stage *stage = *state;

    begin(stage, longer_than_a_piece);
    stage->x->started_us -= (int64_t)(BODY_DEADLINE_MS + 1) * 1000;
    assert_int_equal(run(stage), 408);
    assert_true(stage->x->answer.must_close);
    assert_int_equal(stage->body_at, BODY_PIECE_BYTES);
    assert_non_null(strstr(stage_body(stage), "\"error\":\"timeout\""));
}

STAGE_TEST(one_byte_too_much_is_413)
{
    static char body[CHANNEL_BODY_BYTES_MAX + 2];
    struct stage *stage = *state;

    memset(body, ' ', sizeof body - 1);
    memcpy(body, BODY, strlen(BODY));
    begin(stage, body);
    assert_int_equal(run(stage), 413);
    assert_int_equal(stage->body_at, 0); /* by its length alone */
    begin(stage, body);
    stage->x->request.is_chunked = true;
    stage->x->request.content_length = 0;
    assert_int_equal(run(stage), 413);
    assert_true(stage->x->answer.must_close);
    body[CHANNEL_BODY_BYTES_MAX] = '\0';
    begin(stage, body);
    assert_int_equal(run(stage), 200);
}

/* [T5] */
STAGE_TEST(the_media_type_is_judged_by_the_policy)
{
    struct stage *stage = *state;

    for (int accepts = 0; accepts < 2; accepts++) {
        stage->mock.main.slot.present->policy.value[POLICY_MEDIA_TYPE] = accepts;
        begin(stage, BODY);
        stage->x->request.content_type = private_text("text/plain");
        assert_int_equal(run(stage), accepts ? 200 : 415);
        begin(stage, BODY);
        stage->x->request.content_type = private_text(NULL);
        assert_int_equal(run(stage), accepts ? 200 : 415);
    }
}

STAGE_TEST(go_on_is_said_once_and_only_for_a_body_that_is_wanted)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    stage->x->request.expects_continue = true;
    assert_int_equal(run(stage), 200);
    assert_int_equal(stage->go_ons, 1);
    begin(stage, BODY);
    stage->x->request.expects_continue = true;
    stage->x->request.content_type = private_text("text/plain");
    assert_int_equal(run(stage), 415);
    assert_int_equal(stage->go_ons, 0);
    assert_true(stage->x->answer.must_close);
}

STAGE_TEST(an_unwanted_body_is_drained_and_a_large_one_is_not)
{
    struct stage *stage = *state;

    begin(stage, BODY);
    stage->x->request.authorization_count = 2;
    assert_int_equal(run(stage), 401);
    assert_false(stage->x->answer.must_close);
    assert_true(body_drain(stage->x));
    assert_int_equal(stage->body_at, stage->body_length);
    begin(stage, BODY);
    stage->x->request.authorization_count = 2;
    stage->x->request.content_length = CHANNEL_BODY_BYTES_MAX + 1;
    assert_int_equal(run(stage), 401);
    assert_true(stage->x->answer.must_close);
    assert_int_equal(stage->body_at, 0);
}

STAGE_TEST(draining_ends_with_the_deadline)
{
    struct stage *stage = *state;

    begin(stage, BODY BODY); /* more than the last piece is to come */
    stage->x->request.authorization_count = 2;
    assert_int_equal(run(stage), 401);
    stage->x->started_us -= (int64_t)(BODY_DEADLINE_MS + 1) * 1000;
    assert_false(body_drain(stage->x));
}
