#include "exchange/answer.h"

#include "exchange/finding_text.h"
#include "support/json_text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 61, NO_CONTENT = 204 };

/* Statuses, their phrases (RFC 9110 section 15) and the names of E6. */
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

/* A status without a row is known by its class; only a fault may ask for one. */
static struct status_row row_of(int status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i].status == status)
            return statuses[i];
    }
    return status < 500 ? (struct status_row){ status, "Client Error", "bad_data" }
                        : (struct status_row){ status, "Server Error", "server_error" };
}

void answer_init(struct answer *answer)
{
    /* Member by member: most of it is never touched. */
    answer->tree = NULL;
    answer->stream.from = NULL;
    answer->date_s = INT64_MIN;
    buf_init(&answer->text, CHANNEL_LIST_BYTES_MAX);
    buf_init(&answer->bytes, ANSWER_OUT_BYTES_MAX);
}

static void stream_end(struct answer *answer)
{
    if (answer->stream.from != NULL)
        answer->stream.end(answer->stream.from);
    answer->stream.from = NULL;
}

void answer_fini(struct answer *answer)
{
    stream_end(answer);
    json_decref(answer->tree);
    answer->tree = NULL;
    buf_fini(&answer->text);
    buf_fini(&answer->bytes);
}

void answer_release(struct answer *answer)
{
    stream_end(answer);
    json_decref(answer->tree);
    answer->tree = NULL;
    if (answer->text.capacity > ANSWER_KEPT_BYTES)
        buf_fini(&answer->text);
    if (answer->bytes.capacity > ANSWER_KEPT_BYTES)
        buf_fini(&answer->bytes);
}

void answer_begin(struct answer *answer, const char *request_id)
{
    answer->status = 0;
    answer->request_id = request_id;
    answer->now_s = 0;
    answer->allow = "";
    answer->findings = NULL;
    answer->fields = "";
    answer->retry_after_s = 0;
    answer->has_charset = false;
    answer->has_lower_case_names = false;
    answer->is_for_http_1_0 = false;
    answer->must_close = false;
    answer->is_chunked = false;
    answer->is_for_head = false;
    answer->delivery = DELIVER_WHOLE;
    answer->delay_ms = 0;
    answer->is_stream_over = false;
    answer->is_stream_broken = false;
    answer_set(answer, 0, "", 0, "");
    memset(answer->parts, 0, sizeof answer->parts);
    answer->head = SIZE_MAX;
    buf_clear(&answer->text);
    buf_clear(&answer->bytes);
}

void answer_set(struct answer *answer, int status, const char *body, size_t length,
                const char *rest)
{
    stream_end(answer);
    answer->status = status;
    answer->content_type = "application/json";
    answer->lead = "";
    answer->body = body;
    answer->length = length;
    answer->rest = rest;
    answer->json_flags = JSON_COMPACT | JSON_ENCODE_ANY;
}

void answer_set_lead(struct answer *answer, const char *lead)
{
    answer->lead = lead;
}

void answer_set_stream(struct answer *answer, int status, const struct answer_stream *stream)
{
    answer_set(answer, status, "", 0, "");
    answer->stream = *stream;
}

void answer_lose(struct answer *answer, enum delivery delivery)
{
    answer->status = 0;
    answer->delivery = delivery;
}

/* The name of E6; broken framing [T8] has its own among the 400s. */
static const char *error_name(const struct status_row *row, const struct hm_findings *findings)
{
    const struct hm_finding *first = hm_findings_refusal(findings);

    return row->status == 400 && first != NULL && first->mistake == HM_T8_REQUEST_MALFORMED
               ? "malformed"
               : row->error;
}

