#include "record/recorded_line.h"
#include "contract/mask_write.h"
#include "contract/redact.h"
#include "play/record.h"
#include "record/stand_ins_json.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>

/* Header fields whose value is shown; of the others only its length. */
static const char *const shown_fields[] = { "Accept",
                                            "Allow",
                                            "Cache-Control",
                                            "Connection",
                                            "Content-Length",
                                            "Content-Type",
                                            "Date",
                                            "Location",
                                            "Retry-After",
                                            "Server",
                                            "User-Agent",
                                            "Vary",
                                            "X-Mock-Finding",
                                            "X-Request-Id",
                                            "Content-Encoding",
                                            "X-RateLimit-Limit",
                                            "X-RateLimit-Remaining",
                                            "X-RateLimit-Reset",
                                            NULL };

/* What texts need to be shown. */
struct veil {
    struct stand_ins *stand_ins;
    struct round_trip_masking masking;
};

/* A JSON string, replaced, then masked. NULL: out of memory. */
static json_t *text_make(const struct veil *veil, struct span text, bool is_path)
{
    struct buf replaced;
    struct buf masked;
    json_t *made = NULL;

    buf_init(&replaced, RECORDED_LINE_BYTES_MAX);
    buf_init(&masked, RECORDED_LINE_BYTES_MAX);
    if (is_path)
        stand_ins_path(&replaced, veil->stand_ins, text);
    else
        stand_ins_text(&replaced, veil->stand_ins, text);
    mask_write_text(&masked, &veil->masking.masking,
                    (struct span){ buf_text(&replaced), replaced.length }, RECORDED_BODY_BYTES_MAX,
                    escape_bytes);
    if (buf_ok(&replaced) && buf_ok(&masked))
        made = json_stringn(buf_text(&masked), masked.length);
    buf_fini(&masked);
    buf_fini(&replaced);
    return made;
}

static json_t *c_text_make(const struct veil *veil, const char *text)
{
    return text_make(veil, (struct span){ text, strlen(text) }, false);
}

static bool is_shown(struct span name)
{
    for (size_t i = 0; shown_fields[i] != NULL; i++) {
        if (span_is_nocase(name, shown_fields[i]))
            return true;
    }
    return false;
}

static json_t *field_make(const struct veil *veil, struct span name, struct span value)
{
    struct buf line;
    json_t *made;
    json_t *shown = is_shown(name) ? text_make(veil, value, span_is_nocase(name, "Location"))
                                   : json_sprintf("<%zu characters>", value.length);

    buf_init(&line, RECORDED_LINE_BYTES_MAX);
    buf_add(&line, name.at, name.length);
    buf_printf(&line, ": %s", shown != NULL ? json_string_value(shown) : "");
    made = shown != NULL && buf_ok(&line)
               ? text_make(veil, (struct span){ buf_text(&line), line.length }, false)
               : NULL;
    buf_fini(&line);
    json_decref(shown);
    return made;
}

static json_t *request_fields(const struct veil *veil, const struct recorded *x)
{
    json_t *lines = json_array();

    for (size_t i = 0; i < x->trip.message.header_count; i++) {
        const struct http_header *field = &x->trip.message.headers[i];

        if (!text_equal_nocase(field->name, "Authorization"))
            json_array_append_new(
                lines, field_make(veil, (struct span){ field->name, strlen(field->name) },
                                  (struct span){ field->value, strlen(field->value) }));
    }
    return lines;
}

static json_t *answer_fields(const struct veil *veil, const struct recorded *x)
{
    json_t *lines = json_array();
    const char *line = buf_text(&x->trip.answer.headers);

    while (*line != '\0') {
        const size_t length = strcspn(line, "\r\n");
        const char *colon = memchr(line, ':', length);

        if (colon != NULL) {
            const size_t name = (size_t)(colon - line);

            json_array_append_new(
                lines, field_make(veil, (struct span){ line, name },
                                  span_trim_ows((struct span){ colon + 1, length - name - 1 })));
        }
        line += length + strspn(line + length, "\r\n");
    }
    return lines;
}

