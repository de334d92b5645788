/* heymarket-conformance: the table of its verbs. */
#include "suite_options.h"
#include "support/options.h"
#include "verb_client.h"
#include "verb_list.h"
#include "verb_run.h"
#include "verb_signer.h"
#include "verb_token.h"
#include <stddef.h>

static const char run_summary[] =
    "Run the cases, against a mock started for them or another target.";

static const struct verb verbs[] = {
    { "", "", run_summary, run_options_table, sizeof(struct suite_options), suite_defaults,
      suite_options_fini, 0, 0, cmd_run },
    { "run", "", run_summary, run_options_table, sizeof(struct suite_options), suite_defaults,
      suite_options_fini, 0, 0, cmd_run },
    { "list", "", "Show the cases, what each needs and would send. Sends nothing.",
      list_options_table, sizeof(struct suite_options), suite_defaults, suite_options_fini, 0, 0,
      cmd_list },
    { "token", "CASE",
      "Print the Authorization value of a case, right or wrong on purpose, signed now.",
      token_options_table, sizeof(struct suite_options), suite_defaults, suite_options_fini, 1, 1,
      cmd_token },
    { "signer", "-- CMD [ARG...]",
      "Run CMD, which prints a token, with secrets made for the purpose, and judge what it prints.",
      signer_options_table, sizeof(struct signer_options), signer_defaults, NULL, 1, -1,
      cmd_signer },
    { "client", "-- CMD [ARG...]",
      "Run CMD, an integration, against a mock that errs, lets tokens die and answers unusually, "
      "and "
      "judge what it does.",
      client_options_table, sizeof(struct client_options), client_defaults, client_options_fini, 0,
      -1, cmd_client },
    { .name = NULL },
};

static const char epilogue[] =
    "Judged by where the contract has its clause from: S, the endpoint's own page, fails; D, "
    "another "
    "page of the documentation, fails and is marked secondary; A, stated nowhere, is asserted of "
    "our "
    "mock and only observed elsewhere.\n"
    "\n"
    "Environment, for a target given by URL:\n"
    "  HEYMARKET_API_BASE_URL            the target\n"
    "  HEYMARKET_API_SECRET_ID, _KEY     the secret that signs (required)\n"
    "  HEYMARKET_CONTACT_ID              a contact that may be written to (required)\n"
    "  HEYMARKET_SECOND_SECRET_ID, _KEY  the team's other secret [J10]\n"
    "  HEYMARKET_OTHER_TEAM_CONTACT_ID   a contact of another team [J11]\n"
    "  HEYMARKET_EMPTY_CONTACT_ID        a contact without channels [R1] [R4]\n"
    "  HEYMARKET_MOCK_URL                the control plane of our mock, where the target is one "
    "that is "
    "not loopback\n"
    "For a mock of ours they may be left out: its default world has names for all of them, and is "
    "meant as long as nothing else is set. Contacts are named by UUID. A case that needs what is "
    "not there is skipped, with the reason.\n"
    "\n"
    "Exit codes:\n"
    "  0  the contract is honoured, as far as was judged\n"
    "  1  it is not\n"
    "  2  a mistake on the command line, or a file that cannot be read\n"
    "  3  not reachable, nothing was sent\n"
    "  4  401 to the first request, a correct one\n"
    "  5  our own fault, or that of the mock that was started\n"
    "  6  the first request was sent and not answered\n"
    "  128+n  ended by signal n, after a report of what there was\n";

static const struct program program = {
    .name = "heymarket-conformance",
    .summary =
        "Says whether a server honours the contract of POST /v2/contact/{contactID}/channel.",
    .verbs = verbs,
    .epilogue = epilogue,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
