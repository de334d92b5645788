#include "mock_options.h"

#include "limit.h"
#include "server.h"
#include <stddef.h>

enum { THREADS_DEFAULT = 512 };

/* In the order of enum log_kind. */
static const char *const log_kinds[] = { "text", "json", "none", NULL };

const struct option serve_option_table[] = {
    { .name = "--listen",
      .value = "ADDR",
      .help = "Where to listen; repeatable. PORT (on 127.0.0.1), HOST:PORT or [IPV6]:PORT; port 0 "
              "picks a free one (default 127.0.0.1:8580).",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct serve_options, listen) },
    { .name = "--port-file",
      .value = "FILE",
      .help = "Once listening, write the base URLs to FILE, one a line; removed at a clean stop.",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct serve_options, port_file) },
    { .name = "--world",
      .value = "FILE",
      .help = "Teams, secrets and contacts to start with (default: the built-in "
              "worlds/default.json).",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct serve_options, world) },
    { .name = "--fixtures",
      .value = "DIR",
      .help = "Take fixtures from DIR instead of the built-in ones.",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct serve_options, fixtures) },
    { .name = "--profile",
      .value = "FILE",
      .help = "Values for what the contract leaves open, {\"v\":1,\"policy\":{NAME:VALUE}}; "
              "repeatable, a later one wins.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct serve_options, profiles) },
    { .name = "--strict",
      .help = "Refuse what is only warned of: typ=reject, phone-format=reject, "
              "unknown-member=reject.",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct serve_options, is_strict) },
    { .name = "--set",
      .value = "NAME=VALUE",
      .help = "One value for what the contract leaves open; repeatable, wins over --profile and "
              "--strict. An unknown NAME lists them all.",
      .kind = OPTION_TEXTS,
      .offset = offsetof(struct serve_options, settings) },
    { .name = "--terse",
      .help = "Say as little as the live API: errors bear the reason phrase alone, no "
              "X-Mock-Finding.",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct serve_options, is_terse) },
    { .name = "--clock",
      .value = "SPEC",
      .help = "What time it is: real, +SECONDS, -SECONDS, or @UNIX, which stands still (default "
              "real).",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct serve_options, clock) },
    { .name = "--rate-limit",
      .value = "N",
      .help = "Admit N requests in any 60 seconds for each secret, answer 429 to the others "
              "(default: no limit; the documented figure is 500).",
      .kind = OPTION_INTEGER,
      .offset = offsetof(struct serve_options, rate_limit),
      .least = 1,
      .most = LIMIT_MOST },
    { .name = "--log",
      .value = "KIND",
      .help = "One line a request to stderr: text, json or none (default text).",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct serve_options, log),
      .choices = log_kinds },
    { .name = "--threads",
      .value = "N",
      .help = "Connections served at once (default 512); the last quarter is kept free by "
              "answering Connection: close.",
      .kind = OPTION_INTEGER,
      .offset = offsetof(struct serve_options, threads),
      .least = 1,
      .most = SERVER_THREADS_MOST },
    { .name = NULL },
};

const struct option health_option_table[] = {
    { .name = "--port-file",
      .value = "FILE",
      .help = "The file that the mock wrote its base URLs to (default: ask "
              "http://127.0.0.1:8580).",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct health_options, port_file) },
    { .name = NULL },
};

void serve_options_defaults(void *options)
{
    struct serve_options *serve = options;

    serve->threads = THREADS_DEFAULT;
}

void serve_options_fini(void *options)
{
    struct serve_options *serve = options;

    option_texts_fini(&serve->listen);
    option_texts_fini(&serve->profiles);
    option_texts_fini(&serve->settings);
}
