#include "play/record.h"
#include "contract/redact.h"
#include "support/escape.h"
#include "support/text.h"
#include <string.h>
#include <strings.h>

enum { LINE_BYTES_MAX = 16 * 1024, SECOND_BYTES = 64, MS_IN_S = 1000 };

/* An escaped or masked byte takes at most this many. */
enum { SHOWN_MOST = 5 };

static const char *const outcomes[] = {
    [HTTP_ANSWERED] = "answered",
    [HTTP_NOT_SENT] = "not-sent",
    [HTTP_NO_ANSWER] = "no-answer",
    [HTTP_ANSWER_TOO_BIG] = "too-big",
};

/* A JSON string without secrets, in valid UTF-8. */
static json_t *shown(const struct round_trip *trip, const char *text, size_t length, size_t most)
{
    struct buf clean;
    json_t *string = NULL;

    buf_init(&clean, most * SHOWN_MOST + LINE_BYTES_MAX);
    round_trip_hide(&clean, trip, text, length, most, escape_bytes);
    if (buf_ok(&clean))
        string = json_stringn(buf_text(&clean), clean.length);
    buf_fini(&clean);
    return string;
}

static json_t *shown_text(const struct round_trip *trip, const char *text)
{
    return shown(trip, text, strlen(text), LINE_BYTES_MAX);
}

static int body_set(json_t *object, const struct round_trip *trip, const struct buf *body)
{
    return json_object_set_new(object, "body",
                               shown(trip, buf_text(body), body->length, RECORD_BODY_BYTES_MAX)) |
           json_object_set_new(object, "body_bytes", json_integer((json_int_t)body->length)) |
           json_object_set_new(object, "body_truncated",
                               json_boolean(body->length > RECORD_BODY_BYTES_MAX));
}

static bool is_from_gateway(const struct message *message, size_t number)
{
    return message->names != NULL &&
           gateway_headers_have(message->names->gateway, message->headers[number].value);
}

static json_t *request_headers(const struct round_trip *trip)
{
    const struct message *message = &trip->message;
    json_t *lines = json_array();
    struct buf line;

    for (size_t i = 0; i < message->header_count; i++) {
        if (message->headers[i].value == NULL)
            continue;
        buf_init(&line, (size_t)2 * LINE_BYTES_MAX);
        buf_printf(&line, "%s: %s", message->headers[i].name,
                   is_from_gateway(message, i) ? "<hidden>" : message->headers[i].value);
        if (json_array_append_new(lines, shown_text(trip, buf_text(&line))) != 0)
            buf_clear(&line);
        buf_fini(&line);
    }
    return lines;
}

/* Takes @value over. */
static json_t *masked(const struct round_trip *trip, json_t *value)
{
    struct round_trip_masking masking;
    json_t *copy;

    round_trip_mask(&masking, trip);
    copy = masking.is_full ? json_null() : mask_copy(&masking.masking, value);
    json_decref(value);
    return copy;
}

static json_t *tokens(const struct round_trip *trip, const struct hm_secrets *no_secrets)
{
    const struct authorization *authorization = &trip->message.authorization;
    json_t *list = json_array();
    json_t *header;
    json_t *claims;

    for (size_t i = 0; i < authorization->count; i++) {
        token_redact(&header, &claims, authorization->at[i], strlen(authorization->at[i]),
                     no_secrets);
        json_array_append_new(list, json_pack("{s:o,s:o}", "header", masked(trip, header), "claims",
                                              masked(trip, claims)));
    }
    return list;
}

static json_t *request_make(const struct round_trip *trip, const struct hm_secrets *no_secrets)
{
    const struct message *message = &trip->message;
    const char *method = step_text(message->step, "method");
    json_t *request = json_pack(
        "{s:o,s:o,s:o,s:o,s:b}", "method", shown_text(trip, method != NULL ? method : ""), "url",
        shown_text(trip, buf_text(&message->url)), "headers", request_headers(trip), "tokens",
        tokens(trip, no_secrets), "chunked", message->is_chunked);

    if (request != NULL && message->has_body && body_set(request, trip, &message->body) != 0) {
        json_decref(request);
        request = NULL;
    }
    return request;
}

/* A cookie may be a session, which is a secret. */
static json_t *header_line(const struct round_trip *trip, const char *line, size_t length)
{
    static const char cookie[] = "Set-Cookie:";

    if (length >= sizeof cookie - 1 && strncasecmp(line, cookie, sizeof cookie - 1) == 0)
        return json_string("Set-Cookie: <hidden>");
    return shown(trip, line, length, LINE_BYTES_MAX);
}

static json_t *answer_headers(const struct round_trip *trip)
{
    const char *start = buf_text(&trip->answer.headers), *line = start;
    json_t *lines = json_array();
    size_t length;

    for (; *line != '\0' && line - start < RECORD_HEAD_BYTES_MAX;
         line += length + strspn(line + length, "\r\n")) {
        length = strcspn(line, "\r\n");
        if (length > 0)
            json_array_append_new(lines, header_line(trip, line, length));
    }
    if (*line != '\0')
        json_array_append_new(
            lines, json_sprintf("... and %zu more bytes of header fields", strlen(line)));
    return lines;
}

static json_t *answer_make(const struct round_trip *trip)
{
    const struct http_answer *answer = &trip->answer;
    json_t *object =
        json_pack("{s:s,s:I,s:b}", "outcome", outcomes[answer->outcome], "time_ms",
                  (json_int_t)answer->time_ms, "connection_reused", answer->was_reused);
    int failed = object == NULL;

    if (answer->status != 0)
        failed |= json_object_set_new(object, "status", json_integer(answer->status));
    if (*answer->reason)
        failed |= json_object_set_new(object, "reason", shown_text(trip, answer->reason));
    if (answer->status != 0) {
        failed |= json_object_set_new(object, "headers", answer_headers(trip));
        failed |= body_set(object, trip, &answer->body);
    }
    if (failed) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

json_t *record_time(int64_t unix_ms)
{
    struct buf second;
    json_t *made;

    buf_init(&second, SECOND_BYTES);
    append_utc(&second, unix_ms / MS_IN_S);
    made = json_sprintf("%.19s.%03dZ", buf_text(&second), (int)(unix_ms % MS_IN_S));
    buf_fini(&second);
    return made;
}

json_t *record_make(const struct round_trip *trip, const struct record_place *place,
                    const struct hm_secrets *no_secrets)
{
    json_t *record = json_pack("{s:I,s:o,s:s,s:o,s:o}", "number", (json_int_t)place->number, "time",
                               record_time(place->sent_at_ms), "purpose", place->purpose, "request",
                               request_make(trip, no_secrets), "answer", answer_make(trip));
    int failed = record == NULL;

    if (place->test != NULL) {
        failed |= json_object_set_new(record, "case", json_string(place->test->id));
        failed |= json_object_set_new(record, "step",
                                      json_integer(trip->message.step - place->test->steps + 1));
    }
    if (failed) {
        json_decref(record);
        record = NULL;
    }
    return record;
}
