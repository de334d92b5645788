#include "mock_program.h"

#include "contract/variables.h"
#include "control/criteria.h"
#include "control/where.h"
#include "env.h"
#include "fault/fault_read.h"
#include "fault/misbehave.h"
#include "fault/vary.h"
#include "health.h"
#include "http/server.h"
#include "load.h"
#include "mock_options.h"
#include "openapi.h"
#include "run/outcome.h"
#include "run/run.h"
#include "sandbox_run.h"
#include "serve.h"
#include "state_verb.h"
#include "store/policy.h"
#include "support/completion.h"
#include "support/offers.h"
#include "tls/openssl.h"
#include "verify.h"
#include <jansson.h>
#include <stddef.h>

static const struct verb verbs[] = {
    { "", "", "Serve until SIGTERM or SIGINT.", serve_option_table, sizeof(struct serve_options),
      serve_options_defaults, 0, 0, serve_run },
    { "serve", "", "Serve until SIGTERM or SIGINT.", serve_option_table,
      sizeof(struct serve_options), serve_options_defaults, 0, 0, serve_run },
    { "run", "-- CMD [ARG...]",
      "Start on a free port, run CMD against the mock, report what was wrong and stop.",
      run_option_table, sizeof(struct run_options), run_options_defaults, 0, -1, run_run },
    { "health", "", "Check whether a running mock answers.", health_option_table,
      sizeof(struct ask_options), NULL, 0, 0, health_run },
    { "env", "", "Print the variables that run would set, for a running mock.", env_option_table,
      sizeof(struct env_options), NULL, 0, 0, env_run },
    { "verify", "[NAME=VALUE...]",
      "Check which requests a running mock received, or which channels it has.",
      verify_option_table, sizeof(struct verify_options), verify_options_defaults, 0, -1,
      verify_run },
    { "sandbox", "-- CMD [ARG...]",
      "Run CMD with a world of its own on a running mock, or print the variables for it.",
      sandbox_option_table, sizeof(struct sandbox_options), NULL, 0, -1, sandbox_run },
    { "openapi", "", "Print an OpenAPI document of the API that the mock has.", NULL, 0, NULL, 0, 0,
      openapi_run },
    { "state export", "sqlite:FILE",
      "Print the world that a file keeps, with its channels as they are, as a world file.", NULL, 0,
      NULL, 1, 1, state_export_run },
    { "state import", "WORLD_FILE sqlite:FILE",
      "Make a new file that keeps the world of a world file.", NULL, 0, NULL, 2, 2,
      state_import_run },
    COMPLETION_VERB,
    { .name = NULL },
};

static void offer_misbehaviours(struct offers *offers)
{
    for (size_t i = 0; i < misbehaviour_count; i++)
        offer(offers, misbehaviours[i].name, misbehaviours[i].sentence);
    offer(offers, "list", "print the names");
}

static void offer_variations(struct offers *offers)
{
    vary_offer(offers);
    offer(offers, "list", "print the names");
}

/* The names of contacts are those of --world. */
static void offer_faults(struct offers *offers)
{
    struct offers_path world, fixtures;
    struct serve_options options = { .world = offers_option(offers, "--world", &world),
                                     .fixtures = offers_option(offers, "--fixtures", &fixtures) };
    struct state *state = NULL;
    struct hm_error err = { 0 };

    if (state_load(&state, &options, &err) != HM_OK)
        state = NULL;
    fault_offer(offers, state == NULL ? NULL : state->store);
    state_release(state);
}

static void offer_mock_url(struct offers *offers)
{
    offer_variable(offers, VARIABLE_MOCK_URL);
}

static void offer_control_url(struct offers *offers)
{
    offer_variable(offers, VARIABLE_MOCK_CONTROL_URL);
}

static const struct offer_row offers[] = {
    { "--set", policy_offer },
    { "--misbehave", offer_misbehaviours },
    { "--vary", offer_variations },
    { "--fault", offer_faults },
    { "--fail-on", outcome_offer_fail_on },
    { "--allow", mistake_set_offer },
    { "--url", offer_mock_url },
    { "--end", offer_control_url },
    { "NAME=VALUE", where_offer },
    { NULL, NULL },
};

