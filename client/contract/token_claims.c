#include "contract/token_claims.h"

#include "contract/iat_unit.h"
#include "support/text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As Unix seconds these are the years 5138 and later, so the number is in a smaller unit. */
static const double milliseconds_from = 1e11;
static const double microseconds_from = 1e14;
static const double nanoseconds_from = 1e17;

/* The zero of a time in Go and .NET: the year 1. */
static const double year_1 = -62135596800;

/* The documentation's sample, 2024-04-16T00:00:00Z [J4]. */
static const double documentation_iat = 1713225600;

enum {
    MOMENT_TEXT = 96,
    HINT_TEXT = 256,
    QUARTER_HOUR_S = 900,
    ZONE_MAX_S = 14 * 3600,
    DAY_S = 86400,
    PLAUSIBLE_S = 20 * 365 * DAY_S, /* a smaller unit means a moment nearer than this */
    CLOCK_SET_S = 1000000000        /* in 2001: the clock that judges is set */
};

/* "1713225600 (2024-04-16T00:00:00Z)" */
static const char *moment(char out[MOMENT_TEXT], double unix_s)
{
    struct buf text;

    buf_init(&text, MOMENT_TEXT - 1);
    if (unix_s != floor(unix_s) && fabs(unix_s) < 1e12)
        buf_printf(&text, "%.6f", unix_s);
    else
        buf_printf(&text, "%.15g", unix_s);
    if (has_utc(unix_s)) {
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

/* A number of the payload whose value is @value, as it is written and shortened: "1234567890...
 * (290 characters)". It is only searched for if a message quotes it. */
static const char *as_written(char out[MOMENT_TEXT], const struct judging *judging,
                              const char *name, double value)
{
    static const char of_numbers[] = "+-.0123456789eE";
    enum { WHOLE_MAX = 24, START = 12 };
    struct span rest = judging->parts.payload;
    char quoted[16];
    size_t quoted_length = (size_t)snprintf(quoted, sizeof quoted, "\"%s\"", name);

    snprintf(out, MOMENT_TEXT, "%.15g", value);
    for (; rest.length > quoted_length; rest = span_skip(rest, 1)) {
        char number[512] = "";
        size_t length = 0;
        struct span text;

        if (memcmp(rest.at, quoted, quoted_length) != 0)
            continue;
        text = span_trim(span_skip(rest, quoted_length));
        if (!span_starts(text, ":"))
            continue;
        text = span_trim(span_skip(text, 1));
        while (length < text.length && length + 1 < sizeof number &&
               memchr(of_numbers, text.at[length], sizeof of_numbers - 1) != NULL)
            length++;
        memcpy(number, text.at, length);
        if (length == 0 || strtod(number, NULL) != value) /* the name of a nested member */
            continue;
        snprintf(out, MOMENT_TEXT, "%.*s", length <= WHOLE_MAX ? WHOLE_MAX : START, number);
        if (length > WHOLE_MAX)
            snprintf(out + START, MOMENT_TEXT - START, "... (%zu characters)", length);
        break;
    }
    return out;
}

static const char *time_claim(char out[MOMENT_TEXT], const struct judging *judging,
                              const char *name, double value)
{
    return has_utc(value) ? moment(out, value) : as_written(out, judging, name, value);
}

/* [J6] [J7] No clock that is set shows such a time, and no age or unit of it would help. True: it
 * was reported. */
static bool report_beyond_dates(struct judging *judging)
{
    const struct hm_verdict *verdict = judging->verdict;
    char iat[MOMENT_TEXT], now[MOMENT_TEXT];

    if (has_utc(verdict->iat))
        return false;
    hm_findings_add(judging->findings, verdict->iat > 0 ? HM_J7_IAT_IN_FUTURE : HM_J6_EXPIRED,
                    "iat is %s, %s; now is %s", as_written(iat, judging, "iat", verdict->iat),
                    verdict->iat > 0 ? "after the year 9999" : "before the year 0",
                    moment(now, (double)verdict->now));
    return true;
}

/* [J6] [J7] No cache and no drift of a clock explains more than a day: a token that was just made
 * had its time from a test's clock. "": it is not that much. */
static const char *test_clock_hint(char out[HINT_TEXT], const struct hm_verdict *verdict)
{
    out[0] = '\0';
    if (fabs(verdict->age_s) > DAY_S)
        snprintf(
            out, HINT_TEXT,
            "; if it was signed just now, a frozen or fake clock in the test is the usual cause "
            "(jest fake timers, freezegun, timecop, libfaketime): heymarket-mock --clock @%.0f "
            "or PUT /_mock/clock follows it",
            floor(verdict->iat));
    return out;
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
                        iat->length, plural(iat->length),
                        memchr(iat->at, '-', iat->length) != NULL ? ", which looks like a date"
                                                                  : "");
}

/* [J4] Smaller units of Unix time, recognised by their size. Returns the seconds in one; 0: it is
 * none of them, for its moment would be far away. */
static double report_smaller_unit(struct judging *judging, double value)
{
    bool is_milli = value < microseconds_from;
    bool is_micro = !is_milli && value < nanoseconds_from;
    double unit_s = is_milli ? 1e-3 : is_micro ? 1e-6 : 1e-9;
    double unix_s = floor(value * unit_s);
    char text[MOMENT_TEXT];

    if (value < milliseconds_from || fabs(unix_s - (double)judging->verdict->now) > PLAUSIBLE_S)
        return 0;
    hm_findings_add(judging->findings, is_milli ? HM_J4_IAT_MILLISECONDS : HM_J4_IAT_MICROSECONDS,
                    "iat is %.0f, which in %s is %s; seconds were expected", value,
                    is_milli   ? "milliseconds"
                    : is_micro ? "microseconds"
                               : "nanoseconds",
                    moment(text, unix_s));
    return unit_s;
}

/* [J4] Unix time was not what was measured. Returns the seconds in a unit; 0: iat may be Unix
 * seconds. */
static double report_unit(struct judging *judging, double value)
{
    struct iat_reading reading;
    char meant[MOMENT_TEXT], now[MOMENT_TEXT];

    moment(now, (double)judging->verdict->now);
    if (value == 0 || value == year_1) {
        hm_findings_add(judging->findings, HM_J4_IAT_ZERO,
                        "iat is %.0f, %s; it was meant to be about %s", value,
                        value == 0 ? "as if the time was never set"
                                   : "the time of Go and .NET that was never set",
                        now);
        return 1;
    }
    if (iat_reading_find(&reading, value, judging->verdict->now)) {
        hm_findings_add(judging->findings, HM_J4_IAT_OTHER_UNIT,
                        "iat is %.15g, which as %s is %s; Unix seconds were expected", value,
                        reading.unit, moment(meant, floor(reading.unix_s)));
        return reading.unit_s > 0 ? reading.unit_s : 1;
    }
    if (iat_is_uptime(value, judging->verdict->now)) {
        hm_findings_add(
            judging->findings, HM_J4_IAT_UPTIME,
            "iat is %s: a clock that counts from a start, or that was never set; it was "
            "meant to be about %s",
            duration(meant, value), now);
        return 1;
    }
    return report_smaller_unit(judging, value);
}

/* [J4] True: iat is in seconds, so that the token's life can be judged. *unit_s: the seconds in its
 * unit, if another unit was found, else 0. */
static bool check_iat(struct judging *judging, double *unit_s)
{
    const struct token_claims *claims = &judging->parts.claims;
    const struct member *iat = &claims->iat;
    struct hm_findings *findings = judging->findings;
    struct hm_verdict *verdict = judging->verdict;
    double value;

    *unit_s = 0;
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
    if (fabs(verdict->age_s) > DAY_S && verdict->now > CLOCK_SET_S)
        *unit_s = report_unit(judging, value);
    if (*unit_s > 0)
        return false;
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
    char iat[MOMENT_TEXT], then[MOMENT_TEXT], far[MOMENT_TEXT], hint[HINT_TEXT];

    if (report_beyond_dates(judging))
        return;
    if (now - HM_TOKEN_LIFE_S >= verdict->iat) {
        if (verdict->iat == documentation_iat)
            hm_findings_add(judging->findings, HM_J6_IAT_FROM_DOCUMENTATION,
                            "iat is %s, the documentation's sample, %s before now",
                            moment(iat, verdict->iat), duration(far, verdict->age_s));
        else
            hm_findings_add(
                judging->findings, HM_J6_EXPIRED, "the token is %s old: iat %s, now %s%s",
                duration(far, verdict->age_s), moment(iat, verdict->iat), moment(then, now),
                test_clock_hint(hint, verdict)[0] != '\0' ? hint : "; it expired at iat + 300");
        check_local_time(judging);
    } else if (verdict->iat > now + (double)judging->policy->future_iat_s) {
        hm_findings_add(
            judging->findings, HM_J7_IAT_IN_FUTURE,
            "iat is %s ahead of the clock: iat %s, now %s; at most %lld s were expected%s",
            duration(far, -verdict->age_s), moment(iat, verdict->iat), moment(then, now),
            (long long)judging->policy->future_iat_s, test_clock_hint(hint, verdict));
        check_local_time(judging);
    }
}

/* Is it within a day of iat in the unit of iat, so that the finding for that unit covers it? */
static bool is_in_unit_of_iat(const struct judging *judging, double value, double unit_s)
{
    return unit_s > 0 && fabs(value - judging->verdict->iat) * unit_s <= DAY_S;
}

/* [J8] exp and nbf can only shorten a token's life. */
static void check_exp(struct judging *judging, bool has_life, double unit_s)
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
    if (is_in_unit_of_iat(judging, value, unit_s))
        return;
    if ((double)verdict->now >= value)
        hm_findings_add(judging->findings, HM_J8_EXP_PASSED, "exp is %s, now %s",
                        time_claim(at, judging, "exp", value), moment(then, (double)verdict->now));
    if (has_life && value > 0 && !has_utc(value))
        hm_findings_add(judging->findings, HM_J8_LIFETIME_OVER_FIVE_MINUTES,
                        "exp is %s, after the year 9999", as_written(at, judging, "exp", value));
    else if (has_life && value - verdict->iat > HM_TOKEN_LIFE_S)
        hm_findings_add(judging->findings, HM_J8_LIFETIME_OVER_FIVE_MINUTES,
                        "exp is %s after iat%s", duration(at, value - verdict->iat),
                        value >= milliseconds_from ? " (it looks like milliseconds)" : "");
}

static void check_nbf(struct judging *judging, double unit_s)
{
    const struct member *nbf = &judging->parts.claims.nbf;
    const struct hm_verdict *verdict = judging->verdict;
    char at[MOMENT_TEXT], then[MOMENT_TEXT];

    if (nbf->kind == MEMBER_ABSENT)
        return;
    if (nbf->kind != MEMBER_NUMBER)
        hm_findings_add(judging->findings, HM_J8_NBF_NOT_NUMBER, "nbf is not a JSON number");
    else if (!is_in_unit_of_iat(judging, nbf->number, unit_s) &&
             nbf->number > (double)verdict->now + (double)judging->policy->future_iat_s)
        hm_findings_add(judging->findings, HM_J8_NBF_AHEAD, "nbf is %s, now %s",
                        time_claim(at, judging, "nbf", nbf->number),
                        moment(then, (double)verdict->now));
}

void claims_check_times(struct judging *judging)
{
    double unit_s;
    bool has_life = check_iat(judging, &unit_s);

    if (has_life)
        check_life(judging);
    check_exp(judging, has_life, unit_s);
    check_nbf(judging, unit_s);
}
