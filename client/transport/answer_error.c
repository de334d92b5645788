#include "transport/answer_error.h"

#include "contract/mask_write.h"
#include "support/escape.h"
#include "support/json_scan.h"
#include "support/span.h"
#include "support/text.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    MESSAGE_BYTES_MAX = 4096, /* before it is cut to fit HM_ERROR_TEXT */
    NAMED_BYTES_MAX = 1024,   /* of an E6 object's error, and of its message */
    PLAIN_TEXT_BYTES_MAX = 200,
    ERROR_VALUES_MAX = 10000 /* of JSON in an error's body; with more it is not looked into */
};

#define READ_FIRST                                                                                 \
    "the write may have been done: read the contact's channels before sending it again"

/* The clauses that are about a status. */
static const struct {
    int status;
    char clause[HM_CLAUSE_TEXT];
} clauses[] = {
    { 400, "E1" }, { 401, "E2" }, { 403, "E3" }, { 405, "T6" }, { 413, "T7" },
    { 415, "T5" }, { 429, "E4" }, { 431, "T8" }, { 500, "E5" },
};

/* Copies letters, digits and @marks. False: there are other characters, or too many; nothing was
 * copied.
 */
static bool copy_word(char *out, size_t size, const char *from, size_t length, const char *marks)
{
    if (length == 0 || length >= size)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool is_alnum = (from[i] >= '0' && from[i] <= '9') || (from[i] >= 'a' && from[i] <= 'z') ||
                        (from[i] >= 'A' && from[i] <= 'Z');

        if (!is_alnum && !is_one_of(from[i], marks))
            return false;
    }
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

void answer_request_id(char out[HM_REQUEST_ID_TEXT], const struct http_answer *answer,
                       const struct masking *masking)
{
    const char *value;
    size_t length;

    out[0] = '\0';
    if (http_answer_header(answer, "X-Request-Id", 0, &value, &length) &&
        mask_is_clean(masking, value, length))
        copy_word(out, HM_REQUEST_ID_TEXT, value, length, "-_.:");
}

static void clause_of_status(struct hm_error *err)
{
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
        if (clauses[i].status == err->status || (clauses[i].status == 500 && err->status > 500))
            memcpy(err->clause, clauses[i].clause, sizeof err->clause);
    }
}

/* The mock's X-Mock-Finding: J5 secret-key-alone. Warnings end in "; warned". */
static void finding_of_mock(struct hm_error *err, const struct http_answer *answer,
                            const struct masking *masking)
{
    const char *value;
    size_t length;

    for (size_t nth = 0; http_answer_header(answer, "X-Mock-Finding", nth, &value, &length);
         nth++) {
        const char *space = memchr(value, ' ', length);
        char clause[HM_CLAUSE_TEXT], mistake[HM_MISTAKE_TEXT];

        if (space != NULL && mask_is_clean(masking, value, length) &&
            copy_word(clause, sizeof clause, value, (size_t)(space - value), "") &&
            copy_word(mistake, sizeof mistake, space + 1, (size_t)(value + length - space - 1),
                      "-")) {
            memcpy(err->clause, clause, sizeof clause);
            memcpy(err->mistake, mistake, sizeof mistake);
            return;
        }
    }
}

static void as_it_is(struct buf *out, const char *text, size_t length)
{
    buf_add(out, text, length);
}

static void add_masked(struct buf *out, const char *text, size_t length, size_t most,
                       const struct masking *masking)
{
    mask_write_text(out, masking, (struct span){ text, length }, most, as_it_is);
}

static bool is_plain_text(const struct http_answer *answer)
{
    static const char plain[] = "text/plain";
    const char *value;
    size_t length;

    return http_answer_header(answer, "Content-Type", 0, &value, &length) &&
           length >= sizeof plain - 1 && strncasecmp(value, plain, sizeof plain - 1) == 0;
}

/* The server's message: name and message of an E6 object, or a line of plain text. */
static void add_server_message(struct buf *out, const struct http_answer *answer,
                               const struct masking *masking)
{
    const char *text = buf_text(&answer->body);
    json_t *body = json_values_count(text, answer->body.length) > ERROR_VALUES_MAX
                       ? NULL
                       : json_loadb(text, answer->body.length, 0, NULL);
    const char *name = json_string_value(json_object_get(body, "error"));
    const char *message = json_string_value(json_object_get(body, "message"));

    if (name != NULL)
        add_masked(out, name, strlen(name), NAMED_BYTES_MAX, masking);
    if (message != NULL) {
        buf_puts(out, name != NULL ? ": " : "");
        add_masked(out, message, strlen(message), NAMED_BYTES_MAX, masking);
    } else if (name == NULL && is_plain_text(answer)) {
        add_masked(out, text, strcspn(text, "\r\n"), PLAIN_TEXT_BYTES_MAX, masking);
    }
    json_decref(body);
}

static struct quoted header_quoted(const struct http_answer *answer, const char *name,
                                   const struct masking *masking)
{
    const char *value = "";
    size_t length = 0;

    http_answer_header(answer, name, 0, &value, &length);
    return mask_quoted(masking, value, length);
}

