#include "mock_program.h"

#include "health.h"
#include "http/server.h"
#include "mock_options.h"
#include "run/run.h"
#include "serve.h"
#include "tls/trust.h"
#include <jansson.h>
#include <stddef.h>

static const struct verb verbs[] = {
    { "", "", "Serve until SIGTERM or SIGINT.", serve_option_table, sizeof(struct serve_options),
      serve_options_defaults, serve_options_fini, 0, 0, serve_run },
    { "serve", "", "Serve until SIGTERM or SIGINT.", serve_option_table,
      sizeof(struct serve_options), serve_options_defaults, serve_options_fini, 0, 0, serve_run },
    { "run", "-- CMD [ARG...]",
      "Start on a free port, run CMD against it, say what was wrong, stop.", run_option_table,
      sizeof(struct run_options), run_options_defaults, run_options_fini, 1, -1, run_run },
    { "health", "", "Ask a running mock whether it answers.", health_option_table,
      sizeof(struct health_options), NULL, NULL, 0, 0, health_run },
    { .name = NULL },
};

static const char epilogue[] =
    "Examples:\n"
    "  heymarket-mock run -- npm test\n"
    "    The tests find the mock by the variables below; the exit code is theirs.\n"
    "  heymarket-mock run --fail-on refused --expect 1 --report mock.html -- pytest\n"
    "    Fails, too, when a request was refused or none was accepted.\n"
    "  heymarket-mock run --tls -- go test ./...\n"
    "    The same over HTTPS, with a certificate that the usual runtimes are made to trust.\n"
    "  heymarket-mock --fault status=429,retry-after=1,times=2\n"
    "    Serves on port 8580; the first two good requests are told to wait.\n"
    "\n"
    "Environment:\n"
    "run takes away every variable HEYMARKET_* that it was started with, and gives CMD those that "
    "the world has:\n"
    "  HEYMARKET_API_BASE_URL            the mock\n"
    "  HEYMARKET_API_SECRET_ID, _KEY     the secret of the world's first team\n"
    "  HEYMARKET_CONTACT_ID              a contact of that team\n"
    "  HEYMARKET_SECOND_SECRET_ID, _KEY  the team's other secret\n"
    "  HEYMARKET_OTHER_TEAM_CONTACT_ID   a contact of another team\n"
    "  HEYMARKET_EMPTY_CONTACT_ID        a contact without channels\n"
    "  HEYMARKET_MOCK_URL                the control plane, never over HTTPS\n"
    "  NO_PROXY, no_proxy                what they were, and the loopback addresses\n"
    "With --tls also SSL_CERT_FILE, NODE_EXTRA_CA_CERTS and the others by which runtimes find "
    "certificates, each merged with what it was. NO_COLOR, where it is set, keeps colours out of "
    "the summary.\n"
    "\n"
    "Signals:\n"
    "serve: TERM and INT stop it, HUP reads the files again, all or nothing. run: TERM, HUP, INT, "
    "QUIT, USR1 and USR2 are passed on to CMD, unless a terminal or CMD itself sent them; when run "
    "is killed, so is CMD, but not what CMD has started, and with --tls a directory "
    "heymarket-mock-* stays in TMPDIR.\n"
    "\n"
    "Control plane:\n"
    "JSON over HTTP on the same listeners, for loopback clients while every listener is loopback, "
    "else only with --control on. A write needs Content-Type: application/json.\n"
    "  GET /_mock/health                  does it answer, since when, how often\n"
    "  GET, PUT /_mock/policy             what the contract leaves open\n"
    "  GET, PUT /_mock/clock              what time it is\n"
    "  GET, PUT, DELETE /_mock/faults     faults to come\n"
    "  GET, DELETE /_mock/journal         the last exchanges\n"
    "  POST /_mock/verify                 was there such a request, and how often\n"
    "  GET /_mock/contacts/{UUID}         a contact as it stands\n"
    "  POST /_mock/reset                  back to the start, whole or in parts\n"
    "  POST /_mock/doctor                 what is wrong with an Authorization value\n"
    "The journal takes ?status= finding= contact= since= and limit=. {\"elapse_s\":301}, put to "
    "the "
    "clock, ages what is signed already, and nothing else.\n"
    "\n"
    "Exit codes:\n"
    "  0       stopped by a signal; health: it answers; run: CMD ended well\n"
    "  1       health: something else answers; run: --fail-on or --expect is not met\n"
    "  2       a bad command line, an unusable file, an address that is taken\n"
    "  3       health: nothing answers\n"
    "  5       our own fault\n"
    "  125     run: the mock did not start\n"
    "  126     run: CMD cannot be executed\n"
    "  127     run: CMD is not found\n"
    "  128+n   run: signal n ended CMD\n"
    "run ends with CMD's own exit code where that is not 0.\n";

static void print_version(FILE *out)
{
    fprintf(out, "%s, OpenSSL %s, jansson %s\n", server_library(), trust_library(),
            jansson_version_str());
}

const struct program mock_program = {
    .name = "heymarket-mock",
    .summary =
        "A stand-in for the Heymarket API's create-channel endpoint that says what is wrong.",
    .verbs = verbs,
    .epilogue = epilogue,
    .see_also = "heymarket(1), heymarket-conformance(1)",
    .print_version = print_version,
};
