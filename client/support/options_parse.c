#include "support/options_parse.h"
#include "support/options_help.h"
#include "support/text.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 64 };

/* A command line on its way into the caller's struct. */
struct parse {
    const struct program *program;
    struct verb_call call;
    int argc, at; /* the arguments, and the next one */
    char **argv;
    int before_dashes; /* positional arguments before "--" */
    int exit_code;
    bool is_over; /* help was printed, or a mistake: exit with exit_code */
};

/* Prints "PROGRAM: text; see 'PROGRAM VERB --help'" and ends the parse. */
#define COMPLAIN(p, format, ...)                                                                   \
    ((p)->is_over = true,                                                                          \
     (p)->exit_code = program_fail((p)->program, EXIT_USAGE, format " See '%s --help'",            \
                                   __VA_ARGS__, verb_command((p)->program, (p)->call.verb).text))

static bool is_name(const char *name, const char *argument, size_t length)
{
    return strlen(name) == length && strncmp(name, argument, length) == 0;
}

static const char *nearest_option(const struct verb *verb, const char *name, size_t length)
{
    const char *names[OPTIONS_MAX + 1] = { "--help", "--version" };
    char typed[OPTIONS_MAX];
    size_t count = 2;

    if (length >= sizeof typed)
        return NULL;
    memcpy(typed, name, length);
    typed[length] = '\0';
    for (const struct option *option = verb->options;
         option != NULL && option->name != NULL && count < OPTIONS_MAX; option++)
        names[count++] = option->name;
    for (size_t i = 0; length > 3 && i < count; i++)
        if (strncmp(names[i], name, length) == 0)
            return names[i]; /* the user typed its beginning */
    return text_nearest(typed, names);
}

static void complain_of_option(struct parse *p, const char *name, size_t length)
{
    const char *nearest = nearest_option(p->call.verb, name, length);
    const struct verb *other = p->program->verbs;

    while (other->name != NULL && (*other->name == '\0' || !option_find(other, name, length)))
        other++;
    if (other->name != NULL)
        COMPLAIN(p, "found the option %.*s, which belongs to '%s'.", (int)length, name,
                 verb_command(p->program, other).text);
    else if (nearest != NULL)
        COMPLAIN(p, "unknown option %s; did you mean %s?", shown_text(name, length).text, nearest);
    else
        COMPLAIN(p, "unknown option %s.", shown_text(name, length).text);
}

static void set_integer(struct parse *p, const struct option *option, int64_t *place,
                        const char *value)
{
    bool has_range = option->least != 0 || option->most != 0;
    int64_t least = has_range ? option->least : INT64_MIN;
    int64_t most = has_range ? option->most : INT64_MAX;
    struct shown found = shown_text(value, strlen(value));

    if (text_to_int64(place, value, least, most))
        return;
    if (!has_range)
        COMPLAIN(p, "%s: found %s, expected an integer.", option->name, found.text);
    else if (most == INT64_MAX)
        COMPLAIN(p, "%s: found %s, expected an integer of at least %" PRId64 ".", option->name,
                 found.text, least);
    else
        COMPLAIN(p, "%s: found %s, expected an integer from %" PRId64 " to %" PRId64 ".",
                 option->name, found.text, least, most);
}

static void set_choice(struct parse *p, const struct option *option, int *place, const char *value)
{
    struct shown found = shown_text(value, strlen(value));
    char list[256] = "";

    for (int i = 0; option->choices[i] != NULL; i++) {
        size_t length = strlen(list);

        if (strcmp(option->choices[i], value) == 0) {
            *place = i;
            return;
        }
        snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "",
                 option->choices[i]);
    }
    COMPLAIN(p, "%s: found %s, expected one of: %s.", option->name, found.text, list);
}

static void add_text(struct parse *p, struct option_texts *texts, const char *value)
{
    const char **at = realloc(texts->at, (texts->count + 1) * sizeof *at);

    if (at == NULL) {
        p->is_over = true;
        p->exit_code = program_fail(p->program, EXIT_OUR_FAULT, "out of memory");
        return;
    }
    texts->at = at;
    texts->at[texts->count++] = value;
}

static void set_option(struct parse *p, const struct option *option, const char *value)
{
    void *place = (char *)p->call.options + option->offset;

    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)place = true;
        break;
    case OPTION_TEXT:
        *(const char **)place = value;
        break;
    case OPTION_TEXTS:
    case OPTION_MAYBE_TEXTS:
        add_text(p, place, value);
        break;
    case OPTION_INTEGER:
        set_integer(p, option, place, value);
        break;
    case OPTION_CHOICE:
    case OPTION_MAYBE_CHOICE:
        set_choice(p, option, place, value);
        break;
    }
}

/* The value is the next argument, whatever it looks like; but not the name of another option, which
 * tells that the value was forgotten. NULL: there is none. */
static const char *next_value(struct parse *p)
{
    const char *value = p->at < p->argc ? p->argv[p->at] : NULL;

    if (value == NULL || strcmp(value, "--") == 0 ||
        option_find(p->call.verb, value, strlen(value)) != NULL)
        return NULL;
    p->at++;
    return value;
}