static const char epilogue[] =
    "Examples:\n"
    "  heymarket-mock run -- npm test\n"
    "    The tests find the mock through the variables below; their exit code is passed on.\n"
    "  heymarket-mock run --fail-on refused --expect 1 --report mock.html -- pytest\n"
    "    Also fails if a request was refused or no request was accepted.\n"
    "  heymarket-mock run --tls -- go test ./...\n"
    "    Uses HTTPS; common runtimes trust the certificate.\n"
    "  heymarket-mock run --intercept -- ./test\n"
    "    For a program with https://api.heymarket.com in its code.\n"
    "  eval \"$(heymarket-mock env)\"\n"
    "    Sets the variables in this shell for a mock that serves on port 8580.\n"
    "  heymarket-mock verify contact=ada channel_id=14155550199 --exactly 1\n"
    "    Exits with 0 if exactly one such request was received. NAME is a member of \"where\" of "
    "POST /_mock/verify, or body.MEMBER.\n"
    "  heymarket-mock sandbox -- npm test\n"
    "    Has contacts, faults, clock and journal of its own on the mock that serves on port 8580.\n"
    "  heymarket-mock --fault status=429,retry-after=1,times=2\n"
    "    Serves on port 8580 and answers the first two valid requests with 429.\n"
    "\n"
    "Environment:\n"
    "run and sandbox set these for CMD, as far as the world has them. They say which inherited "
    "ones they replaced or removed. env prints them for a running mock:\n"
    "  HEYMARKET_API_BASE_URL            the mock\n"
    "  HEYMARKET_API_SECRET_ID, _KEY     the secret of the world's first team\n"
    "  HEYMARKET_CONTACT_ID              a contact of that team\n"
    "  HEYMARKET_SECOND_SECRET_ID, _KEY  the team's other secret\n"
    "  HEYMARKET_OTHER_TEAM_CONTACT_ID   a contact of another team\n"
    "  HEYMARKET_EMPTY_CONTACT_ID        a contact without channels\n"
    "  HEYMARKET_MOCK_URL                the mock, always over HTTP\n"
    "  HEYMARKET_MOCK_CONTROL_URL        its control plane: the same with /_mock, or that of the "
    "sandbox\n"
    "  NO_PROXY, no_proxy                the inherited value plus the loopback addresses\n"
    "With --tls it also sets SSL_CERT_FILE, NODE_EXTRA_CA_CERTS and similar variables; each bundle "
    "also contains the certificates of the inherited value. If NO_COLOR is set, the summary has no "
    "colors.\n"
    "\n"
    "Signals:\n"
    "serve stops on TERM and INT, and with --until-stdin-ends when standard input ends. On HUP it "
    "reads its files again; if one of them is invalid, "
    "nothing changes. run and sandbox forward TERM, HUP, INT, QUIT, USR1 and USR2 to CMD, unless "
    "a terminal sent the signal to both. If they are killed, CMD is killed too, but not the "
    "children of CMD; with run --tls a directory heymarket-mock-* stays in TMPDIR until the next "
    "run, and a sandbox stays until its time is over.\n";

