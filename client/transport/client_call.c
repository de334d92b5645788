#include "transport/client_call.h"

#include "contract/hmac.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include "transport/answer_error.h"
#include "transport/client_handle.h"
#include <errno.h>
#include <heymarket/version.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char user_agent[] = "libheymarket/" HM_VERSION;

enum { SECOND_MS = 1000 };

/* One call. */
struct call {
    struct hm_client *client;
    const struct client_request *request;
    struct http_answer *answer;
    struct http_session *session;
    char *url;
    struct client_token token; /* of the present attempt */
    int attempts;              /* started */
    int64_t deadline_ms;       /* monotonic */
    int64_t sent_ms;           /* monotonic, when the last attempt began */
    bool had_new_token;
};

/* Random bits; without them the longest wait. */
static uint64_t chance(void)
{
    uint64_t bits;

    return platform_random(&bits, sizeof bits) ? bits : UINT64_MAX;
}

static void trace(const struct call *call, const char *event, int64_t wait_ms, const char *reason)
{
    char request_id[HM_REQUEST_ID_TEXT];
    struct client_masking masking;
    bool is_answer = strcmp(event, "answer") == 0;
    struct hm_trace data = {
        .event = event,
        .method = call->request->method,
        .url = call->url,
        .attempt = call->attempts,
        .request_id = request_id,
        .wait_ms = wait_ms,
        .reason = reason,
    };

    if (call->client->trace == NULL)
        return;
    request_id[0] = '\0';
    if (is_answer) {
        data.status = call->answer->status;
        client_masking_take(&masking, call->client, call->token.text);
        answer_request_id(request_id, call->answer, &masking.masking);
    }
    call->client->trace(call->client->trace_context, &data);
}

static enum hm_code send_with(struct call *call, const char *authorization, struct hm_error *err)
{
    const struct http_header headers[] = {
        { "Authorization", authorization }, /* [J1] */
        { "Accept", "application/json" },
        { "User-Agent", user_agent },
        { "Content-Type", "application/json" }, /* [T2]; of a body */
    };
    const bool has_body = call->request->body != NULL;
    const struct http_request request = {
        .method = call->request->method,
        .url = call->url,
        .headers = headers,
        .header_count = sizeof headers / sizeof headers[0] - !has_body,
        .body = call->request->body,
        .body_length = call->request->body_length,
        .connect_timeout_ms = call->client->connect_timeout_ms,
        .timeout_ms = call->deadline_ms - monotonic_ms(),
        .answer_bytes_max = call->request->answer_bytes_max,
    };

    return http_send(call->session, &request, call->answer, err);
}

static enum hm_code attempt(struct call *call, struct hm_error *err)
{
    enum hm_code code;
    struct buf authorization;

    buf_init(&authorization, SIZE_MAX / 2);
    buf_printf(&authorization, "Bearer %s", call->token.text);
    call->attempts++;
    call->sent_ms = monotonic_ms();
    trace(call, "request", 0, "");
    code = buf_ok(&authorization) ? send_with(call, buf_text(&authorization), err) : no_memory(err);
    bytes_wipe(authorization.data, authorization.length);
    buf_fini(&authorization);
    if (code == HM_OK)
        trace(call, "answer", 0, "");
    return code;
}

static struct retry_decision decide(const struct call *call)
{
    const char *value;
    size_t length;
    const int64_t now_ms = monotonic_ms();
    struct retry_attempt past = {
        .number = call->attempts,
        .is_safe = call->request->is_safe,
        .outcome = call->answer->outcome,
        .is_untrusted = call->answer->is_untrusted,
        .status = call->answer->status,
        .was_token_kept = call->token.was_kept,
        .had_new_token = call->had_new_token,
        .retry_after_ms = RETRY_NO_LOWER_BOUND,
        .took_ms = now_ms - call->sent_ms,
        .time_left_ms = call->deadline_ms - now_ms,
        .chance = chance(),
    };

    if (http_answer_header(call->answer, "Retry-After", 0, &value, &length))
        past.retry_after_ms = retry_after_ms(value, length, client_now(call->client));
    return retry_decide(&past, &call->client->pace);
}

/* Attempts until one is the last. Its token is kept, to be masked. */
static enum hm_code attempts(struct call *call, struct hm_error *err)
{
    enum hm_code code;
    uint64_t refused = 0;

    for (;;) {
        struct retry_decision next;

        TRY(client_token(&call->token, call->client, refused, err));
        TRY(attempt(call, err));
        next = decide(call);
        if (!next.is_again)
            break;
        trace(call, "retry", next.wait_ms, next.reason);
        if (next.needs_new_token) {
            call->had_new_token = true;
            refused = call->token.number;
        }
        http_answer_fini(call->answer);
        secret_wipe(call->token.text);
        call->token.text = NULL;
        monotonic_sleep_until(monotonic_ms() + next.wait_ms);
    }
out:
    return code;
}

enum hm_code client_call(struct hm_client *client, const struct client_request *request,
                         struct http_answer *answer, int *attempts_made,
                         struct client_masking *masking, struct hm_error *err)
{
    enum hm_code code;
    struct call call = { .client = client,
                         .request = request,
                         .answer = answer,
                         .deadline_ms = monotonic_ms() + client->timeout_ms };

    struct buf url;

    memset(answer, 0, sizeof *answer);
    memset(masking, 0, sizeof *masking);
    buf_init(&url, SIZE_MAX / 2);
    buf_printf(&url, "%s%s", client->base_url, request->path);
    call.url = buf_take(&url);
    if (call.url == NULL)
        TRY(no_memory(err));
    TRY(client_session_take(&call.session, client, err));
    code = attempts(&call, err);
    client_masking_take(masking, client, call.token.text);
    if (code == HM_OK) {
        struct answer_context context = { call.url, call.attempts, request->is_safe,
                                          &masking->masking };

        code = answer_error(err, answer, &context);
    } else if (err != NULL) {
        err->attempts = call.attempts;
    }
out:
    *attempts_made = call.attempts;
    client_session_give(client, call.session);
    free(call.url);
    return code;
}
