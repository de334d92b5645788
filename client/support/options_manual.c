/* The manual page, from the tables that are parsed by: roff with the man macros. */
#include "support/options_parts.h"
#include <ctype.h>
#include <heymarket/version.h>
#include <string.h>

enum { TERM_INDENT = 2 };

/* One text as roff reads it back: no line begins with a request, a backslash is a backslash, and a
 * hyphen of a name stays one when it is copied. */
static void put(FILE *out, const char *text, size_t length, bool is_name)
{
    bool is_option = is_name;

    if (length > 0 && (*text == '.' || *text == '\''))
        fputs("\\&", out);
    for (size_t i = 0; i < length; i++) {
        bool begins_word = i == 0 || strchr(" ([{`", text[i - 1]) != NULL;

        if (!is_name && begins_word)
            is_option = text[i] == '-';
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '`')
            fputs("\\(ga", out);
        else if (text[i] == '\'' && is_name)
            fputs("\\(aq", out);
        else if (text[i] == '-' && is_option)
            fputs("\\-", out);
        else
            fputc(text[i], out);
    }
}

static void put_line(FILE *out, const char *text, size_t length)
{
    put(out, text, length, false);
    fputc('\n', out);
}

/* In bold, a line of its own. */
static void put_name(FILE *out, const char *text, size_t length)
{
    fputs("\\fB", out);
    put(out, text, length, true);
    fputs("\\fR", out);
}

static void put_upper(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fputc(toupper((unsigned char)text[i]), out);
}

static void write_head(FILE *out, const struct program *program)
{
    size_t length = strlen(program->summary);

    fputs(".\\\" Made by ci/manual from the tables of the program; any change belongs there.\n.TH ",
          out);
    put_upper(out, program->name, strlen(program->name));
    fprintf(out, " 1 \"\" \"%s %s\" \"User Commands\"\n.SH NAME\n", program->name, HM_VERSION);
    put(out, program->name, strlen(program->name), true);
    fputs(" \\- ", out);
    /* In the middle of a line, and without a full stop. */
    fputc(tolower((unsigned char)program->summary[0]), out);
    put_line(out, program->summary + 1, length - 2);
}

/* Is it shown under its own name, or, without one, at all? */
static bool is_shown(const struct program *program, const struct verb *verb)
{
    return *verb->name != '\0' || verb_twin(program, verb) == NULL;
}

static void write_synopsis(FILE *out, const struct program *program)
{
    const char *between = "";

    fputs(".SH SYNOPSIS\n", out);
    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++) {
        struct usage usage = usage_of(program, verb);
        size_t length = strlen(program->name);

        if (!is_shown(program, verb))
            continue;
        fputs(between, out);
        put_name(out, usage.text, length);
        put(out, usage.text + length, strlen(usage.text) - length, true);
        fputc('\n', out);
        between = ".br\n";
    }
}

static void write_commands(FILE *out, const struct program *program)
{
    fputs(".SH COMMANDS\n", out);
    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++) {
        if (!is_shown(program, verb) || *verb->name == '\0')
            continue;
        fputs(".TP\n", out);
        put_name(out, verb->name, strlen(verb->name));
        if (*verb->arguments != '\0') {
            fputc(' ', out);
            put(out, verb->arguments, strlen(verb->arguments), true);
        }
        fputc('\n', out);
        put_line(out, verb->summary, strlen(verb->summary));
    }
}

static bool has_option(const struct verb *verb, const struct option *wanted)
{
    for (const struct option *option = verb->options; option != NULL && option->name != NULL;
         option++) {
        if (strcmp(option->name, wanted->name) == 0 && strcmp(option->help, wanted->help) == 0)
            return true;
    }
    return false;
}

/* A verb above it all of whose options it has, too; NULL: there is none. */
static const struct verb *options_of(const struct program *program, const struct verb *verb)
{
    for (const struct verb *other = program->verbs; other != verb; other++) {
        const struct option *option = other->options;

        if (*other->name == '\0' || option == NULL || option->name == NULL)
            continue;
        while (option->name != NULL && has_option(verb, option))
            option++;
        if (option->name == NULL)
            return other;
    }
    return NULL;
}

