#include "tests/stage.h"

#include "journal/journal.h"
#include "operation/limit.h"
#include "sandbox/sandboxes.h"
#include "store/store.h"
#include "store/world.h"
#include "support/json_file.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_BYTES_MAX = 64 * 1024, SANDBOX_KEPT = 100 };

struct exchange *stage_exchange_new(struct mock *mock)
{
    struct exchange *x = malloc(sizeof *x);

    if (x != NULL)
        exchange_init(x, mock);
    return x;
}

void stage_exchange_free(struct exchange *x)
{
    if (x != NULL)
        exchange_fini(x);
    free(x);
}

static int start(struct stage *stage)
{
    struct json_file file = { 0 };
    struct hm_error err = { 0 };
    struct state *loaded = state_new();

    *stage = (struct stage){ 0 };
    if (loaded == NULL)
        return -1;
    loaded->clock = (struct clock){ .kind = CLOCK_IS_FROZEN, .seconds = STAGE_NOW };
    stage->mock.counts = &stage->counts;
    stage->mock.log = LOG_NONE;
    stage->mock.control.is_on = true;
    if (json_file_load(&file, HM_SOURCE "/mock/tests/worlds/small.json", SMALL_BYTES_MAX, &err) !=
            HM_OK ||
        world_read(&loaded->store, &file, &err) != HM_OK)
        fprintf(stderr, "%s\n", err.text);
    json_file_fini(&file);
    state_slot_init(&stage->mock.main.slot, loaded);
    stage->x = stage_exchange_new(&stage->mock);
    return loaded->store == NULL || stage->x == NULL ||
                   sandboxes_new(&stage->mock, SANDBOX_KEPT, NULL) != HM_OK
               ? -1
               : 0;
}

int stage_setup(void **state)
{
    static struct stage stage;

    *state = &stage;
    return start(&stage);
}

int stage_setup_journal(void **state)
{
    struct stage *stage;

    if (stage_setup(state) != 0)
        return -1;
    stage = *state;
    stage->mock.main.journal = journal_new(STAGE_KEPT);
    return stage->mock.main.journal == NULL ? -1 : 0;
}

int stage_teardown(void **state)
{
    struct stage *stage = *state;

    stage_exchange_free(stage->x);
    sandboxes_free(stage->mock.sandboxes);
    counts_fini(&stage->counts);
    state_slot_fini(&stage->mock.main.slot);
    journal_free(stage->mock.main.journal);
    stage->mock.main.journal = NULL;
    return 0;
}

static int read_body(void *from, char *buf, size_t length)
{
    struct stage *stage = from;
    size_t left = stage->body_length - stage->body_at;

    if (length > left)
        length = left;
    memcpy(buf, stage->body + stage->body_at, length);
    stage->body_at += length;
    return (int)length;
}

static void go_on(void *from)
{
    struct stage *stage = from;

    stage->go_ons++;
}

static bool wait_for(void *from, int ms)
{
    struct stage *stage = from;

    stage->waited_ms += ms;
    return !stage->has_gone;
}

void stage_request(struct stage *stage, const char *method, const char *path, const char *body)
{
    struct exchange *x = stage->x;

    exchange_begin(x);
    stage->body = body == NULL ? "" : body;
    stage->body_length = strlen(stage->body);
    stage->body_at = 0;
    stage->go_ons = 0;
    stage->waited_ms = 0;
    x->connection = (struct connection){ stage, read_body, go_on, wait_for };
    x->request.method = private_text(method);
    x->request.path = private_text(path);
    x->request.peer = "127.0.0.1";
    x->request.host = private_text("127.0.0.1:8580");
    x->request.content_type = private_text("application/json");
    x->request.content_length = (int64_t)stage->body_length;
    stage_sign(stage, "11111111-1111-4111-8111-111111111111", "FakeKeyOfTeamOneFakeKeyOfTeamOne",
               STAGE_NOW);
}

void stage_sign(struct stage *stage, const char *id, const char *key, int64_t iat)
{
    struct request *request = &stage->x->request;
    char *token;

    if (hm_token_sign(&token, id, key, iat, NULL) != HM_OK)
        abort();
    snprintf(stage->authorization, sizeof stage->authorization, "Bearer %s", token);
    free(token);
    request->authorization = private_text(stage->authorization);
    request->authorization_length = strlen(stage->authorization);
    request->authorization_count = 1;
}

int stage_run(struct stage *stage)
{
    dispatch_run(stage->x);
    return stage->x->answer.status;
}

void stage_control(struct stage *stage, const char *method, const char *path, const char *body)
{
    stage_request(stage, method, path, body);
    stage->x->request.authorization = private_text(NULL);
    stage->x->request.authorization_count = 0;
}

int stage_call(struct stage *stage, const char *method, const char *path, const char *body)
{
    stage_control(stage, method, path, body);
    return stage_run(stage);
}

const char *stage_head(const struct stage *stage)
{
    return stage->x->answer.parts[0].at;
}

const char *stage_body(const struct stage *stage)
{
    const char *end = strstr(stage_head(stage), "\r\n\r\n");

    return end == NULL ? "" : end + 4;
}

bool stage_says(const struct stage *stage, const char *text)
{
    return strstr(stage_body(stage), text) != NULL;
}
