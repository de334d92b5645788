#include "exchange/exchange.h"

#include "database/database.h"
#include "exchange/finding_text.h"
#include "store/state_sync.h"
#include "store/store.h"
#include "support/monotonic.h"
#include "support/uuid.h"
#include <stdio.h>
#include <string.h>

enum { AWAY_RETRY_AFTER_S = 1 };

void exchange_init(struct exchange *x, struct mock *mock)
{
    /* Member by member: most of it is never used. */
    x->mock = mock;
    x->sandbox = &mock->main;
    x->state = NULL;
    x->body_json = NULL;
    x->utc[0] = '\0';
    x->channels = (struct channel_view){ 0 };
    exchange_memory_init(&x->memory);
    x->uuids.left = 0;
    buf_init(&x->body, CHANNEL_BODY_BYTES_MAX + 1);
    answer_init(&x->answer);
}

void exchange_release(struct exchange *x)
{
    json_decref(x->body_json);
    x->body_json = NULL;
    channel_view_fini(&x->channels);
    state_release(x->state);
    x->state = NULL;
    answer_release(&x->answer);
    sandbox_release(x->sandbox);
    x->sandbox = &x->mock->main;
    if (x->memory.texts.capacity > EXCHANGE_KEPT_BYTES)
        buf_fini(&x->memory.texts);
    if (x->body.capacity > EXCHANGE_KEPT_BYTES)
        buf_fini(&x->body);
}

void exchange_fini(struct exchange *x)
{
    exchange_release(x);
    exchange_memory_fini(&x->memory);
    buf_fini(&x->body);
    answer_fini(&x->answer);
}

/* The system always has random bytes once it is up; if not, ids still differ. */
static void request_id_draw(struct exchange *x)
{
    static atomic_ullong drawn;

    if (!uuid_draw(x->request_id, &x->uuids))
        snprintf(x->request_id, sizeof x->request_id, "00000000-0000-4000-8000-%012llx",
                 (unsigned long long)atomic_fetch_add(&drawn, 1) & 0xFFFFFFFFFFFFULL);
}

/* The newest state of the sandbox. */
static void state_enter(struct exchange *x)
{
    x->kept = state_refresh(&x->sandbox->slot, NULL);
    x->state = state_take(&x->sandbox->slot);
    x->now_s = clock_now_s(&x->state->clock);
}

void exchange_begin(struct exchange *x)
{
    exchange_release(x);
    state_enter(x);
    x->request = (struct request){ 0 };
    x->connection = (struct connection){ 0 };
    request_id_draw(x);
    x->started_us = monotonic_us();
    x->below = private_text(NULL);
    x->route.operation = NULL;
    x->route.name = NULL;
    x->route.allow[0] = '\0';
    x->findings.count = x->settled = 0;
    x->has_masking = false;
    x->verdict.has_iat = false;
    x->token_memory = NULL;
    x->has_team = false;
    x->body_was_read = false;
    x->values = (struct channel_values){ 0 };
    x->contact_uuid[0] = '\0';
    x->contact = NULL;
    x->fault_to_come = NULL;
    x->fault = NULL;
    x->is_other = x->is_expected = false;
    answer_begin(&x->answer, x->request_id);
    x->answer.allow = x->route.allow;
    x->answer.findings = x->mock->is_terse ? NULL : &x->findings;
    buf_clear(&x->body);
}

void exchange_move(struct exchange *x, struct sandbox *sandbox)
{
    state_release(x->state);
    sandbox_release(x->sandbox);
    x->sandbox = sandbox;
    state_enter(x);
    x->has_masking = false;
}

bool exchange_is_control(const struct exchange *x)
{
    return x->route.operation != NULL && x->route.operation->is_control;
}

const struct masking *exchange_masking(struct exchange *x)
{
    struct exchange_memory *memory = &x->memory;
    const struct mask *mask = store_mask(x->state->store);
    const char *value = private_open(x->request.authorization);
    size_t length = value == NULL ? 0 : x->request.authorization_length;

    if (x->has_masking)
        return &memory->masking;
    x->has_masking = true;
    if (length > 0 && memory->serial == mask_serial(mask) &&
        length == memory->authorization.length &&
        memcmp(memory->authorization.data, value, length) == 0)
        return &memory->masking;
    memory->masking = (struct masking){ .mask = mask };
    buf_clear(&memory->token);
    buf_clear(&memory->authorization);
    if (length > 0)
        buf_add(&memory->authorization, value, length);
    memory->serial = memory->authorization.length > 0 ? mask_serial(mask) : 0;
    if (memory->authorization.length > 0)
        value = memory->authorization.data;
    masking_take_signature(&memory->masking, value, length);
    return &memory->masking;
}

void exchange_settle(struct exchange *x)
{
    if (x->findings.count > 0 && x->findings.count != x->settled) {
        hm_findings_sort(&x->findings);
        findings_mask(&x->findings, exchange_masking(x));
    }
    x->settled = x->findings.count;
}

enum step_result exchange_answer(struct exchange *x, int status, const char *body, size_t length,
                                 const char *rest)
{
    answer_set(&x->answer, status, body, length, rest);
    return STEP_ANSWERED;
}

/* Kept for the second: making it takes a lock of the C library. */
const char *exchange_utc(struct exchange *x)
{
    const int64_t now_s = clock_now_s(&x->state->clock);

    if (x->utc[0] == '\0' || x->utc_s != now_s)
        clock_utc(x->utc, now_s);
    x->utc_s = now_s;
    return x->utc;
}

/* Calls of the control plane always get the full message. */
enum step_result exchange_complain(struct exchange *x, int status, const char *message)
{
    exchange_settle(x);
    answer_set_error(&x->answer, status, message, &x->findings,
                     x->mock->is_terse && !exchange_is_control(x));
    return STEP_ANSWERED;
}

enum step_result exchange_refuse(struct exchange *x, int status)
{
    return exchange_complain(x, status, NULL);
}

enum step_result exchange_away(struct exchange *x, enum hm_code code)
{
    struct database *database = x->sandbox->slot.database;
    char why[DATABASE_WHY_BYTES] = "";

    if (database != NULL && code == HM_BAD_INPUT)
        return exchange_complain(x, 500,
                                 "what the database of --state keeps of this is damaged; restore a "
                                 "copy of it, or POST /_mock/reset, which begins the world anew");
    if (database == NULL || (code != HM_NOT_SENT && code != HM_OUTCOME_UNKNOWN))
        return exchange_refuse(x, 500);
    if (!database->kind->why(database, why) && why[0] == '\0')
        snprintf(why, sizeof why, "it was away for a moment");
    if (code == HM_NOT_SENT)
        hm_findings_add(&x->findings, HM_M1_STATE_AWAY,
                        "nothing was done, because the database of --state is away: %s", why);
    else
        hm_findings_add(&x->findings, HM_M1_WRITE_UNKNOWN,
                        "it is unknown whether this was done: the database of --state went away "
                        "meanwhile: %s",
                        why);
    x->answer.retry_after_s = AWAY_RETRY_AFTER_S;
    return exchange_refuse(x, 503);
}
