/* Fault rules: what is read, what fits, what is due. */
#include "fault/fault_read.h"

#include "store/store.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <pthread.h>

enum { THREADS = 8, TRIES = 500, SHOWN_BYTES = 8192 };

#define ADA_PATH STAGE_PATH(STAGE_ADA)
#define BODY     "{\"channel_type\":\"email\",\"channel_id\":\"a@x\"}"

static struct channel_values values_of(const char *type, const char *id)
{
    return (struct channel_values){ type, id, strlen(type), strlen(id) };
}

STAGE_TEST(reads_a_rule_and_writes_it_again)
{
    static const struct {
        const char *rule, *shown;
    } rows[] = {
        { "status=429", "{\"status\":429}" },
        { "status=429,retry-after=1,times=2", "{\"times\":2,\"status\":429,\"retry-after\":1}" },
        { "delay=250ms", "{\"delay\":\"250ms\"}" },
        { "delay=2s", "{\"delay\":\"2s\"}" },
        { "delay=2000ms,nth=3", "{\"nth\":3,\"delay\":\"2s\"}" },
        { "abort=reset,commit=yes", "{\"abort\":\"reset\",\"commit\":\"yes\"}" },
        { "abort=stall,commit=no", "{\"abort\":\"stall\"}" },
        { "abort=garbage", "{\"abort\":\"garbage\"}" },
        { "abort=truncate,status=500", "{\"status\":500,\"abort\":\"truncate\"}" },
        { "channel_type=phone,channel_id=a%2Cb%25,status=599",
          "{\"channel_type\":\"phone\",\"channel_id\":\"a,b%\",\"status\":599}" },
        { "contact=ADA0ADA0-1815-4000-8000-00000000ADA0,status=400",
          "{\"contact\":\"" STAGE_ADA "\",\"status\":400}" },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct faults *faults;
        struct buf out;
        char expected[SHOWN_BYTES];

        buf_init(&out, SHOWN_BYTES);
        assert_int_equal(faults_new(&faults, NULL), HM_OK);
        assert_int_equal(
            faults_add(faults, stage->mock.main.slot.present->store, rows[i].rule, NULL), HM_OK);
        fault_write_counted(&out, faults->at[0], NULL);
        snprintf(expected, sizeof expected, "%.*s,\"matched\":0,\"done\":0}",
                 (int)strlen(rows[i].shown) - 1, rows[i].shown);
        assert_string_equal(buf_text(&out), expected);
        buf_fini(&out);
        faults_free(faults);
    }
}

STAGE_TEST(complains_of_a_rule_with_its_place)
{
    static const struct {
        const char *text, *complaint;
    } rows[] = {
        { "[7]", "f:1:2: /0: found an integer, expected an object" },
        { "[{}]", "f:1:2: /0: the rule has no effect, expected status, delay or abort" },
        { "[{\"status\":\"500\"}]", "/0/status: found a string, expected a status" },
        { "[{\"status\":200}]", "/0/status: found 200, expected a status from 400 to 599" },
        { "[{\"status\":500},\n{\"nth\":0,\"status\":500}]", "f:2:8: /1/nth: found 0" },
        { "[{\"abort\":\"stal\"}]", "/0/abort: found stal, expected reset, stall" },
        { "[{\"delay\":250}]", "/0/delay: found an integer, expected a time such as 250ms" },
        { "[{\"delay\":\"30001ms\"}]", "/0/delay: found 30001ms" },
        { "[{\"contact\":\"bobby\",\"status\":500}]", "/0/contact: found bobby, expected a UUID" },
        { "[{\"status\":500,\"commit\":1}]", "/0/commit: found an integer, expected yes or no" },
        { "[{\"channel_id\":\"a\\u0000b\",\"status\":500}]", "/0/channel_id: found a NUL" },
    };
    struct stage *stage = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct faults *faults;
        struct json_file file = { 0 };
        struct json_node root;
        struct hm_error err = { 0 };

        assert_int_equal(faults_new(&faults, NULL), HM_OK);
        assert_int_equal(json_file_parse(&file, "f", rows[i].text, strlen(rows[i].text), NULL),
                         HM_OK);
        root = json_node_root(&file);
        assert_int_equal(faults_read(faults, stage->mock.main.slot.present->store, &root, &err),
                         HM_BAD_INPUT);
        if (strstr(err.text, rows[i].complaint) == NULL)
            fail_msg("%s: %s", rows[i].text, err.text);
        json_file_fini(&file);
        faults_free(faults);
    }
}

/* A digit for each request: the rule that was carried out, '-': none. */
static void sequence(char *out, size_t requests, const char *const *rules)
{
    struct channel_values values = values_of("email", "a@x");
    const struct fault *at[8] = { NULL };
    struct faults *faults;

    assert_int_equal(faults_new(&faults, NULL), HM_OK);
    for (size_t i = 0; rules[i] != NULL; i++)
        assert_int_equal(faults_add(faults, NULL, rules[i], NULL), HM_OK);
    for (size_t i = 0; i < requests; i++) {
        const struct fault *due;
        size_t rule = 0;

        assert_int_equal(faults_due(&due, faults, "channel_create", STAGE_ADA, &values), HM_OK);

        while (due != NULL && at[rule] != NULL && at[rule] != due)
            rule++;
        if (due != NULL)
            at[rule] = due;
        out[i] = "0123456789-"[due == NULL ? 10 : rule];
    }
    out[requests] = '\0';
    faults_free(faults);
}

