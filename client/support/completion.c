#include "support/completion.h"

#include "support/offers.h"
#include "support/span.h"
#include <stdio.h>
#include <string.h>

enum { ANSWER_BYTES_MAX = 1024 * 1024 };

static const char help_word[] = "help", program_placeholder[] = "@PROGRAM@";

/* A command line that is being typed. */
struct typing {
    const struct program *program;
    struct offers offers;
    const struct verb *verb;
    const struct option *awaits; /* the last word is its value */
    size_t arguments;            /* positional ones before the last word */
    size_t command_at;           /* the word after "--", from 1; 0: there is no "--" */
};

/* Of "sqlite:FILE" keeps "sqlite:", of "STATUS[:FILE]" what is typed up to the colon. False: it is
 * not typed. */
static bool keep_before_file(struct offers *offers, const char *value)
{
    const char *colon = strstr(value, ":FILE"), *word = colon;
    const char *typed = offers->word + offers->kept;
    size_t typed_length = strcspn(typed, ":"), length;

    while (word > value && word[-1] >= 'a' && word[-1] <= 'z')
        word--;
    length = (size_t)(colon - word);
    if (typed[typed_length] == '\0' ||
        (length > 0 && (typed_length != length || memcmp(typed, word, length) != 0)))
        return false;
    offers->kept += typed_length + 1;
    return true;
}

/* The values that stand in --help as such: "on|off", "[=WORD]", "refuse|STATUS[:FILE]", "DIR",
 * "memory|redis://HOST". */
