#include "sandbox_run.h"

#include "ask.h"
#include "contract/variables.h"
#include "env.h"
#include "host.h"
#include "run/child.h"
#include "run/command_environment.h"
#include "support/json_file.h"
#include "support/uuid.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORLD_FILE_BYTES_MAX = 64 * 1024, /* as much as the mock reads [T7] */
    NAMES_BYTES_MAX = 1024,
    DELETED = 200,
    CREATED = 201,
    NOT_FOUND = 404,
    COMMAND_TTL_S = 24 * 60 * 60 /* the command's end is the sandbox's; this is for a kill -9 */
};

static const char sandboxes[] = "/_mock/sandboxes/";

/* The body of the call. NULL: the file cannot be used, which was said; or out of memory. */
static char *body_make(const struct verb_call *call)
{
    const struct sandbox_options *options = call->options;
    int64_t ttl_s = options->ttl_s == 0 && call->has_command ? COMMAND_TTL_S : options->ttl_s;
    struct json_file file = { 0 };
    struct hm_error err = { 0 };
    json_t *root = json_object();
    char *text = NULL;

    if (options->world != NULL) {
        if (json_file_load(&file, options->world, WORLD_FILE_BYTES_MAX, &err) != HM_OK) {
            program_fail_error(call->program, &err);
            goto out;
        }
        json_object_set(root, "world", file.root);
    }
    if (ttl_s > 0)
        json_object_set_new(root, "ttl_s", json_integer(ttl_s));
    text = json_dumps(root, JSON_COMPACT);
out:
    json_file_fini(&file);
    json_decref(root);
    return text;
}

/* Makes a sandbox. ask_fini() the answer in any case. */
static int create(const struct verb_call *call, struct ask_where *where, struct ask_answer *answer)
{
    const struct sandbox_options *options = call->options;
    char *body = body_make(call);
    int exit_code = body == NULL ? EXIT_USAGE : ask_find(where, call->program, &options->ask);

    if (exit_code == EXIT_GOOD) {
        /* A sandbox is not made within another one. */
        snprintf(where->control, sizeof where->control, "%s", ask_main_control);
        exit_code = ask(answer, call->program, where, "POST", "/sandboxes", body);
    }
    if (exit_code == EXIT_GOOD && answer->status != CREATED)
        exit_code = ask_refused(call->program, where, answer);
    free(body);
    return exit_code;
}

/* Ends the one whose control plane @where is, and says which refusals that were expected there did
 * not come. These fail a command, too; that there was nothing left to end does not. */
static int end(const struct verb_call *call, const struct ask_where *where)
{
    struct ask_answer answer = { 0 };
    json_t *tree = NULL;
    int exit_code = ask(&answer, call->program, where, "DELETE", "", "");

    if (exit_code == EXIT_GOOD && answer.status == NOT_FOUND && call->has_command)
        program_fail(call->program, EXIT_GOOD,
                     "the sandbox ended before CMD did: give it more time with --ttl");
    else if (exit_code == EXIT_GOOD && answer.status != DELETED)
        exit_code = ask_refused(call->program, where, &answer);
    if (call->has_command)
        exit_code = EXIT_GOOD;
    if (answer.status == DELETED) {
        tree = json_loads(answer.body, 0, NULL);
        if (json_integer_value(json_object_get(tree, "unmet")) > 0)
            exit_code = program_fail(call->program, EXIT_FELL_SHORT, "expected refusals: %s",
                                     json_string_value(json_object_get(tree, "message")));
    }
    json_decref(tree);
    ask_fini(&answer);
    return exit_code;
}

/* --end, with an ID or a control URL. */
static int end_named(const struct verb_call *call)
{
    const struct sandbox_options *options = call->options;
    struct ask_where where = { 0 };
    int exit_code = EXIT_GOOD;

    if (uuid_is_valid(options->end, strlen(options->end))) {
        exit_code = ask_find(&where, call->program, &options->ask);
        snprintf(where.control, sizeof where.control, "%s%s", sandboxes, options->end);
    } else if (!ask_where_read(&where, options->end) ||
               strncmp(where.control, sandboxes, sizeof sandboxes - 1) != 0) {
        exit_code = program_fail(call->program, EXIT_USAGE,
                                 "--end: expected the ID or the control URL of a sandbox, such as "
                                 "\"$" VARIABLE_MOCK_CONTROL_URL "\" has");
    }
    return exit_code == EXIT_GOOD ? end(call, &where) : exit_code;
}