static const char epilogue_end[] =
    "Control plane:\n"
    "JSON over HTTP on the same listeners. It answers loopback clients if every listener is "
    "loopback; otherwise it needs --control on. A request with a body needs Content-Type: "
    "application/json.\n"
    "  GET /_mock/health                  status, uptime and counts\n"
    "  GET, PUT /_mock/policy             policy values\n"
    "  GET, PUT /_mock/clock              the mock's clock\n"
    "  GET, POST, DELETE /_mock/expect    refusals that a test expects\n"
    "  GET, PUT, DELETE /_mock/faults     fault rules\n"
    "  GET, DELETE /_mock/journal         the last exchanges\n"
    "  POST /_mock/verify                 check which requests were received, and how often\n"
    "  GET /_mock/contacts                the contacts, with offset and limit\n"
    "  GET /_mock/contacts/{contact}      a contact, by UUID or name, and its channels\n"
    "  GET /_mock/                        a page for a browser that shows requests as they come\n"
    "  GET /_mock/events                  what it shows, as Server-Sent Events\n"
    "  GET /_mock/env                     the variables that run sets\n"
    "  POST /_mock/reset                  restore the initial state, all of it or parts\n"
    "  POST /_mock/doctor                 check an Authorization value\n"
    "  GET, POST /_mock/sandboxes         worlds of their own, for parallel tests\n"
    "  GET, DELETE /_mock/sandboxes/{id}  one sandbox; {id}/... has the paths above\n"
    "  GET /openapi.json                  the OpenAPI document that openapi prints\n"
    "The journal accepts the query parameters status, finding, contact, since and limit. PUT "
    "{\"elapse_s\":301} to the clock makes existing tokens 301 s older and changes nothing else.\n"
    "\n"
    "Exit codes:\n"
    "  0       stopped by a signal; health: the mock answers; run: success\n"
    "  1       health: the answer is not from the mock; run: --fail-on or --expect failed\n"
    "  2       invalid command line, unusable file or address in use, or output that cannot be "
    "written\n"
    "  3       health: nothing answers\n"
    "  5       internal error\n"
    "  125     run: the mock did not start, or --intercept is not possible\n"
    "  126     run: CMD cannot be executed\n"
    "  127     run: CMD is not found\n"
    "  128+n   run: signal n ended CMD\n"
    "If the exit code of CMD is not 0, run exits with that code.\n";

/* Of the verbs that ask a running mock. */
static const char asking_epilogue[] =
    "Examples:\n"
    "  eval \"$(heymarket-mock env)\"\n"
    "    Sets the variables in this shell for a mock that serves on port 8580.\n"
    "  heymarket-mock verify contact=ada channel_id=14155550199 --exactly 1\n"
    "    Exits with 0 if exactly one such request was received.\n"
    "  heymarket-mock sandbox -- npm test\n"
    "    Runs the tests with contacts, faults, clock and journal of their own; ends the sandbox "
    "afterwards.\n"
    "  eval \"$(heymarket-mock sandbox --env)\"\n"
    "    The same for this shell. Then: heymarket-mock sandbox --end "
    "\"$HEYMARKET_MOCK_CONTROL_URL\"\n"
    "\n"
    "NAME is status, method, path, operation, contact, channel_type, channel_id, team, secret_id, "
    "finding, "
    "fault or accepted, as in POST /_mock/verify, or body.MEMBER.\n"
    "\n"
    "Exit codes:\n"
    "  0        the mock answers; verify: as many as expected\n"
    "  1        the mock refuses, or it is not the mock; verify: not as many as expected\n"
    "  2        invalid command line, unreadable file, or output that cannot be written\n"
    "  3        nothing answers\n"
    "  126      sandbox: CMD cannot be executed\n"
    "  127      sandbox: CMD is not found\n"
    "  128+n    sandbox: signal n ended CMD\n"
    "sandbox exits with the exit code of CMD.\n";

static const char state_epilogue[] =
    "Examples:\n"
    "  heymarket-mock --state sqlite:mock.db\n"
    "    Serves what mock.db keeps, and keeps in it what changes.\n"
    "  heymarket-mock state export sqlite:mock.db >world.json\n"
    "    Writes it to a world file, once the mock has stopped.\n"
    "  heymarket-mock state import world.json sqlite:new.db\n"
    "    Makes new.db, for --state sqlite:new.db.\n"
    "\n"
    "Exit codes:\n"
    "  0       success\n"
    "  2       invalid command line, unusable file, or output that cannot be written\n"
    "  5       internal error\n";

static const char *verb_epilogue(const struct verb *verb)
{
    if (verb->run == state_export_run || verb->run == state_import_run)
        return state_epilogue;
    return verb->run == health_run || verb->run == env_run || verb->run == verify_run ||
                   verb->run == sandbox_run
               ? asking_epilogue
               : NULL;
}

static void print_version(FILE *out)
{
    fprintf(out, "%s, OpenSSL %s, jansson %s\n", server_library(), openssl_version(),
            jansson_version_str());
}

const struct program mock_program = {
    .name = "heymarket-mock",
    .summary =
        "A mock of the Heymarket API's calls for channels and inboxes that explains what is wrong "
        "with a request.",
    .verbs = verbs,
    .epilogue = epilogue,
    .epilogue_end = epilogue_end,
    .offers = offers,
    .verb_epilogue = verb_epilogue,
    .print_version = print_version,
};
