#include "run/run_report_text.h"

#include "contract/variables.h"
#include <stdio.h>
#include <string.h>

enum { SENTENCE_BYTES = JUDGEMENT_TEXT + 8 };

const char *const report_asked_words[ASKED_RESULTS] = { "the mock", "allowed", "refused" };

void report_sentence(char *out, size_t size, const char *text)
{
    bool is_small = *text >= 'a' && *text <= 'z';

    snprintf(out, size, "%c%s.", is_small ? *text - 'a' + 'A' : *text, text + 1);
}

bool report_first_time(char out[HM_FINDING_TEXT], const struct finding_sum *sum)
{
    const char *cure = hm_mistake_row(sum->mistake)->cure;
    size_t found = strlen(sum->message), cured = strlen(cure);

    if (found <= cured + 2 || strcmp(sum->message + found - cured, cure) != 0)
        return false;
    snprintf(out, HM_FINDING_TEXT, "%.*s", (int)(found - cured - 2), sum->message);
    return true;
}

void report_times(struct buf *out, const struct finding_sum *sum)
{
    buf_printf(out, "%s %llu time%s", sum->severity == HM_REFUSES ? "refused" : "warned of",
               sum->times, sum->times == 1 ? "" : "s");
}

/* Appends what was refused and why: the reader's first question. */
static void append_refusals(struct buf *out, const struct report *report)
{
    const unsigned long long refused = atomic_load(&report->outcome->mock->counts->at_fault);
    const char *between = ": ";

    if (refused == 0)
        return;
    buf_printf(out, " The mock refused %llu request%s", refused, refused == 1 ? "" : "s");
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct finding_sum *sum = &report->findings[i];
        const struct hm_mistake_row *row = hm_mistake_row(sum->mistake);

        if (sum->severity != HM_REFUSES)
            continue;
        buf_printf(out, "%s%s %s (%llu)", between, row->clause, row->code, sum->times);
        between = ", ";
    }
    buf_putc(out, '.');
}

enum page_tone report_verdict(struct buf *out, const char **word, const struct report *report)
{
    const struct outcome *outcome = report->outcome;
    char sentence[SENTENCE_BYTES];
    size_t unmet = 0;

    while (unmet < outcome->judgement_count && outcome->judgements[unmet].is_met)
        unmet++;
    if (unmet < outcome->judgement_count) {
        report_sentence(sentence, sizeof sentence, outcome->judgements[unmet].text);
        buf_puts(out, sentence);
        append_refusals(out, report);
        *word = "Failed";
        return PAGE_BAD;
    }
    if (outcome->reach != NULL && outcome->reach->kind != REACH_ARRIVED) {
        buf_printf(out, "The command succeeded, but: %s.", buf_text(&outcome->reach->why));
        *word = "No request came";
        return PAGE_WARN;
    }
    if (atomic_load(&outcome->mock->counts->requests) > 0) {
        buf_puts(out, "The command succeeded, and all conditions are met.");
        *word = "Good";
        return PAGE_GOOD;
    }
    *word = "No request came";
    if (outcome_handshakes(outcome) > 0)
        buf_puts(out, "The command succeeded, but it never connected to the mock.");
    else
        buf_puts(out,
                 "The command succeeded, but it never called the mock. Does the code under test "
                 "take its base URL from " VARIABLE_BASE_URL "?");
    return PAGE_WARN;
}
