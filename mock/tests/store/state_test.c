/* All that can be replaced while requests are served: they never see half of a change, and one
 * under way finishes on what was. */
#define _GNU_SOURCE /* memmem(); NOLINT(bugprone-reserved-identifier) */

#include "fault/fault_read.h"
#include "journal/journal.h"
#include "load.h"
#include "store/state_sync.h"
#include "tests/stage.h"
#include "tests/unit.h"
#include <pthread.h>

enum { WRITERS = 4, WRITES = 250, RELOADS = 12, CHANGES = 120, BODY_BYTES = 128 };

static const struct serve_options small_world = {
    .world = HM_SOURCE "/mock/tests/worlds/small.json",
    .clock = "@1713225600",
    .rate_limit = 1000000,
};

static struct state *load(void)
{
    struct state *loaded;

    if (state_load(&loaded, &small_world, NULL) != HM_OK)
        abort();
    return loaded;
}

static int setup(void **state)
{
    struct stage *stage;

    if (stage_setup(state) != 0)
        return -1;
    stage = *state;
    stage->mock.main.journal = journal_new(100);
    if (state_reload(&stage->mock.main.slot, load(), NULL) != HM_OK)
        return -1;
    return stage->mock.main.journal == NULL ? -1 : 0;
}

/* A worker of its own among others on the same mock. */
struct actor {
    struct mock *mock;
    const char *authorization;
    int number;
    int faults;
    char body[BODY_BYTES];
    size_t body_at;
};

static int body_read(void *from, char *buf, size_t length)
{
    struct actor *actor = from;
    size_t left = strlen(actor->body) - actor->body_at;

    if (length > left)
        length = left;
    memcpy(buf, actor->body + actor->body_at, length);
    actor->body_at += length;
    return (int)length;
}

/* Sends actor->body; the answer is in x until the next one. */
static int send_body(struct actor *actor, struct exchange *x, const char *method, const char *path)
{
    exchange_begin(x);
    actor->body_at = 0;
    x->connection = (struct connection){ .from = actor, .read = body_read };
    x->request.method = private_text(method);
    x->request.path = private_text(path);
    x->request.peer = "127.0.0.1";
    x->request.host = private_text("127.0.0.1");
    x->request.content_type = private_text("application/json");
    x->request.content_length = (int64_t)strlen(actor->body);
    x->request.authorization = private_text(actor->authorization);
    x->request.authorization_length = strlen(actor->authorization);
    x->request.authorization_count = 1;
    dispatch_run(x);
    return x->answer.status;
}

static bool answer_has(const struct exchange *x, const char *text)
{
    for (size_t i = 0; i < ANSWER_PARTS; i++) {
        const struct answer_part *part = &x->answer.parts[i];

        if (part->length > 0 && memmem(part->at, part->length, text, strlen(text)) != NULL)
            return true;
    }
    return false;
}

/* Every write is answered with the channel that was sent, whatever changes meanwhile [R3]. */
static void *writer_run(void *pointer)
{
    struct actor *actor = pointer;
    struct exchange *x = stage_exchange_new(actor->mock);

    for (int i = 0; i < WRITES; i++) {
        char id[40];
        int status;

        snprintf(id, sizeof id, "w%d-%d@example.com", actor->number, i);
        snprintf(actor->body, sizeof actor->body,
                 "{\"channel_type\":\"email\",\"channel_id\":\"%s\"}", id);
        status = send_body(actor, x, "POST", STAGE_PATH(STAGE_ADA));
        actor->faults += status != 200 && status != 201;
        actor->faults += !answer_has(x, id);
        dispatch_end(x);
    }
    stage_exchange_free(x);
    return NULL;
}

static void *reloader_run(void *pointer)
{
    struct actor *actor = pointer;

    for (int i = 0; i < RELOADS; i++)
        if (state_reload(&actor->mock->main.slot, load(), NULL) != HM_OK)
            return actor;
    return NULL;
}

