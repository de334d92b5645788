#include "suite_options.h"
#include "contract/variables.h"
#include "export/export.h"
#include "run/suite.h"
#include <stddef.h>

enum {
    RATE_MOST = 6000,
    TIMEOUT_MOST = 86400,
    BUDGET_MOST = 100000,
    STEPS_MOST = 1000,
    JUDGED_MOST = 100000
};

static const char base_url_help[] =
    "Base URL of the target (default: " VARIABLE_BASE_URL
    "; without it, the suite starts a mock and uses the contacts and secrets of its world).";
static const char only_help[] = "Run only these cases: a glob for case ids, a clause id, or the "
                                "name of a case file without .json; several with commas between. "
                                "Repeatable.";
static const char skip_help[] =
    "Skip these cases; same patterns as --only. A skipped clause is judged in no other case "
    "either. Repeatable.";
static const char fixtures_help[] =
    "Use the clauses, cases and worlds in DIR instead of the built-in ones.";

static const char target_help[] =
    "Read base URL, contacts and secrets of the target from FILE (target.schema.json). --base-url "
    "overrides the base URL in FILE; the contacts and secrets in FILE override all others.";

static const char slow_help[] = "Also run the cases that wait about 20 s for a token to expire "
                                "because the target's clock cannot be set.";

static const char probe_writes_help[] =
    "If the target refuses the first request's token: find the rule by which it verifies with "
    "requests that are written if their token is accepted. Needed only for a target that looks at "
    "the body before the token.";

#define FIELD(member) offsetof(struct suite_options, member)

const struct option run_options_table[] = {
    TEXT_ROW("--base-url", "URL", base_url, base_url_help),
    TEXT_ROW("--target", "FILE", target, target_help),
    TEXTS_ROW("--only", "PATTERN", only, only_help),
    TEXTS_ROW("--skip", "PATTERN", skip, skip_help),
    CHOICE_ROW("--format", "text|tap|json", format, report_format_words,
               "Output format (default text); json is the same as results.json. Without --format, "
               "the variable CMOCKA_MESSAGE_OUTPUT (stdout, tap, xml, subunit) selects the output "
               "of cmocka itself."),
    TEXT_ROW("--report", "DIR", report.dir,
             "Write results.json, junit.xml, report.html, report.md and transcript.ndjson to DIR, "
             "which must be new, empty, or contain an earlier report."),
    CHOICE_ROW("--report-mode", "auto|0600|0644", report.mode, report_mode_words, report_mode_help),
    TEXT_ROW("--learn", "FILE", learn,
             "Find out how the target behaves where the contract leaves a choice, and write a "
             "profile for heymarket-mock --profile to FILE. Sends about 40 more requests, up to 12 "
             "of which write."),
    FLAG_ROW("--slow", is_slow, slow_help),
    FLAG_ROW("--probe-writes", probes_writes, probe_writes_help),
    MAYBE_TEXTS_ROW("--strict", "[=CLAUSE]", strict,
                    "Treat warnings as failures: all of them, or those of a clause (several with "
                    "commas between). Repeatable."),
    INTEGER_ROW("--min-judged", "N", min_judged, 1, JUDGED_MOST,
                "Exit with 1 if fewer than N cases were judged, that is neither skipped nor only "
                "observed."),
    FLAG_ROW("--verbose", is_verbose,
             "Show every case that did not pass, with its commands, instead of one case for each "
             "finding; also every observation and every reason for skipping."),
    TEXT_ROW("--baseline", "FILE", baseline,
             "Read known failures from FILE: case (or a glob for cases), clause, reason and last "
             "date. A known failure does not fail the run, but an entry that no longer fails, or "
             "whose date has passed, does."),
    MOCK_ROW,
    TEXT_ROW("--fixtures", "DIR", fixtures, fixtures_help),
    TARGET_TLS_ROWS,
    FLAG_ROW("--live", is_live,
             "Required for a target that is not on loopback, because the suite writes to it. "
             "Limits the request rate and the number of writes, and stops at the first 5xx."),
    TEXTS_ROW("--header", "NAME:VALUE", headers,
              "Send this header field with every request, for a gateway in front of the target. "
              "Repeatable. The value is hidden in all output. Fields that cases send themselves "
              "are refused."),
    INTEGER_ROW(
        "--jobs", "N", jobs, 1, JOBS_MAX,
        "Play N independent cases at the same time (default 8, or 16 if the first answer takes 100 "
        "ms or more; 1 with --live and, after a 429, for any target). Results keep their order."),
    FLAG_ROW("--keep", keeps_channels,
             "Leave the channels that the run created on the target. Without it they are deleted "
             "at the end, as far as the target can delete."),
    INTEGER_ROW("--timeout", "S", timeout_s, 1, TIMEOUT_MOST,
                "End the run after S seconds. Cases that were not judged by then are skipped, and "
                "the run fails."),
    FLAG_ROW("--fail-fast", fails_fast, "Run no more cases after the first that fails."),
    INTEGER_ROW("--rate", "N", rate, 1, RATE_MOST,
                "With --live: requests per minute (default 120)."),
    INTEGER_ROW(
        "--budget", "N", budget, 1, BUDGET_MOST,
        "With --live: the most writes that may be accepted, including those that should have been "
        "refused (default 40). What should be refused is sent first, what writes last."),
    { .name = NULL },
};

