#include "contract/token_claims.h"

#include "support/text.h"
#include "support/uuid.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* As Unix seconds these are the years 5138 and later, so the number is in a smaller unit. */
static const double milliseconds_from = 1e11;
static const double microseconds_from = 1e14;
static const double nanoseconds_from = 1e17;

/* .NET's ticks of 100 ns since the year 1 lie between those of 2000 and 2100. */
static const double ticks_from = 6.3e17, ticks_until = 6.63e17, ticks_of_1970 = 621355968e9;

/* The documentation's sample, 2024-04-16T00:00:00Z [J4]. */
static const double documentation_iat = 1713225600;

enum { MOMENT_TEXT = 96, QUARTER_HOUR_S = 900, ZONE_MAX_S = 14 * 3600 };

/* "1713225600 (2024-04-16T00:00:00Z)" */
static const char *moment(char out[MOMENT_TEXT], double unix_s)
{
    struct buf text;

    buf_init(&text, MOMENT_TEXT - 1);
    if (unix_s != floor(unix_s) && fabs(unix_s) < 1e12)
        buf_printf(&text, "%.6f", unix_s);
    else
        buf_printf(&text, "%.15g", unix_s);
    if (unix_s > -6e10 && unix_s < 2.5e11) {
        buf_puts(&text, " (");
        append_utc(&text, (int64_t)floor(unix_s));
        buf_puts(&text, ")");
    }
    snprintf(out, MOMENT_TEXT, "%s", buf_text(&text));
    buf_fini(&text);
    return out;
}

/* "12 s", "412 s (6 min 52 s)", "93600 s (26 h 0 min)", "700 days" */
static const char *duration(char out[MOMENT_TEXT], double seconds)
{
    double whole = floor(seconds);

    if (whole < 120)
        snprintf(out, MOMENT_TEXT, "%.15g s", seconds);
    else if (whole < 7200)
        snprintf(out, MOMENT_TEXT, "%.15g s (%.0f min %.0f s)", seconds, floor(whole / 60),
                 fmod(whole, 60));
    else if (whole < 172800)
        snprintf(out, MOMENT_TEXT, "%.15g s (%.0f h %.0f min)", seconds, floor(whole / 3600),
                 floor(fmod(whole, 3600) / 60));
    else
        snprintf(out, MOMENT_TEXT, "%.15g s (%.0f days)", seconds, floor(whole / 86400));
    return out;
}

/* iss may be the key itself, so it is shown only if it looks like an ID. */
static const char *iss_shown(char out[MOMENT_TEXT], const struct span *iss)
{
    if (uuid_is_valid(iss->at, iss->length))
        snprintf(out, MOMENT_TEXT, "\"%.*s\"", (int)iss->length, iss->at);
    else
        snprintf(out, MOMENT_TEXT, "<%zu character%s>", iss->length, iss->length == 1 ? "" : "s");
    return out;
}

/* An iss that is wrong in a known way still shows whose token it was meant to be. */
static bool presume(struct judging *judging, struct span iss)
{
    struct span bare = span_trim(iss);

    for (size_t i = 0; i < judging->secrets->count; i++) {
        const struct secret *secret = judging->secrets->at[i];

        if (secret->key != NULL && (span_is(bare, secret->key) || span_is(iss, secret->key)))
            hm_findings_add(judging->findings, HM_J3_ISS_IS_KEY,
                            "iss is the API Secret's key, its ID was expected");
        else if (secret_is_signing_secret(secret, bare.at, bare.length) ||
                 secret_is_signing_secret(secret, iss.at, iss.length))
            hm_findings_add(judging->findings, HM_J3_ISS_IS_SIGNING_SECRET,
                            "iss is the whole signing secret ID||KEY, the ID was expected");
        else if (span_is(bare, secret->id))
            hm_findings_add(judging->findings, HM_J3_ISS_HAS_WHITESPACE,
                            "iss is a known API Secret ID with spaces or line breaks around it");
        else if (span_is_nocase(bare, secret->id))
            hm_findings_add(judging->findings, HM_J3_ISS_LETTER_CASE,
                            "iss is the API Secret ID %s in another letter case", secret->id);
        else
            continue;
        judging->secret = secret;
        judging->is_presumed = true;
        return true;
    }
    return false;
}

