/* A bare token judged, step by step; who calls it is authorization.c. */
#include "contract/token_judge.h"

#include "support/try.h"
#include <string.h>
#include <strings.h>

void judging_init(struct judging *judging, struct hm_verdict *verdict,
                  const struct hm_secrets *secrets, const struct hm_token_policy *policy,
                  int64_t now)
{
    static const struct hm_token_policy defaults = HM_TOKEN_POLICY_DEFAULT;

    memset(verdict, 0, offsetof(struct hm_verdict, findings));
    verdict->findings.count = 0;
    verdict->now = now;
    verdict->secret = HM_NO_SECRET;
    memset(judging, 0, offsetof(struct judging, parts));
    judging->verdict = verdict;
    judging->findings = &verdict->findings;
    judging->secrets = secrets;
    judging->policy = policy != NULL ? policy : &defaults;
}

static bool is_nocase(const struct span *text, const char *word)
{
    return text->length == strlen(word) && strncasecmp(text->at, word, text->length) == 0;
}

/* An alg for which there is a private key: RS256, ES256, PS256, ... */
static bool is_asymmetric(const struct span *alg)
{
    return alg->length > 1 && strchr("REP", alg->at[0]) != NULL && alg->at[1] == 'S';
}

static int shown(const struct span *text, size_t at_most)
{
    return (int)(text->length < at_most ? text->length : at_most);
}

/* [J2] alg names the one algorithm, exactly: RFC 7515 §4.1.1 compares with case. */
static void check_alg(struct judging *judging)
{
    const struct member *alg = &judging->parts.header_members.alg;
    struct hm_findings *findings = judging->findings;

    if (alg->kind == MEMBER_ABSENT)
        hm_findings_add(findings, HM_J2_ALG_MISSING, "the token's header has no alg");
    else if (alg->kind != MEMBER_STRING)
        hm_findings_add(findings, HM_J2_ALG_UNSUPPORTED, "the header's alg is not a JSON string");
    else if (is_nocase(&alg->text, "none"))
        hm_findings_add(findings, HM_J2_ALG_NONE,
                        "the header's alg is \"%.*s\", which is no signature", shown(&alg->text, 8),
                        alg->text.at);
    else if (!member_is(alg, "HS256"))
        hm_findings_add(findings, HM_J2_ALG_UNSUPPORTED, "the header's alg is \"%.*s\"%s",
                        shown(&alg->text, 16), alg->text.at,
                        is_nocase(&alg->text, "HS256") ? ", in the wrong letter case"
                        : is_asymmetric(&alg->text)    ? ", which signs with a private key"
                                                       : "");
}

/* [J9] */
static void check_typ(struct judging *judging)
{
    const struct member *typ = &judging->parts.header_members.typ;

    if (typ->kind == MEMBER_ABSENT)
        hm_findings_add_as(judging->findings, HM_J9_TYP_MISSING, judging->policy->typ,
                           "the token's header has no typ");
    else if (typ->kind != MEMBER_STRING)
        hm_findings_add_as(judging->findings, HM_J9_TYP_UNEXPECTED, judging->policy->typ,
                           "the header's typ is not a JSON string");
    else if (!member_is(typ, "JWT"))
        hm_findings_add_as(judging->findings, HM_J9_TYP_UNEXPECTED, judging->policy->typ,
                           "the header's typ is \"%.*s\"", shown(&typ->text, 24), typ->text.at);
}

static void check_header(struct judging *judging)
{
    if (!judging->parts.has_header)
        return;
    check_alg(judging);
    if (judging->parts.header_members.crit.kind != MEMBER_ABSENT)
        hm_findings_add(judging->findings, HM_J2_CRIT_UNSUPPORTED,
                        "the token's header has crit, which demands an extension");
    check_typ(judging);
}

static bool equals(const char *known, const char *text, size_t length)
{
    return known != NULL && strlen(known) == length && bytes_equal(known, text, length);
}

/* [J13] A bearer without dots is no JWT. */
static void judge_legacy_key(struct judging *judging, const char *text, size_t length)
{
    const struct hm_secrets *secrets = judging->secrets;
    const char *what = "";

    for (size_t i = 0; i < secrets->legacy_count; i++) {
        if (!equals(secrets->legacy_keys[i], text, length))
            continue;
        if (judging->policy->accepts_legacy_key) {
            judging->verdict->is_legacy = true;
            judging->verdict->secret = (int)i;
            return;
        }
        what = ": it is a team's legacy API key";
    }
    for (size_t i = 0; i < secrets->count; i++) {
        if (equals(secrets->at[i]->id, text, length))
            what = ": it is an API Secret's ID";
        else if (equals(secrets->at[i]->key, text, length))
            what = ": it is an API Secret's key, which never leaves the signer";
        else if (secret_is_signing_secret(secrets->at[i], text, length))
            what = ": it is the whole signing secret ID||KEY, which never leaves the signer";
    }
    hm_findings_add(judging->findings, HM_J13_LEGACY_API_KEY,
                    "the bearer token has %zu character%s and no dots, so it is no JWT%s", length,
                    length == 1 ? "" : "s", what);
}

enum hm_code token_judge(struct judging *judging, const char *token, size_t length,
                         struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (memchr(token, '.', length) == NULL) {
        judge_legacy_key(judging, token, length);
        return HM_OK;
    }
    token_parts_read(&judging->parts, token, length, judging->findings);
    check_header(judging);
    if (judging->parts.has_claims) {
        claims_check_iss(judging);
        claims_check_times(judging);
    }
    TRY(signature_check(judging, err));
    claims_report_unknown_iss(judging);
out:
    token_parts_fini(&judging->parts);
    return code;
}

enum hm_code token_conclude(struct judging *judging, struct hm_error *err)
{
    struct hm_verdict *verdict = judging->verdict;
    const struct hm_finding *refusal;
    const struct hm_mistake_row *row;

    hm_findings_sort(judging->findings);
    refusal = hm_findings_refusal(judging->findings);
    verdict->is_good = refusal == NULL;
    if (verdict->is_good)
        return HM_OK;
    row = hm_mistake_row(refusal->mistake);
    hm_error_set(err, HM_TOKEN_REFUSED, "%s", refusal->message);
    if (err != NULL) {
        memcpy(err->clause, row->clause, strlen(row->clause) + 1);
        memcpy(err->mistake, row->code, strlen(row->code) + 1);
    }
    return HM_TOKEN_REFUSED;
}
