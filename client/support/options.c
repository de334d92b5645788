#include "support/options.h"
#include "support/buf.h"
#include "support/escape.h"
#include <stdio.h>
#include <string.h>

enum { MESSAGE_BYTES = 16 * 1024, SHOWN_BYTES = 24 };

int exit_code_of(enum hm_code code)
{
    switch (code) {
    case HM_OK:
        return EXIT_GOOD;
    case HM_TOKEN_REFUSED:
    case HM_REFUSED:
    case HM_RATE_LIMITED:
    case HM_SERVER_ERROR:
    case HM_BAD_ANSWER:
        return EXIT_FELL_SHORT;
    case HM_BAD_ARGUMENT:
    case HM_BAD_INPUT:
        return EXIT_USAGE;
    case HM_NOT_SENT:
        return EXIT_NOT_REACHABLE;
    case HM_CREDENTIALS_REFUSED:
        return EXIT_CREDENTIALS;
    case HM_OUTCOME_UNKNOWN:
        return EXIT_OUTCOME_UNKNOWN;
    case HM_NO_MEMORY:
    case HM_INTERNAL:
        break;
    }
    return EXIT_OUR_FAULT;
}

/* One line in one write, so that lines of several processes do not mix. */
static int fail(const struct program *program, int exit_code, const char *text)
{
    struct buf line;

    buf_init(&line, MESSAGE_BYTES);
    buf_printf(&line, "%s: ", program->name);
    if (program->write_message != NULL)
        program->write_message(&line, text, strlen(text));
    else
        escape_terminal(&line, text, strlen(text));
    buf_putc(&line, '\n');
    if (buf_ok(&line))
        fwrite(line.data, 1, line.length, stderr);
    else
        fprintf(stderr, "%s: out of memory\n", program->name);
    buf_fini(&line);
    return exit_code;
}

int program_fail(const struct program *program, int exit_code, const char *format, ...)
{
    char text[MESSAGE_BYTES / 8]; /* each byte may become \xNN */
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    fail(program, exit_code, text);
    return exit_code;
}

int program_fail_error(const struct program *program, const struct hm_error *err)
{
    return fail(program, exit_code_of(err->code), err->text);
}

struct shown shown_text(const char *text, size_t length)
{
    struct shown shown;

    if (length <= SHOWN_BYTES)
        snprintf(shown.text, sizeof shown.text, "'%.*s'", (int)length, text);
    else
        snprintf(shown.text, sizeof shown.text, "<%zu characters>", length);
    return shown;
}

struct shown verb_command(const struct program *program, const struct verb *verb)
{
    struct shown shown;

    snprintf(shown.text, sizeof shown.text, "%s%s%s", program->name, *verb->name != '\0' ? " " : "",
             verb->name);
    return shown;
}

const struct verb *verb_default(const struct program *program)
{
    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++)
        if (*verb->name == '\0')
            return verb;
    return NULL;
}

const struct verb *verb_twin(const struct program *program, const struct verb *verb)
{
    for (const struct verb *twin = program->verbs; twin->name != NULL; twin++)
        if ((*twin->name == '\0') != (*verb->name == '\0') && twin->run == verb->run &&
            twin->options == verb->options)
            return twin;
    return NULL;
}

bool verb_takes_command(const struct verb *verb)
{
    return strncmp(verb->arguments, "--", 2) == 0;
}

bool verb_is_in_group(const struct verb *verb, const char *word, size_t length)
{
    return strncmp(verb->name, word, length) == 0 && verb->name[length] == ' ';
}

const struct option *option_find(const struct verb *verb, const char *name, size_t length)
{
    const struct option *option = verb->options;

    for (; option != NULL && option->name != NULL; option++)
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    return NULL;
}

bool verb_is_group(const struct program *program, const char *word)
{
    const struct verb *verb = program->verbs;

    while (verb->name != NULL && !verb_is_in_group(verb, word, strlen(word)))
        verb++;
    return verb->name != NULL;
}

/* How many arguments the verb's name takes up; 0: the arguments do not name it. */
static int words_named(const struct verb *verb, int argc, char **argv)
{
    const char *name = verb->name;
    int words = 0;

    while (*name != '\0') {
        size_t length = strcspn(name, " ");

        if (words >= argc || strlen(argv[words]) != length ||
            strncmp(argv[words], name, length) != 0)
            return 0;
        words++;
        name += length;
        name += *name == ' ';
    }
    return words;
}

const struct verb *verb_find(const struct program *program, int argc, char **argv, int *words)
{
    const struct verb *found = NULL;

    *words = 0;
    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++) {
        int named = words_named(verb, argc, argv);

        if (named > *words) {
            *words = named;
            found = verb;
        }
    }
    return found;
}

size_t verb_argument(const struct verb *verb, int index, const char **name)
{
    *name = verb->arguments + strspn(verb->arguments, " ");
    for (; index > 0; index--) {
        *name += strcspn(*name, " ");
        *name += strspn(*name, " ");
    }
    return strcspn(*name, " ");
}

struct usage usage_of(const struct program *program, const struct verb *verb)
{
    const struct verb *twin = verb_twin(program, verb);
    const char *name = *verb->name != '\0' || twin == NULL ? verb->name : twin->name;
    bool is_optional = twin != NULL;
    struct usage usage;

    snprintf(usage.text, sizeof usage.text, "%s%s%s%s%s%s%s%s", program->name,
             *name != '\0' ? " " : "", is_optional ? "[" : "", name, is_optional ? "]" : "",
             verb->options != NULL ? " [options]" : "", *verb->arguments != '\0' ? " " : "",
             verb->arguments);
    return usage;
}
