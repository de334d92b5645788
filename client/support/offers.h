/* What the last word of a command line may be, for completion in a shell. A function of a program's
 * table offers the values of one option or argument, from the table that defines them. */
#ifndef SUPPORT_OFFERS_H
#define SUPPORT_OFFERS_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>

struct offers {
    struct buf *out;
    char **words; /* those before the last one */
    size_t word_count;
    const char *word; /* the last one, as far as it is typed */
    size_t kept;      /* bytes of it that stay as they are: "--set=", "typ=", "status=429," */
    bool is_narrow;   /* offer only what begins with the word */
};

/* A row of a program's table: the function that offers the values of an option ("--set") or of an
 * argument, by its name in --help ("CASE"). */
struct offer_row {
    const char *name;
    void (*offer)(struct offers *offers);
};

/* The function of that name; NULL: none. @rows: ends with a NULL name; may be NULL. */
const struct offer_row *offer_row_find(const struct offer_row *rows, const char *name,
                                       size_t length);

/* Offers @text after what is kept. @help: its first sentence is shown beside it; NULL: none. */
void offer(struct offers *offers, const char *text, const char *help);

/* The same for "NAME=", unless what is kept has it. */
void offer_name(struct offers *offers, const char *name, const char *help);

/* Offers each of these words, which end with NULL. */
void offer_words(struct offers *offers, const char *const *words);

/* Offers the value of a variable of the environment, if it has one. */
void offer_variable(struct offers *offers, const char *variable);

/* Keeps what is typed up to the last @separator. */
void offers_keep(struct offers *offers, char separator);

/* If "NAME=" is typed, keeps it. */
bool offers_keep_name(struct offers *offers, const char *name);

/* The value that the words before give to an option, without "--fixtures=" and with HOME in place
 * of a first '~'; NULL: none. @place: for the text. */
struct offers_path {
    char text[4096];
};
const char *offers_option(const struct offers *offers, const char *name, struct offers_path *place);

#endif