static const char list_live_help[] =
    "Show the cases that run --live would run within its budget, in that order.";

const struct option list_options_table[] = {
    TEXT_ROW("--base-url", "URL", base_url,
             "Base URL of the target to show; nothing is sent to it."),
    TEXT_ROW("--target", "FILE", target, target_help),
    TEXTS_ROW("--only", "PATTERN", only, only_help),
    TEXTS_ROW("--skip", "PATTERN", skip, skip_help),
    CHOICE_ROW("--format", "text|tap|json", format, report_format_words,
               "Output format (default text); in TAP every case is skipped."),
    FLAG_ROW("--slow", is_slow, slow_help),
    FLAG_ROW("--live", is_live, list_live_help),
    INTEGER_ROW("--budget", "N", budget, 1, BUDGET_MOST,
                "With --live: the most writes that may be accepted (default 40)."),
    TEXT_ROW("--fixtures", "DIR", fixtures, fixtures_help),
    { .name = NULL },
};

const struct option export_options_table[] = {
    CHOICE_ROW("--format", "hurl|http", format, export_format_words,
               "Format of the files (default hurl)."),
    FLAG_ROW("--documented", is_documented,
             "For another server than our mock: in .hurl files assert only what the vendor's "
             "documentation states (sources S and D). What it does not state is in comments."),
    TEXTS_ROW("--only", "PATTERN", only, only_help),
    TEXTS_ROW("--skip", "PATTERN", skip, skip_help),
    TEXT_ROW("--fixtures", "DIR", fixtures, fixtures_help),
    { .name = NULL },
};

const struct option token_options_table[] = {
    INTEGER_ROW("--step", "N", step, 1, STEPS_MOST,
                "Number of the step within the case (default 1)."),
    TEXT_ROW(
        "--base-url", "URL", base_url,
        "Use the clock and the names of this target if it is our mock (default: " VARIABLE_BASE_URL
        "; otherwise the system clock, and names from the environment or the world of the case)."),
    TEXT_ROW("--target", "FILE", target, target_help),
    TARGET_TLS_ROWS,
    TEXT_ROW("--fixtures", "DIR", fixtures, fixtures_help),
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

int64_t suite_budget(const struct suite_options *options)
{
    return options->budget == NOT_GIVEN ? BUDGET_DEFAULT : options->budget;
}

bool suite_is_strict(const struct suite_options *options)
{
    for (size_t i = 0; i < options->strict.count; i++) {
        if (*options->strict.at[i] == '\0')
            return true;
    }
    return false;
}

enum hm_code suite_options_check(const struct suite_options *options, struct hm_error *err)
{
    if (!options->is_live && options->rate != NOT_GIVEN)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--rate needs --live");
    if (!options->is_live && options->budget != NOT_GIVEN)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--budget needs --live");
    return HM_OK;
}
