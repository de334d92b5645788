#include "support/offers.h"

#include "support/environment.h"
#include "support/escape.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES_MAX = 64 };

const struct offer_row *offer_row_find(const struct offer_row *rows, const char *name,
                                       size_t length)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        if (strlen(rows->name) == length && memcmp(rows->name, name, length) == 0)
            return rows;
    }
    return NULL;
}

/* A word with a control character cannot be on a line of its own. */
static bool is_plain(const char *text)
{
    while ((unsigned char)*text >= ' ' && *text != '\x7F')
        text++;
    return *text == '\0';
}

/* Bytes of the first sentence without its full stop: "A mistake, e.g. this" is one. */
static size_t sentence_length(const char *text)
{
    const char *end = text;

    while ((end = strstr(end, ". ")) != NULL && !(end[2] >= 'A' && end[2] <= 'Z'))
        end++;
    if (end != NULL)
        return (size_t)(end - text);
    return strlen(text) - (*text != '\0' && text[strlen(text) - 1] == '.');
}

/* What is typed of the word after what is kept. */
static const char *typed_of(const struct offers *offers)
{
    return offers->word + offers->kept;
}

void offer(struct offers *offers, const char *text, const char *help)
{
    const char *typed = typed_of(offers);

    if (!is_plain(offers->word) || !is_plain(text) ||
        (offers->is_narrow && strncmp(text, typed, strlen(typed)) != 0))
        return;
    buf_add(offers->out, offers->word, offers->kept);
    buf_puts(offers->out, text);
    buf_putc(offers->out, '\t');
    if (help != NULL)
        escape_terminal(offers->out, help, sentence_length(help));
    buf_putc(offers->out, '\n');
}

void offer_name(struct offers *offers, const char *name, const char *help)
{
    char text[NAME_BYTES_MAX];
    const char *found;

    snprintf(text, sizeof text, "%s=", name);
    found = strstr(offers->word, text);
    if (found == NULL || found + strlen(text) > offers->word + offers->kept)
        offer(offers, text, help);
}

void offer_words(struct offers *offers, const char *const *words)
{
    for (; *words != NULL; words++)
        offer(offers, *words, NULL);
}

void offer_variable(struct offers *offers, const char *variable)
{
    const char *value = environment_text(variable);

    if (value != NULL)
        offer(offers, value, variable);
}

void offers_keep(struct offers *offers, char separator)
{
    const char *last = strrchr(typed_of(offers), separator);

    if (last != NULL)
        offers->kept = (size_t)(last + 1 - offers->word);
}

bool offers_keep_name(struct offers *offers, const char *name)
{
    const char *typed = typed_of(offers);
    size_t length = strlen(name);

    if (strncmp(typed, name, length) != 0 || typed[length] != '=')
        return false;
    offers->kept += length + 1;
    return true;
}

const char *offers_option(const struct offers *offers, const char *name, struct offers_path *place)
{
    const char *value = NULL, *home = getenv("HOME");
    size_t length = strlen(name);

    for (size_t i = 0; i < offers->word_count && strcmp(offers->words[i], "--") != 0; i++) {
        const char *word = offers->words[i];

        if (strncmp(word, name, length) == 0 && word[length] == '=')
            value = word + length + 1;
        else if (strcmp(word, name) == 0 && i + 1 < offers->word_count)
            value = offers->words[i + 1];
    }
    if (value == NULL)
        return NULL;
    if (strncmp(value, "~/", 2) == 0 && home != NULL)
        snprintf(place->text, sizeof place->text, "%s%s", home, value + 1);
    else
        snprintf(place->text, sizeof place->text, "%s", value);
    return place->text;
}
