#include "http/dispatch.h"

#include "contract/mask_write.h"
#include "control/control.h"
#include "control/expected.h"
#include "fault/misbehave_answer.h"
#include "fault/vary.h"
#include "http/near_miss.h"
#include "http/route.h"
#include "journal/counts.h"
#include "journal/journal_capture.h"
#include "journal/log.h"
#include "operation/body.h"
#include "operation/other_paths.h"
#include "operation/steps.h"
#include "sandbox/sandbox_choose.h"
#include "support/escape.h"
#include "support/monotonic.h"
#include <stdio.h>
#include <string.h>

enum { CALL_BYTES_MAX = 64 * 1024 };

/* Appends "GET /v2/messages", masked. */
static void call_write(struct buf *out, struct exchange *x)
{
    request_show_method(out, x->request.method, exchange_masking(x));
    buf_putc(out, ' ');
    request_show_path(out, x->request.path, x->request.query, exchange_masking(x));
}

/* A call that this mock does not have: refused, unless --other-paths says something else. [T6] */
static enum step_result other_answer(struct exchange *x, enum hm_mistake mistake, int status)
{
    const char *says = vendor_has(private_open(x->request.method), private_open(x->request.path))
                           ? "the vendor has this call; this mock does not"
                           : "this mock does not have that call";
    enum step_result result = STEP_ANSWERED;
    struct buf call;

    buf_init(&call, CALL_BYTES_MAX);
    call_write(&call, x);
    if (x->mock->others != NULL) {
        result = other_paths_answer(x, buf_text(&call), says);
    } else {
        hm_findings_add(&x->findings, mistake, "%s: %s", says, buf_text(&call));
        exchange_refuse(x, status);
    }
    buf_fini(&call);
    return result;
}

/* 404, with the nearest path. [T6] */
static enum step_result refuse_path(struct exchange *x)
{
    const char *difference =
        near_path(private_open(x->request.method), private_open(x->request.path));
    struct buf *shown = &x->answer.text;

    buf_clear(shown);
    request_show_path(shown, x->request.path, x->request.query, exchange_masking(x));
    if (route_is_whole_url(private_open(x->request.path))) {
        hm_findings_add(
            &x->findings, HM_T6_PROXY_REQUEST,
            "the target of the request is the URL of another server, %s, as for a proxy",
            buf_text(shown));
        return exchange_refuse(x, 404);
    }
    if (difference == NULL)
        return other_answer(x, HM_T6_PATH_UNKNOWN, 404);
    hm_findings_add(&x->findings, HM_T6_PATH_UNKNOWN, "there is no path %s; %s", buf_text(shown),
                    difference);
    return exchange_refuse(x, 404);
}

/* A method that is nearly right. */
static enum step_result refuse_near_method(struct exchange *x, const char *difference)
{
    struct buf call;

    buf_init(&call, CALL_BYTES_MAX);
    call_write(&call, x);
    hm_findings_add(&x->findings, HM_T6_METHOD_UNKNOWN, "this mock does not have that call: %s; %s",
                    buf_text(&call), difference);
    buf_fini(&call);
    return exchange_refuse(x, 405);
}

/* 405, with Allow; from the control plane only to those whom it answers. [T6] */
static enum step_result refuse_method(struct exchange *x)
{
    const char *difference =
        near_method(private_open(x->request.method), private_open(x->request.path));
    char message[96];

    if (exchange_is_control(x)) {
        if (control_read(x) == STEP_ANSWERED)
            return STEP_ANSWERED;
        snprintf(message, sizeof message, "this path of the control plane supports only %s",
                 x->route.allow);
        return exchange_complain(x, 405, message);
    }
    if (private_is_set(x->request.preflight) &&
        strcmp(private_open(x->request.method), "OPTIONS") == 0)
        hm_findings_add(&x->findings, HM_T6_BROWSER_PREFLIGHT,
                        "a browser asks whether a web page may send this request (CORS preflight)");
    else if (private_is_set(x->request.upgrade) &&
             strcmp(private_open(x->request.method), "GET") == 0)
        hm_findings_add(&x->findings, HM_T6_UPGRADE_REQUEST,
                        "the client asks to change to another protocol (Upgrade)");
    else if (difference != NULL)
        return refuse_near_method(x, difference);
    else
        return other_answer(x, HM_T6_METHOD_UNKNOWN, 405);
    return exchange_refuse(x, 405);
}

