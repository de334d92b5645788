/* Each row that is for one operation of the family changes what that operation answers or does, and
 * nothing else does. [G1 G2 U1 U2 X1 L1 N1 N2] */
#include "fault/misbehave.h"

#include "tests/stage.h"
#include "tests/unit.h"

#define CHANNEL    STAGE_PATH(STAGE_ADA)
#define SENT(T, V) "{\"channel_type\":\"" T "\",\"channel_id\":\"" V "\"}"

enum { SAID_BYTES_MAX = 256 * 1024 };

enum sender { GOOD, SECOND, EXPIRED, WRONG_KEY, UNKNOWN_ID, NO_TOKEN };

struct call {
    const char *method, *path, *body;
    enum sender sender;
};

static const struct call calls[] = {
    { "POST", CHANNEL, SENT("email", "a@x.example"), GOOD },
    { "POST", CHANNEL, SENT("email", "b@x.example"), GOOD },
    { "POST", CHANNEL, SENT("fax", "abc"), GOOD },
    { "GET", CHANNEL "s", NULL, GOOD },
    { "GET", CHANNEL "/email", NULL, GOOD },
    { "GET", CHANNEL "/email", NULL, GOOD },
    { "GET", CHANNEL "/fax", NULL, GOOD },
    { "GET", CHANNEL "/pager", NULL, GOOD },
    { "PUT", CHANNEL, SENT("email", "c@x.example"), GOOD },
    { "PUT", CHANNEL, SENT("fax", "def"), GOOD },
    { "PUT", CHANNEL, "{\"channel_id\":\"d@x.example\",\"channel_type\":\"email\"}", GOOD },
    { "PUT", CHANNEL, "{\"channel_type\":\"email\"}", GOOD },
    { "PUT", CHANNEL, "{", GOOD },
    { "GET", CHANNEL "s", NULL, GOOD },
    { "DELETE", CHANNEL "/fax", NULL, GOOD },
    { "DELETE", CHANNEL "/fax", NULL, GOOD },
    { "DELETE", CHANNEL "/email", NULL, GOOD },
    { "GET", CHANNEL "s", NULL, GOOD },
    { "GET", "/v1/inboxes", NULL, GOOD },
    { "GET", "/v1/inboxes", NULL, SECOND },
    { "GET", "/v1/inboxes", NULL, EXPIRED },
    { "GET", "/v1/inboxes", NULL, WRONG_KEY },
    { "GET", "/v1/inboxes", NULL, UNKNOWN_ID },
    { "GET", "/v1/inboxes", NULL, NO_TOKEN },
};
enum { CALLS = sizeof calls / sizeof calls[0] };

static void call_sign(struct stage *stage, enum sender sender)
{
    static const char first[] = "11111111-1111-4111-8111-111111111111";
    static const char key[] = "FakeKeyOfTeamOneFakeKeyOfTeamOne";

    if (sender == SECOND)
        stage_sign(stage, "12121212-1212-4212-8212-121212121212",
                   "FakeSecondKeyOfOneFakeSecondKey1", STAGE_NOW);
    else if (sender == EXPIRED)
        stage_sign(stage, first, key, STAGE_NOW - HM_TOKEN_LIFE_S);
    else if (sender == WRONG_KEY)
        stage_sign(stage, first, "quite another key", STAGE_NOW);
    else if (sender == UNKNOWN_ID)
        stage_sign(stage, "13131313-1313-4313-8313-131313131313", key, STAGE_NOW);
    else
        stage_sign(stage, first, key, STAGE_NOW);
    if (sender == NO_TOKEN)
        stage->x->request.authorization_count = 0;
    if (sender == NO_TOKEN)
        stage->x->request.authorization = private_text(NULL);
}

/* Appends what all calls are answered, from a world as it was loaded. */
static void calls_make(struct buf *said, struct stage *stage)
{
    buf_init(said, SAID_BYTES_MAX);
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", "{}"), 200);
    for (size_t i = 0; i < CALLS; i++) {
        stage_request(stage, calls[i].method, calls[i].path, calls[i].body);
        call_sign(stage, calls[i].sender);
        buf_printf(said, "%s %s %d ", calls[i].method, calls[i].path, stage_run(stage));
        buf_puts(said, stage_body(stage));
        buf_putc(said, '\n');
    }
    assert_true(buf_ok(said));
}

STAGE_TEST(every_row_changes_something)
{
    struct stage *stage = *state;
    struct buf right, wrong;

    calls_make(&right, stage);
    calls_make(&wrong, stage);
    assert_string_equal(buf_text(&right), buf_text(&wrong));
    buf_fini(&wrong);
    for (size_t i = 0; i < misbehaviour_count; i++) {
        const char *name = misbehaviours[i].name;

        if (misbehaviours[i].on == NULL)
            continue;
        assert_int_equal(misbehaving_new(&stage->mock.main.misbehaving, name, NULL), HM_OK);
        calls_make(&wrong, stage);
        if (strcmp(buf_text(&right), buf_text(&wrong)) == 0)
            fail_msg("%s changes nothing", name);
        buf_fini(&wrong);
        misbehaving_free(stage->mock.main.misbehaving);
        stage->mock.main.misbehaving = NULL;
    }
    buf_fini(&right);
}

/* A row that is for another operation leaves this one alone. */
STAGE_TEST(a_row_is_for_its_operation_alone)
{
    struct stage *stage = *state;

    assert_int_equal(misbehaving_new(&stage->mock.main.misbehaving, "G1-list", NULL), HM_OK);
    stage_request(stage, "GET", CHANNEL "s", NULL);
    assert_int_equal(stage_run(stage), 200);
    assert_memory_equal(stage_body(stage), "[{\"id\"", 6);
    stage_request(stage, "GET", CHANNEL "/phone", NULL);
    assert_int_equal(stage_run(stage), 200);
    assert_memory_equal(stage_body(stage), "[{\"id\"", 6);
    misbehaving_free(stage->mock.main.misbehaving);
    assert_int_equal(misbehaving_new(&stage->mock.main.misbehaving, "R1-object", NULL), HM_OK);
    stage_request(stage, "GET", CHANNEL "s", NULL);
    assert_int_equal(stage_run(stage), 200);
    assert_memory_equal(stage_body(stage), "[{\"id\"", 6);
    misbehaving_free(stage->mock.main.misbehaving);
    stage->mock.main.misbehaving = NULL;
}
