/* heymarket: the table of its verbs. */
#include "cli/cli_verbs.h"

#include <stddef.h>

static const struct verb verbs[] = {
    { "token sign", "", "Print a token that is good for the next five minutes.", token_sign_options,
      sizeof(struct token_options), token_defaults, NULL, 0, 0, token_sign },
    { "token inspect", "[TOKEN|-]",
      "Show a token's header, claims and age. Judges nothing and needs no secret.",
      token_inspect_options, sizeof(struct token_options), token_defaults, NULL, 0, 1,
      token_inspect },
    { "token verify", "[TOKEN|-]",
      "Judge a token: every mistake, by clause of the contract, with its cure.",
      token_verify_options, sizeof(struct token_options), token_defaults, NULL, 0, 1,
      token_verify },
    { "doctor", "[FILE|-]",
      "Find every token in a header line, curl -v output, a HAR file or a log, and judge it.",
      doctor_options, sizeof(struct doctor_options), doctor_defaults, NULL, 0, 1, doctor },
    { "channel create", "CONTACT_UUID", "Add a channel to a contact, and print all it has.",
      channel_create_options, sizeof(struct channel_options), NULL, NULL, 1, 1, channel_create },
    { .name = NULL },
};

static const char epilogue[] =
    "TOKEN is a token, the value of an Authorization header, or the whole header line; \"-\", or "
    "nothing, reads it from standard input, without its last line break.\n"
    "\n"
    "Environment:\n"
    "  HEYMARKET_API_SECRET_ID, _KEY     the secret that signs\n"
    "  HEYMARKET_SECOND_SECRET_ID, _KEY  the team's other one, for verifying\n"
    "  HEYMARKET_API_BASE_URL            where the API is, if not live\n"
    "A variable that is empty is unset. A secret never goes on the command line.\n"
    "\n"
    "Exit codes:\n"
    "  0  good\n"
    "  1  judged and refused, or an answer that was an error\n"
    "  2  a mistake on the command line, or input that cannot be read\n"
    "  3  not reachable, nothing was sent\n"
    "  4  the server refused the credentials (401)\n"
    "  5  our own fault\n"
    "  6  outcome unknown: sent, but no answer came\n";

static const struct program program = {
    .name = "heymarket",
    .summary = "Signs and judges Heymarket API tokens, and creates contact channels.",
    .verbs = verbs,
    .epilogue = epilogue,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
