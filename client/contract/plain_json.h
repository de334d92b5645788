/* JSON as nearly every program writes it, read piece by piece without a tree. What these decline -
 * escapes, letters beyond ASCII, fractions, unusual blanks - is not wrong: it is left to the JSON
 * parser. What they take, the parser reads alike. */
#ifndef CONTRACT_PLAIN_JSON_H
#define CONTRACT_PLAIN_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes of somebody else's; not NUL-terminated. */
struct span {
    const char *at;
    size_t length;
};

/* Each takes its piece off the front of @text; false: it is something else, and @text may stand
 * anywhere. */

/* Exactly this. Here, so that nobody counts the characters of a literal at run time. */
static inline bool plain_take(struct span *text, const char *word)
{
    size_t length = strlen(word);

    if (text->length < length || memcmp(text->at, word, length) != 0)
        return false;
    text->at += length;
    text->length -= length;
    return true;
}

/* A string without escapes, in ASCII, from behind its opening quote to behind its closing one. */
bool plain_take_string(struct span *text, struct span *value);

/* A whole number of at most 15 digits: so many a double holds exactly. */
bool plain_take_number(struct span *text, double *value);

/* Any number of spaces. */
void plain_skip_spaces(struct span *text);

#endif
