#include "token_judge.h"

#include "text.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Unix seconds from here on are the year 5138: a number this large was in a smaller unit. */
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
    (void)snprintf(out, MOMENT_TEXT, "%s", buf_text(&text));
    buf_fini(&text);
    return out;
}

/* "12 s", "412 s (6 min 52 s)", "93600 s (26 h 0 min)", "700 days" */
static const char *duration(char out[MOMENT_TEXT], double seconds)
{
    double whole = floor(seconds);

    if (whole < 120)
        (void)snprintf(out, MOMENT_TEXT, "%.15g s", seconds);
    else if (whole < 7200)
        (void)snprintf(out, MOMENT_TEXT, "%.15g s (%.0f min %.0f s)", seconds, floor(whole / 60),
                       fmod(whole, 60));
    else if (whole < 172800)
        (void)snprintf(out, MOMENT_TEXT, "%.15g s (%.0f h %.0f min)", seconds, floor(whole / 3600),
                       floor(fmod(whole, 3600) / 60));
    else
        (void)snprintf(out, MOMENT_TEXT, "%.15g s (%.0f days)", seconds, floor(whole / 86400));
    return out;
}

/* An iss may be the key itself, so it is shown only where it looks like an ID. */
static const char *iss_shown(char out[MOMENT_TEXT], const char *iss, size_t length)
{
    if (uuid_is_valid(iss, length))
        (void)snprintf(out, MOMENT_TEXT, "\"%.*s\"", (int)length, iss);
    else
        (void)snprintf(out, MOMENT_TEXT, "<%zu characters>", length);
    return out;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_signing_secret(const struct secret *secret, const char *text, size_t length)
{
    return secret->key != NULL && length == secret->id_length + 2 + secret->key_length &&
           memcmp(text, secret->id, secret->id_length) == 0 &&
           memcmp(text + secret->id_length, "||", 2) == 0 &&
           memcmp(text + secret->id_length + 2, secret->key, secret->key_length) == 0;
}

/* An iss that is wrong in a known way still shows whose token it was meant to be. */
static bool presume(struct judging *judging, const char *iss, size_t length)
{
    const char *bare = iss;
    size_t bare_length = length;

    while (bare_length > 0 && is_blank(bare[0])) {
        bare++;
        bare_length--;
    }
    while (bare_length > 0 && is_blank(bare[bare_length - 1]))
        bare_length--;
    for (size_t i = 0; i < judging->secrets->count; i++) {
        const struct secret *secret = judging->secrets->at[i];

        if (secret->key != NULL && bare_length == secret->key_length &&
            memcmp(bare, secret->key, bare_length) == 0)
            hm_findings_add(judging->findings, HM_J3_ISS_IS_KEY,
                            "iss holds the API Secret's key, its ID was expected");
        else if (is_signing_secret(secret, bare, bare_length))
            hm_findings_add(judging->findings, HM_J3_ISS_IS_SIGNING_SECRET,
                            "iss holds the whole signing secret ID||KEY, the ID was expected");
        else if (bare_length == secret->id_length && memcmp(bare, secret->id, bare_length) == 0)
            hm_findings_add(judging->findings, HM_J3_ISS_HAS_WHITESPACE,
                            "iss is a known API Secret ID with blanks or line breaks around it");
        else if (bare_length == secret->id_length &&
                 strncasecmp(bare, secret->id, bare_length) == 0)
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
    const json_t *iss = json_object_get(judging->parts.claims, "iss");
    const char *text;
    size_t length;

    if (iss == NULL) {
        hm_findings_add(judging->findings, HM_J3_ISS_MISSING, "the token has no iss");
        return;
    }
    if (!json_is_string(iss)) {
        hm_findings_add(judging->findings, HM_J3_ISS_NOT_STRING,
                        "iss is not a JSON string, the API Secret ID was expected");
        return;
    }
    text = json_string_value(iss);
    length = json_string_length(iss);
    judging->secret = secrets_find(judging->secrets, text, length);
    if (judging->secret != NULL) {
        judging->verdict->secret = judging->secret->index;
        return;
    }
    if (judging->policy->skips_signature && judging->secrets->count == 0)
        return; /* nothing to compare with, and told so */
    if (!presume(judging, text, length))
        judging->is_iss_unknown = true; /* said once the signature has been tried */
}

/* [J3] An unknown iss is reported after the signature was tried with the known secrets. */
void claims_report_unknown_iss(struct judging *judging)
{
    const json_t *iss = json_object_get(judging->parts.claims, "iss");
    char shown[MOMENT_TEXT];

    if (!judging->is_iss_unknown)
        return;
    iss_shown(shown, json_string_value(iss), json_string_length(iss));
    if (judging->claimed != NULL)
        hm_findings_add(
            judging->findings, HM_J3_ISS_UNKNOWN,
            "iss is %s, which is no known API Secret ID, but the signature is right for "
            "the secret with the ID %s",
            shown, judging->claimed->id);
    else
        hm_findings_add(judging->findings, HM_J3_ISS_UNKNOWN,
                        "iss is %s, which is no known API Secret ID", shown);
}

/* [J4] Only digits are shown: a string could be anything. */
static void complain_of_string(struct hm_findings *findings, const json_t *iat)
{
    const char *text = json_string_value(iat);
    size_t length = json_string_length(iat);

    if (length > 0 && length <= 20 && strspn(text, "0123456789.") == length)
        hm_findings_add(findings, HM_J4_IAT_STRING,
                        "iat is the JSON string \"%s\", the number %s was expected", text, text);
    else
        hm_findings_add(findings, HM_J4_IAT_STRING,
                        "iat is a JSON string of %zu characters%s, a number was expected", length,
                        memchr(text, '-', length) != NULL ? ", like a written date" : "");
}

/* [J4] Finer units than milliseconds, told apart by their size. */
static void complain_of_unit(struct hm_findings *findings, double value)
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

/* [J4] True: an iat in seconds that its life can be judged by. */
static bool check_iat(struct judging *judging, const json_t *iat)
{
    struct hm_findings *findings = judging->findings;
    struct hm_verdict *verdict = judging->verdict;
    char text[MOMENT_TEXT];
    double value;

    if (iat == NULL) {
        hm_findings_add(findings, HM_J4_IAT_MISSING, "the token has no iat%s",
                        json_object_get(judging->parts.claims, "exp") != NULL
                            ? "; exp does not stand in for it"
                            : "");
        return false;
    }
    if (json_is_string(iat)) {
        complain_of_string(findings, iat);
        return false;
    }
    if (!json_is_real(iat)) {
        hm_findings_add(findings, HM_J4_IAT_NOT_NUMBER, "iat is %s, a number was expected",
                        json_is_null(iat)      ? "null"
                        : json_is_boolean(iat) ? "a boolean"
                        : json_is_array(iat)   ? "an array"
                                               : "an object");
        return false;
    }
    value = json_real_value(iat);
    verdict->has_iat = true;
    verdict->iat = value;
    verdict->age_s = (double)verdict->now - value;
    if (value >= microseconds_from) {
        complain_of_unit(findings, value);
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

/* [J7] A clock read as local time is off by whole quarter-hours, and a fresh token by little more.
 */
static void check_local_time(struct judging *judging)
{
    double off = judging->verdict->age_s;
    double zone = floor(off / QUARTER_HOUR_S + 0.5) * QUARTER_HOUR_S;
    double rest = off - zone;
    double hours = zone / 3600;

    if (zone == 0 || fabs(zone) > ZONE_MAX_S || rest < -5 || rest > 10)
        return;
    hm_findings_add(judging->findings, HM_J7_IAT_LOCAL_TIME,
                    "iat is off by %s%g h to within seconds, as if local time (UTC%s%g h) had been "
                    "taken for Unix time",
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
                            "iat is %s, the sample of the documentation, %s before now",
                            moment(iat, verdict->iat), duration(far, verdict->age_s));
        else
            hm_findings_add(judging->findings, HM_J6_EXPIRED,
                            "the token is %s old: iat %s, now %s; it was dead from iat + 300 on",
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

/* [J8] Both can only shorten a token's life. */
static void check_exp(struct judging *judging, const json_t *exp, bool has_life)
{
    const struct hm_verdict *verdict = judging->verdict;
    char at[MOMENT_TEXT], then[MOMENT_TEXT];
    double value;

    if (exp == NULL)
        return;
    if (!json_is_real(exp)) {
        hm_findings_add(judging->findings, HM_J8_EXP_NOT_NUMBER, "exp is not a JSON number");
        return;
    }
    value = json_real_value(exp);
    if ((double)verdict->now >= value)
        hm_findings_add(judging->findings, HM_J8_EXP_PASSED, "exp is %s, now %s", moment(at, value),
                        moment(then, (double)verdict->now));
    if (has_life && value - verdict->iat > HM_TOKEN_LIFE_S)
        hm_findings_add(judging->findings, HM_J8_LIFETIME_OVER_FIVE_MINUTES,
                        "exp is %s after iat%s", duration(at, value - verdict->iat),
                        value >= milliseconds_from ? " (it looks like milliseconds)" : "");
}

static void check_nbf(struct judging *judging, const json_t *nbf)
{
    const struct hm_verdict *verdict = judging->verdict;
    char at[MOMENT_TEXT], then[MOMENT_TEXT];

    if (nbf == NULL)
        return;
    if (!json_is_real(nbf))
        hm_findings_add(judging->findings, HM_J8_NBF_NOT_NUMBER, "nbf is not a JSON number");
    else if (json_real_value(nbf) > (double)verdict->now + (double)judging->policy->future_iat_s)
        hm_findings_add(judging->findings, HM_J8_NBF_AHEAD, "nbf is %s, now %s",
                        moment(at, json_real_value(nbf)), moment(then, (double)verdict->now));
}

void claims_check_times(struct judging *judging)
{
    const json_t *claims = judging->parts.claims;
    bool has_life = check_iat(judging, json_object_get(claims, "iat"));

    if (has_life)
        check_life(judging);
    check_exp(judging, json_object_get(claims, "exp"), has_life);
    check_nbf(judging, json_object_get(claims, "nbf"));
}
