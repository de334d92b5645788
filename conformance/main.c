/* heymarket-conformance: the table of its verbs. */
#include "cases/catalog.h"
#include "certify/certify_scenarios.h"
#include "contract/mask_environment.h"
#include "contract/variables.h"
#include "suite_options.h"
#include "support/completion.h"
#include "support/offers.h"
#include "support/program.h"
#include "verb_client.h"
#include "verb_export.h"
#include "verb_list.h"
#include "verb_record.h"
#include "verb_run.h"
#include "verb_signer.h"
#include "verb_token.h"
#include <stddef.h>

static const char run_summary[] =
    "Run the cases against a mock started for the run, or against another target.";

static const struct verb verbs[] = {
    { "", "", run_summary, run_options_table, sizeof(struct suite_options), suite_defaults, 0, 0,
      cmd_run },
    { "run", "", run_summary, run_options_table, sizeof(struct suite_options), suite_defaults, 0, 0,
      cmd_run },
    { "list", "", "Show the cases, what each needs and what it would send. Sends nothing.",
      list_options_table, sizeof(struct suite_options), suite_defaults, 0, 0, cmd_list },
    { "export", "DIR",
      "Write the cases that need no clock and no wrong token to DIR as .hurl or .http files, with "
      "variables for server, token and contacts. Sends nothing.",
      export_options_table, sizeof(struct suite_options), suite_defaults, 1, 1, cmd_export },
    { "token", "CASE",
      "Print the Authorization value of a case, signed now. It may be wrong on purpose.",
      token_options_table, sizeof(struct suite_options), suite_defaults, 1, 1, cmd_token },
    { "signer", "-- CMD [ARG...]",
      "Run CMD, which prints a token, with several generated secrets and check the tokens.",
      signer_options_table, sizeof(struct signer_options), signer_defaults, 1, -1, cmd_signer },
    { "client", "-- CMD [ARG...]",
      "Run CMD, an integration, against a mock that returns errors, lets tokens expire and gives "
      "unusual answers, and check its reactions. Updates, deletions and reads are judged only if "
      "CMD makes such calls.",
      client_options_table, sizeof(struct client_options), client_defaults, 0, -1, cmd_client },
    { "record", "-- CMD [ARG...]",
      "Forward the calls of an application to a real server, until CMD or a signal ends it; judge "
      "them, and make a world and a profile for the mock of them.",
      record_options_table, sizeof(struct record_options), record_defaults, 0, -1, cmd_record },
    COMPLETION_VERB,
    { .name = NULL },
};

static void offer_cases(struct offers *offers)
{
    catalog_offer(offers, CATALOG_CASES);
}

static void offer_clauses(struct offers *offers)
{
    offers_keep(offers, ',');
    catalog_offer(offers, CATALOG_CLAUSES);
}

static void offer_patterns(struct offers *offers)
{
    offers_keep(offers, ',');
    catalog_offer(offers, CATALOG_CLAUSES | CATALOG_FILES | CATALOG_CASES);
}

static void offer_scenarios(struct offers *offers)
{
    for (const struct scenario *scenario = scenarios; scenario->name != NULL; scenario++)
        offer(offers, scenario->name, scenario->title);
    offer(offers, "list", "print the names");
}

static void offer_base_url(struct offers *offers)
{
    offer_variable(offers, VARIABLE_BASE_URL);
}

static const struct offer_row offers[] = {
    { "--only", offer_patterns },
    { "--skip", offer_patterns },
    { "--strict", offer_clauses },
    { "--scenario", offer_scenarios },
    { "--base-url", offer_base_url },
    { "CASE", offer_cases },
    { NULL, NULL },
};

static const char epilogue[] =
    "Each clause of the contract has a source. S: stated on the endpoint's own reference page; a "
    "violation fails. D: stated on another page of the documentation; a violation fails and is "
    "marked secondary. A: not documented; checked against our mock, only observed on other "
    "servers.\n"
    "\n"
    "Environment, for a target given by URL:\n"
    "  HEYMARKET_API_BASE_URL            the target\n"
    "  HEYMARKET_API_SECRET_ID, _KEY     the secret that signs (required)\n"
    "  HEYMARKET_CONTACT_ID              a contact that may be written to (required)\n"
    "  HEYMARKET_SECOND_SECRET_ID, _KEY  the team's other secret [J10]\n"
    "  HEYMARKET_OTHER_TEAM_CONTACT_ID   a contact of another team [J11]\n"
    "  HEYMARKET_EMPTY_CONTACT_ID        a contact without channels [R1] [R4]\n"
    "  HEYMARKET_MOCK_URL                the control plane, if the target is our mock but not on "
    "loopback\n"
    "For our mock they are optional: without them, the suite uses the default world. Contacts are "
    "given by UUID. A case that needs something that is missing is skipped, and the reason is "
    "printed.\n"
    "\n"
    "Limits: a case fails if a response has more than 64 KiB or 256 fields of headers, a body of "
    "more "
    "than 1 MiB or 20,000 JSON values, or takes more than 10 s. Reports have the first 16 KiB of "
    "the "
    "headers and of the body of each exchange, and 16 MiB of exchanges in total. A file that is "
    "read "
    "is a regular file or a pipe; a pipe that delivers nothing for 10 s is refused.\n"
    "\n"
    "Exit codes:\n"
    "  0  no violation of the contract found\n"
    "  1  the contract is violated\n"
    "  2  invalid command line, unreadable file, or output that cannot be written\n"
    "  3  target not reachable, nothing was sent\n"
    "  4  the first request, which is correct, was answered with 401\n"
    "  5  internal error, or the started mock failed\n"
    "  6  the first request was sent, but no response arrived\n"
    "  128+n  ended by signal n; the results so far are reported; 141: the reader of the output "
    "left\n";

static const struct program program = {
    .name = "heymarket-conformance",
    .summary =
        "Checks whether a server honors the contract of POST /v2/contact/{contactID}/channel.",
    .verbs = verbs,
    .epilogue = epilogue,
    .offers = offers,
    .write_message = mask_environment_write,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