/* Gives the command the variables of the sandbox. It does not say that those of the same mock are
 * replaced, as everyone expects that. */
static bool environment_make(struct environment *environment, json_t *env)
{
    const char *inherited = environment_find(environment, VARIABLE_MOCK_URL);
    const char *url = json_string_value(json_object_get(env, VARIABLE_MOCK_URL));
    bool is_same = inherited != NULL && url != NULL && strcmp(inherited, url) == 0;
    const char *name;
    struct buf replaced;
    json_t *value;

    buf_init(&replaced, NAMES_BYTES_MAX);
    command_environment_begin(environment);
    json_object_foreach (env, name, value) {
        command_environment_set(environment, name, json_string_value(value));
    }
    command_environment_finish(environment, &replaced);
    if (!is_same)
        command_environment_say(&replaced);
    buf_fini(&replaced);
    return !environment->is_broken;
}

/* Runs the command with the variables of @answer. Fills @where with the sandbox's control plane
 * first, so that it can be ended whatever else fails. */
static int command_run(const struct verb_call *call, struct child *child, struct ask_where *where,
                       const struct ask_answer *answer)
{
    json_t *tree = json_loads(answer->body, 0, NULL);
    const char *id = json_string_value(json_object_get(tree, "id"));
    json_t *env = json_object_get(tree, "env");
    struct environment environment;
    struct hm_error err = { 0 };
    int exit_code;

    environment_init(&environment);
    if (id == NULL || !uuid_is_valid(id, strlen(id)) || !json_is_object(env)) {
        exit_code = program_fail(call->program, EXIT_FELL_SHORT,
                                 "the answer has no sandbox; is it a mock?");
        goto out;
    }
    snprintf(where->control, sizeof where->control, "%s%s", sandboxes, id);
    if (!environment_make(&environment, env)) {
        exit_code = program_fail(call->program, EXIT_OUR_FAULT, "out of memory");
        goto out;
    }
    exit_code = child_start(child, NULL, call->argv, environment.at, &err);
    if (exit_code == 0)
        exit_code = child_wait(child);
    else
        program_fail(call->program, exit_code, "%s", err.text);
out:
    environment_fini(&environment);
    json_decref(tree);
    return exit_code;
}

/* Makes a sandbox, runs the command and ends the sandbox. Signals that come before the command runs
 * are for it, those that come later for nobody. */
static int run_in_sandbox(const struct verb_call *call)
{
    struct ask_answer answer = { 0 };
    struct ask_where where = { 0 };
    struct child child;
    struct hm_error err = { 0 };
    sigset_t signals;
    int exit_code;

    host_block_signals(&signals);
    if (child_init(&child, &err) != HM_OK)
        return program_fail_error(call->program, &err);
    exit_code = create(call, &where, &answer);
    if (exit_code == EXIT_GOOD)
        exit_code = command_run(call, &child, &where, &answer);
    else
        host_end_by_signal(&signals);
    if (strncmp(where.control, sandboxes, sizeof sandboxes - 1) == 0) {
        int end_code = end(call, &where);

        exit_code = exit_code != EXIT_GOOD ? exit_code : end_code;
    }
    ask_fini(&answer);
    return exit_code;
}

int sandbox_run(const struct verb_call *call)
{
    const struct sandbox_options *options = call->options;
    struct ask_answer answer = { 0 };
    struct ask_where where = { 0 };
    int exit_code;

    if ((call->argc > 0) + options->is_env + (options->end != NULL) != 1)
        return program_fail(
            call->program, EXIT_USAGE, "expected '%s', or --env, or --end. See '%s --help'",
            usage_of(call->program, call->verb).text, verb_command(call->program, call->verb).text);
    if (options->end != NULL)
        return end_named(call);
    if (!options->is_env)
        return run_in_sandbox(call);
    exit_code = create(call, &where, &answer);
    if (exit_code == EXIT_GOOD)
        exit_code = env_print(call->program, (enum env_shell)options->shell, answer.body);
    ask_fini(&answer);
    return exit_code;
}
