#include "cli/print.h"

#include "support/options.h"
#include "support/text.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    COLUMNS = 80,
    SEVERITY_COLUMNS = 9,
    FINDING_INDENT = 11, /* of a finding's message, below its clause */
    TEXT_BYTES_MAX = 64 * 1024
};

int print_json(json_t *document)
{
    char *text = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;

    json_decref(document);
    if (text == NULL) {
        fputs("heymarket: out of memory\n", stderr);
        return EXIT_OUR_FAULT;
    }
    puts(text);
    free(text);
    return EXIT_GOOD;
}

json_t *json_text(const char *text, size_t length)
{
    json_t *string = json_stringn(text, length);
    struct buf safe;

    if (string != NULL)
        return string;
    buf_init(&safe, TEXT_BYTES_MAX);
    escape_terminal(&safe, text, length);
    if (buf_ok(&safe))
        string = json_string(buf_text(&safe));
    buf_fini(&safe);
    return string;
}

/* Columns on a terminal, near enough: code points. */
static size_t width(const char *text, size_t length)
{
    size_t columns = 0;

    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0U) != 0x80U;
    return columns;
}

void print_wrapped(FILE *out, const char *text, size_t column, size_t indent)
{
    bool is_line_empty = true;

    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        size_t columns = width(text, length);

        if (!is_line_empty && column + 1 + columns > COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!is_line_empty) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, length, out);
        column += columns;
        is_line_empty = false;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static const char *severity_name(enum hm_severity severity)
{
    return severity == HM_REFUSES ? "refused" : "warned";
}

enum paint { PAINT_GOOD, PAINT_REFUSED, PAINT_WARNED };

/* Colour on a terminal that knows it, unless NO_COLOR says otherwise (no-color.org). */
static bool is_colourful(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(fileno(out)) == 1 && (no_color == NULL || *no_color == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

/* The text in its colour, then blanks up to @columns. */
static void print_painted(FILE *out, enum paint paint, const char *text, size_t columns)
{
    static const char *const starts[] = { "\x1b[1;32m", "\x1b[1;31m", "\x1b[1;33m" };
    bool is_painted = is_colourful(out);
    size_t length = strlen(text);

    fprintf(out, "%s%s%s%*s", is_painted ? starts[paint] : "", text, is_painted ? "\x1b[0m" : "",
            length < columns ? (int)(columns - length) : 0, "");
}

void print_findings(FILE *out, const struct hm_findings *findings)
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

json_t *findings_json(const struct hm_findings *findings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_finding *finding = &findings->at[i];
        const struct hm_mistake_row *row = hm_mistake_row(finding->mistake);

        if (json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:o}", "clause", row->clause, "code", row->code,
                                "severity", severity_name(finding->severity), "message",
                                json_text(finding->message, strlen(finding->message)))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

struct duration duration(double seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
    static const double beyond = 1e15;
    struct duration out = { "a very long time" };
    int64_t left = seconds < beyond ? (int64_t)seconds : 0;
    size_t unit = 0;

    if (seconds >= beyond)
        return out;
    while (unit < 3 && left < units[unit].seconds)
        unit++;
    snprintf(out.text, sizeof out.text, "%" PRId64 " %s", left / units[unit].seconds,
             units[unit].name);
    left %= units[unit].seconds;
    if (unit < 3 && left >= units[unit + 1].seconds) {
        size_t length = strlen(out.text);

        snprintf(out.text + length, sizeof out.text - length, " %" PRId64 " %s",
                 left / units[unit + 1].seconds, units[unit + 1].name);
    }
    return out;
}

struct duration ago(double seconds)
{
    struct duration out = duration(fabs(seconds));
    size_t length = strlen(out.text);

    if (fabs(seconds) < 1)
        return (struct duration){ "just now" };
    snprintf(out.text + length, sizeof out.text - length, "%s",
             seconds < 0 ? " in the future" : " ago");
    return out;
}

static size_t count_of(const struct hm_findings *findings, enum hm_severity severity)
{
    size_t count = 0;

    for (size_t i = 0; i < findings->count; i++)
        count += findings->at[i].severity == severity;
    return count;
}

/* "; signed 2024-04-16T00:00:00Z, 2 min 5 s ago", as the token says. */
static void print_age(FILE *out, const struct hm_verdict *verdict)
{
    struct buf time;

    if (!verdict->has_iat)
        return;
    buf_init(&time, TEXT_BYTES_MAX);
    if (fabs(verdict->iat) < 1e15)
        append_utc(&time, (int64_t)floor(verdict->iat));
    fprintf(out, "; signed %s%s%s", buf_text(&time), time.length > 0 ? ", " : "",
            ago(verdict->age_s).text);
    if (verdict->is_good && verdict->age_s < HM_TOKEN_LIFE_S)
        fprintf(out, ", good for another %s", duration(HM_TOKEN_LIFE_S - verdict->age_s).text);
    buf_fini(&time);
}

/* The signature was checked and is right, whatever else is wrong: nothing was found of the form
 * [J2] or the signature [J5]. */
static bool is_signed_well(const struct hm_verdict *verdict)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const char *clause = hm_mistake_row(verdict->findings.at[i].mistake)->clause;

        if (strcmp(clause, "J2") == 0 || strcmp(clause, "J5") == 0)
            return false;
    }
    return true;
}

void print_verdict(FILE *out, const struct hm_verdict *verdict, const struct hm_secrets *secrets)
{
    size_t refusals = count_of(&verdict->findings, HM_REFUSES);
    size_t warnings = count_of(&verdict->findings, HM_WARNS);
    const char *id = verdict->secret >= 0 ? hm_secrets_id(secrets, (size_t)verdict->secret) : NULL;

    print_painted(out, verdict->is_good ? PAINT_GOOD : PAINT_REFUSED,
                  verdict->is_good ? "good" : "refused", 0);
    if (refusals > 0)
        fprintf(out, ": %zu mistake%s", refusals, refusals == 1 ? "" : "s");
    if (warnings > 0)
        fprintf(out, "%s %zu warning%s", refusals > 0 ? " and" : ", with", warnings,
                warnings == 1 ? "" : "s");
    print_age(out, verdict);
    fputc('\n', out);
    if (id != NULL)
        fprintf(out, "%s %s\n", is_signed_well(verdict) ? "signed with" : "its iss names", id);
    print_findings(out, &verdict->findings);
}

/* An integer where it is one. */
static json_t *number_json(double value)
{
    return value == floor(value) && fabs(value) < 1e15 ? json_integer((json_int_t)value)
                                                       : json_real(value);
}

bool verdict_json(json_t *object, const struct hm_verdict *verdict,
                  const struct hm_secrets *secrets)
{
    const char *id = verdict->secret >= 0 ? hm_secrets_id(secrets, (size_t)verdict->secret) : NULL;

    return json_object_set_new(object, "verdict",
                               json_string(verdict->is_good ? "good" : "refused")) == 0 &&
           json_object_set_new(object, "now", json_integer(verdict->now)) == 0 &&
           json_object_set_new(object, "age_s",
                               verdict->has_iat ? number_json(verdict->age_s) : json_null()) == 0 &&
           json_object_set_new(object, "secret_id",
                               id != NULL ? json_text(id, strlen(id)) : json_null()) == 0 &&
           json_object_set_new(object, "findings", findings_json(&verdict->findings)) == 0;
}
