/* Command lines as data: a table of verbs, each with a table of options. --help is printed from the
 * same tables that are parsed by, so the two cannot differ. */
#ifndef SUPPORT_OPTIONS_H
#define SUPPORT_OPTIONS_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit codes of every program. */
enum exit_code {
    EXIT_GOOD = 0,
    EXIT_FELL_SHORT = 1,
    EXIT_USAGE = 2,
    EXIT_NOT_REACHABLE = 3,
    EXIT_CREDENTIALS = 4,
    EXIT_OUR_FAULT = 5,
    EXIT_OUTCOME_UNKNOWN = 6
};

/* What to exit with after a failure; EXIT_GOOD for HM_OK. */
int exit_code_of(enum hm_code code);

enum option_kind {
    OPTION_FLAG,        /* bool: set to true */
    OPTION_TEXT,        /* const char *: the value, borrowed from argv; a later one wins */
    OPTION_TEXTS,       /* struct option_texts: every value, in order */
    OPTION_MAYBE_TEXTS, /* the same; "" if the value is left out: --NAME[=VALUE] */
    OPTION_INTEGER,     /* int64_t within [least, most] */
    OPTION_CHOICE,      /* int: index into choices */
    OPTION_MAYBE_CHOICE /* the same; 1 if the value is left out: --NAME[=VALUE] */
};

struct option_texts {
    size_t count;
    const char **at; /* freed once the verb has run */
};

/* One row. The value goes to the caller's struct at @offset, whose type the kind says. */
struct option {
    const char *name;  /* "--listen" */
    const char *value; /* "ADDR" in --help, "[=ADDR]" if it may be left out; NULL for a flag */
    const char *help;  /* one sentence or a few; wrapped when printed */
    enum option_kind kind;
    size_t offset;
    int64_t least, most;        /* OPTION_INTEGER; both 0: any */
    const char *const *choices; /* of the choices; ends with NULL */
};

/* Rows of the usual kinds. FIELD(member) is offsetof() in the struct of the table's options. */
#define OPTION_ROW(name, value, kind, member, least, most, choices, help)                          \
    {                                                                                              \
        name, value, help, kind, FIELD(member), least, most, choices                               \
    }
#define FLAG_ROW(name, member, help) OPTION_ROW(name, NULL, OPTION_FLAG, member, 0, 0, NULL, help)
#define TEXT_ROW(name, value, member, help)                                                        \
    OPTION_ROW(name, value, OPTION_TEXT, member, 0, 0, NULL, help)
#define TEXTS_ROW(name, value, member, help)                                                       \
    OPTION_ROW(name, value, OPTION_TEXTS, member, 0, 0, NULL, help)
#define MAYBE_TEXTS_ROW(name, value, member, help)                                                 \
    OPTION_ROW(name, value, OPTION_MAYBE_TEXTS, member, 0, 0, NULL, help)
#define INTEGER_ROW(name, value, member, least, most, help)                                        \
    OPTION_ROW(name, value, OPTION_INTEGER, member, least, most, NULL, help)
#define CHOICE_ROW(name, value, member, choices, help)                                             \
    OPTION_ROW(name, value, OPTION_CHOICE, member, 0, 0, choices, help)

struct verb;
struct offer_row;

/* What a verb is run with. Positional arguments are those that are not options ("-" is not one),
 * and all after "--"; a verb that expects a command has only the latter. */
struct verb_call {
    const struct program *program;
    const struct verb *verb;
    void *options;    /* the caller's struct, filled */
    int argc;         /* positional arguments */
    char **argv;      /* ends with a NULL */
    bool has_command; /* a "--" was there */
};

/* A row named "" is what runs when no verb is named; one with a name, and with the same run() and
 * options, stands for the same thing, and --help shows the two as one. */
struct verb {
    const char *name;      /* "token sign" */
    const char *arguments; /* "CONTACT_UUID"; "-- CMD [ARG...]" expects a command; "": none */
    const char *summary;   /* one line */
    const struct option *options; /* ends with a NULL name; may be NULL */
    size_t options_bytes;         /* size of the struct the options go to; zeroed before parsing */
    void (*defaults)(void *options);          /* may be NULL */
    int least_arguments, most_arguments;      /* most -1: any number */
    int (*run)(const struct verb_call *call); /* returns the exit code */
};

struct program {
    const char *name;         /* "heymarket-mock" */
    const char *summary;      /* one sentence */
    const struct verb *verbs; /* ends with a NULL name */
    /* Printed at the end of --help; may be NULL. ci/manual makes a section of a paragraph whose
     * first line ends with a colon, and a term of each "  NAME  text" in it. */
    const char *epilogue;
    const char *epilogue_end; /* more paragraphs: a compiler must read only 4,095 bytes as one */
    /* The same for one verb, instead of the above; NULL, or returns NULL: the above. */
    const char *(*verb_epilogue)(const struct verb *verb);
    const struct offer_row *offers;   /* of values, for completion; ends with a NULL name */
    void (*print_version)(FILE *out); /* lines after name and version; may be NULL */
    /* Appends a message without secrets, safe for a terminal; NULL: escape_terminal(). */
    void (*write_message)(struct buf *out, const char *text, size_t length);
};

/* "heymarket-mock: text\n" to stderr, the text escaped for a terminal. Returns @exit_code. */
int program_fail(const struct program *program, int exit_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an error: its text, and exit_code_of() its code. */
int program_fail_error(const struct program *program, const struct hm_error *err);

/* The words of a verb's usage line: "heymarket-mock run [options] -- CMD [ARG...]". */
struct usage {
    char text[160];
};
struct usage usage_of(const struct program *program, const struct verb *verb);

/* The option with the name that these bytes are; NULL: the verb has none. */
const struct option *option_find(const struct verb *verb, const char *name, size_t length);

/* The verb that the first arguments name, and how many of them do; the longest name wins. NULL:
 * none. */
const struct verb *verb_find(const struct program *program, int argc, char **argv, int *words);

/* The word of "ID [FILE|-]" that stands for the argument at @index; its length, 0: there is none.
 */
size_t verb_argument(const struct verb *verb, int index, const char **name);

/* Does a verb begin with this word and have another one? */
bool verb_is_group(const struct program *program, const char *word);

/* Is it "token sign" or another verb that begins with the word "token"? */
bool verb_is_in_group(const struct verb *verb, const char *word, size_t length);

/* The verb that runs if the command line names no verb; NULL: the program has none. */
const struct verb *verb_default(const struct program *program);

/* The named verb that does the same as the default one, or the other way round; NULL: none. */
const struct verb *verb_twin(const struct program *program, const struct verb *verb);

/* Does the verb's command line end with "-- CMD"? */
bool verb_takes_command(const struct verb *verb);

/* The user's text in quotes, or its length if it is so long that it may be a secret. */
struct shown {
    char text[48];
};
struct shown shown_text(const char *text, size_t length);

/* "heymarket token sign", to put before " --help". */
struct shown verb_command(const struct program *program, const struct verb *verb);

#endif