void answer_set_error(struct answer *answer, int status, const char *message,
                      const struct hm_findings *findings, bool is_terse)
{
    const struct status_row row = row_of(status);
    struct buf *text = &answer->text, *work = &answer->bytes;

    buf_clear(work);
    if (message == NULL && !is_terse)
        findings_write_message(work, findings);
    if (message == NULL && work->length > 0)
        message = work->data;
    buf_clear(text);
    buf_puts(text, "{\"error\":");
    json_text_puts(text, error_name(&row, findings));
    buf_puts(text, ",\"message\":");
    json_text_puts(text, message == NULL || is_terse ? row.phrase : message);
    if (!is_terse && findings->count > 0) {
        buf_puts(text, ",\"findings\":");
        findings_write_json(text, findings);
    }
    buf_putc(text, '}');
    answer_set(answer, status, text->data, text->length, "");
}

json_t *answer_tree(struct answer *answer)
{
    struct buf *text = &answer->text;

    if (answer->tree != NULL)
        return answer->tree;
    if (answer->body != text->data) {
        buf_clear(text);
        buf_puts(text, answer->lead);
        buf_add(text, answer->body, answer->length);
    }
    buf_puts(text, answer->rest);
    if (!buf_ok(text))
        return NULL;
    answer_set(answer, answer->status, text->data, text->length, "");
    answer->tree = json_loadb(text->data, text->length, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
    return answer->tree;
}

/* Makes the tree a text. */
static void tree_write(struct answer *answer)
{
    buf_clear(&answer->text);
    json_text_tree(&answer->text, answer->tree, answer->json_flags);
    answer->lead = answer->rest = "";
    answer->body = answer->text.data;
    answer->length = answer->text.length;
}

static const char *date_of(struct answer *answer)
{
    if (answer->date_s != answer->now_s) {
        clock_http_date(answer->date, answer->now_s);
        answer->date_s = answer->now_s;
    }
    return answer->date;
}

/* Ends the line before, begins a field: "\r\nDate: ". Inline, so that the length of a literal is
 * known. */
static inline void field_begin(struct answer *answer, const char *text)
{
    if (!answer->has_lower_case_names) {
        buf_puts(&answer->bytes, text);
        return;
    }
    for (; *text != '\0'; text++)
        buf_putc(&answer->bytes, (char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text));
}

/* No text of the request is in these fields. */
static void findings_write(struct answer *answer)
{
    const struct hm_findings *findings = answer->findings;

    for (size_t i = 0; findings != NULL && i < findings->count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings->at[i].mistake);

        field_begin(answer, "\r\nX-Mock-Finding: ");
        buf_puts(&answer->bytes, row->clause);
        buf_putc(&answer->bytes, ' ');
        buf_puts(&answer->bytes, row->code);
        if (findings->at[i].severity == HM_WARNS)
            buf_puts(&answer->bytes, "; warned");
    }
}

static void head_write(struct answer *answer)
{
    const struct status_row row = row_of(answer->status);
    struct buf *out = &answer->bytes;

    buf_puts(out, "HTTP/1.1 ");
    json_text_integer(out, row.status);
    buf_putc(out, ' ');
    buf_puts(out, row.phrase);
    field_begin(answer, "\r\nDate: ");
    buf_puts(out, date_of(answer));
    if (answer->content_type != NULL) {
        field_begin(answer, "\r\nContent-Type: ");
        buf_puts(out, answer->content_type);
        if (answer->has_charset)
            buf_puts(out, "; charset=utf-8");
    }
    if (answer->is_chunked) {
        field_begin(answer, "\r\nTransfer-Encoding: ");
        buf_puts(out, "chunked");
    } else if (answer->stream.from == NULL && row.status != NO_CONTENT) {
        field_begin(answer, "\r\nContent-Length: ");
        json_text_integer(out,
                          (int64_t)(strlen(answer->lead) + answer->length + strlen(answer->rest)));
    }
    if (answer->request_id != NULL) {
        field_begin(answer, "\r\nX-Request-Id: ");
        buf_puts(out, answer->request_id);
    }
    if (row.status == 401) {
        field_begin(answer, "\r\nWWW-Authenticate: "); /* RFC 9110 section 11.6.1 */
        buf_puts(out, "Bearer");
    }
    if (row.status == 405 && answer->allow[0] != '\0') {
        field_begin(answer, "\r\nAllow: ");
        buf_puts(out, answer->allow);
    }
    if (answer->retry_after_s > 0) {
        field_begin(answer, "\r\nRetry-After: ");
        json_text_integer(out, answer->retry_after_s);
    }
    findings_write(answer);
    buf_puts(out, answer->fields);
    /* A client that knows how long the connection stays does not use it just as it is closed. */
    field_begin(answer, "\r\nConnection: ");
    buf_puts(out, answer->must_close ? "close" : "keep-alive");
    if (!answer->must_close) {
        field_begin(answer, "\r\nKeep-Alive: ");
        buf_printf(out, "timeout=%d", KEEP_ALIVE_S);
    }
    buf_puts(out, "\r\n\r\n");
}