/* A JSON body, replaced, masked, and cut so that it stays JSON. NULL: it cannot be shown. */
static json_t *json_body_make(const struct veil *veil, json_t *body, bool *is_whole)
{
    json_t *replaced = stand_ins_copy(veil->stand_ins, body);
    size_t left = RECORDED_BODY_BYTES_MAX;
    struct buf text;
    json_t *made = NULL;

    buf_init(&text, RECORDED_LINE_BYTES_MAX);
    if (replaced != NULL) {
        *is_whole = mask_write_value(&text, &veil->masking.masking, replaced,
                                     (struct span){ "", 0 }, &left);
        if (buf_ok(&text))
            made = json_loadb(buf_text(&text), text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    }
    buf_fini(&text);
    json_decref(replaced);
    return made;
}

/* Why a body that is not JSON cannot be searched for personal data; NULL: it can. */
static const char *why_hidden(const struct buf *body)
{
    if (utf8_prefix(buf_text(body), body->length) < body->length ||
        memchr(buf_text(body), '\0', body->length) != NULL)
        return "not text in UTF-8";
    /* A value that is cut cannot be recognised. */
    if (is_one_of(*span_trim((struct span){ buf_text(body), body->length }).at, "{[\"") ||
        strstr(buf_text(body), "\\u") != NULL)
        return "broken JSON";
    if (body->length > RECORDED_BODY_BYTES_MAX)
        return "longer than 64 KiB and not JSON";
    return NULL;
}

static int body_set(json_t *object, const struct veil *veil, const struct buf *body, json_t *parsed)
{
    bool is_whole = true;
    json_t *made = NULL;
    int failed = json_object_set_new(object, "body_bytes", json_integer((json_int_t)body->length));
    const char *why = veil->masking.is_full ? "the request has too many tokens" : NULL;

    if (why == NULL && parsed != NULL) {
        made = json_body_make(veil, parsed, &is_whole);
        why = made == NULL ? "too deep" : NULL;
    } else if (why == NULL) {
        why = why_hidden(body);
        made = why == NULL ? text_make(veil, (struct span){ buf_text(body), body->length }, true)
                           : NULL;
    }
    if (why != NULL)
        failed |= json_object_set_new(object, "body_left_out", json_string(why));
    else if (body->length > 0)
        failed |= json_object_set(object, "body", made);
    if (!is_whole)
        failed |= json_object_set_new(object, "body_truncated", json_true());
    json_decref(made);
    return failed;
}

static json_t *token_make(const struct veil *veil, const char *value,
                          const struct hm_secrets *secrets)
{
    json_t *header;
    json_t *claims;
    json_t *made = NULL;

    token_redact(&header, &claims, value, strlen(value), secrets);
    if (header != NULL && claims != NULL)
        made = json_pack("{s:o, s:o}", "header", mask_copy(&veil->masking.masking, header),
                         "claims", mask_copy(&veil->masking.masking, claims));
    json_decref(header);
    json_decref(claims);
    return made;
}

static json_t *findings_make_json(const struct veil *veil, const struct recorded *x)
{
    const struct hm_findings *lists[] = { &x->token_findings, &x->body_findings };
    json_t *made = json_array();

    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < lists[i]->count; j++) {
            const struct hm_finding *finding = &lists[i]->at[j];
            const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

            json_array_append_new(
                made, json_pack("{s:s, s:s, s:s, s:o}", "clause", row->clause, "code", row->code,
                                "severity", finding->severity == HM_REFUSES ? "refused" : "warned",
                                "message", c_text_make(veil, finding->message)));
        }
    }
    return made;
}

