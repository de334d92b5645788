#include "verify.h"

#include "ask.h"
#include "mock_options.h"
#include "support/escape.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 64 * 1024, VERIFIED = 200, BAD_REQUEST = 400 };

static const char body_prefix[] = "body.";

/* The value of a condition as JSON: true, false and numbers only where the member takes them. */
static json_t *value_of(const char *name, const char *text)
{
    if (strcmp(name, "fault") == 0 || strcmp(name, "accepted") == 0)
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0 ? json_boolean(*text == 't')
                                                                       : json_string(text);
    if (strcmp(name, "team") == 0)
        return json_integer(strtoll(text, NULL, 10));
    return json_string(text);
}

/* Adds NAME=VALUE to the conditions. False: it is not that. */
static bool condition_add(json_t *where, const char *argument)
{
    const char *equals = strchr(argument, '=');
    char name[64];

    if (equals == NULL || equals == argument || (size_t)(equals - argument) >= sizeof name)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(equals - argument), argument);
    if (strncmp(name, body_prefix, sizeof body_prefix - 1) != 0)
        return json_object_set_new(where, name, value_of(name, equals + 1)) == 0;

    json_t *body = json_object_get(where, "body");

    if (body == NULL) {
        body = json_object();
        if (json_object_set_new(where, "body", body) != 0)
            return false;
    }
    return json_object_set_new(body, name + sizeof body_prefix - 1, json_string(equals + 1)) == 0;
}

static void bound_add(json_t *object, const char *name, int64_t value)
{
    if (value >= 0)
        json_object_set_new(object, name, json_integer(value));
}

/* The body of the call. NULL: an argument is not NAME=VALUE, which was said; or out of memory. */
static char *body_make(const struct verb_call *call)
{
    const struct verify_options *options = call->options;
    json_t *where = json_object();
    json_t *root = options->is_of_channels ? json_pack("{s:O}", "channels", where)
                                           : json_pack("{s:O}", "where", where);
    json_t *bounded = options->is_of_channels ? where : root;
    char *text = NULL;

    for (int i = 0; i < call->argc; i++) {
        if (!condition_add(where, call->argv[i])) {
            program_fail(call->program, EXIT_USAGE, "%s: expected NAME=VALUE, such as contact=ada",
                         shown_text(call->argv[i], strlen(call->argv[i])).text);
            goto out;
        }
    }
    bound_add(bounded, "at_least", options->at_least);
    bound_add(bounded, "at_most", options->at_most);
    bound_add(bounded, "exactly", options->exactly);
    text = json_dumps(root, JSON_COMPACT);
out:
    json_decref(where);
    json_decref(root);
    return text;
}

static void line_print(FILE *out, const char *before, const char *text)
{
    struct buf shown;

    if (text == NULL)
        return;
    buf_init(&shown, TEXT_BYTES_MAX);
    escape_terminal(&shown, text, strlen(text));
    fprintf(out, "%s%s\n", before, buf_text(&shown));
    buf_fini(&shown);
}

static void channel_print(const json_t *channel)
{
    const char *type = json_string_value(json_object_get(channel, "channel_type"));
    const char *id = json_string_value(json_object_get(channel, "channel_id"));
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    buf_printf(&text, "%s %s", type != NULL ? type : "", id != NULL ? id : "");
    line_print(stderr, "  there is: ", buf_text(&text));
    buf_fini(&text);
}

/* What is wrong with an argument, without its place in the body, which we wrote. */
static const char *argument_complaint(const char *message)
{
    static const char *const parents[] = { "/where/", "/channels/" };

    for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
        const char *found = strstr(message, parents[i]);

        if (found != NULL)
            return found + strlen(parents[i]);
    }
    return message;
}

/* Says what the mock found, and returns the exit code. */
static int answer_print(const struct verb_call *call, const struct ask_where *where,
                        const struct ask_answer *answer)
{
    json_t *tree = json_loads(answer->body, 0, NULL);
    const char *message = json_string_value(json_object_get(tree, "message"));
    json_t *misses = json_object_get(tree, "misses");
    json_t *channels = json_object_get(tree, "channels");
    json_t *element;
    size_t i;
    int exit_code = EXIT_FELL_SHORT;

    if (answer->status == VERIFIED) {
        printf("verified: %lld found\n",
               (long long)json_integer_value(json_object_get(tree, "matched")));
        exit_code = EXIT_GOOD;
    } else if (message == NULL) {
        exit_code = ask_refused(call->program, where, answer);
    } else {
        exit_code = answer->status == BAD_REQUEST ? EXIT_USAGE : EXIT_FELL_SHORT;
        program_fail(call->program, exit_code, "%s", argument_complaint(message));
        json_array_foreach (misses, i, element) {
            line_print(stderr, "  near: ", json_string_value(json_object_get(element, "text")));
        }
        json_array_foreach (channels, i, element) {
            channel_print(element);
        }
    }
    json_decref(tree);
    return exit_code;
}

int verify_run(const struct verb_call *call)
{
    const struct verify_options *options = call->options;
    struct ask_answer answer = { 0 };
    struct ask_where where;
    char *body = body_make(call);
    int exit_code = body == NULL ? EXIT_USAGE : ask_find(&where, call->program, &options->ask);

    if (exit_code == EXIT_GOOD)
        exit_code = ask(&answer, call->program, &where, "POST", "/verify", body);
    if (exit_code == EXIT_GOOD)
        exit_code = answer_print(call, &where, &answer);
    ask_fini(&answer);
    free(body);
    return exit_code;
}
