/* heymarket-mock: the table of its verbs. */
#include "health.h"
#include "mock_options.h"
#include "serve.h"
#include "server.h"

#include <fcntl.h>
#include <jansson.h>
#include <stddef.h>
#include <unistd.h>

static const struct verb verbs[] = {
    { "", "", "Serve until SIGTERM or SIGINT.", serve_option_table, sizeof(struct serve_options),
      serve_options_defaults, serve_options_fini, 0, 0, serve_run },
    { "serve", "", "Serve until SIGTERM or SIGINT.", serve_option_table,
      sizeof(struct serve_options), serve_options_defaults, serve_options_fini, 0, 0, serve_run },
    { "health", "", "Ask a running mock whether it answers.", health_option_table,
      sizeof(struct health_options), NULL, NULL, 0, 0, health_run },
    { .name = NULL },
};

static const char epilogue[] =
    "The control plane: GET /_mock/health, GET /_mock/policy and POST /_mock/doctor, for loopback "
    "clients, while every listener is loopback.\n"
    "\n"
    "Exit codes:\n"
    "  0  stopped by a signal; health: it answers\n"
    "  1  health: something else answers\n"
    "  2  a mistake on the command line, a file that cannot be used, an address that is taken\n"
    "  3  health: nothing answers\n"
    "  5  our own fault\n";

static void print_version(FILE *out)
{
    fprintf(out, "%s, jansson %s\n", server_library(), jansson_version_str());
}

static const struct program program = {
    .name = "heymarket-mock",
    .summary =
        "A stand-in for the Heymarket API's create-channel endpoint that says what is wrong.",
    .verbs = verbs,
    .epilogue = epilogue,
    .print_version = print_version,
};

/* Started with one of the three closed, the first socket would take its place, and what is written
 * to stderr would go to a client. */
static void descriptors_secure(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
            return;
    }
}

int main(int argc, char **argv)
{
    descriptors_secure();
    return program_main(&program, argc, argv);
}
