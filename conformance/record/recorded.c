#include "record/recorded.h"
#include "contract/channel_answer.h"
#include "contract/channel_text.h"
#include "contract/contact_id.h"
#include "support/text.h"
#include "support/wall_clock.h"
#include <stdio.h>
#include <string.h>

void recorded_fini(struct recorded *x)
{
    round_trip_fini(&x->trip);
    json_decref(x->known);
    result_fini(&x->result);
}

bool recorded_calls(const struct recorded *x, enum operation_id id)
{
    return x->call.row == operation_row(id);
}

bool recorded_is_accepted(const struct recorded *x)
{
    return x->trip.answer.outcome == HTTP_ANSWERED && round_trip_is_accepted(&x->trip);
}

static const char *header(const struct recorded *x, const char *name)
{
    for (size_t i = 0; i < x->trip.message.header_count; i++) {
        if (text_equal_nocase(x->trip.message.headers[i].name, name))
            return x->trip.message.headers[i].value;
    }
    return NULL;
}

static void type_read(struct recorded *x)
{
    size_t length = 0;

    for (size_t at = 0; at < x->call.type.length && length < sizeof x->type - 1; at++) {
        const char *text = x->call.type.at + at;
        const int byte = *text == '%' && at + 2 < x->call.type.length ? hex_byte(text + 1) : -1;

        x->type[length++] = (char)(byte > 0 ? byte : *text);
        at += byte > 0 ? 2 : 0;
    }
    x->type[length] = '\0';
}

void recorded_read(struct recorded *x)
{
    const char *query = memchr(x->target.at, '?', x->target.length);
    const char *media_type = header(x, "Content-Type");
    struct hm_findings unused = { .count = 0 };

    x->path =
        query != NULL ? (struct span){ x->target.at, (size_t)(query - x->target.at) } : x->target;
    operation_find(&x->call, x->method, x->path);
    if (x->call.contact.length > 0 && uuid_is_valid(x->call.contact.at, x->call.contact.length))
        uuid_lower(x->contact, x->call.contact.at);
    type_read(x);
    x->is_json = media_type != NULL && is_json_media_type(media_type, strlen(media_type));
    if (x->call.row != NULL && x->call.row->has_body)
        x->trip.message.sent = channel_body_parse(buf_text(&x->trip.message.body),
                                                  x->trip.message.body.length, &unused);
    snprintf(x->name, sizeof x->name, "exchange %zu", x->number);
    x->as_case.id = x->name;
    x->result.test = &x->as_case;
}

/* Adds those that are not about the secret, which is not known here. */
static void add_without_secret(struct hm_findings *to, const struct hm_findings *from)
{
    for (size_t i = 0; i < from->count; i++) {
        if (from->at[i].mistake != HM_J3_ISS_UNKNOWN &&
            from->at[i].mistake != HM_J5_SIGNATURE_NOT_CHECKED)
            to->at[to->count++] = from->at[i];
    }
}

static enum hm_code token_diagnose(struct recorded *x, const struct hm_secrets *secrets,
                                   struct hm_error *err)
{
    const struct authorization *authorization = &x->trip.message.authorization;
    const char *value = authorization->count > 0 ? authorization->at[0] : NULL;
    struct hm_token_policy policy = HM_TOKEN_POLICY_DEFAULT;
    struct hm_verdict verdict;
    int64_t now = wall_clock_s();
    enum hm_code code;

    round_trip_date(&now, &x->trip);
    policy.skips_signature = hm_secrets_count(secrets) == 0;
    code = hm_authorization_verify(&verdict, value, value != NULL ? strlen(value) : 0, secrets,
                                   &policy, now, err);
    if (code != HM_OK && code != HM_TOKEN_REFUSED)
        return code;
    x->is_token_known = verdict.secret != HM_NO_SECRET && !policy.skips_signature;
    for (size_t i = 0; i < verdict.findings.count; i++)
        x->has_other_secret =
            x->has_other_secret || verdict.findings.at[i].mistake == HM_J3_ISS_UNKNOWN;
    if (policy.skips_signature)
        add_without_secret(&x->token_findings, &verdict.findings);
    else
        x->token_findings = verdict.findings;
    return HM_OK;
}

static void body_diagnose(struct recorded *x)
{
    const struct buf *body = &x->trip.message.body;
    struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct round_trip_masking masking;
    struct channel_values values = { 0 };

    round_trip_mask(&masking, &x->trip);
    policy.masking = &masking.masking;
    if (body->length > CHANNEL_BODY_BYTES_MAX)
        hm_findings_add(&x->body_findings, HM_T7_BODY_TOO_LARGE, "the body has %zu bytes",
                        body->length);
    if (x->trip.message.sent != NULL)
        channel_body_check(&values, x->trip.message.sent, &policy, &x->body_findings);
    else
        json_decref(channel_body_parse(buf_text(body), body->length, &x->body_findings));
    if (!x->is_json)
        hm_findings_add(&x->body_findings, HM_T5_MEDIA_TYPE,
                        "the Content-Type is not application/json");
}

enum hm_code recorded_diagnose(struct recorded *x, const struct hm_secrets *secrets,
                               struct hm_error *err)
{
    if (x->call.row == NULL)
        return HM_OK;
    if (x->call.contact.length > 0)
        contact_id_check(x->call.contact.at, x->call.contact.length, &x->body_findings);
    if (x->call.row->has_body)
        body_diagnose(x);
    hm_findings_sort(&x->body_findings);
    return token_diagnose(x, secrets, err);
}

const struct hm_finding *stated_refusal(const struct hm_findings *findings,
                                        const struct clauses *clauses)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct clause *clause =
            clause_find(clauses, hm_mistake_row(findings->at[i].mistake)->clause);

        if (findings->at[i].severity == HM_REFUSES && clause != NULL &&
            clause->source != SOURCE_ASSUMED)
            return &findings->at[i];
    }
    return NULL;
}
