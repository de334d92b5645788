#include "support/options.h"
#include "support/buf.h"
#include "support/options_parts.h"
#include "support/text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES = 16 * 1024, SHOWN_BYTES = 24, VERBS_MAX = 64 };

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

void option_texts_fini(struct option_texts *texts)
{
    free(texts->at);
    *texts = (struct option_texts){ 0 };
}

/* One line in one write, so that lines of several processes do not mix. */
static int fail(const struct program *program, int exit_code, const char *text)
{
    struct buf line;

    buf_init(&line, MESSAGE_BYTES);
    buf_printf(&line, "%s: ", program->name);
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
    struct buf text;
    va_list ap;

    buf_init(&text, MESSAGE_BYTES / 8); /* each byte may become \xNN */
    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    fail(program, exit_code, buf_ok(&text) ? buf_text(&text) : format);
    buf_fini(&text);
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

static bool is_group(const struct program *program, const char *word)
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

/* The verb that the first arguments name; the longest name wins. NULL: none. */
static const struct verb *find_verb(const struct program *program, int argc, char **argv,
                                    int *words)
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

/* The verb that was probably meant by @typed; NULL: none is near. */
static const char *nearest_verb(const struct program *program, const char *typed)
{
    const char *names[VERBS_MAX + 1] = { 0 };
    size_t count = 0;

    for (const struct verb *verb = program->verbs; verb->name != NULL && count < VERBS_MAX;
         verb++) {
        const char *last = strrchr(verb->name, ' ');

        if (last != NULL && strcmp(last + 1, typed) == 0)
            return verb->name; /* "sign" for "token sign" */
        if (*verb->name != '\0')
            names[count++] = verb->name;
    }
    return text_nearest(typed, names);
}

/* The names of all verbs, or of those of a group, with commas. */
static void list_verbs(struct buf *out, const struct program *program, const char *word)
{
    const char *comma = "";

    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++) {
        if (*verb->name == '\0' || (word != NULL && !verb_is_in_group(verb, word, strlen(word))))
            continue;
        buf_printf(out, "%s%s", comma, verb->name);
        comma = ", ";
    }
}

static int complain_of_verb(const struct program *program, int argc, char **argv)
{
    const char *word = argc > 0 ? argv[0] : NULL, *nearest = NULL;
    bool in_group = word != NULL && is_group(program, word);
    bool has_second = argc > 1 && argv[1][0] != '-';
    struct buf text, typed;

    buf_init(&text, MESSAGE_BYTES / 8);
    buf_init(&typed, MESSAGE_BYTES);
    if (word != NULL)
        buf_puts(&typed, word);
    if (has_second)
        buf_printf(&typed, " %s", argv[1]);
    nearest = nearest_verb(program, buf_text(&typed));
    if (nearest == NULL && word != NULL && !in_group)
        nearest = nearest_verb(program, word);

    if (word == NULL)
        buf_puts(&text, "found no command");
    else if (*word == '-')
        buf_printf(&text, "found the option %s before the command",
                   shown_text(word, strcspn(word, "=")).text);
    else if (in_group && !has_second)
        buf_printf(&text, "found half a command, '%s'", word);
    else if (in_group)
        buf_printf(&text, "unknown command %s", shown_text(typed.data, typed.length).text);
    else
        buf_printf(&text, "unknown command %s", shown_text(word, strlen(word)).text);
    if (nearest != NULL) {
        buf_printf(&text, "; did you mean '%s'?", nearest);
    } else {
        buf_puts(&text, ", expected one of: ");
        list_verbs(&text, program, in_group ? word : NULL);
        buf_putc(&text, '.');
    }
    program_fail(program, EXIT_USAGE, "%s See '%s%s%s --help'", buf_text(&text), program->name,
                 in_group ? " " : "", in_group ? word : "");
    buf_fini(&typed);
    buf_fini(&text);
    return EXIT_USAGE;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* `help`, `help token`, `help token sign`, `help --man`. */
static int help_main(const struct program *program, int argc, char **argv)
{
    int words;
    const struct verb *verb = find_verb(program, argc, argv, &words);

    if (verb != NULL && words == argc)
        help_verb(stdout, program, verb);
    else if (argc == 0)
        help_program(stdout, program);
    else if (argc == 1 && strcmp(argv[0], "--man") == 0)
        help_manual(stdout, program);
    else if (argc == 1 && is_group(program, argv[0]))
        help_group(stdout, program, argv[0]);
    else
        return complain_of_verb(program, argc, argv);
    return EXIT_GOOD;
}

static int dispatch(const struct program *program, int argc, char **argv)
{
    const struct verb *fallback = verb_default(program);
    int words;
    const struct verb *verb = find_verb(program, argc, argv, &words);

    if (verb != NULL)
        return verb_main(program, verb, argc - words, argv + words);
    if (argc > 0 && is_help(argv[0])) {
        help_program(stdout, program);
        return EXIT_GOOD;
    }
    if (argc > 0 && strcmp(argv[0], "--version") == 0) {
        help_version(stdout, program);
        return EXIT_GOOD;
    }
    if (argc > 0 && strcmp(argv[0], "help") == 0)
        return help_main(program, argc - 1, argv + 1);
    if (argc == 2 && is_help(argv[1]) && is_group(program, argv[0]))
        return help_main(program, 1, argv);
    if (fallback != NULL && (argc == 0 || argv[0][0] == '-' || fallback->most_arguments != 0))
        return verb_main(program, fallback, argc, argv);
    return complain_of_verb(program, argc, argv);
}

int program_main(const struct program *program, int argc, char **argv)
{
    int exit_code = argc > 0 ? dispatch(program, argc - 1, argv + 1) : dispatch(program, 0, argv);

    if (fflush(stdout) != 0 || ferror(stdout) != 0)
        return program_fail(program, EXIT_OUR_FAULT, "standard output cannot be written: %s",
                            strerror(errno));
    return exit_code;
}
