#include "cli/token_verdict.h"

#include "cli/print.h"
#include "contract/credentials.h"
#include "contract/mask.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SEVERITY_COLUMNS = 9,
    FINDING_INDENT = 11, /* of a finding's message, below its clause */
    TIME_BYTES_MAX = 64
};

enum hm_code verdict_secrets(struct hm_secrets **secrets, const char *secret_file, bool is_unsigned,
                             struct hm_error *err)
{
    enum hm_code code;
    struct credentials credentials = { 0, NULL };

    *secrets = NULL;
    TRY(credentials_load(&credentials, secret_file, !is_unsigned, err));
    TRY(credentials_secrets(secrets, &credentials, err));
out:
    credentials_fini(&credentials);
    return code;
}

/* Findings quote the token, which may have a key in a wrong place. */
static enum hm_code findings_mask(struct hm_verdict *verdict, const struct hm_secrets *secrets,
                                  struct hm_error *err)
{
    struct mask *mask = mask_new(secrets);
    const struct masking masking = { .mask = mask };

    if (mask == NULL)
        return no_memory(err);
    for (size_t i = 0; i < verdict->findings.count; i++)
        mask_overwrite(&masking, verdict->findings.at[i].message,
                       strlen(verdict->findings.at[i].message));
    mask_free(mask);
    return HM_OK;
}

enum hm_code verdict_reach(struct hm_verdict *verdict, const char *text, size_t length,
                           bool is_header, const struct hm_secrets *secrets, bool is_unsigned,
                           int64_t now, struct hm_error *err)
{
    struct hm_token_policy policy = HM_TOKEN_POLICY_DEFAULT;
    enum hm_code code;

    policy.skips_signature = is_unsigned;
    code = is_header ? hm_authorization_verify(verdict, text, length, secrets, &policy, now, err)
                     : hm_token_verify(verdict, text, length, secrets, &policy, now, err);
    return code == HM_OK || code == HM_TOKEN_REFUSED ? findings_mask(verdict, secrets, err) : code;
}

static const char *severity_name(enum hm_severity severity)
{
    return severity == HM_REFUSES ? "refused" : "warned";
}

enum paint { PAINT_GOOD, PAINT_REFUSED, PAINT_WARNED };

/* On a terminal with colours, unless NO_COLOR is set (no-color.org). */
static bool is_colourful(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(fileno(out)) == 1 && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

/* The text in its colour, then spaces up to @columns. */
static void print_painted(FILE *out, enum paint paint, const char *text, size_t columns)
{
    static const char *const starts[] = { "\x1b[1;32m", "\x1b[1;31m", "\x1b[1;33m" };
    bool is_painted = is_colourful(out);
    size_t length = strlen(text);

    fprintf(out, "%s%s%s%*s", is_painted ? starts[paint] : "", text, is_painted ? "\x1b[0m" : "",
            length < columns ? (int)(columns - length) : 0, "");
}

static void print_findings(FILE *out, const struct hm_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_finding *finding = &findings->at[i];
        const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

        fputs("\n  ", out);
        print_painted(out, finding->severity == HM_REFUSES ? PAINT_REFUSED : PAINT_WARNED,
                      severity_name(finding->severity), SEVERITY_COLUMNS);
        fprintf(out, "%s %s\n%*s", row->clause, row->code, FINDING_INDENT, "");
        print_wrapped(out, finding->message, FINDING_INDENT, FINDING_INDENT);
    }
}

static json_t *findings_json(const struct hm_findings *findings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_finding *finding = &findings->at[i];
        const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

        list = json_list_add(
            list, json_pack("{s:s, s:s, s:s, s:o}", "clause", row->clause, "code", row->code,
                            "severity", severity_name(finding->severity), "message",
                            json_text(finding->message, strlen(finding->message))));
    }
    return list;
}

static size_t count_of(const struct hm_findings *findings, enum hm_severity severity)
{
    size_t count = 0;

    for (size_t i = 0; i < findings->count; i++)
        count += findings->at[i].severity == severity;
    return count;
}

/* "; signed 2024-04-16T00:00:00Z, 2 min 5 s ago" */
static void print_age(FILE *out, const struct hm_verdict *verdict)
{
    struct buf time;

    if (!verdict->has_iat || !has_utc(verdict->iat))
        return;
    buf_init(&time, TIME_BYTES_MAX);
    append_utc(&time, (int64_t)floor(verdict->iat));
    fprintf(out, "; signed %s, %s", buf_text(&time), ago(verdict->age_s).text);
    if (verdict->is_good && verdict->age_s < HM_TOKEN_LIFE_S)
        fprintf(out, ", good for another %s", duration(HM_TOKEN_LIFE_S - verdict->age_s).text);
    buf_fini(&time);
}

/* The signature was checked and is right: there is no finding about form [J2] or signature [J5]. */
static bool is_signed_well(const struct hm_verdict *verdict)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const char *clause = hm_mistake_row(verdict->findings.at[i].mistake)->clause;

        if (strcmp(clause, "J2") == 0 || strcmp(clause, "J5") == 0)
            return false;
    }
    return true;
}

void verdict_print(FILE *out, const struct hm_verdict *verdict, const struct hm_secrets *secrets)
{
    size_t refusals = count_of(&verdict->findings, HM_REFUSES);
    size_t warnings = count_of(&verdict->findings, HM_WARNS);
    const char *id = verdict->secret >= 0 ? hm_secrets_id(secrets, (size_t)verdict->secret) : NULL;

    print_painted(out, verdict->is_good ? PAINT_GOOD : PAINT_REFUSED,
                  verdict->is_good ? "good" : "refused", 0);
    if (refusals > 0)
        fprintf(out, ": %zu mistake%s", refusals, plural(refusals));
    if (warnings > 0)
        fprintf(out, "%s %zu warning%s", refusals > 0 ? " and" : ", with", warnings,
                plural(warnings));
    print_age(out, verdict);
    fputc('\n', out);
    if (id != NULL)
        fprintf(out, "%s %s\n", is_signed_well(verdict) ? "signed with" : "its iss names", id);
    print_findings(out, &verdict->findings);
}

/* What to change, for each finding; NULL: out of memory. */
static json_t *cures_json(const struct hm_findings *findings)
{
    json_t *cures = json_array();

    for (size_t i = 0; i < findings->count; i++)
        cures = json_list_add(cures, json_string(hm_mistake_row(findings->at[i].mistake)->cure));
    return cures;
}

/* An integer where it is one. */
static json_t *number_json(double value)
{
    return value == floor(value) && fabs(value) < 1e15 ? json_integer((json_int_t)value)
                                                       : json_real(value);
}

json_t *verdict_json(json_t *object, const struct hm_verdict *verdict,
                     const struct hm_secrets *secrets)
{
    const char *id = verdict->secret >= 0 ? hm_secrets_id(secrets, (size_t)verdict->secret) : NULL;
    json_t *members =
        json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "verdict",
                  verdict->is_good ? "good" : "refused", "now", (json_int_t)verdict->now, "age_s",
                  verdict->has_iat ? number_json(verdict->age_s) : json_null(), "secret_id",
                  id != NULL ? json_text(id, strlen(id)) : json_null(), "findings",
                  findings_json(&verdict->findings), "cures", cures_json(&verdict->findings));
    bool is_set = json_object_update(object, members) == 0;

    json_decref(members);
    if (is_set)
        return object;
    json_decref(object);
    return NULL;
}