/* Tokens stay good under all of it: the clock moves by seconds. */
static void *changer_run(void *pointer)
{
    static const struct {
        const char *method, *path, *body;
    } calls[] = {
        { "PUT", "/_mock/clock", "{\"now\":1713225630}" },
        { "PUT", "/_mock/policy", "{\"policy\":{\"success-status\":201}}" },
        { "PUT", "/_mock/clock", "{\"elapse_s\":1}" },
        { "POST", "/_mock/reset", "{}" },
        { "GET", "/_mock/contacts/" STAGE_ADA, "" },
        { "PUT", "/_mock/faults", "[{\"contact\":\"" STAGE_BOB "\",\"status\":500}]" },
        { "POST", "/_mock/reset", "{\"what\":[\"state\",\"limits\"]}" },
        { "PUT", "/_mock/clock", "{\"now\":1713225600}" },
        { "GET", "/_mock/faults", "" },
        { "DELETE", "/_mock/faults", "" },
        { "PUT", "/_mock/policy", "{\"policy\":{\"success-status\":200}}" },
    };
    enum { CALLS = sizeof calls / sizeof calls[0] };
    struct actor *actor = pointer;
    struct exchange *x = stage_exchange_new(actor->mock);

    for (int i = 0; i < CHANGES; i++) {
        int at = (i + actor->number) % CALLS;

        snprintf(actor->body, sizeof actor->body, "%s", calls[at].body);
        actor->faults += send_body(actor, x, calls[at].method, calls[at].path) != 200;
        dispatch_end(x);
    }
    stage_exchange_free(x);
    return NULL;
}

TEST(requests_are_answered_while_everything_is_replaced)
{
    static void *(*const roles[])(void *) = { writer_run,   writer_run,  writer_run, writer_run,
                                              reloader_run, changer_run, changer_run };
    enum { ACTORS = sizeof roles / sizeof roles[0] };
    struct stage *stage = *state;
    struct actor actors[ACTORS] = { { 0 } };
    pthread_t threads[ACTORS];
    int faults = 0;

    stage_request(stage, "GET", "/", NULL);
    for (int i = 0; i < ACTORS; i++) {
        actors[i] = (struct actor){ .mock = &stage->mock,
                                    .authorization = stage->authorization,
                                    .number = i };
        pthread_create(&threads[i], NULL, roles[i], &actors[i]);
    }
    for (int i = 0; i < ACTORS; i++) {
        pthread_join(threads[i], NULL);
        faults += actors[i].faults;
    }
    assert_int_equal(faults, 0);
    assert_int_equal(atomic_load(&stage->counts.requests), WRITERS * WRITES);
}

TEST(a_request_keeps_the_state_it_began_with)
{
    struct stage *stage = *state;
    struct state *before;

    stage_request(stage, "POST", STAGE_PATH(STAGE_ADA),
                  "{\"channel_type\":\"email\",\"channel_id\":\"kept@example.com\"}");
    before = stage->x->state;
    assert_int_equal(state_reload(&stage->mock.main.slot, load(), NULL), HM_OK);
    assert_int_equal(stage_run(stage), 200);
    assert_ptr_equal(stage->x->state, before);
    dispatch_end(stage->x);
    stage_request(stage, "GET", "/_mock/contacts/" STAGE_ADA, NULL);
    assert_int_equal(stage_run(stage), 200);
    assert_false(stage_says(stage, "kept@example.com"));
}

TEST(what_was_reloaded_is_what_a_reset_goes_back_to)
{
    struct stage *stage = *state;
    struct state *loaded = load();

    loaded->clock.seconds += 1000;
    assert_int_equal(state_reload(&stage->mock.main.slot, loaded, NULL), HM_OK);
    assert_int_equal(stage_call(stage, "PUT", "/_mock/clock", "{\"now\":5}"), 200);
    assert_int_equal(stage_call(stage, "POST", "/_mock/reset", NULL), 200);
    assert_int_equal(stage_call(stage, "GET", "/_mock/clock", NULL), 200);
    assert_true(stage_says(stage, "\"now\":1713226600"));
}

TEST(a_change_that_is_discarded_changes_nothing)
{
    struct stage *stage = *state;
    struct state *edited = state_edit(&stage->mock.main.slot);

    assert_non_null(edited);
    edited->clock.seconds = 5;
    state_discard(&stage->mock.main.slot, edited);
    assert_int_equal(stage_call(stage, "GET", "/_mock/clock", NULL), 200);
    assert_true(stage_says(stage, "\"now\":1713225600"));
}

EACH_TEST_WITHIN(setup, stage_teardown)