static json_t *remarks_make(const struct veil *veil, const struct recorded *x)
{
    json_t *made = json_array();

    for (size_t i = 0; i < x->result.remark_count; i++) {
        const struct remark *remark = &x->result.remarks[i];

        json_array_append_new(made, json_pack("{s:s?, s:s, s:o, s:o}", "clause",
                                              remark->clause != NULL ? remark->clause->id : NULL,
                                              "grade", grade_name(remark->grade), "expected",
                                              c_text_make(veil, remark->expected), "actual",
                                              c_text_make(veil, remark->actual)));
    }
    return made;
}

static const char *const outcomes[] = {
    [HTTP_ANSWERED] = "answered",
    [HTTP_NOT_SENT] = "not-sent",
    [HTTP_NO_ANSWER] = "no-answer",
    [HTTP_ANSWER_TOO_BIG] = "too-big",
};

/* The members that only an operation of the contract has. */
static int details_set(json_t *line, const struct veil *veil, const struct recorded *x,
                       const struct hm_secrets *secrets)
{
    const struct authorization *authorization = &x->trip.message.authorization;
    json_t *request = json_pack("{s:o}", "headers", request_fields(veil, x));
    json_t *answer = json_pack("{s:o}", "headers", answer_fields(veil, x));
    int failed = request == NULL || answer == NULL;

    if (authorization->count > 0)
        failed |=
            json_object_set_new(request, "token", token_make(veil, authorization->at[0], secrets));
    if (x->trip.message.has_body)
        failed |= body_set(request, veil, &x->trip.message.body, x->trip.message.sent);
    failed |= body_set(answer, veil, &x->trip.answer.body, x->trip.body);
    failed |= json_object_set(line, "request", request);
    failed |= json_object_set(line, "answer", answer);
    failed |= json_object_set_new(line, "findings", findings_make_json(veil, x));
    json_decref(request);
    json_decref(answer);
    return failed;
}

bool recorded_line_write(struct buf *out, const struct recorded *x, struct stand_ins *stand_ins,
                         const struct hm_secrets *secrets)
{
    struct veil veil = { .stand_ins = stand_ins };
    json_t *line;
    int failed;

    round_trip_mask(&veil.masking, &x->trip);
    line = json_pack("{s:i, s:I, s:o, s:s?, s:o, s:o, s:i, s:I, s:s}", "v", 1, "number",
                     (json_int_t)x->number, "time", record_time(x->sent_at_ms), "operation",
                     x->call.row != NULL ? x->call.row->name : NULL, "method",
                     c_text_make(&veil, x->method), "path", text_make(&veil, x->target, true),
                     "status", x->status, "time_ms", (json_int_t)x->trip.answer.time_ms, "outcome",
                     x->was_refused_here ? "not-forwarded" : outcomes[x->trip.answer.outcome]);
    failed = line == NULL;
    if (!failed && *x->trip.answer.reason != '\0')
        failed |= json_object_set_new(line, "reason", c_text_make(&veil, x->trip.answer.reason));
    if (!failed && x->call.row != NULL)
        failed |= details_set(line, &veil, x, secrets);
    if (!failed)
        failed |= json_object_set_new(line, "judged", remarks_make(&veil, x));
    if (!failed)
        json_text_tree(out, line, JSON_COMPACT);
    buf_putc(out, '\n');
    json_decref(line);
    return !failed && buf_ok(out);
}

bool recorded_remarks_replace(struct recorded *x, struct stand_ins *stand_ins)
{
    bool is_whole = true;

    for (size_t i = 0; i < x->result.remark_count; i++) {
        struct buf shown;
        char *text;

        buf_init(&shown, RECORDED_LINE_BYTES_MAX);
        stand_ins_text(
            &shown, stand_ins,
            (struct span){ x->result.remarks[i].actual, strlen(x->result.remarks[i].actual) });
        text = buf_take(&shown);
        is_whole = is_whole && text != NULL;
        if (text != NULL) {
            free(x->result.remarks[i].actual);
            x->result.remarks[i].actual = text;
        }
    }
    return is_whole;
}
