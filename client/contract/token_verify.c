#include "contract/token_verify.h"

#include "contract/token_claims.h"
#include "contract/token_issuer.h"
#include "contract/token_signature.h"
#include "support/quoted.h"
#include "support/text.h"
#include "support/try.h"

enum { WORD_SHOWN_MAX = 24 }; /* of alg and typ */

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

/* An algorithm with a private key: RS256, ES256, PS256, ... */
static bool is_asymmetric(struct span alg)
{
    return alg.length > 1 && strchr("REP", alg.at[0]) != NULL && alg.at[1] == 'S';
}

static struct quoted shown(const struct member *member)
{
    return quoted_if_short(member->text.at, member->text.length, WORD_SHOWN_MAX);
}

/* The header names a longer HMAC than the token has: only the header is wrong. */
static bool has_sha256_length(const struct judging *judging, const struct member *alg)
{
    return (member_is(alg, "HS384") || member_is(alg, "HS512")) &&
           judging->parts.signature_faults == BASE64URL_OK &&
           judging->parts.signature.length == SHA256_BYTES;
}

/* [J2] Letter case matters (RFC 7515, section 4.1.1). */
static void check_alg(struct judging *judging)
{
    const struct member *alg = &judging->parts.header_members.alg;
    struct hm_findings *findings = judging->findings;

    if (alg->kind == MEMBER_ABSENT)
        hm_findings_add(findings, HM_J2_ALG_MISSING, "the token's header has no alg");
    else if (alg->kind != MEMBER_STRING)
        hm_findings_add(findings, HM_J2_ALG_UNSUPPORTED, "the header's alg is not a JSON string");
    else if (span_is_nocase(alg->text, "none"))
        hm_findings_add(findings, HM_J2_ALG_NONE,
                        "the header's alg is %s, so the token is not signed", shown(alg).text);
    else if (!member_is(alg, "HS256"))
        hm_findings_add(findings, HM_J2_ALG_UNSUPPORTED, "the header's alg is %s%s",
                        shown(alg).text,
                        span_is_nocase(alg->text, "HS256") ? ", in the wrong letter case"
                        : is_asymmetric(alg->text)         ? ", which signs with a private key"
                        : has_sha256_length(judging, alg)  ? ", but the signature has 32 bytes, "
                                                             "as HMAC-SHA256 makes them"
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
                           "the header's typ is %s", shown(typ).text);
}

static void check_header(struct judging *judging)
{
    if (!judging->parts.has_header)
        return;
    check_alg(judging);
    if (judging->parts.header_members.crit.kind != MEMBER_ABSENT)
        hm_findings_add(judging->findings, HM_J2_CRIT_UNSUPPORTED,
                        "the token's header has crit, which requires an extension");
    check_typ(judging);
}

static bool equals(const char *known, struct span text)
{
    return known != NULL && strlen(known) == text.length &&
           bytes_equal(known, text.at, text.length);
}

/* A key may contain dots, too. */
static bool is_a_key(const struct hm_secrets *secrets, struct span text)
{
    for (size_t i = 0; i < secrets->legacy_count; i++) {
        if (equals(private_open(secrets->legacy_keys[i]), text))
            return true;
    }
    for (size_t i = 0; i < secrets->count; i++) {
        if (equals(secrets->at[i]->id, text) || equals(private_open(secrets->at[i]->key), text) ||
            secret_is_signing_secret(secrets->at[i], text.at, text.length))
            return true;
    }
    return false;
}

/* [J13] A bearer token that is a key, or has no dots, is not a JWT. */
static void judge_legacy_key(struct judging *judging, struct span text)
{
    const struct hm_secrets *secrets = judging->secrets;
    const char *what = "";

    for (size_t i = 0; i < secrets->legacy_count; i++) {
        if (!equals(private_open(secrets->legacy_keys[i]), text))
            continue;
        if (judging->policy->accepts_legacy_key) {
            judging->verdict->is_legacy = true;
            judging->verdict->secret = (int)i;
            return;
        }
        what = ": it is a team's legacy API key";
    }
    for (size_t i = 0; i < secrets->count; i++) {
        if (equals(secrets->at[i]->id, text))
            what = ": it is an API Secret's ID";
        else if (equals(private_open(secrets->at[i]->key), text))
            what = ": it is an API Secret's key, which must never leave the signer";
        else if (secret_is_signing_secret(secrets->at[i], text.at, text.length))
            what = ": it is the whole signing secret ID||KEY, which must never leave the signer";
    }
    hm_findings_add(judging->findings, HM_J13_LEGACY_API_KEY,
                    "the bearer token has %zu character%s%s, so it is not a JWT%s", text.length,
                    plural(text.length),
                    memchr(text.at, '.', text.length) == NULL ? " and no dots" : "", what);
}

enum hm_code token_judge(struct judging *judging, struct span token, struct hm_error *err)
{
    enum hm_code code;

    if (memchr(token.at, '.', token.length) == NULL) {
        judge_legacy_key(judging, token);
        return HM_OK;
    }
    TRY(token_parts_read(&judging->parts, token.at, token.length, judging->findings, err));
    if (!judging->parts.has_header && is_a_key(judging->secrets, token)) {
        judging->findings->count = 0;
        judge_legacy_key(judging, token);
        goto out;
    }
    check_header(judging);
    if (judging->parts.has_claims) {
        issuer_check(judging);
        claims_check_times(judging);
    }
    code = signature_check(judging, err);
    if (code == HM_OK)
        issuer_report_unknown(judging);
out:
    token_parts_fini(&judging->parts);
    return code;
}

enum hm_code token_conclude(struct judging *judging, struct hm_error *err)
{
    const struct hm_finding *refusal;

    hm_findings_sort(judging->findings);
    refusal = hm_findings_refusal(judging->findings);
    judging->verdict->is_good = refusal == NULL;
    return refusal == NULL ? HM_OK : hm_finding_error(err, HM_TOKEN_REFUSED, refusal);
}
