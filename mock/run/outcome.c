#include "run/outcome.h"

#include "control/expected.h"
#include "journal/counts.h"
#include "sandbox/sandboxes.h"
#include "support/options.h"
#include "support/spawn.h"
#include <stdio.h>
#include <string.h>

/* The values of --fail-on. */
static const struct fail_row {
    const char *word;
    const char *name;
    size_t count; /* its figure in struct counts */
    const char *none;
    const char *some; /* "N " and this */
} fail_rows[] = {
    { "refused", "--fail-on refused", offsetof(struct counts, at_fault), "nothing was refused",
      "refused (not counting faults and 429)" },
    { "warned", "--fail-on warned", offsetof(struct counts, warned), "there was no warning",
      "given a warning" },
    { "unmatched", "--fail-on unmatched", offsetof(struct counts, unmatched),
      "every path and method was known", "for an unknown path or method" },
};
enum { FAIL_ROWS = sizeof fail_rows / sizeof fail_rows[0], EXPECTED_BYTES_MAX = 256 * 1024 };

bool outcome_asks(const struct run_options *options, const char *word)
{
    for (size_t i = 0; i < options->fail_on.count; i++) {
        if (strcmp(options->fail_on.at[i], word) == 0)
            return true;
    }
    return false;
}

enum hm_code outcome_options_check(const struct run_options *options, struct hm_error *err)
{
    for (size_t i = 0; i < options->fail_on.count; i++) {
        size_t row = 0;

        while (row < FAIL_ROWS && strcmp(fail_rows[row].word, options->fail_on.at[i]) != 0)
            row++;
        if (row == FAIL_ROWS)
            return hm_error_set(err, HM_BAD_ARGUMENT,
                                "--fail-on %.40s: expected refused, warned or unmatched",
                                options->fail_on.at[i]);
    }
    return HM_OK;
}

void outcome_offer_fail_on(struct offers *offers)
{
    for (size_t i = 0; i < FAIL_ROWS; i++)
        offer(offers, fail_rows[i].word, fail_rows[i].some);
}

static struct judgement *next_judgement(struct outcome *outcome, const char *name, bool is_met)
{
    struct judgement *judgement = &outcome->judgements[outcome->judgement_count++];

    judgement->name = name;
    judgement->is_met = is_met;
    return judgement;
}

static void judge_command(struct outcome *outcome)
{
    struct judgement *judgement = next_judgement(outcome, "command", outcome->command_exit == 0);
    int exit_code = outcome->command_exit;

    if (!outcome->has_started)
        snprintf(judgement->text, sizeof judgement->text, "the command could not be started (%s)",
                 exit_code == SPAWN_NOT_FOUND        ? "not found"
                 : exit_code == SPAWN_NOT_EXECUTABLE ? "not executable"
                                                     : "no process");
    else if (exit_code > SPAWN_BY_SIGNAL)
        snprintf(judgement->text, sizeof judgement->text,
                 "the command ended with exit code %d, the code for signal %d", exit_code,
                 exit_code - SPAWN_BY_SIGNAL);
    else
        snprintf(judgement->text, sizeof judgement->text, "the command ended with exit code %d",
                 exit_code);
}

static void judge_row(struct outcome *outcome, const struct fail_row *row)
{
    const char *counts = (const char *)outcome->mock->counts;
    const atomic_ullong *figure = (const void *)(counts + row->count);
    unsigned long long count = atomic_load(figure);
    struct judgement *judgement;

    if (!outcome_asks(outcome->options, row->word))
        return;
    judgement = next_judgement(outcome, row->name, count == 0);
    if (count == 0)
        snprintf(judgement->text, sizeof judgement->text, "%s", row->none);
    else
        snprintf(judgement->text, sizeof judgement->text, "%llu request%s %s %s", count,
                 count == 1 ? "" : "s", count == 1 ? "was" : "were", row->some);
}

static void judge_expectation(struct outcome *outcome)
{
    unsigned long long accepted = atomic_load(&outcome->mock->counts->accepted);
    unsigned long long expected = (unsigned long long)outcome->options->expect;
    struct judgement *judgement;

    if (expected == 0)
        return;
    judgement = next_judgement(outcome, "--expect", accepted >= expected);
    snprintf(judgement->text, sizeof judgement->text,
             "%llu request%s %s accepted, at least %llu expected", accepted,
             accepted == 1 ? "" : "s", accepted == 1 ? "was" : "were", expected);
}

/* Announced refusals that did not come are a failure, whatever was asked for. */
static void judge_expected(struct outcome *outcome)
{
    struct judgement *judgement;
    struct buf text;
    bool were_used;
    size_t count;

    buf_init(&text, EXPECTED_BYTES_MAX);
    count = expected_unmet(&text, outcome->mock->main.expected) +
            sandboxes_unmet(&text, outcome->mock->sandboxes, &were_used);
    if (!were_used && !expected_was_used(outcome->mock->main.expected)) {
        buf_fini(&text);
        return;
    }
    judgement = next_judgement(outcome, "expected refusals", count == 0);
    if (count == 0)
        snprintf(judgement->text, sizeof judgement->text, "every expected refusal came");
    else if (count == 1)
        snprintf(judgement->text, sizeof judgement->text, "%s", buf_text(&text));
    else
        snprintf(judgement->text, sizeof judgement->text, "%zu did not come true: %s", count,
                 buf_text(&text));
    buf_fini(&text);
}

unsigned long long outcome_handshakes(const struct outcome *outcome)
{
    if (outcome->reach != NULL && outcome->reach->handshake.length == 0)
        return 0;
    return handshakes_failed(&outcome->mock->handshakes);
}

void outcome_handshake_cure(struct buf *out, const struct outcome *outcome)
{
    const struct handshakes *handshakes = &outcome->mock->handshakes;

    if (outcome->reach != NULL)
        buf_puts(out, buf_text(&outcome->reach->handshake));
    else
        handshake_cure(out, handshake_reason(handshakes), outcome->options->is_tls);
}

bool outcome_is_good(const struct outcome *outcome)
{
    return outcome->exit_code == EXIT_GOOD;
}

void outcome_judge(struct outcome *outcome)
{
    outcome->judgement_count = 0;
    judge_command(outcome);
    for (size_t i = 0; outcome->has_started && i < FAIL_ROWS; i++)
        judge_row(outcome, &fail_rows[i]);
    if (outcome->has_started)
        judge_expectation(outcome);
    if (outcome->has_started)
        judge_expected(outcome);
    outcome->exit_code = outcome->command_exit;
    for (size_t i = 0; i < outcome->judgement_count && outcome->exit_code == EXIT_GOOD; i++) {
        if (!outcome->judgements[i].is_met)
            outcome->exit_code = EXIT_FELL_SHORT;
    }
}

bool outcome_fails_on(const struct outcome *outcome, enum hm_mistake mistake,
                      enum hm_severity severity)
{
    if (severity == HM_WARNS)
        return outcome_asks(outcome->options, "warned");
    return outcome_asks(outcome->options, "refused")
               ? mistake != HM_E4_RATE_LIMITED
               : mistake_is_unmatched(mistake) && outcome_asks(outcome->options, "unmatched");
}
