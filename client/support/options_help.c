#include "support/options_help.h"
#include <heymarket/version.h>
#include <string.h>

enum {
    HELP_COLUMNS = 80,     /* of a line, at most */
    HELP_INDENT = 2,       /* before a name */
    HELP_GAP = 2,          /* between a name and its text */
    HELP_TEXT_COLUMN = 30, /* a longer name gets a line of its own */
    HELP_TEXT_COLUMN_MOST = 50,
};

/* Columns that UTF-8 takes on a terminal, near enough: code points. */
static size_t width(const char *text, size_t length)
{
    size_t columns = 0;

    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static void spaces(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

/* Prints one line of text that begins at @column, broken between words; further lines begin at
 * @indent. */
static void wrap_line(FILE *out, const char *text, size_t length, size_t column, size_t indent)
{
    size_t at = 0;

    while (at < length) {
        size_t gap = strspn(text + at, " ");
        size_t word = strcspn(text + at + gap, " \n");
        size_t columns = width(text + at + gap, word);

        if (at > 0 && word > 0 && column + gap + columns > HELP_COLUMNS) {
            fputc('\n', out);
            spaces(out, indent);
            column = indent;
        } else {
            spaces(out, gap);
            column += gap;
        }
        fwrite(text + at + gap, 1, word, out);
        column += columns;
        at += gap + word;
    }
    fputc('\n', out);
}

/* Where a line goes on that wraps: below its own beginning, or below the text of "  NAME  text". */
static size_t hanging_indent(const char *line, size_t length)
{
    size_t start = strspn(line, " ");

    for (size_t i = start; start > 0 && i + 1 < length; i++) {
        if (line[i] == ' ' && line[i + 1] == ' ') {
            size_t at = i + strspn(line + i, " ");

            return at < HELP_TEXT_COLUMN_MOST ? at : start;
        }
    }
    return start;
}

/* The same for lines that the text breaks by itself. */
static void wrap(FILE *out, const char *text, size_t column, size_t indent)
{
    bool is_first = true;

    do {
        size_t length = strcspn(text, "\n");

        if (!is_first && length > 0)
            spaces(out, indent);
        wrap_line(out, text, length, is_first ? column : indent,
                  indent + hanging_indent(text, length));
        is_first = false;
        text += length;
        text += *text == '\n';
    } while (*text != '\0');
}

/* Text between a name and its value: none before "[=VALUE]". */
static const char *gap_before(const char *value)
{
    return *value == '[' ? "" : " ";
}

/* One name and its text, in two columns. */
static void print_row(FILE *out, const char *name, const char *value, size_t column,
                      const char *text)
{
    size_t columns = HELP_INDENT + width(name, strlen(name));

    spaces(out, HELP_INDENT);
    fputs(name, out);
    if (value != NULL) {
        fprintf(out, "%s%s", gap_before(value), value);
        columns += strlen(gap_before(value)) + width(value, strlen(value));
    }
    if (columns + HELP_GAP > column) {
        fputc('\n', out);
        columns = 0;
    }
    spaces(out, column - columns);
    wrap(out, text, column, column);
}

/* The column where texts begin, after names of this width. */
static size_t text_column(size_t so_far, const char *name, const char *value)
{
    size_t columns = HELP_INDENT + HELP_GAP + width(name, strlen(name));

    if (value != NULL)
        columns += strlen(gap_before(value)) + width(value, strlen(value));
    return columns <= HELP_TEXT_COLUMN && columns > so_far ? columns : so_far;
}

static bool is_listed(const struct program *program, const struct verb *verb, const char *group)
{
    if (group != NULL)
        return verb_is_in_group(verb, group, strlen(group));
    /* A default verb stands under its name, if it has one. */
    return *verb->name != '\0' || verb_twin(program, verb) == NULL;
}

static void print_usages(FILE *out, const struct program *program, const char *group)
{
    const char *head = "Usage: ";

    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++) {
        if (!is_listed(program, verb, group))
            continue;
        fprintf(out, "%s%s\n", head, usage_of(program, verb).text);
        head = "       ";
    }
}

static void print_verbs(FILE *out, const struct program *program, const char *group)
{
    size_t column = 0;

    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++)
        if (is_listed(program, verb, group))
            column = text_column(column, *verb->name != '\0' ? verb->name : "(none)", NULL);
    fputs("\nCommands:\n", out);
    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++)
        if (is_listed(program, verb, group))
            print_row(out, *verb->name != '\0' ? verb->name : "(none)", NULL, column,
                      verb->summary);
    fprintf(out, "\nRun '%s COMMAND --help' for the options of a command.\n", program->name);
}

static void print_options(FILE *out, const struct verb *verb)
{
    static const char help[] = "-h, --help", version[] = "--version";
    size_t column = text_column(0, help, NULL);
    const struct option *option;

    for (option = verb->options; option != NULL && option->name != NULL; option++)
        column = text_column(column, option->name, option->value);
    for (option = verb->options; option != NULL && option->name != NULL; option++)
        print_row(out, option->name, option->value, column, option->help);
    print_row(out, help, NULL, column, "Print this and exit.");
    print_row(out, version, NULL, column, "Print the version and exit.");
}

static void print_epilogue(FILE *out, const char *epilogue)
{
    if (epilogue == NULL)
        return;
    fputc('\n', out);
    wrap(out, epilogue, 0, 0);
}

void help_group(FILE *out, const struct program *program, const char *word)
{
    print_usages(out, program, word);
    print_verbs(out, program, word);
}

void help_program(FILE *out, const struct program *program)
{
    const struct verb *fallback = verb_default(program);
    const struct verb *twin = fallback != NULL ? verb_twin(program, fallback) : NULL;

    print_usages(out, program, NULL);
    fputc('\n', out);
    wrap(out, program->summary, 0, 0);
    print_verbs(out, program, NULL);
    if (fallback != NULL) {
        if (twin != NULL)
            fprintf(out, "\nOptions of %s, the default command:\n", twin->name);
        else
            fputs("\nOptions without a command:\n", out);
        print_options(out, fallback);
    }
    print_epilogue(out, program->epilogue);
    print_epilogue(out, program->epilogue_end);
}

void help_verb(FILE *out, const struct program *program, const struct verb *verb)
{
    const char *epilogue = program->verb_epilogue != NULL ? program->verb_epilogue(verb) : NULL;

    fprintf(out, "Usage: %s\n\n", usage_of(program, verb).text);
    wrap(out, verb->summary, 0, 0);
    fputs("\nOptions:\n", out);
    print_options(out, verb);
    print_epilogue(out, epilogue != NULL ? epilogue : program->epilogue);
    print_epilogue(out, epilogue != NULL ? NULL : program->epilogue_end);
}

void help_version(FILE *out, const struct program *program)
{
    fprintf(out, "%s %s\n", program->name, HM_VERSION);
    if (program->print_version != NULL)
        program->print_version(out);
}
