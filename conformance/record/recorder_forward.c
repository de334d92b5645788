#include "record/recorder_forward.h"
#include "support/text.h"
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    BAD_GATEWAY = 502,
    GATEWAY_TIMEOUT = 504,
    NO_CONTENT = 204,
    NOT_MODIFIED = 304,
    FORWARDED_MAX = MESSAGE_HEADERS_MAX + 1
};

/* For one connection alone (RFC 9110, section 7.6.1). */
static const char *const hop_by_hop[] = { "Connection",
                                          "Keep-Alive",
                                          "Proxy-Connection",
                                          "Proxy-Authenticate",
                                          "Proxy-Authorization",
                                          "TE",
                                          "Trailer",
                                          "Transfer-Encoding",
                                          "Upgrade",
                                          NULL };

/* Of a request, besides: what the transport writes itself; Accept-Encoding, because an answer that
 * is compressed cannot be judged. */
static const char *const made_anew[] = { "Host", "Content-Length", "Expect", "Accept-Encoding",
                                         NULL };

static bool is_among(struct span name, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (span_is_nocase(name, names[i]))
            return true;
    }
    return false;
}

/* Does a Connection field name it? */
static bool is_nominated(const struct message *message, const char *name)
{
    for (size_t i = 0; i < message->header_count; i++) {
        if (text_equal_nocase(message->headers[i].name, "Connection") &&
            text_lists_word(message->headers[i].value, name))
            return true;
    }
    return false;
}

static bool is_cancelled(const void *context)
{
    const struct recorder *recorder = context;

    return atomic_load(&recorder->is_cancelled);
}

void recorder_forward(const struct recorder *recorder, struct recorded *x,
                      struct http_session *session)
{
    const struct message *message = &x->trip.message;
    struct http_header headers[FORWARDED_MAX];
    struct http_request request = {
        .method = x->method,
        .url = buf_text(&message->url),
        .headers = headers,
        .body = message->has_body ? buf_text(&message->body) : NULL,
        .body_length = message->body.length,
        .is_chunked = message->is_chunked,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .timeout_ms = recorder->timeout_ms,
        .answer_bytes_max = RECORDER_ANSWER_BYTES_MAX,
        .is_cancelled = is_cancelled,
        .cancel_context = recorder,
    };
    struct hm_error err = { 0 };

    for (size_t i = 0; i < message->header_count; i++) {
        const struct span name = { message->headers[i].name, strlen(message->headers[i].name) };

        if (!is_among(name, hop_by_hop) && !is_among(name, made_anew) &&
            !is_nominated(message, message->headers[i].name))
            headers[request.header_count++] = message->headers[i];
    }
    headers[request.header_count++] = (struct http_header){ "Via", "1.1 " RECORDER_VIA };
    x->trip.was_tried = true;
    if (http_send(session, &request, &x->trip.answer, &err) != HM_OK) {
        x->trip.answer.outcome = HTTP_NOT_SENT;
        snprintf(x->trip.answer.reason, sizeof x->trip.answer.reason, "%.200s", err.text);
    }
}

bool recorder_is_loop(const struct recorded *x)
{
    for (size_t i = 0; i < x->trip.message.header_count; i++) {
        if (text_equal_nocase(x->trip.message.headers[i].name, "Via") &&
            strstr(x->trip.message.headers[i].value, RECORDER_VIA) != NULL)
            return true;
    }
    return false;
}

void recorder_refuse(struct recorded *x, int status, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(x->trip.answer.reason, sizeof x->trip.answer.reason, format, ap);
    va_end(ap);
    x->was_refused_here = true;
    x->status = status;
}

int recorder_status(const struct recorded *x)
{
    if (x->was_refused_here)
        return x->status;
    if (x->trip.answer.outcome == HTTP_ANSWERED)
        return x->trip.answer.status;
    return x->trip.answer.is_late ? GATEWAY_TIMEOUT : BAD_GATEWAY;
}

/* Appends the target's header fields without those for its connection, and without lengths, which
 * are written anew. */
static void fields_write(struct buf *out, const struct http_answer *answer)
{
    const char *line = buf_text(&answer->headers);
    const char *connection = "";
    size_t connection_length = 0;
    char nominated[256];

    http_answer_header(answer, "Connection", 0, &connection, &connection_length);
    snprintf(nominated, sizeof nominated, "%.*s", (int)connection_length, connection);
    while (*line != '\0') {
        const size_t length = strcspn(line, "\r\n");
        const char *colon = memchr(line, ':', length);
        char name[64] = "";

        if (colon != NULL)
            snprintf(name, sizeof name, "%.*s", (int)(colon - line), line);
        if (colon != NULL && !is_among((struct span){ name, strlen(name) }, hop_by_hop) &&
            !text_equal_nocase(name, "Content-Length") && !text_lists_word(nominated, name)) {
            buf_add(out, line, length);
            buf_puts(out, "\r\n");
        }
        line += length + strspn(line + length, "\r\n");
    }
}

/* Appends an explanation of our own. */
static void own_body_write(struct buf *out, const struct recorded *x)
{
    char *text = NULL;
    json_t *body = json_pack("{s:s, s:o}", "error", "recorder", "message",
                             json_sprintf("heymarket-conformance record: %s%s",
                                          x->was_refused_here ? "" : "no answer from the target: ",
                                          x->trip.answer.reason));

    text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    buf_puts(out, text != NULL ? text : "{}");
    free(text);
    json_decref(body);
}

void recorder_answer_write(struct buf *out, const struct recorded *x, const char *reason,
                           bool closes)
{
    const struct http_answer *answer = &x->trip.answer;
    const bool is_forwarded = !x->was_refused_here && answer->outcome == HTTP_ANSWERED;
    const bool is_head = strcmp(x->method, "HEAD") == 0;
    const struct buf *body;
    struct buf own;
    const char *length;
    size_t length_bytes;

    buf_init(&own, (size_t)HTTP_REASON_TEXT * 8);
    body = is_forwarded ? &answer->body : &own;
    buf_printf(out, "HTTP/1.1 %d %s\r\n", x->status, reason);
    if (is_forwarded) {
        fields_write(out, answer);
    } else {
        own_body_write(&own, x);
        buf_puts(out, "Content-Type: application/json\r\n");
    }
    if (is_forwarded && is_head &&
        http_answer_header(answer, "Content-Length", 0, &length, &length_bytes))
        buf_printf(out, "Content-Length: %.*s\r\n", (int)length_bytes, length);
    else if (!is_head && x->status != NO_CONTENT && x->status != NOT_MODIFIED)
        buf_printf(out, "Content-Length: %zu\r\n", body->length);
    buf_printf(out, "Connection: %s\r\n\r\n", closes ? "close" : "keep-alive");
    if (!is_head && x->status != NO_CONTENT && x->status != NOT_MODIFIED)
        buf_add(out, buf_text(body), body->length);
    buf_fini(&own);
}