static void offer_placeholder(struct typing *typing, const char *value)
{
    struct offers *offers = &typing->offers;
    bool is_file = strstr(value, ":FILE") != NULL
                       ? keep_before_file(offers, value)
                       : strstr(value, "FILE") != NULL || strstr(value, "PATH") != NULL ||
                             strstr(value, "PEM") != NULL;

    if (is_file || strstr(value, "DIR") != NULL) {
        buf_printf(offers->out, "%s\t%.*s\n", is_file ? "files" : "folders", (int)offers->kept,
                   offers->word);
        return;
    }
    buf_puts(offers->out, "words\t\n");
    for (const char *at = value + strspn(value, "[=|"); *at != '\0'; at += strspn(at, "|]")) {
        if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')) {
            char word[32];

            snprintf(word, sizeof word, "%.*s", (int)strcspn(at, "|]ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                     at);
            offer(offers, word, NULL);
        }
        at += strcspn(at, "|]");
    }
}

/* @name: what the program's table knows the values by. */
static void offer_values(struct typing *typing, struct span name, const char *value,
                         const char *const *choices)
{
    const struct offer_row *row = offer_row_find(typing->program->offers, name.at, name.length);

    if (row == NULL && choices == NULL) {
        offer_placeholder(typing, value);
        return;
    }
    buf_puts(typing->offers.out, "words\t\n");
    if (row != NULL)
        row->offer(&typing->offers);
    else
        offer_words(&typing->offers, choices);
}

static void offer_option_values(struct typing *typing, const struct option *option)
{
    offer_values(typing, (struct span){ option->name, strlen(option->name) },
                 option->value != NULL ? option->value : "", option->choices);
}

/* --NAME[=VALUE] */
static bool may_lack_value(const struct option *option)
{
    return option->value != NULL && *option->value == '[';
}

static bool is_repeatable(const struct option *option)
{
    return option->kind == OPTION_TEXTS || option->kind == OPTION_MAYBE_TEXTS;
}

static bool is_given(const struct typing *typing, const struct option *option)
{
    size_t length = strlen(option->name);

    for (size_t i = 0; i < typing->offers.word_count; i++) {
        const char *word = typing->offers.words[i];

        if (strncmp(word, option->name, length) == 0 &&
            (word[length] == '\0' || word[length] == '='))
            return true;
    }
    return false;
}

static void offer_options(struct typing *typing)
{
    struct offers *offers = &typing->offers;
    const struct option *option = typing->verb != NULL ? typing->verb->options : NULL;

    for (; option != NULL && option->name != NULL; option++) {
        if (!is_repeatable(option) && is_given(typing, option))
            continue;
        offer(offers, option->name, option->help);
        if (may_lack_value(option))
            offer_name(offers, option->name, option->help);
    }
    offer(offers, "--help", "Print help and exit.");
    offer(offers, "--version", "Print the version and exit.");
    if (typing->verb != NULL && verb_takes_command(typing->verb))
        offer(offers, "--", "The command follows.");
}

/* Of a verb's name, what comes after the words from @from to the last one; NULL: it has others. */
static const char *rest_of_name(const struct offers *offers, size_t from, const char *name)
{
    for (size_t i = from; i < offers->word_count && name != NULL; i++) {
        size_t length = strlen(offers->words[i]);

        name = strncmp(name, offers->words[i], length) == 0 && name[length] == ' '
                   ? name + length + 1
                   : NULL;
    }
    return name;
}

/* What the last word of a verb's name may be. A group, "token", is offered once. */
static void offer_verbs(struct typing *typing, size_t from)
{
    const struct verb *verb = typing->program->verbs;

    while (verb->name != NULL) {
        const char *name = rest_of_name(&typing->offers, from, verb->name);
        struct span word = { name, name == NULL ? 0 : strcspn(name, " ") };
        struct buf text, help;

        buf_init(&text, ANSWER_BYTES_MAX);
        buf_init(&help, ANSWER_BYTES_MAX);
        buf_add(&text, word.at, word.length);
        buf_puts(&help, word.length > 0 && name[word.length] == '\0' ? verb->summary : "");
        do {
            if (word.length > 0 && name[word.length] == ' ')
                buf_printf(&help, "%s%s", help.length > 0 ? ", " : "", name + word.length + 1);
            verb++;
            name = verb->name == NULL ? NULL : rest_of_name(&typing->offers, from, verb->name);
        } while (name != NULL && text.length > 0 &&
                 verb_is_in_group(&(struct verb){ .name = name }, word.at, word.length));
        if (text.length > 0)
            offer(&typing->offers, buf_text(&text), buf_text(&help));
        buf_fini(&text);
        buf_fini(&help);
    }
}

/* Sorts the words after the verb, as the parser does. */
static void sort_words(struct typing *typing, size_t from)
{
    const struct offers *offers = &typing->offers;

    for (size_t i = from; i < offers->word_count && typing->command_at == 0; i++) {
        const char *word = offers->words[i];
        size_t length = strcspn(word, "=");
        const struct option *option = option_find(typing->verb, word, length);
        bool was_awaited = typing->awaits != NULL;

        typing->awaits = NULL;
        if (strcmp(word, "--") == 0)
            typing->command_at = i + 2;
        else if (option != NULL && word[length] == '\0' && option->kind != OPTION_FLAG &&
                 !may_lack_value(option))
            typing->awaits = option;
        else if (option == NULL && !was_awaited && (word[0] != '-' || word[1] == '\0'))
            typing->arguments++;
    }
}

/* The argument at the place of the last word. False: there is none. */
static bool offer_argument(struct typing *typing)
{
    const struct verb *verb = typing->verb;
    int index = (int)typing->arguments, most = verb->most_arguments;
    const char *name;
    size_t length;
    char value[64];

    if (verb_takes_command(verb) || *verb->arguments == '\0' || (most >= 0 && index >= most))
        return false;
    if (verb_argument(verb, index, &name) == 0) /* "[NAME=VALUE...]" goes on */
        verb_argument(verb, 0, &name);
    name += *name == '[';
    length = strcspn(name, " .]");
    snprintf(value, sizeof value, "%.*s", (int)length, name);
    offer_values(typing, (struct span){ name, length }, value, NULL);
    return true;
}

/* The last word comes after a complete verb, or the default one. */
static void offer_after_verb(struct typing *typing, bool may_be_verb)
{
    struct offers *offers = &typing->offers;
    size_t length = strcspn(offers->word, "=");
    const struct option *option = option_find(typing->verb, offers->word, length);

    if (typing->command_at > 0) {
        if (verb_takes_command(typing->verb))
            buf_printf(offers->out, "command\t%zu\n", typing->command_at);
    } else if (typing->awaits != NULL) {
        offer_option_values(typing, typing->awaits);
    } else if (offers->word[length] == '=' && option != NULL && option->kind != OPTION_FLAG) {
        offers->kept = length + 1;
        offer_option_values(typing, option);
    } else if (*offers->word == '-' || may_be_verb || !offer_argument(typing)) {
        buf_puts(offers->out, "words\t\n");
        if (may_be_verb && *offers->word != '-') {
            offer_verbs(typing, 0);
            offer(offers, help_word, "Print help.");
        } else {
            offer_options(typing);
        }
    }
}

/* Writes the answer to: what may the last of the words be? */
static void answer(struct typing *typing)
{
    struct offers *offers = &typing->offers;
    int words;

    typing->verb = verb_find(typing->program, (int)offers->word_count, offers->words, &words);
    if (typing->verb == NULL && offers->word_count > 0 &&
        (verb_is_group(typing->program, offers->words[0]) ||
         strcmp(offers->words[0], help_word) == 0)) {
        buf_puts(offers->out, "words\t\n");
        offer_verbs(typing, strcmp(offers->words[0], help_word) == 0);
        return;
    }
    if (typing->verb == NULL)
        typing->verb = verb_default(typing->program);
    if (typing->verb != NULL) {
        sort_words(typing, (size_t)words);
        offer_after_verb(typing, offers->word_count == 0);
    } else if (offers->word_count == 0) {
        static const struct verb none = { .name = "", .arguments = "" };

        typing->verb = &none;
        offer_after_verb(typing, true);
    }
}

static int print_script(const struct program *program, const struct embedded_file *script)
{
    const size_t length = sizeof program_placeholder - 1;

    for (size_t i = 0; i < script->length; i++) {
        if (script->length - i >= length &&
            memcmp(script->data + i, program_placeholder, length) == 0) {
            fputs(program->name, stdout);
            i += length - 1;
        } else {
            putchar(script->data[i]);
        }
    }
    return EXIT_GOOD;
}

int completion_run(const struct verb_call *call)
{
    const struct embedded_file *script = embedded_completions;
    struct buf out;
    struct typing typing = { .program = call->program,
                             .offers = { .out = &out, .words = call->argv + 1 } };

    while (script->path != NULL && strcmp(script->path, call->argv[0]) != 0)
        script++;
    if (script->path == NULL || (call->argc > 1 && !call->has_command))
        return program_fail(call->program, EXIT_USAGE,
                            "completion: expected one of: bash, zsh, fish. See '%s --help'",
                            verb_command(call->program, call->verb).text);
    if (!call->has_command)
        return print_script(call->program, script);
    if (call->argc < 2)
        return EXIT_GOOD;
    buf_init(&out, ANSWER_BYTES_MAX);
    typing.offers.word_count = (size_t)call->argc - 2;
    typing.offers.word = call->argv[call->argc - 1];
    typing.offers.is_narrow = strcmp(script->path, "bash") == 0;
    answer(&typing);
    fputs(buf_text(&out), stdout);
    buf_fini(&out);
    return EXIT_GOOD;
}
