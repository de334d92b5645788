#include "support/program.h"
#include "support/buf.h"
#include "support/options_help.h"
#include "support/options_parse.h"
#include "support/platform.h"
#include "support/text.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 2048, VERBS_MAX = 64, SIGNALLED = 128 };

/* The verb that was probably meant by @typed; NULL: no verb is similar. */
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
    bool in_group = word != NULL && verb_is_group(program, word);
    bool has_second = argc > 1 && argv[1][0] != '-';
    struct buf text, typed;

    buf_init(&text, MESSAGE_BYTES);
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

/* `help`, `help token`, `help token sign`. */
static int help_main(const struct program *program, int argc, char **argv)
{
    int words;
    const struct verb *verb = verb_find(program, argc, argv, &words);

    if (verb != NULL && words == argc)
        help_verb(stdout, program, verb);
    else if (argc == 0)
        help_program(stdout, program);
    else if (argc == 1 && verb_is_group(program, argv[0]))
        help_group(stdout, program, argv[0]);
    else
        return complain_of_verb(program, argc, argv);
    return EXIT_GOOD;
}

static int dispatch(const struct program *program, int argc, char **argv)
{
    const struct verb *fallback = verb_default(program);
    int words;
    const struct verb *verb = verb_find(program, argc, argv, &words);

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
    if (argc == 2 && is_help(argv[1]) && verb_is_group(program, argv[0]))
        return help_main(program, 1, argv);
    if (fallback != NULL && (argc == 0 || argv[0][0] == '-' || fallback->most_arguments != 0))
        return verb_main(program, fallback, argc, argv);
    return complain_of_verb(program, argc, argv);
}

/* Has the reader of the pipe closed it? An earlier write may have failed for that reason. */
static bool is_reader_gone(int descriptor)
{
    struct pollfd pipe = { .fd = descriptor, .events = POLLOUT };

    return poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0;
}

/* Started with one of the three closed, the first file or socket would take its place: what is
 * written to stderr would go to a client, or our own descriptor would be read as standard input.
 * Reading 0 and writing 1 fail as before. */
static void descriptors_secure(void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
            return;
    }
}

int program_main(const struct program *program, int argc, char **argv)
{
    int exit_code;

    descriptors_secure();
    platform_begin(argc > 0 ? argv[0] : NULL);
    exit_code = argc > 0 ? dispatch(program, argc - 1, argv + 1) : dispatch(program, 0, argv);
    errno = 0;
    if ((fflush(stdout) == 0 && ferror(stdout) == 0) || exit_code > SIGNALLED)
        return exit_code; /* a signal may have ended the writing, too */
    if (errno == EPIPE || is_reader_gone(STDOUT_FILENO))
        return SIGNALLED + SIGPIPE; /* in silence, like any other command */
    return program_fail(program, EXIT_USAGE, "standard output cannot be written%s%s",
                        errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
}