static void write_option(FILE *out, const char *name, const char *value, const char *help)
{
    fputs(".TP\n", out);
    put_name(out, name, strlen(name));
    if (value != NULL) {
        fputs(" \\fI", out);
        put(out, value, strlen(value), true);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_line(out, help, strlen(help));
}

static void write_options(FILE *out, const struct program *program)
{
    fputs(".SH OPTIONS\n", out);
    write_option(out, "-h, --help", NULL, "Print a summary of this and exit.");
    write_option(out, "--version", NULL, "Print the version and exit.");
    for (const struct verb *verb = program->verbs; verb->name != NULL; verb++) {
        const struct verb *base = options_of(program, verb);

        if (!is_shown(program, verb) || verb->options == NULL || verb->options->name == NULL)
            continue;
        fprintf(out, ".SS Options of %s\n", *verb->name != '\0' ? verb->name : program->name);
        if (base != NULL)
            fprintf(out, "Those of %s%s\n", base->name,
                    base->options == verb->options ? "." : ", and:");
        for (const struct option *option = verb->options; option->name != NULL; option++) {
            if (base == NULL || !has_option(base, option))
                write_option(out, option->name, option->value, option->help);
        }
    }
}

/* "Exit codes:" -> .SH EXIT STATUS; "Environment, for a target:" -> .SH ENVIRONMENT, and the rest
 * as its first sentence. */
static void write_heading(FILE *out, const char *line, size_t length)
{
    static const char codes[] = "Exit codes";
    size_t word = strcspn(line, ",:");

    fputs(".SH ", out);
    if (word == sizeof codes - 1 && strncmp(line, codes, word) == 0)
        fputs("EXIT STATUS", out);
    else
        put_upper(out, line, word);
    fputc('\n', out);
    if (line[word] == ',') {
        word += 1 + strspn(line + word + 1, " ");
        fputc(toupper((unsigned char)line[word]), out);
        put_line(out, line + word + 1, length - word - 1);
    }
}

/* "  name  what it is"; the text may be missing, it follows then. */
static void write_term(FILE *out, const char *line, size_t length)
{
    size_t name = TERM_INDENT;

    while (name < length && strncmp(line + name, "  ", 2) != 0)
        name++;
    fputs(".TP\n", out);
    put_name(out, line + TERM_INDENT, name - TERM_INDENT);
    fputc('\n', out);
    name += strspn(line + name, " ");
    if (name < length)
        put_line(out, line + name, length - name);
}

/* Where the epilogue's lines stand says what they are: paragraphs part with an empty line, a
 * paragraph's first line with a colon at its end is a heading, an indented line a term. */
static void write_epilogue(FILE *out, const char *text)
{
    bool is_first = true, was_term = false;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        size_t blanks = strspn(text, " ");

        if (length == 0) {
            is_first = true;
        } else if (is_first && text[length - 1] == ':') {
            write_heading(out, text, length);
            is_first = was_term = false;
        } else if (blanks == TERM_INDENT) {
            write_term(out, text, length);
            is_first = false;
            was_term = true;
        } else {
            if (blanks == 0 && (is_first || was_term))
                fputs(".PP\n", out);
            put_line(out, text + blanks, length - blanks);
            is_first = false;
            was_term = was_term && blanks > 0;
        }
        text += length + (text[length] == '\n');
    }
}

void help_manual(FILE *out, const struct program *program)
{
    write_head(out, program);
    write_synopsis(out, program);
    fputs(".SH DESCRIPTION\n", out);
    put_line(out, program->summary, strlen(program->summary));
    write_commands(out, program);
    write_options(out, program);
    if (program->epilogue != NULL)
        write_epilogue(out, program->epilogue);
    if (program->see_also != NULL) {
        fputs(".SH SEE ALSO\n", out);
        put_line(out, program->see_also, strlen(program->see_also));
    }
}
