#include "health.h"

#include "ask.h"
#include <string.h>

/* Says what is wrong, if anything, and returns the exit code. */
static int judge(const struct program *program, const struct ask_where *where,
                 const struct ask_answer *answer)
{
    static const char healthy[] = "{\"v\":1,\"status\":\"ok\"";

    if (answer->status != 200)
        return ask_refused(program, where, answer);
    if (strncmp(answer->body, healthy, sizeof healthy - 1) != 0)
        return program_fail(program, EXIT_FELL_SHORT,
                            "%s answers 200, but the body is not that of a mock", where->url);
    return EXIT_GOOD;
}

int health_run(const struct verb_call *call)
{
    struct ask_answer answer = { 0 };
    struct ask_where where;
    int exit_code = ask_find(&where, call->program, call->options);

    if (exit_code == EXIT_GOOD)
        exit_code = ask(&answer, call->program, &where, "GET", "/health", NULL);
    if (exit_code == EXIT_GOOD)
        exit_code = judge(call->program, &where, &answer);
    ask_fini(&answer);
    return exit_code;
}
