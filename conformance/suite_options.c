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

static const char *const formats[] = { "text", "tap", "json", NULL };

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

static const char ca_file_help[] =
    "Trust only the root certificates in this PEM file, for an https target with a private CA "
    "(default: the file in CURL_CA_BUNDLE or SSL_CERT_FILE, otherwise those of the system).";

static const char cert_help[] = "PEM file with the certificate that this client shows to an https "
                                "target, and the chain that belongs to it.";
static const char key_help[] =
    "PEM file with the private key of --cert (default: the key is in that file).";

static const char slow_help[] = "Also run the cases that wait about 20 s for a token to expire "
                                "because the target's clock cannot be set.";

static const char probe_writes_help[] =
    "If the target refuses the first request's token: find the rule by which it verifies with "
    "requests that are written if their token is accepted. Needed only for a target that looks at "
    "the body before the token.";

#define FIELD(member) offsetof(struct suite_options, member)

const struct option run_options_table[] = {
    { "--base-url", "URL", base_url_help, OPTION_TEXT, FIELD(base_url), 0, 0, NULL },
    { "--target", "FILE", target_help, OPTION_TEXT, FIELD(target), 0, 0, NULL },
    { "--only", "PATTERN", only_help, OPTION_TEXTS, FIELD(only), 0, 0, NULL },
    { "--skip", "PATTERN", skip_help, OPTION_TEXTS, FIELD(skip), 0, 0, NULL },
    { "--format", "text|tap|json",
      "Output format (default text); json is the same as results.json. Without --format, the "
      "variable "
      "CMOCKA_MESSAGE_OUTPUT (stdout, tap, xml, subunit) selects the output of cmocka itself.",
      OPTION_CHOICE, FIELD(format), 0, 0, formats },
    { "--report", "DIR",
      "Write results.json, junit.xml, report.html, report.md and transcript.ndjson to DIR, which "
      "must be new, empty, or contain an earlier report.",
      OPTION_TEXT, FIELD(report.dir), 0, 0, NULL },
    { "--report-mode", "auto|0600|0644", report_mode_help, OPTION_CHOICE, FIELD(report.mode), 0, 0,
      report_mode_words },
    { "--learn", "FILE",
      "Find out how the target behaves where the contract leaves a choice, and write a profile for "
      "heymarket-mock --profile to FILE. Sends about 40 more requests, up to 12 of which write.",
      OPTION_TEXT, FIELD(learn), 0, 0, NULL },
    { "--slow", NULL, slow_help, OPTION_FLAG, FIELD(is_slow), 0, 0, NULL },
    { "--probe-writes", NULL, probe_writes_help, OPTION_FLAG, FIELD(probes_writes), 0, 0, NULL },
    { "--strict", "[=CLAUSE]",
      "Treat warnings as failures: all of them, or those of a clause (several with commas "
      "between). "
      "Repeatable.",
      OPTION_MAYBE_TEXTS, FIELD(strict), 0, 0, NULL },
    { "--min-judged", "N",
      "Exit with 1 if fewer than N cases were judged, that is neither skipped nor only observed.",
      OPTION_INTEGER, FIELD(min_judged), 1, JUDGED_MOST, NULL },
    { "--verbose", NULL,
      "Show every case that did not pass, with its commands, instead of one case for each finding; "
      "also every observation and every reason for skipping.",
      OPTION_FLAG, FIELD(is_verbose), 0, 0, NULL },
    { "--baseline", "FILE",
      "Read known failures from FILE: case (or a glob for cases), clause, reason and last date. A "
      "known failure does not fail the run, but an entry that no longer fails, or whose date has "
      "passed, does.",
      OPTION_TEXT, FIELD(baseline), 0, 0, NULL },
    { "--mock", "PATH",
      "The mock to start (default: heymarket-mock in the directory of this program, otherwise on "
      "PATH).",
      OPTION_TEXT, FIELD(mock), 0, 0, NULL },
    { "--fixtures", "DIR", fixtures_help, OPTION_TEXT, FIELD(fixtures), 0, 0, NULL },
    { "--ca-file", "FILE", ca_file_help, OPTION_TEXT, FIELD(ca_file), 0, 0, NULL },
    { "--cert", "FILE", cert_help, OPTION_TEXT, FIELD(cert_file), 0, 0, NULL },
    { "--key", "FILE", key_help, OPTION_TEXT, FIELD(key_file), 0, 0, NULL },
    { "--live", NULL,
      "Required for a target that is not on loopback, because the suite writes to it. Limits the "
      "request rate and the number of writes, and stops at the first 5xx.",
      OPTION_FLAG, FIELD(is_live), 0, 0, NULL },
    { "--header", "NAME:VALUE",
      "Send this header field with every request, for a gateway in front of the target. "
      "Repeatable. "
      "The value is hidden in all output. Fields that cases send themselves are refused.",
      OPTION_TEXTS, FIELD(headers), 0, 0, NULL },
    { "--jobs", "N",
      "Play N independent cases at the same time (default 8, or 16 if the first answer takes 100 "
      "ms "
      "or more; 1 with --live and, after a 429, for any target). Results keep their order.",
      OPTION_INTEGER, FIELD(jobs), 1, JOBS_MAX, NULL },
    { "--keep", NULL,
      "Leave the channels that the run created on the target. Without it they are deleted at the "
      "end, "
      "as far as the target can delete.",
      OPTION_FLAG, FIELD(keeps_channels), 0, 0, NULL },
    { "--timeout", "S",
      "End the run after S seconds. Cases that were not judged by then are skipped, and the run "
      "fails.",
      OPTION_INTEGER, FIELD(timeout_s), 1, TIMEOUT_MOST, NULL },
    { "--fail-fast", NULL, "Run no more cases after the first that fails.", OPTION_FLAG,
      FIELD(fails_fast), 0, 0, NULL },
    { "--rate", "N", "With --live: requests per minute (default 120).", OPTION_INTEGER, FIELD(rate),
      1, RATE_MOST, NULL },
    { "--budget", "N",
      "With --live: the most writes that may be accepted, including those that should have been "
      "refused (default 40). What should be refused is sent first, what writes last.",
      OPTION_INTEGER, FIELD(budget), 1, BUDGET_MOST, NULL },
    { .name = NULL },
};

