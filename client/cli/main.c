/* The verbs of `heymarket`. */
#include "cli/api_call.h"
#include "cli/command_channel.h"
#include "cli/command_check.h"
#include "cli/command_doctor.h"
#include "cli/command_token.h"
#include "contract/channel_rules.h"
#include "contract/mask_environment.h"
#include "contract/variables.h"
#include "support/completion.h"
#include "support/offers.h"
#include "support/program.h"

static const struct verb verbs[] = {
    { "token sign", "", "Print a token that is valid for five minutes.", token_sign_options,
      sizeof(struct token_options), token_defaults, 0, 0, token_sign },
    { "token inspect", "[TOKEN|-]",
      "Show header, claims and age of a token, without checking it. Needs no secret.",
      token_inspect_options, sizeof(struct token_options), token_defaults, 0, 1, token_inspect },
    { "token verify", "[TOKEN|-]",
      "Check a token. Prints every mistake with its clause and what to change.",
      token_verify_options, sizeof(struct token_options), token_defaults, 0, 1, token_verify },
    { "doctor", "[FILE|-]",
      "Find and check every token in a header line, curl -v output, a HAR file or a log. Calls no "
      "server.",
      doctor_options, sizeof(struct doctor_options), doctor_defaults, 0, 1, doctor },
    { "check", "",
      "Call GET /v1/inboxes and print one line: whether the credentials are good and for which "
      "team "
      "and inboxes, or what is wrong. Changes nothing.",
      check_options, sizeof(struct api_options), NULL, 0, 0, check },
    { "channel create", "CONTACT_UUID",
      "Add a channel to a contact and print the contact's channels.", channel_write_options,
      sizeof(struct api_options), NULL, 1, 1, channel_create },
    { "channel get", "CONTACT_UUID", "Print a contact's channel of one type.", channel_type_options,
      sizeof(struct api_options), NULL, 1, 1, channel_get },
    { "channel list", "CONTACT_UUID", "Print all channels of a contact.", channel_list_options,
      sizeof(struct api_options), NULL, 1, 1, channel_list },
    { "channel update", "CONTACT_UUID", "Give a contact's channel of one type a new value.",
      channel_write_options, sizeof(struct api_options), NULL, 1, 1, channel_update },
    { "channel delete", "CONTACT_UUID",
      "Remove a contact's channel of one type. It cannot be undone.", channel_type_options,
      sizeof(struct api_options), NULL, 1, 1, channel_delete },
    COMPLETION_VERB,
    { .name = NULL },
};

static void offer_types(struct offers *offers)
{
    offer_words(offers, channel_known_types);
}

static void offer_contacts(struct offers *offers)
{
    offer_variable(offers, VARIABLE_CONTACT_ID);
    offer_variable(offers, VARIABLE_EMPTY_CONTACT_ID);
    offer_variable(offers, VARIABLE_OTHER_CONTACT_ID);
}

static void offer_base_url(struct offers *offers)
{
    offer_variable(offers, VARIABLE_BASE_URL);
}

static const struct offer_row offers[] = {
    { "--type", offer_types },
    { "--base-url", offer_base_url },
    { "CONTACT_UUID", offer_contacts },
    { NULL, NULL },
};

static const char epilogue[] =
    "TOKEN is a token, the value of an Authorization header, or the whole header line. If it is "
    "\"-\" or missing, the program reads it from standard input and ignores a final line break.\n"
    "\n"
    "Environment:\n"
    "  HEYMARKET_API_SECRET_ID, _KEY     the secret that signs\n"
    "  HEYMARKET_SECOND_SECRET_ID, _KEY  the team's other secret, to verify tokens\n"
    "  HEYMARKET_API_BASE_URL            base URL of the API (default: the live API)\n"
    "An empty variable counts as unset. There is no option for a secret, because other users could "
    "see it in ps.\n"
    "\n"
    "If a call is refused: \"check\" asks the server whether the credentials are good; \"doctor\" "
    "finds "
    "out what is wrong with a token that another program has sent, and calls no server.\n"
    "\n"
    "Limits: a response has at most 64 KiB and 256 fields of headers and 16 MiB of body. A file "
    "that is "
    "read is a regular file or a pipe; a pipe that delivers nothing for 10 s is refused.\n"
    "\n"
    "Exit codes:\n"
    "  0  success; the token is valid\n"
    "  1  the token is refused, or the server answered with an error\n"
    "  2  invalid command line, unreadable input, or output that cannot be written\n"
    "  3  server not reachable, nothing was sent\n"
    "  4  the server refused the credentials (401)\n"
    "  5  internal error\n"
    "  6  outcome unknown: the request was sent, but no response arrived\n";

static const struct program program = {
    .name = "heymarket",
    .summary = "Signs and checks Heymarket API tokens, and reads and changes contact channels.",
    .verbs = verbs,
    .epilogue = epilogue,
    .offers = offers,
    .write_message = mask_environment_write,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
