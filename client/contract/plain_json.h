/* JSON as nearly every program writes it, read piece by piece without a tree. What these decline -
 * escapes, letters beyond ASCII, fractions, unusual blanks - is not wrong: it is left to the JSON
 * parser. What they take, the parser reads alike. */
#ifndef CONTRACT_PLAIN_JSON_H
#define CONTRACT_PLAIN_JSON_H

#include "support/span.h"

/* Each takes its piece off the front of @text; false: it is something else, and @text may stand
 * anywhere. */

/* Exactly this. Inline, so that the length of a literal is known where it is compared. */
static inline bool plain_take(struct span *text, const char *word)
{
    if (!span_starts(*text, word))
        return false;
    *text = span_skip(*text, strlen(word));
    return true;
}

/* A string without escapes, in ASCII, from behind its opening quote to behind its closing one. */
bool plain_take_string(struct span *text, struct span *value);

/* A whole number of at most 15 digits: so many a double holds exactly. */
bool plain_take_number(struct span *text, double *value);

/* Any number of spaces. */
void plain_skip_spaces(struct span *text);

#endif