/* What to do about it, after the server's message. */
static void add_advice(struct buf *out, const struct hm_error *err,
                       const struct http_answer *answer, const struct masking *masking)
{
    if (err->status < 400)
        buf_printf(out,
                   "; redirects are not followed: change the base URL if Location, %s, is right",
                   header_quoted(answer, "Location", masking).text);
    if (err->status == 429)
        buf_printf(out, "; Retry-After is %s", header_quoted(answer, "Retry-After", masking).text);
    if (err->written == HM_WRITTEN_UNKNOWN)
        buf_puts(out, "; " READ_FIRST);
}

/* Appends up to @most bytes, cut between characters, safe for terminals and logs. */
static void add_cut(char *out, size_t most, const struct buf *text)
{
    struct buf safe;
    size_t kept;

    buf_init(&safe, (size_t)4 * MESSAGE_BYTES_MAX);
    escape_terminal(&safe, buf_text(text), text->length);
    kept = safe.length > most ? utf8_cut(safe.data, most) : safe.length;
    out += strlen(out);
    memcpy(out, buf_text(&safe), kept);
    out[kept] = '\0';
    buf_fini(&safe);
}

/* If the text is too long, the server's message is cut. */
static void describe_status(struct hm_error *err, const struct http_answer *answer,
                            const struct masking *masking)
{
    struct buf message, advice;
    size_t most;

    buf_init(&message, MESSAGE_BYTES_MAX);
    buf_init(&advice, sizeof err->text / 2);
    add_server_message(&message, answer, masking);
    add_advice(&advice, err, answer, masking);
    snprintf(err->text, sizeof err->text, "the server answered %d%s", err->status,
             message.length > 0 ? " " : "");
    most = sizeof err->text - 1 - strlen(err->text) - advice.length;
    add_cut(err->text, most, &message);
    add_cut(err->text, advice.length, &advice);
    buf_fini(&message);
    buf_fini(&advice);
}

static enum hm_code code_of(const struct http_answer *answer)
{
    if (answer->outcome == HTTP_NOT_SENT)
        return HM_NOT_SENT;
    if (answer->outcome == HTTP_NO_ANSWER || answer->status == 0)
        return HM_OUTCOME_UNKNOWN;
    if (answer->status < 300)
        return answer->outcome == HTTP_ANSWERED ? HM_OK : HM_BAD_ANSWER;
    if (answer->status >= 500)
        return HM_SERVER_ERROR;
    if (answer->status == 401)
        return HM_CREDENTIALS_REFUSED;
    return answer->status == 429 ? HM_RATE_LIMITED : HM_REFUSED;
}

/* [E7] A 408 or 5xx may come from a proxy in front of a server that has done the write; a 302 or
 * 303 may point to what was made. */
static enum hm_written written_of(enum hm_code code, int status, bool is_safe)
{
    if (is_safe)
        return HM_WRITTEN_NO;
    switch (code) {
    case HM_BAD_ANSWER:
        return HM_WRITTEN_YES;
    case HM_OUTCOME_UNKNOWN:
    case HM_SERVER_ERROR:
        return HM_WRITTEN_UNKNOWN;
    default:
        return status == 408 || status == 302 || status == 303 ? HM_WRITTEN_UNKNOWN : HM_WRITTEN_NO;
    }
}

/* The URL, or a reason that libcurl took from the answer. */
static void mask_text(struct hm_error *err, const struct masking *masking)
{
    struct buf text;

    buf_init(&text, (size_t)2 * sizeof err->text);
    add_masked(&text, err->text, strlen(err->text), sizeof err->text, masking);
    snprintf(err->text, sizeof err->text, "%s", buf_text(&text));
    buf_fini(&text);
}

/* Unix seconds; 0: there is no Date, or it is not one. */
static int64_t date_of(const struct http_answer *answer)
{
    const char *value;
    size_t length;
    int64_t date = 0;

    if (http_answer_header(answer, "Date", 0, &value, &length) &&
        !http_date_read(&date, value, length))
        date = 0;
    return date;
}

enum hm_code answer_error(struct hm_error *err, const struct http_answer *answer,
                          const struct answer_context *context)
{
    enum hm_code code = code_of(answer);
    struct hm_error ignored;

    if (err == NULL)
        err = &ignored;

    switch (code) {
    case HM_OK:
        return code;
    case HM_NOT_SENT:
        hm_error_set(err, code, "nothing was sent to %s: %s", context->url, answer->reason);
        break;
    case HM_OUTCOME_UNKNOWN:
        hm_error_set(err, code, "the request was sent, but no complete response arrived (%s)%s",
                     answer->reason, context->is_safe ? "" : "; " READ_FIRST);
        break;
    case HM_BAD_ANSWER:
        hm_error_set(err, code, "the server answered %d, and %s", answer->status, answer->reason);
        break;
    default:
        hm_error_set(err, code, "%s", ""); /* see below */
        break;
    }
    err->status = answer->status;
    err->attempts = context->attempts;
    err->is_untrusted = answer->is_untrusted;
    err->server_time = date_of(answer);
    err->written = written_of(code, answer->status, context->is_safe);
    answer_request_id(err->request_id, answer, context->masking);
    if (err->text[0] == '\0') {
        clause_of_status(err);
        finding_of_mock(err, answer, context->masking);
        describe_status(err, answer, context->masking);
    } else {
        mask_text(err, context->masking);
    }
    return code;
}
