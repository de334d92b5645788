#include <heymarket/finding.h>

#include "support/buf.h"
#include "support/escape.h"
#include "support/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct hm_mistake_row rows[HM_MISTAKE_COUNT] = {
#define HM_MISTAKE(clause, name, code, severity, cure)                                             \
    [HM_##clause##_##name] = { #clause, code, severity, cure },
#include <heymarket/mistakes.def>
#undef HM_MISTAKE
};

const struct hm_mistake_row *hm_mistake_row(enum hm_mistake mistake)
{
    return &rows[mistake];
}

bool hm_mistake_find(enum hm_mistake *mistake, const char *clause, const char *code)
{
    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
        if (strcmp(rows[i].code, code) == 0 &&
            (clause == NULL || strcmp(rows[i].clause, clause) == 0)) {
            *mistake = (enum hm_mistake)i;
            return true;
        }
    }
    return false;
}

/* If the message is too long, what was found is cut and the cure is not. */
static void write_message(char out[HM_FINDING_TEXT], const char *cure, const char *format,
                          va_list ap)
{
    char found[HM_FINDING_TEXT];
    struct buf safe;
    size_t most = HM_FINDING_TEXT - strlen(cure) - sizeof ": ";
    const char *text;
    size_t length;

    buf_init(&safe, (size_t)4 * HM_FINDING_TEXT);
    if (vsnprintf(found, sizeof found, format, ap) < 0)
        found[0] = '\0';
    escape_terminal(&safe, found, strlen(found));
    text = buf_ok(&safe) ? buf_text(&safe) : "";
    length = strlen(text);
    if (length > most)
        length = utf8_cut(text, most);
    snprintf(out, HM_FINDING_TEXT, "%.*s%s%s", (int)length, text, length > 0 ? ": " : "", cure);
    buf_fini(&safe);
}

static void add(struct hm_findings *findings, enum hm_mistake mistake, enum hm_severity severity,
                const char *format, va_list ap)
{
    struct hm_finding *finding;

    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].mistake == mistake)
            return;
    }
    if (findings->count == HM_FINDINGS_MAX)
        return;
    finding = &findings->at[findings->count++];
    finding->mistake = mistake;
    finding->severity = severity;
    write_message(finding->message, rows[mistake].cure, format, ap);
}

void hm_findings_add(struct hm_findings *findings, enum hm_mistake mistake, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    add(findings, mistake, rows[mistake].severity, format, ap);
    va_end(ap);
}

void hm_findings_add_as(struct hm_findings *findings, enum hm_mistake mistake,
                        enum hm_severity severity, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    add(findings, mistake, severity, format, ap);
    va_end(ap);
}

/* The table is in the order of the contract, so the number of a row sorts by clause and row. */
static bool is_before(const struct hm_finding *a, const struct hm_finding *b)
{
    if (a->severity != b->severity)
        return a->severity == HM_REFUSES;
    return a->mistake < b->mistake;
}

void hm_findings_sort(struct hm_findings *findings)
{
    for (size_t i = 1; i < findings->count; i++) {
        struct hm_finding moving = findings->at[i];
        size_t place = i;

        for (; place > 0 && is_before(&moving, &findings->at[place - 1]); place--)
            findings->at[place] = findings->at[place - 1];
        findings->at[place] = moving;
    }
}

const struct hm_finding *hm_findings_refusal(const struct hm_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].severity == HM_REFUSES)
            return &findings->at[i];
    }
    return NULL;
}

enum hm_code hm_finding_error(struct hm_error *err, enum hm_code code,
                              const struct hm_finding *finding)
{
    const struct hm_mistake_row *row = &rows[finding->mistake];

    hm_error_set(err, code, "%s", finding->message);
    if (err != NULL) {
        snprintf(err->clause, sizeof err->clause, "%s", row->clause);
        snprintf(err->mistake, sizeof err->mistake, "%s", row->code);
    }
    return code;
}