static void chunks_write(struct buf *out, const char *body, size_t length)
{
    while (length > 0) {
        size_t piece = length < CHUNK_BYTES ? length : CHUNK_BYTES;

        buf_printf(out, "%zx\r\n", piece);
        buf_add(out, body, piece);
        buf_puts(out, "\r\n");
        body += piece;
        length -= piece;
    }
}

/* The answer that always fits: memory ran out while another was made. */
static void spare_write(struct answer *answer)
{
    static const char body[] = "{\"error\":\"server_error\",\"message\":\"Internal Server Error\"}";
    int length;

    stream_end(answer);
    answer->status = 500;
    answer->must_close = true;
    length = snprintf(answer->spare, sizeof answer->spare,
                      "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n"
                      "Content-Length: %zu\r\nX-Request-Id: %s\r\nConnection: close\r\n\r\n%s",
                      sizeof body - 1, answer->request_id == NULL ? "" : answer->request_id, body);
    answer->parts[0] = (struct answer_part){ answer->spare, (size_t)length };
    answer->head = (size_t)length - (sizeof body - 1);
}

/* Head and body in one piece, except a long body: that is sent from where it is. */
static void message_write(struct answer *answer)
{
    struct buf *out = &answer->bytes;
    bool is_lent = answer->length > ANSWER_KEPT_BYTES && !answer->is_chunked &&
                   answer->delivery == DELIVER_WHOLE;

    buf_clear(out);
    head_write(answer);
    answer->head = out->length;
    if (answer->is_for_head) {
        is_lent = false;
    } else if (answer->is_chunked) {
        chunks_write(out, answer->lead, strlen(answer->lead));
        chunks_write(out, answer->body, answer->length);
        chunks_write(out, answer->rest, strlen(answer->rest));
        buf_puts(out, "0\r\n\r\n");
    } else {
        buf_puts(out, answer->lead);
    }
    if (!answer->is_for_head && !answer->is_chunked && !is_lent) {
        buf_add(out, answer->body, answer->length);
        buf_puts(out, answer->rest);
    }
    if (!buf_ok(out) || !buf_ok(&answer->text)) {
        spare_write(answer);
        return;
    }
    if (answer->delivery == DELIVER_TRUNCATED)
        out->length = answer->head + (out->length - answer->head) / 2;
    answer->parts[0] = (struct answer_part){ out->data, out->length };
    if (is_lent) {
        answer->parts[1] = (struct answer_part){ answer->body, answer->length };
        answer->parts[2] = (struct answer_part){ answer->rest, strlen(answer->rest) };
    }
}

bool answer_lends_body(const struct answer *answer)
{
    return answer->parts[1].length > 0;
}

struct span answer_body(const struct answer *answer)
{
    const struct answer_part *first = &answer->parts[0], *lent = &answer->parts[1];

    if (lent->length > 0)
        return (struct span){ lent->at, lent->length };
    if (answer->is_chunked || answer->head >= first->length)
        return (struct span){ "", 0 };
    return (struct span){ first->at + answer->head, first->length - answer->head };
}

