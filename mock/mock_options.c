#include "mock_options.h"

#include "contract/variables.h"
#include "exchange/mock.h"
#include "http/server.h"
#include "journal/journal.h"
#include "operation/limit.h"
#include "support/report_dir.h"
#include <stddef.h>

enum {
    THREADS_DEFAULT = 512,
    JOURNAL_DEFAULT = 1000,
    EXPECT_MOST = 1000000000,
    SANDBOX_TTL_MOST_S = 86400
};

/* In the order of enum log_kind. */
static const char *const log_kinds[] = { "text", "json", "none", NULL };

/* In the order of enum control_kind. */
static const char *const control_kinds[] = { "auto", "on", "off", NULL };

const struct option serve_option_table[] = {
#include "serve_options.def"
    { .name = "--until-stdin-ends",
      .help =
          "Stop, too, when standard input ends. Give the mock a pipe as standard input: it then "
          "ends with the program that holds the other end, however that program ends.",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct serve_options, is_until_stdin_ends) },
    { .name = NULL },
};

const struct option run_option_table[] = {
    { .name = "--fail-on",
      .value = "KIND",
      .help = "Exit with 1 if any request was refused (4xx except 429 and faults), warned "
              "(accepted with a warning) or unmatched (unknown path or method). Repeatable.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct run_options, fail_on) },
    { .name = "--expect",
      .value = "N",
      .help = "Exit with 1 unless at least N requests were accepted.",
      .kind = OPTION_INTEGER,
      .offset = offsetof(struct run_options, expect),
      .least = 0,
      .most = EXPECT_MOST },
    { .name = "--allow",
      .value = "CODE|STATUS",
      .help =
          "Expect these refusals, so that --fail-on does not fail for them: a status (404, 4xx), "
          "a clause (B7) or the code of a finding (contact-unknown). A single request can say so "
          "with the header X-Mock-Expect, and a test with POST /_mock/expect. Repeatable.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct run_options, serve.allow) },
    { .name = "--report",
      .value = "FILE",
      .help = "Write a report to FILE. The extension selects the format: .json, .xml (JUnit), "
              ".html, or .md (Markdown, for the summary of a CI job). Repeatable.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct run_options, reports) },
    { .name = "--report-mode",
      .value = "auto|0600|0644",
      .help = report_mode_help,
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct run_options, report_mode),
      .choices = report_mode_words },
    { .name = "--page",
      .help = "Print the address of the mock's page, and when CMD has ended keep the mock until "
              "Enter, the end of input, or a signal, so that the requests can be looked at.",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct run_options, keeps_page) },
    { .name = "--tls",
      .help = "Give CMD an https:// base URL and set the environment variables that make common "
              "runtimes trust the certificate.",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct run_options, is_tls) },
    { .name = "--intercept",
      .value = "[=METHOD]",
      .help =
          "Let CMD reach the mock at https://api.heymarket.com, unchanged, and nothing else. "
          "METHOD: "
          "namespace (private network), connect (supervised connections, where namespaces are "
          "forbidden), keep-network (only this name is moved), proxy (proxy variables; many "
          "clients ignore them), check (print what is possible here). Without METHOD: namespace, "
          "else connect. If nothing is possible, CMD is not run. The network is private; files, "
          "Unix "
          "sockets with a path and processes are not.",
      .kind = OPTION_MAYBE_CHOICE,
      .offset = offsetof(struct run_options, intercept.wish),
      .choices = intercept_words },
    { .name = "--allow-host",
      .value = "HOST:PORT",
      .help = "With --intercept, let CMD also reach this, such as a database: "
              "127.0.0.1:5432. Repeatable.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct run_options, intercept.allow_hosts) },
    { .name = "--trust-file",
      .value = "PEM",
      .help = "With --intercept, add the mock's certificate to this bundle as CMD sees it, such as "
              "the cacert.pem of certifi. The file itself does not change. Repeatable.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct run_options, intercept.trust_files) },
/* The same rows in both tables. NOLINTNEXTLINE(readability-duplicate-include) */
#include "serve_options.def"
    { .name = NULL },
};

#define ASK_OPTIONS                                                                                \
    { .name = "--url",                                                                             \
      .value = "URL",                                                                              \
      .help = "The base URL of the running mock, or a control URL (default: the first one in "     \
              "--port-file, else " VARIABLE_MOCK_CONTROL_URL " or " VARIABLE_MOCK_URL              \
              ", else http://127.0.0.1:8580).",                                                    \
      .kind = OPTION_TEXT,                                                                         \
      .offset = offsetof(struct ask_options, url) },                                               \
    {                                                                                              \
        .name = "--port-file", .value = "FILE",                                                    \
        .help = "The file given to the mock with --port-file.", .kind = OPTION_TEXT,               \
        .offset = offsetof(struct ask_options, port_file)                                          \
    }

const struct option health_option_table[] = { ASK_OPTIONS, { .name = NULL } };

/* In the order of enum env_shell. */
static const char *const shells[] = { "sh", "fish", "powershell", "dotenv", "json", NULL };

#define SHELL_ROW                                                                                  \
    CHOICE_ROW("--shell", "KIND", shell, shells,                                                   \
               "Write the variables for sh, fish, powershell, as a dotenv file or as JSON "        \
               "(default sh).")

#define FIELD(member) offsetof(struct env_options, member)
const struct option env_option_table[] = { ASK_OPTIONS, SHELL_ROW, { .name = NULL } };
#undef FIELD

#define FIELD(member) offsetof(struct sandbox_options, member)
const struct option sandbox_option_table[] = {
    ASK_OPTIONS,
    TEXT_ROW("--world", "FILE", world,
             "Read the sandbox's teams, secrets and contacts from FILE (default: one team with two "
             "secrets, and a contact of another team, all new)."),
    INTEGER_ROW("--ttl", "S", ttl_s, 1, SANDBOX_TTL_MOST_S,
                "End the sandbox after S seconds, if nothing ends it before (default 600; with CMD "
                "a day)."),
    FLAG_ROW("--env", is_env,
             "Instead of running CMD, print the variables, and how to end the sandbox."),
    SHELL_ROW,
    TEXT_ROW("--end", "ID|URL", end, "End the sandbox that has this ID or control URL."),
    { .name = NULL },
};
#undef FIELD

const struct option verify_option_table[] = {
    ASK_OPTIONS,
    { .name = "--channels",
      .help =
          "Count the channels that the contact has now, not requests: contact, channel_type and "
          "channel_id.",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct verify_options, is_of_channels) },
    { .name = "--exactly",
      .value = "N",
      .help = "How many there must be.",
      .kind = OPTION_INTEGER,
      .offset = offsetof(struct verify_options, exactly),
      .least = 0,
      .most = EXPECT_MOST },
    { .name = "--at-least",
      .value = "N",
      .help = "The least number (default 1).",
      .kind = OPTION_INTEGER,
      .offset = offsetof(struct verify_options, at_least),
      .least = 0,
      .most = EXPECT_MOST },
    { .name = "--at-most",
      .value = "N",
      .help = "The greatest number (default: any).",
      .kind = OPTION_INTEGER,
      .offset = offsetof(struct verify_options, at_most),
      .least = 0,
      .most = EXPECT_MOST },
    { .name = NULL },
};

void verify_options_defaults(void *options)
{
    struct verify_options *verify = options;

    verify->at_least = verify->at_most = verify->exactly = -1;
}

void serve_options_defaults(void *options)
{
    struct serve_options *serve = options;

    serve->threads = THREADS_DEFAULT;
    serve->journal = JOURNAL_DEFAULT;
}

void run_options_defaults(void *options)
{
    struct run_options *run = options;

    serve_options_defaults(&run->serve);
    run->serve.log = LOG_NONE;
}