static const char list_live_help[] =
    "Show the cases that run --live would run within its budget, in that order.";

const struct option list_options_table[] = {
    { "--base-url", "URL", "Base URL of the target to show; nothing is sent to it.", OPTION_TEXT,
      FIELD(base_url), 0, 0, NULL },
    { "--target", "FILE", target_help, OPTION_TEXT, FIELD(target), 0, 0, NULL },
    { "--only", "PATTERN", only_help, OPTION_TEXTS, FIELD(only), 0, 0, NULL },
    { "--skip", "PATTERN", skip_help, OPTION_TEXTS, FIELD(skip), 0, 0, NULL },
    { "--format", "text|tap|json", "Output format (default text); in TAP every case is skipped.",
      OPTION_CHOICE, FIELD(format), 0, 0, formats },
    { "--slow", NULL, slow_help, OPTION_FLAG, FIELD(is_slow), 0, 0, NULL },
    { "--live", NULL, list_live_help, OPTION_FLAG, FIELD(is_live), 0, 0, NULL },
    { "--budget", "N", "With --live: the most writes that may be accepted (default 40).",
      OPTION_INTEGER, FIELD(budget), 1, BUDGET_MOST, NULL },
    { "--fixtures", "DIR", fixtures_help, OPTION_TEXT, FIELD(fixtures), 0, 0, NULL },
    { .name = NULL },
};

const struct option export_options_table[] = {
    { "--format", "hurl|http", "Format of the files (default hurl).", OPTION_CHOICE, FIELD(format),
      0, 0, export_format_words },
    { "--documented", NULL,
      "For another server than our mock: in .hurl files assert only what the vendor's "
      "documentation states (sources S and D). What it does not state is in comments.",
      OPTION_FLAG, FIELD(is_documented), 0, 0, NULL },
    { "--only", "PATTERN", only_help, OPTION_TEXTS, FIELD(only), 0, 0, NULL },
    { "--skip", "PATTERN", skip_help, OPTION_TEXTS, FIELD(skip), 0, 0, NULL },
    { "--fixtures", "DIR", fixtures_help, OPTION_TEXT, FIELD(fixtures), 0, 0, NULL },
    { .name = NULL },
};

const struct option token_options_table[] = {
    { "--step", "N", "Number of the step within the case (default 1).", OPTION_INTEGER, FIELD(step),
      1, STEPS_MOST, NULL },
    { "--base-url", "URL",
      "Use the clock and the names of this target if it is our mock (default: " VARIABLE_BASE_URL
      "; otherwise the system clock, and names from the environment or the world of the case).",
      OPTION_TEXT, FIELD(base_url), 0, 0, NULL },
    { "--target", "FILE", target_help, OPTION_TEXT, FIELD(target), 0, 0, NULL },
    { "--ca-file", "FILE", ca_file_help, OPTION_TEXT, FIELD(ca_file), 0, 0, NULL },
    { "--cert", "FILE", cert_help, OPTION_TEXT, FIELD(cert_file), 0, 0, NULL },
    { "--key", "FILE", key_help, OPTION_TEXT, FIELD(key_file), 0, 0, NULL },
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