void claims_check_iss(struct judging *judging)
{
    const struct member *iss = &judging->parts.claims.iss;

    if (iss->kind == MEMBER_ABSENT) {
        hm_findings_add(judging->findings, HM_J3_ISS_MISSING, "the token has no iss");
        return;
    }
    if (iss->kind != MEMBER_STRING) {
        hm_findings_add(judging->findings, HM_J3_ISS_NOT_STRING,
                        "iss is not a JSON string, the API Secret ID was expected");
        return;
    }
    judging->secret = secrets_find(judging->secrets, iss->text.at, iss->text.length);
    if (judging->secret != NULL) {
        judging->verdict->secret = judging->secret->index;
        return;
    }
    if (judging->policy->skips_signature && judging->secrets->count == 0)
        return; /* there is nothing to compare with */
    if (!presume(judging, iss->text))
        judging->is_iss_unknown = true; /* reported after the signature was tried */
}

void claims_report_unknown_iss(struct judging *judging)
{
    char shown[MOMENT_TEXT];

    if (!judging->is_iss_unknown)
        return;
    iss_shown(shown, &judging->parts.claims.iss.text);
    if (judging->claimed != NULL)
        hm_findings_add(judging->findings, HM_J3_ISS_UNKNOWN,
                        "iss is %s, which is not a known API Secret ID, but the signature was made "
                        "with the secret %s",
                        shown, judging->claimed->id);
    else
        hm_findings_add(judging->findings, HM_J3_ISS_UNKNOWN,
                        "iss is %s, which is not a known API Secret ID", shown);
}

/* [J4] Only digits are shown: a string could be anything. */
static void report_string(struct hm_findings *findings, const struct span *iat)
{
    char digits[21] = ""; /* no number of seconds has more */

    if (iat->length < sizeof digits)
        memcpy(digits, iat->at, iat->length);
    if (iat->length > 0 && strspn(digits, "0123456789.") == iat->length)
        hm_findings_add(findings, HM_J4_IAT_STRING,
                        "iat is the JSON string \"%s\", the number %s was expected", digits,
                        digits);
    else
        hm_findings_add(findings, HM_J4_IAT_STRING,
                        "iat is a JSON string of %zu character%s%s, a number was expected",
                        iat->length, iat->length == 1 ? "" : "s",
                        memchr(iat->at, '-', iat->length) != NULL ? ", which looks like a date"
                                                                  : "");
}

/* [J4] Finer units than milliseconds, recognised by their size. */
static void report_unit(struct hm_findings *findings, double value)
{
    bool is_ticks = value >= ticks_from && value < ticks_until;
    bool is_nano = value >= nanoseconds_from;
    double seconds = is_ticks ? (value - ticks_of_1970) / 1e7 : is_nano ? value / 1e9 : value / 1e6;
    char text[MOMENT_TEXT];

    hm_findings_add(findings, HM_J4_IAT_MICROSECONDS,
                    "iat is %.0f, which in %s is %s; seconds were expected", value,
                    is_ticks  ? ".NET's ticks"
                    : is_nano ? "nanoseconds"
                              : "microseconds",
                    moment(text, floor(seconds)));
}

/* [J4] True: iat is in seconds, so that the token's life can be judged. */
static bool check_iat(struct judging *judging)
{
    const struct token_claims *claims = &judging->parts.claims;
    const struct member *iat = &claims->iat;
    struct hm_findings *findings = judging->findings;
    struct hm_verdict *verdict = judging->verdict;
    char text[MOMENT_TEXT];
    double value;

    if (iat->kind == MEMBER_ABSENT) {
        hm_findings_add(findings, HM_J4_IAT_MISSING, "the token has no iat%s",
                        claims->exp.kind != MEMBER_ABSENT ? "; exp does not replace it" : "");
        return false;
    }
    if (iat->kind == MEMBER_STRING) {
        report_string(findings, &iat->text);
        return false;
    }
    if (iat->kind != MEMBER_NUMBER) {
        hm_findings_add(findings, HM_J4_IAT_NOT_NUMBER, "iat is %s, a number was expected",
                        iat->kind == MEMBER_NULL      ? "null"
                        : iat->kind == MEMBER_BOOLEAN ? "a boolean"
                        : iat->kind == MEMBER_ARRAY   ? "an array"
                                                      : "an object");
        return false;
    }
    value = iat->number;
    verdict->has_iat = true;
    verdict->iat = value;
    verdict->age_s = (double)verdict->now - value;
    if (value >= microseconds_from) {
        report_unit(findings, value);
        return false;
    }
    if (value >= milliseconds_from) {
        hm_findings_add(findings, HM_J4_IAT_MILLISECONDS,
                        "iat is %.15g, which in milliseconds is %s; seconds were expected", value,
                        moment(text, floor(value / 1e3)));
        return false;
    }
    if (value != floor(value))
        hm_findings_add_as(findings, HM_J4_IAT_FRACTIONAL, judging->policy->fractional_iat,
                           "iat is %.6f, whole seconds were expected", value);
    return true;
}