static enum step_result refuse_request(struct exchange *x, int status, enum hm_mistake mistake,
                                       const char *what)
{
    hm_findings_add(&x->findings, mistake, "%s", what);
    x->answer.must_close = true;
    return exchange_refuse(x, status);
}

static enum step_result route_step(struct exchange *x)
{
    const char *method = private_open(x->request.method), *below = private_open(x->below);
    enum route_result result = below != NULL
                                   ? route_find_below(&x->route, method, below)
                                   : route_find(&x->route, method, private_open(x->request.path));
    const struct operation *operation = x->route.operation;

    if (operation != NULL && operation->is_absent != NULL && operation->is_absent(x)) {
        x->route.operation = NULL;
        x->route.name = NULL;
        result = ROUTE_NO_PATH;
    }
    switch (result) {
    case ROUTE_FOUND:
        return STEP_NEXT;
    case ROUTE_NO_PATH:
        return refuse_path(x);
    case ROUTE_NO_METHOD:
        return refuse_method(x);
    case ROUTE_BAD_PATH:
        break;
    }
    return refuse_request(x, 400, HM_T8_REQUEST_MALFORMED,
                          "the path has a bad percent-escape, an encoded slash or NUL, '#' or "
                          "'\\'");
}

static void steps_run(struct exchange *x)
{
    if (sandbox_choose(x) == STEP_ANSWERED || route_step(x) == STEP_ANSWERED)
        return;
    const struct operation *operation = x->route.operation;
    const step_fn *steps =
        operation != NULL && operation->is_control ? operation->steps : api_steps;

    for (size_t i = 0; steps[i] != NULL; i++) {
        if (steps[i](x) == STEP_ANSWERED)
            return;
    }
    exchange_refuse(x, 500);
}

/* The answer as this request and connection need it, and with --misbehave. */
static void answer_prepare(struct exchange *x)
{
    struct answer *answer = &x->answer;

    exchange_settle(x);
    answer->now_s = x->now_s;
    answer->is_for_head =
        private_is_set(x->request.method) && strcmp(private_open(x->request.method), "HEAD") == 0;
    answer->is_for_http_1_0 = x->request.is_http_1_0;
    answer->must_close = answer->must_close || x->request.will_close || body_is_abandoned(x);
    if (answer->status != 0)
        misbehave_answer(x);
}

/* Counts and records before sending: a client that has the answer finds it in the journal. */
static void answer_finish(struct exchange *x)
{
    if (x->answer.delay_ms > 0)
        x->connection.wait(x->connection.from, x->answer.delay_ms);
    answer_write(&x->answer);
    if (!answer_lends_body(&x->answer))
        channel_view_fini(&x->channels); /* so that the next write need not copy the list */
    x->took_us = monotonic_us() - x->started_us;
    if (exchange_is_control(x)) {
        if (x->answer.status / 100 == 2)
            sandbox_note(x->sandbox, x->route.operation->changes);
        return;
    }
    expected_judge(x);
    counts_add(x->mock->counts, x);
    journal_capture(x);
}

void dispatch_run(struct exchange *x)
{
    steps_run(x);
    answer_prepare(x);
    if (x->mock->variations != 0 && x->answer.status != 0 && !exchange_is_control(x))
        vary_answer(x);
    answer_finish(x);
}

void dispatch_refuse(struct exchange *x, int status, enum hm_mistake mistake, const char *what)
{
    x->answer.must_close = true;
    if (sandbox_choose(x) == STEP_NEXT)
        refuse_request(x, status, mistake, what);
    answer_prepare(x);
    answer_finish(x);
}

void dispatch_end(struct exchange *x)
{
    if (!exchange_is_control(x))
        log_exchange(x);
    exchange_release(x);
}
