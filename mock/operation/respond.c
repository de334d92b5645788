#include "operation/respond.h"

#include "fault/misbehave.h"
#include "operation/body.h"
#include "operation/finding_text.h"
#include "store/store.h"
#include "support/json_text.h"
#include <stdio.h>
#include <string.h>

enum { MESSAGE_BYTES_MAX = HM_FINDINGS_MAX * HM_FINDING_TEXT };

/* Statuses, their phrases (RFC 9110 §15) and the names of E6. */
struct status_row {
    int status;
    const char *phrase;
    const char *error;
};

static const struct status_row statuses[] = {
    { 200, "OK", "" },
    { 201, "Created", "" },
    { 204, "No Content", "" },
    { 302, "Found", "found" },
    { 400, "Bad Request", "bad_data" },
    { 401, "Unauthorized", "unauthorized" },
    { 403, "Forbidden", "denied" },
    { 404, "Not Found", "not_found" },
    { 402, "Payment Required", "payment_required" },
    { 405, "Method Not Allowed", "method_not_allowed" },
    { 406, "Not Acceptable", "not_acceptable" },
    { 408, "Request Timeout", "timeout" },
    { 409, "Conflict", "conflict" },
    { 410, "Gone", "gone" },
    { 413, "Content Too Large", "too_large" },
    { 415, "Unsupported Media Type", "unsupported_media_type" },
    { 422, "Unprocessable Content", "unprocessable" },
    { 429, "Too Many Requests", "rate_limited" },
    { 431, "Request Header Fields Too Large", "head_too_large" },
    { 500, "Internal Server Error", "server_error" },
    { 501, "Not Implemented", "not_implemented" },
    { 502, "Bad Gateway", "bad_gateway" },
    { 503, "Service Unavailable", "unavailable" },
    { 504, "Gateway Timeout", "gateway_timeout" },
    { 505, "HTTP Version Not Supported", "malformed" },
};

/* One that has no row, which only a fault may ask for, is known by its class (RFC 9110 §15). */
static struct status_row row_of(int status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i].status == status)
            return statuses[i];
    }
    return status < 500 ? (struct status_row){ status, "Client Error", "bad_data" }
                        : (struct status_row){ status, "Server Error", "server_error" };
}

/* Whatever is told from here on - headers, body, log - is in order and has no secret in it. */
static void findings_settle(struct exchange *x)
{
    struct masking masking = { .mask = store_mask(x->state->store) };

    if (x->findings.count == 0)
        return;
    masking_take_signature(&masking, x->request.authorization, x->request.authorization_length);
    hm_findings_sort(&x->findings);
    findings_mask(&x->findings, &masking);
}

static const char *date_of(struct exchange *x)
{
    if (x->date_s != x->now_s) {
        clock_http_date(x->date, x->now_s);
        x->date_s = x->now_s;
    }
    return x->date;
}

/* HTTP/1.1 stays open unless it says close; 1.0 closes unless it says keep-alive. */
static const char *connection_of(const struct exchange *x)
{
    if (x->must_close || x->request.will_close)
        return "Connection: close\r\n";
    return x->request.is_http_1_0 ? "Connection: keep-alive\r\n" : "";
}

static void header_write(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_puts(out, name);
    buf_puts(out, value);
}

static void head_write(struct exchange *x, const struct answer_shape *shape)
{
    const struct status_row row = row_of(shape->status);
    struct buf *out = &x->out;

    buf_puts(out, "HTTP/1.1 ");
    json_text_integer(out, row.status);
    buf_putc(out, ' ');
    buf_puts(out, row.phrase);
    buf_puts(out, "\r\nDate: ");
    buf_puts(out, date_of(x));
    header_write(out, "\r\nContent-Type: ", shape->content_type); /* [R6] */
    buf_puts(out, "\r\nContent-Length: ");
    json_text_integer(out, (int64_t)(shape->length + strlen(shape->rest)));
    header_write(out, "\r\nX-Request-Id: ", shape->request_id); /* [T4] */
    buf_puts(out, "\r\n");
    if (row.status == 401)
        buf_puts(out, "WWW-Authenticate: Bearer\r\n"); /* RFC 9110 §11.6.1 */
    if (row.status == 405 && x->route.allow[0] != '\0') {
        buf_puts(out, "Allow: "); /* [T6] */
        buf_puts(out, x->route.allow);
        buf_puts(out, "\r\n");
    }
    if (x->retry_after_s > 0) {
        buf_puts(out, "Retry-After: "); /* [E4] */
        json_text_integer(out, x->retry_after_s);
        buf_puts(out, "\r\n");
    }
    if (!x->mock->is_terse)
        findings_write_headers(out, &x->findings);
    buf_puts(out, connection_of(x));
    buf_puts(out, "\r\n");
}

