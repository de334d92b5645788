#include "suite_options.h"
#include "support/variables.h"
#include <stddef.h>

enum { RATE_MOST = 6000, BUDGET_MOST = 100000, STEPS_MOST = 1000 };

static const char *const formats[] = { "text", "tap", "json", NULL };

static const char base_url_help[] = "The target. Else " VARIABLE_BASE_URL "; else a mock is "
                                    "started for the run, and all names come "
                                    "from its world.";
static const char only_help[] =
    "Only these cases: a glob for case ids, a clause's id, or a case file's name without .json. "
    "Repeatable.";
static const char skip_help[] = "Not these cases; the same patterns. Repeatable.";
static const char fixtures_help[] =
    "Clauses, cases and worlds from here instead of the built-in ones.";

static const char target_help[] =
    "A target file: its base URL, and its contacts and secrets by name (target.schema.json). A "
    "base URL given here goes before the file's; the file's names go before all others.";

static const char ca_file_help[] =
    "PEM file of the only root certificates to believe (the one that CURL_CA_BUNDLE or "
    "SSL_CERT_FILE names, else the system's). For an https target with a CA of your own.";

static const char slow_help[] =
    "Also the cases that wait, some 20 s each, for a token to die, where the target's clock cannot "
    "be set.";

#define FIELD(member) offsetof(struct suite_options, member)

const struct option run_options_table[] = {
    { "--base-url", "URL", base_url_help, OPTION_TEXT, FIELD(base_url), 0, 0, NULL },
    { "--target", "FILE", target_help, OPTION_TEXT, FIELD(target), 0, 0, NULL },
    { "--only", "PATTERN", only_help, OPTION_TEXTS, FIELD(only), 0, 0, NULL },
    { "--skip", "PATTERN", skip_help, OPTION_TEXTS, FIELD(skip), 0, 0, NULL },
    { "--format", "text|tap|json",
      "What to print (text); json is results.json. Without it, CMOCKA_MESSAGE_OUTPUT in the "
      "environment "
      "(stdout, tap, xml, subunit) prints what cmocka prints.",
      OPTION_CHOICE, FIELD(format), 0, 0, formats },
    { "--report", "DIR",
      "Write results.json, junit.xml, report.html and transcript.ndjson there: a directory that is "
      "new, empty, or from an earlier report.",
      OPTION_TEXT, FIELD(report), 0, 0, NULL },
    { "--learn", "FILE",
      "Write what the target does where the contract is silent, as a profile for heymarket-mock "
      "--profile. Takes some 30 requests and up to 8 writes more.",
      OPTION_TEXT, FIELD(learn), 0, 0, NULL },
    { "--slow", NULL, slow_help, OPTION_FLAG, FIELD(is_slow), 0, 0, NULL },
    { "--strict", NULL, "Warnings fail.", OPTION_FLAG, FIELD(is_strict), 0, 0, NULL },
    { "--baseline", "FILE",
      "Known failures: case, clause, reason, until-date. What is listed does not fail the run; "
      "what "
      "is listed and does not fail, or is past its date, does.",
      OPTION_TEXT, FIELD(baseline), 0, 0, NULL },
    { "--mock", "PATH",
      "The mock to start (heymarket-mock beside this program, else the one on PATH).", OPTION_TEXT,
      FIELD(mock), 0, 0, NULL },
    { "--fixtures", "DIR", fixtures_help, OPTION_TEXT, FIELD(fixtures), 0, 0, NULL },
    { "--ca-file", "FILE", ca_file_help, OPTION_TEXT, FIELD(ca_file), 0, 0, NULL },
    { "--live", NULL,
      "Must be given for a target that is not loopback, because it is written to. The run is then "
      "paced and budgeted, and ends at the first 5xx.",
      OPTION_FLAG, FIELD(is_live), 0, 0, NULL },
    { "--rate", "N", "With --live: requests a minute (120).", OPTION_INTEGER, FIELD(rate), 1,
      RATE_MOST, NULL },
    { "--budget", "N",
      "With --live: writes that may be accepted, those included that should have been refused "
      "(40).",
      OPTION_INTEGER, FIELD(budget), 0, BUDGET_MOST, NULL },
    { .name = NULL },
};

/* What list shows of a live target. */
static const char list_live_help[] =
    "As run --live would have it: in that order, and what the budget has no room for is left out.";

const struct option list_options_table[] = {
    { "--base-url", "URL", "The target to show; nothing is sent to it.", OPTION_TEXT,
      FIELD(base_url), 0, 0, NULL },
    { "--target", "FILE", target_help, OPTION_TEXT, FIELD(target), 0, 0, NULL },
    { "--only", "PATTERN", only_help, OPTION_TEXTS, FIELD(only), 0, 0, NULL },
    { "--skip", "PATTERN", skip_help, OPTION_TEXTS, FIELD(skip), 0, 0, NULL },
    { "--format", "text|tap|json", "What to print (text); in TAP every case is skipped.",
      OPTION_CHOICE, FIELD(format), 0, 0, formats },
    { "--slow", NULL, slow_help, OPTION_FLAG, FIELD(is_slow), 0, 0, NULL },
    { "--live", NULL, list_live_help, OPTION_FLAG, FIELD(is_live), 0, 0, NULL },
    { "--budget", "N", "With --live: writes that may be accepted (40).", OPTION_INTEGER,
      FIELD(budget), 0, BUDGET_MOST, NULL },
    { "--fixtures", "DIR", fixtures_help, OPTION_TEXT, FIELD(fixtures), 0, 0, NULL },
    { .name = NULL },
};

const struct option token_options_table[] = {
    { "--step", "N", "The step of the case, from 1 (1).", OPTION_INTEGER, FIELD(step), 1,
      STEPS_MOST, NULL },
    { "--base-url", "URL",
      "The target whose clock and names count, where it is our mock. Else " VARIABLE_BASE_URL "; "
      "else the system's clock, and names from the environment or the case's world.",
      OPTION_TEXT, FIELD(base_url), 0, 0, NULL },
    { "--target", "FILE", target_help, OPTION_TEXT, FIELD(target), 0, 0, NULL },
    { "--ca-file", "FILE", ca_file_help, OPTION_TEXT, FIELD(ca_file), 0, 0, NULL },
    { "--fixtures", "DIR", fixtures_help, OPTION_TEXT, FIELD(fixtures), 0, 0, NULL },
    { .name = NULL },
};

void suite_defaults(void *options)
{
    struct suite_options *suite = options;

    suite->format = NOT_GIVEN;
    suite->rate = NOT_GIVEN;
    suite->budget = NOT_GIVEN;
    suite->step = 1;
}

void suite_options_fini(void *options)
{
    struct suite_options *suite = options;

    option_texts_fini(&suite->only);
    option_texts_fini(&suite->skip);
}

int64_t suite_budget(const struct suite_options *options)
{
    return options->budget == NOT_GIVEN ? BUDGET_DEFAULT : options->budget;
}

enum hm_code suite_options_check(const struct suite_options *options, struct hm_error *err)
{
    if (!options->is_live && options->rate != NOT_GIVEN)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--rate is for --live");
    if (!options->is_live && options->budget != NOT_GIVEN)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--budget is for --live");
    return HM_OK;
}