TEST(the_first_rule_that_is_due_wins)
{
    static const struct {
        const char *rules[4], *expected;
    } rows[] = {
        { { "status=500" }, "000000" },
        { { "status=500,times=2" }, "00----" },
        { { "status=500,nth=3" }, "--0000" },
        { { "status=500,nth=2,times=1" }, "-0----" },
        { { "status=500,times=1", "status=429,times=2" }, "011---" },
        { { "status=500,nth=1,times=1", "status=429,nth=3,times=1" }, "0-1---" },
        { { "channel_id=b@x,status=500", "status=429" }, "000000" },
        { { "channel_type=email,channel_id=a@x,status=500" }, "000000" },
        { { "channel_type=Email,status=500", "channel_id=a@xx,status=500",
            "contact=" STAGE_BOB ",status=500" },
          "------" },
    };
    char got[8];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sequence(got, 6, rows[i].rules);
        assert_string_equal(got, rows[i].expected);
    }
}

struct tries {
    struct faults *faults;
    int met;
};

static void *try_often(void *context)
{
    struct tries *tries = context;
    struct channel_values values = values_of("email", "a@x");

    const struct fault *due;

    for (int i = 0; i < TRIES; i++)
        tries->met +=
            faults_due(&due, tries->faults, "channel_create", STAGE_ADA, &values) == HM_OK &&
            due != NULL;
    return NULL;
}

TEST(times_is_the_number_for_all_threads)
{
    struct faults *faults, *fresh;
    pthread_t threads[THREADS];
    struct tries tries[THREADS];
    int met = 0;
    struct buf out;

    buf_init(&out, SHOWN_BYTES);
    assert_int_equal(faults_new(&faults, NULL), HM_OK);
    assert_int_equal(faults_add(faults, NULL, "status=500,nth=11,times=100", NULL), HM_OK);
    for (int i = 0; i < THREADS; i++) {
        tries[i] = (struct tries){ faults, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, try_often, &tries[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        met += tries[i].met;
    }
    assert_int_equal(met, 100);
    fault_write_counted(&out, faults->at[0], NULL);
    assert_non_null(strstr(buf_text(&out), "\"matched\":4000,\"done\":100}"));
    assert_int_equal(faults_fresh(&fresh, faults, NULL), HM_OK);
    buf_clear(&out);
    fault_write_counted(&out, fresh->at[0], NULL);
    assert_non_null(strstr(buf_text(&out), "\"matched\":0,\"done\":0}"));
    buf_fini(&out);
    faults_free(fresh);
    faults_free(faults);
}

/* Runs a request under one rule. */
static void run(struct stage *stage, const char *rule, const char *path)
{
    struct state *edited;

    edited = state_edit(&stage->mock.main.slot);
    faults_free(edited->faults);
    assert_int_equal(faults_new(&edited->faults, NULL), HM_OK);
    assert_int_equal(faults_add(edited->faults, edited->store, rule, NULL), HM_OK);
    state_publish(&stage->mock.main.slot, edited);
    stage_request(stage, "POST", path, BODY);
    dispatch_run(stage->x);
}

static const char *shown(const struct stage *stage)
{
    static struct buf out;

    buf_fini(&out);
    buf_init(&out, SHOWN_BYTES);
    fault_write(&out, stage->x->fault, NULL);
    return buf_text(&out);
}

STAGE_TEST(a_fault_is_carried_out)
{
    struct stage *stage = *state;

    run(stage, "status=429,retry-after=3", ADA_PATH);
    assert_int_equal(stage->x->answer.status, 429);
    assert_non_null(strstr(stage_head(stage), "\r\nRetry-After: 3\r\n"));
    assert_string_equal(shown(stage), "{\"status\":429,\"retry-after\":3}");
    run(stage, "status=418", ADA_PATH);
    assert_memory_equal(stage_head(stage), "HTTP/1.1 418 Client Error\r\n", 26);
    run(stage, "abort=reset", ADA_PATH);
    assert_int_equal(stage->x->answer.status, 0);
    assert_int_equal(stage->x->answer.delivery, DELIVER_RESET);
    assert_null(stage->x->contact);
    run(stage, "abort=reset,commit=yes", ADA_PATH);
    assert_int_equal(stage->x->answer.status, 0);
    assert_non_null(stage->x->contact);
    run(stage, "abort=truncate,commit=yes", ADA_PATH);
    assert_int_equal(stage->x->answer.status, 200);
    assert_non_null(strstr(stage_body(stage), "a@x"));
    assert_int_equal(stage->x->answer.delivery, DELIVER_TRUNCATED);
    run(stage, "delay=1ms", ADA_PATH);
    assert_int_equal(stage->x->answer.status, 200);
    assert_string_equal(shown(stage), "{\"delay\":\"1ms\"}");
    assert_false(fault_makes_answer(stage->x->fault));
    run(stage, "channel_id=other,status=500", ADA_PATH);
    assert_int_equal(stage->x->answer.status, 200);
    assert_string_equal(shown(stage), "null");
}

STAGE_TEST(a_refusal_before_the_write_is_no_fault)
{
    struct stage *stage = *state;

    run(stage, "status=500,commit=yes", STAGE_PATH("00000000-0000-4000-8000-000000000009"));
    assert_int_equal(stage->x->answer.status, 404);
    assert_null(stage->x->fault);
    run(stage, "status=500", STAGE_PATH("00000000-0000-4000-8000-000000000009"));
    assert_int_equal(stage->x->answer.status, 500);
    assert_non_null(stage->x->fault);
}