static void parse_option(struct parse *p, const char *argument)
{
    size_t length = strcspn(argument, "=");
    const struct option *option = option_find(p->call.verb, argument, length);
    const char *value = argument[length] == '=' ? argument + length + 1 : NULL;

    if (option == NULL && (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)) {
        help_verb(stdout, p->program, p->call.verb);
        p->is_over = true;
    } else if (option == NULL && strcmp(argument, "--version") == 0) {
        help_version(stdout, p->program);
        p->is_over = true;
    } else if (option == NULL && value != NULL &&
               (is_name("--help", argument, length) || is_name("--version", argument, length))) {
        COMPLAIN(p, "%.*s: found a value, expected none.", (int)length, argument);
    } else if (option == NULL) {
        complain_of_option(p, argument, length);
    } else if (option->kind == OPTION_FLAG && value != NULL) {
        COMPLAIN(p, "%s: found a value, expected none.", option->name);
    } else if (option->kind == OPTION_MAYBE_TEXTS) {
        set_option(p, option, value != NULL ? value : "");
    } else if (option->kind == OPTION_MAYBE_CHOICE) {
        set_option(p, option, value != NULL ? value : option->choices[1]);
    } else if (option->kind != OPTION_FLAG && value == NULL && (value = next_value(p)) == NULL) {
        COMPLAIN(p, "%s: found no value, expected '%s %s'.", option->name, option->name,
                 option->value);
    } else {
        set_option(p, option, value);
    }
}

/* Sorts the arguments into options and, at the front of call.argv, positional ones. */
static void parse_all(struct parse *p)
{
    while (p->at < p->argc && !p->is_over) {
        char *argument = p->argv[p->at++];

        if (p->call.has_command || argument[0] != '-' || argument[1] == '\0') {
            p->call.argv[p->call.argc++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            p->call.has_command = true;
            p->before_dashes = p->call.argc;
        } else {
            parse_option(p, argument);
        }
    }
    if (!p->call.has_command)
        p->before_dashes = p->call.argc;
}

/* The argument that names a verb, where options came first and the default verb was taken instead.
 */
static const char *verb_after_options(const struct parse *p)
{
    if (*p->call.verb->name != '\0')
        return NULL;
    for (int i = 0; i < p->before_dashes; i++)
        for (const struct verb *verb = p->program->verbs; verb->name != NULL; verb++)
            if (*verb->name != '\0' && strcmp(verb->name, p->call.argv[i]) == 0)
                return verb->name;
    return NULL;
}

static void check_arguments(struct parse *p)
{
    const struct verb *verb = p->call.verb;
    struct usage usage = usage_of(p->program, verb);
    const char *name;
    int length;

    if (verb_takes_command(verb) && p->before_dashes > 0) {
        COMPLAIN(p, "found an argument before '--', expected '%s'.", usage.text);
    } else if (verb_takes_command(verb) && p->call.argc < verb->least_arguments) {
        COMPLAIN(p, "found no command to run, expected '%s'.", usage.text);
    } else if (p->call.argc < verb->least_arguments) {
        length = (int)verb_argument(verb, p->call.argc, &name);
        COMPLAIN(p, "found no %.*s, expected '%s'.", length, name, usage.text);
    } else if (verb->most_arguments >= 0 && p->call.argc > verb->most_arguments) {
        name = verb_after_options(p);
        if (name != NULL) {
            COMPLAIN(p, "found the command '%s' after an option, expected it first.", name);
            return;
        }
        /* Not quoted: a misplaced argument may be a key. */
        COMPLAIN(p, "found %d argument%s, expected '%s'.", p->call.argc,
                 plural((size_t)p->call.argc), usage.text);
    }
}

static void texts_free(const struct verb *verb, void *options)
{
    for (const struct option *option = verb->options; option != NULL && option->name != NULL;
         option++) {
        struct option_texts *texts = (void *)((char *)options + option->offset);

        if (option->kind == OPTION_TEXTS || option->kind == OPTION_MAYBE_TEXTS)
            free(texts->at);
    }
}

int verb_main(const struct program *program, const struct verb *verb, int argc, char **argv)
{
    struct parse p = { .program = program,
                       .call = { .program = program, .verb = verb },
                       .argc = argc,
                       .argv = argv,
                       .exit_code = EXIT_GOOD };

    /* One more: calloc() may answer NULL to 0, and argv ends with a NULL. */
    p.call.options = calloc(1, verb->options_bytes + 1);
    p.call.argv = calloc((size_t)argc + 1, sizeof *p.call.argv);
    if (p.call.options == NULL || p.call.argv == NULL) {
        p.exit_code = program_fail(program, EXIT_OUR_FAULT, "out of memory");
        goto out;
    }
    if (verb->defaults != NULL)
        verb->defaults(p.call.options);
    parse_all(&p);
    if (!p.is_over)
        check_arguments(&p);
    if (!p.is_over)
        p.exit_code = verb->run(&p.call);
    texts_free(verb, p.call.options);
out:
    free(p.call.argv);
    free(p.call.options);
    return p.exit_code;
}
