#include "operation/body.h"

#include "contract/channel_answer.h"
#include "contract/channel_text.h"
#include "contract/mask_write.h"
#include "support/monotonic.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum body_end {
    BODY_WHOLE,
    BODY_TOO_LARGE, /* [T7] */
    BODY_SHORT,     /* the client closed */
    BODY_SLOW,      /* past the deadline, or the client stopped sending */
    BODY_BROKEN     /* bad chunks [T8] */
};

/* Reads up to the end, the announced length, or one byte past the limit. A read blocks until it has
 * all the bytes it was asked for, so it is asked for small pieces, with a look at the clock after
 * each. */
static enum body_end body_read(struct exchange *x)
{
    const struct request *request = &x->request;
    int64_t deadline_us = x->started_us + (int64_t)BODY_DEADLINE_MS * 1000;
    char piece[BODY_PIECE_BYTES];

    x->body_was_read = true;
    for (;;) {
        size_t wanted = sizeof piece;
        bool is_late;
        int got;

        if (!request->is_chunked && (size_t)request->content_length - x->body.length < wanted)
            wanted = (size_t)request->content_length - x->body.length;
        if (wanted == 0)
            return BODY_WHOLE;
        errno = 0;
        got = x->connection.read(x->connection.from, piece, wanted);
        is_late = errno == ETIMEDOUT;
        if (got > 0)
            buf_add(&x->body, piece, (size_t)got);
        if (x->body.length > CHANNEL_BODY_BYTES_MAX || x->body.status == BUF_TOO_LONG)
            return BODY_TOO_LARGE;
        if (!request->is_chunked && x->body.length == (size_t)request->content_length)
            return BODY_WHOLE;
        is_late = is_late || monotonic_us() > deadline_us;
        if (got < 0 && !is_late)
            return request->is_chunked ? BODY_BROKEN : BODY_SHORT;
        if (got < 0)
            return BODY_SLOW;
        if (request->is_chunked && got == 0)
            return BODY_WHOLE;
        if (!request->is_chunked && (size_t)got < wanted)
            return is_late ? BODY_SLOW : BODY_SHORT;
        if (is_late)
            return BODY_SLOW;
    }
}

static bool has_unread_body(const struct exchange *x)
{
    return !x->body_was_read && (x->request.is_chunked || x->request.content_length > 0);
}

bool body_is_abandoned(const struct exchange *x)
{
    return has_unread_body(x) &&
           (x->request.content_length > CHANNEL_BODY_BYTES_MAX || x->request.expects_continue);
}

bool body_drain(struct exchange *x)
{
    return !has_unread_body(x) || body_read(x) == BODY_WHOLE;
}

static enum step_result refuse_and_close(struct exchange *x, int status)
{
    x->answer.must_close = true;
    return exchange_refuse(x, status);
}

static enum step_result refuse_end(struct exchange *x, enum body_end end)
{
    switch (end) {
    case BODY_WHOLE:
        break;
    case BODY_TOO_LARGE:
        hm_findings_add(&x->findings, HM_T7_BODY_TOO_LARGE, "the body has more than %d bytes",
                        CHANNEL_BODY_BYTES_MAX);
        return refuse_and_close(x, 413);
    case BODY_SHORT:
        hm_findings_add(&x->findings, HM_B2_BODY_TRUNCATED,
                        "%" PRId64 " byte%s announced, but %zu arrived", x->request.content_length,
                        x->request.content_length == 1 ? " was" : "s were", x->body.length);
        return refuse_and_close(x, 400);
    case BODY_SLOW:
        hm_findings_add(&x->findings, HM_B2_BODY_TRUNCATED,
                        "the body arrived too slowly: %zu byte%s in %" PRId64 " s", x->body.length,
                        x->body.length == 1 ? "" : "s", (monotonic_us() - x->started_us) / 1000000);
        return refuse_and_close(x, 408);
    case BODY_BROKEN:
        hm_findings_add(&x->findings, HM_T8_REQUEST_MALFORMED,
                        "the chunks of the body are broken, were cut off, or have over 16 KiB of "
                        "extensions and trailers");
        return refuse_and_close(x, 400);
    }
    return STEP_NEXT;
}

/* [T2 T5] */
static bool is_media_type_accepted(const struct exchange *x)
{
    const char *type = private_open(x->request.content_type);

    return x->state->policy.value[POLICY_MEDIA_TYPE] == MEDIA_TYPE_ACCEPT ||
           (type != NULL && !private_is_set(x->request.other_content_type) &&
            is_json_media_type(type, strlen(type)));
}

static enum step_result refuse_media_type(struct exchange *x)
{
    const char *type = private_open(x->request.content_type);

    if (type == NULL)
        hm_findings_add(&x->findings, HM_T5_MEDIA_TYPE, "there is no Content-Type");
    else if (private_is_set(x->request.other_content_type))
        hm_findings_add(&x->findings, HM_T5_MEDIA_TYPE,
                        "there are two Content-Type fields, and they differ: perhaps the code and "
                        "the library each add one");
    else if (strchr(type, '/') == NULL)
        hm_findings_add(&x->findings, HM_T5_MEDIA_TYPE,
                        "the Content-Type has %zu character%s and is not a media type",
                        strlen(type), type[1] == '\0' ? "" : "s");
    else
        hm_findings_add(&x->findings, HM_T5_MEDIA_TYPE, "the Content-Type is %s",
                        mask_quoted(exchange_masking(x), type, strlen(type)).text);
    return exchange_refuse(x, 415);
}

enum step_result body_receive(struct exchange *x)
{
    enum body_end end;

    if (x->request.content_length > CHANNEL_BODY_BYTES_MAX)
        return refuse_end(x, BODY_TOO_LARGE);
    if (x->request.expects_continue) {
        x->connection.go_on(x->connection.from);
        x->request.expects_continue = false;
    }
    end = body_read(x);
    if (x->body.status == BUF_NO_MEMORY)
        return refuse_and_close(x, 500);
    return end == BODY_WHOLE ? STEP_NEXT : refuse_end(x, end);
}

static enum step_result tree_read(struct exchange *x)
{
    x->body_json = channel_body_parse(buf_text(&x->body), x->body.length, &x->findings);
    if (x->body_json == NULL)
        return exchange_refuse(x, hm_findings_refusal(&x->findings) == NULL ? 500 : 400);
    return STEP_NEXT;
}

enum step_result body_check(struct exchange *x)
{
    struct channel_policy policy = policy_for_channel(&x->state->policy);

    policy.masking = exchange_masking(x);
    if (!is_media_type_accepted(x))
        return refuse_media_type(x);
    if (body_receive(x) == STEP_ANSWERED)
        return STEP_ANSWERED;
    if (channel_body_read_plain(&x->values, buf_text(&x->body), x->body.length)) {
        channel_values_check(&x->values, &policy, &x->findings);
    } else {
        if (tree_read(x) == STEP_ANSWERED)
            return STEP_ANSWERED;
        channel_body_check(&x->values, x->body_json, &policy, &x->findings);
    }
    return hm_findings_refusal(&x->findings) == NULL ? STEP_NEXT : exchange_refuse(x, 400);
}