/* Makes the next piece of the stream in answer->text. */
static void piece_make(struct answer *answer)
{
    enum answer_step step = ANSWER_MORE;

    buf_clear(&answer->text);
    while (step == ANSWER_MORE && buf_ok(&answer->text) && answer->text.length < ANSWER_PIECE_BYTES)
        step = answer->stream.next(answer->stream.from, &answer->text);
    answer->is_stream_over = step != ANSWER_MORE;
    answer->is_stream_broken = step == ANSWER_BROKEN || !buf_ok(&answer->text);
}

/* The piece is sent from where it is, as a chunk or, to a client of HTTP/1.0, as it is. */
static void piece_parts(struct answer *answer)
{
    static const char last[] = "\r\n0\r\n\r\n";

    if (!answer->is_for_http_1_0)
        buf_printf(&answer->bytes, "%zx\r\n", answer->text.length);
    answer->parts[0] = (struct answer_part){ answer->bytes.data, answer->bytes.length };
    answer->parts[1] = (struct answer_part){ answer->text.data, answer->text.length };
    answer->parts[2] = (struct answer_part){ last, 0 };
    if (!answer->is_for_http_1_0)
        answer->parts[2].length = answer->is_stream_over ? sizeof last - 1 : 2;
}

/* The head alone, of an answer that ends with its connection. */
static void endless_write(struct answer *answer)
{
    answer->must_close = answer->is_stream_over = true;
    buf_clear(&answer->bytes);
    head_write(answer);
    answer->parts[0] = (struct answer_part){ answer->bytes.data, answer->bytes.length };
    if (!buf_ok(&answer->bytes))
        spare_write(answer);
}

/* Makes an ordinary body of a short stream, and else head and first piece of a long one. */
static void stream_write(struct answer *answer)
{
    if (answer->stream.take != NULL) {
        endless_write(answer);
        return;
    }
    piece_make(answer);
    if (answer->is_stream_broken) {
        spare_write(answer);
    } else if (answer->is_stream_over) {
        answer_set(answer, answer->status, answer->text.data, answer->text.length, "");
        message_write(answer);
    } else {
        answer->must_close = answer->must_close || answer->is_for_http_1_0;
        answer->is_chunked = !answer->is_for_http_1_0;
        buf_clear(&answer->bytes);
        head_write(answer);
        piece_parts(answer);
        if (!buf_ok(&answer->bytes))
            spare_write(answer);
    }
}

bool answer_go_on(struct answer *answer)
{
    if (answer->stream.from == NULL || answer->is_stream_over)
        return false;
    piece_make(answer);
    buf_clear(&answer->bytes);
    piece_parts(answer);
    answer->is_stream_broken = answer->is_stream_broken || !buf_ok(&answer->bytes);
    return !answer->is_stream_broken;
}

/* An answer without content has no body, and nothing that describes one (RFC 9110 section 15.3.5).
 */
static void body_drop(struct answer *answer)
{
    json_decref(answer->tree);
    answer->tree = NULL;
    answer_set(answer, answer->status, "", 0, "");
    answer->content_type = NULL;
    answer->is_chunked = false;
}

void answer_write(struct answer *answer)
{
    static const char garbage[] = "\x16\x03 this is no HTTP \xFF\xFE\r\n\r\n";

    memset(answer->parts, 0, sizeof answer->parts);
    if (answer->status == NO_CONTENT)
        body_drop(answer);
    if (answer->tree != NULL)
        tree_write(answer);
    if (answer->stream.from != NULL)
        stream_write(answer);
    else if (answer->delivery == DELIVER_WHOLE || answer->delivery == DELIVER_TRUNCATED)
        message_write(answer);
    else if (answer->delivery == DELIVER_GARBAGE)
        answer->parts[0] = (struct answer_part){ garbage, sizeof garbage - 1 };
    answer->must_close = answer->must_close || answer->delivery != DELIVER_WHOLE;
}
