#include "operation/exchange.h"

#include "fault/vary.h"
#include "journal/journal_capture.h"
#include "journal/log.h"
#include "operation/respond.h"
#include "support/monotonic.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void exchange_init(struct exchange *x, struct mock *mock)
{
    /* Member by member: most of it is never used. */
    x->mock = mock;
    x->state = NULL;
    x->body_json = NULL;
    x->channels = (struct channel_view){ 0 };
    x->date_s = INT64_MIN;
    exchange_memory_init(&x->memory);
    x->uuids.left = 0;
    buf_init(&x->body, CHANNEL_BODY_BYTES_MAX + 1);
    buf_init(&x->scratch, CHANNEL_LIST_BYTES_MAX);
    buf_init(&x->out, ANSWER_OUT_BYTES_MAX);
}

struct exchange *exchange_new(struct mock *mock)
{
    struct exchange *x = malloc(sizeof *x);

    if (x != NULL)
        exchange_init(x, mock);
    return x;
}

void exchange_release(struct exchange *x)
{
    json_decref(x->body_json);
    x->body_json = NULL;
    channel_view_fini(&x->channels);
    state_release(x->state);
    x->state = NULL;
    if (x->out.capacity > ANSWER_KEPT_BYTES)
        buf_fini(&x->out);
    if (x->scratch.capacity > ANSWER_KEPT_BYTES)
        buf_fini(&x->scratch);
    if (x->memory.texts.capacity > EXCHANGE_KEPT_BYTES)
        buf_fini(&x->memory.texts);
}

void exchange_fini(struct exchange *x)
{
    exchange_release(x);
    exchange_memory_fini(&x->memory);
    buf_fini(&x->body);
    buf_fini(&x->scratch);
    buf_fini(&x->out);
}

void exchange_free(struct exchange *x)
{
    if (x != NULL)
        exchange_fini(x);
    free(x);
}

/* The system always has random bytes once it is up; if not, ids still differ. */
static void request_id_draw(struct exchange *x)
{
    static atomic_ullong drawn;

    if (!uuid_draw(x->request_id, &x->uuids))
        snprintf(x->request_id, sizeof x->request_id, "00000000-0000-4000-8000-%012llx",
                 (unsigned long long)atomic_fetch_add(&drawn, 1) & 0xFFFFFFFFFFFFULL);
}

void exchange_begin(struct exchange *x)
{
    exchange_release(x);
    x->state = state_take(&x->mock->slot);
    x->request = (struct request){ 0 };
    x->source = (struct body_source){ 0 };
    request_id_draw(x);
    x->started_us = monotonic_us();
    x->now_s = clock_now_s(&x->state->clock);
    x->route.operation = NULL;
    x->route.allow[0] = '\0';
    x->findings.count = 0;
    x->verdict.has_iat = false;
    x->token_memory = NULL;
    x->has_team = false;
    x->body_was_read = false;
    x->values = (struct channel_values){ 0 };
    x->contact_uuid[0] = '\0';
    x->contact = NULL;
    x->retry_after_s = 0;
    x->status = 0;
    x->must_close = false;
    x->fault_to_come = NULL;
    x->fault = NULL;
    x->delivery = DELIVER_WHOLE;
    x->answer = NULL;
    x->answer_length = 0;
    x->lent.bytes = NULL;
    buf_clear(&x->body);
    buf_clear(&x->scratch);
    buf_clear(&x->out);
}

/* 404, with the nearest path. [T6] */
static void answer_no_path(struct exchange *x)
{
    const char *difference = route_nearest(x->request.path);

    buf_clear(&x->scratch);
    route_show_path(&x->scratch, x->request.path);
    hm_findings_add(&x->findings, HM_T6_PATH_UNKNOWN, "there is no path %s%s%s",
                    buf_text(&x->scratch), difference == NULL ? "" : "; ",
                    difference == NULL ? "" : difference);
    respond_error(x, 404);
}

/* 405, with Allow. [T6] */
static void answer_no_method(struct exchange *x)
{
    char message[96];

    if (x->route.operation->is_control) {
        snprintf(message, sizeof message, "this path of the control plane has only %s",
                 x->route.allow);
        respond_error_saying(x, 405, message);
        return;
    }
    hm_findings_add(&x->findings, HM_T6_METHOD_UNKNOWN,
                    "the method is %.20s, this path has only %s", x->request.method,
                    x->route.allow);
    respond_error(x, 405);
}

bool exchange_is_control(const struct exchange *x)
{
    return x->route.operation != NULL && x->route.operation->is_control;
}

/* Before the answer goes out: whoever has it finds it counted, and in the journal. */
static void record(struct exchange *x)
{
    x->took_us = monotonic_us() - x->started_us;
    if (exchange_is_control(x))
        return;
    counts_add(&x->mock->counts, x);
    journal_capture(x);
}

static void refuse(struct exchange *x, int status, enum hm_mistake mistake, const char *what)
{
    hm_findings_add(&x->findings, mistake, "%s", what);
    x->must_close = true;
    respond_error(x, status);
}

void exchange_refuse(struct exchange *x, int status, enum hm_mistake mistake, const char *what)
{
    refuse(x, status, mistake, what);
    record(x);
}

static void walk(struct exchange *x, const step_fn *steps)
{
    while (*steps != NULL) {
        if ((*steps++)(x) == STEP_ANSWERED)
            return;
    }
    respond_error(x, 500);
}

void exchange_run(struct exchange *x)
{
    switch (route_find(&x->route, x->request.method, x->request.path)) {
    case ROUTE_FOUND:
        walk(x, x->route.operation->steps);
        break;
    case ROUTE_NO_PATH:
        answer_no_path(x);
        break;
    case ROUTE_NO_METHOD:
        answer_no_method(x);
        break;
    case ROUTE_BAD_PATH:
        refuse(x, 400, HM_T8_REQUEST_MALFORMED,
               "the path has a bad percent-escape, an encoded slash or NUL, '#' or '\\'");
        break;
    }
    if (x->mock->variations != 0 && !exchange_is_control(x))
        vary_answer(x);
    record(x);
}

void exchange_end(struct exchange *x)
{
    if (!exchange_is_control(x))
        log_exchange(x);
    exchange_release(x);
}