/* [J7] The offset of a time zone is a multiple of 15 minutes. */
static void check_local_time(struct judging *judging)
{
    double off = judging->verdict->age_s;
    double zone = floor(off / QUARTER_HOUR_S + 0.5) * QUARTER_HOUR_S;
    double rest = off - zone;
    double hours = zone / 3600;

    if (zone == 0 || fabs(zone) > ZONE_MAX_S || rest < -5 || rest > 10)
        return;
    hm_findings_add(judging->findings, HM_J7_IAT_LOCAL_TIME,
                    "iat differs from the current time by almost exactly %s%g h, as if it was "
                    "computed from local time (UTC%s%g h)",
                    zone > 0 ? "-" : "+", fabs(hours), zone > 0 ? "-" : "+", fabs(hours));
}

/* [J6] [J7] */
static void check_life(struct judging *judging)
{
    struct hm_verdict *verdict = judging->verdict;
    double now = (double)verdict->now;
    char iat[MOMENT_TEXT], then[MOMENT_TEXT], far[MOMENT_TEXT];

    if (now - HM_TOKEN_LIFE_S >= verdict->iat) {
        if (verdict->iat == documentation_iat)
            hm_findings_add(judging->findings, HM_J6_IAT_FROM_DOCUMENTATION,
                            "iat is %s, the documentation's sample, %s before now",
                            moment(iat, verdict->iat), duration(far, verdict->age_s));
        else
            hm_findings_add(judging->findings, HM_J6_EXPIRED,
                            "the token is %s old: iat %s, now %s; it expired at iat + 300",
                            duration(far, verdict->age_s), moment(iat, verdict->iat),
                            moment(then, now));
        check_local_time(judging);
    } else if (verdict->iat > now + (double)judging->policy->future_iat_s) {
        hm_findings_add(
            judging->findings, HM_J7_IAT_IN_FUTURE,
            "iat is %s ahead of the clock: iat %s, now %s; at most %lld s were expected",
            duration(far, -verdict->age_s), moment(iat, verdict->iat), moment(then, now),
            (long long)judging->policy->future_iat_s);
        check_local_time(judging);
    }
}

/* [J8] exp and nbf can only shorten a token's life. */
static void check_exp(struct judging *judging, bool has_life)
{
    const struct member *exp = &judging->parts.claims.exp;
    const struct hm_verdict *verdict = judging->verdict;
    char at[MOMENT_TEXT], then[MOMENT_TEXT];
    double value;

    if (exp->kind == MEMBER_ABSENT)
        return;
    if (exp->kind != MEMBER_NUMBER) {
        hm_findings_add(judging->findings, HM_J8_EXP_NOT_NUMBER, "exp is not a JSON number");
        return;
    }
    value = exp->number;
    if ((double)verdict->now >= value)
        hm_findings_add(judging->findings, HM_J8_EXP_PASSED, "exp is %s, now %s", moment(at, value),
                        moment(then, (double)verdict->now));
    if (has_life && value - verdict->iat > HM_TOKEN_LIFE_S)
        hm_findings_add(judging->findings, HM_J8_LIFETIME_OVER_FIVE_MINUTES,
                        "exp is %s after iat%s", duration(at, value - verdict->iat),
                        value >= milliseconds_from ? " (it looks like milliseconds)" : "");
}

static void check_nbf(struct judging *judging)
{
    const struct member *nbf = &judging->parts.claims.nbf;
    const struct hm_verdict *verdict = judging->verdict;
    char at[MOMENT_TEXT], then[MOMENT_TEXT];

    if (nbf->kind == MEMBER_ABSENT)
        return;
    if (nbf->kind != MEMBER_NUMBER)
        hm_findings_add(judging->findings, HM_J8_NBF_NOT_NUMBER, "nbf is not a JSON number");
    else if (nbf->number > (double)verdict->now + (double)judging->policy->future_iat_s)
        hm_findings_add(judging->findings, HM_J8_NBF_AHEAD, "nbf is %s, now %s",
                        moment(at, nbf->number), moment(then, (double)verdict->now));
}

void claims_check_times(struct judging *judging)
{
    bool has_life = check_iat(judging);

    if (has_life)
        check_life(judging);
    check_exp(judging, has_life);
    check_nbf(judging);
}