/* The answer that always fits: memory ran out while another was made. */
static void respond_spare(struct exchange *x)
{
    static const char body[] = "{\"error\":\"server_error\",\"message\":\"Internal Server Error\"}";
    int length;

    x->status = 500;
    x->must_close = true;
    length = snprintf(x->spare, sizeof x->spare,
                      "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n"
                      "Content-Length: %zu\r\nX-Request-Id: %s\r\nConnection: close\r\n\r\n%s",
                      sizeof body - 1, x->request_id, body);
    x->answer = x->spare;
    x->answer_length = (size_t)length;
}

static bool has_no_body(const struct exchange *x)
{
    return x->request.method != NULL && strcmp(x->request.method, "HEAD") == 0;
}

static void answer_make(struct exchange *x, struct answer_shape *shape, bool is_lent)
{
    findings_settle(x);
    if (x->mock->misbehaving != NULL)
        misbehave_answer(x, shape);
    x->status = shape->status;
    x->must_close = x->must_close || body_is_abandoned(x);
    buf_clear(&x->out);
    head_write(x, shape);
    if (!has_no_body(x) && !is_lent) {
        buf_add(&x->out, shape->body, shape->length);
        buf_puts(&x->out, shape->rest);
    }
    if (!buf_ok(&x->out)) {
        respond_spare(x);
        return;
    }
    x->answer = x->out.data;
    x->answer_length = x->out.length;
    if (is_lent)
        x->lent = (struct answer_lent){ shape->body, shape->length, shape->rest };
}

void respond(struct exchange *x, int status, const char *body, size_t length, const char *rest)
{
    struct answer_shape shape = { status, "application/json", x->request_id, body, rest, length };

    answer_make(x, &shape, false);
}

/* What a misbehaviour, a variation or a fault may take apart lies in one piece. */
static bool must_be_whole(const struct exchange *x)
{
    return x->mock->misbehaving != NULL || x->mock->variations != 0 || has_no_body(x) ||
           x->delivery != DELIVER_WHOLE;
}

void respond_lending(struct exchange *x, int status, const char *body, size_t length,
                     const char *rest)
{
    struct answer_shape shape = { status, "application/json", x->request_id, body, rest, length };

    answer_make(x, &shape, length > ANSWER_KEPT_BYTES && !must_be_whole(x));
}

/* The name of E6; broken framing [T8] has one of its own among the 400s. */
static const char *error_name(const struct exchange *x, const struct status_row *row)
{
    const struct hm_finding *first = hm_findings_refusal(&x->findings);

    return row->status == 400 && first != NULL && first->mistake == HM_T8_REQUEST_MALFORMED
               ? "malformed"
               : row->error;
}

/* Whoever steers the mock is told what is wrong in any case. */
static bool is_terse(const struct exchange *x)
{
    return x->mock->is_terse && !exchange_is_control(x);
}

void respond_error_saying(struct exchange *x, int status, const char *message)
{
    const struct status_row row = row_of(status);
    struct buf *body = &x->scratch;

    buf_clear(body);
    buf_puts(body, "{\"error\":");
    json_text_puts(body, error_name(x, &row));
    buf_puts(body, ",\"message\":");
    json_text_puts(body, is_terse(x) ? row.phrase : message);
    if (!is_terse(x) && x->findings.count > 0) {
        buf_puts(body, ",\"findings\":");
        findings_write_json(body, &x->findings);
    }
    buf_putc(body, '}');
    if (buf_ok(body))
        respond(x, status, body->data, body->length, "");
    else
        respond_spare(x);
}

void respond_error(struct exchange *x, int status)
{
    struct buf message;

    findings_settle(x);
    buf_init(&message, MESSAGE_BYTES_MAX);
    findings_write_message(&message, &x->findings);
    if (message.length == 0)
        buf_puts(&message, row_of(status).phrase);
    respond_error_saying(x, status, buf_text(&message));
    buf_fini(&message);
}
