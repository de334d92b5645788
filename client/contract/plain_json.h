/* Reads JSON as nearly every program writes it, without a tree. What these functions do not take
 * (escapes, other characters than ASCII, fractions, unusual white space) is left to jansson; what
 * they take, jansson reads alike. */
#ifndef CONTRACT_PLAIN_JSON_H
#define CONTRACT_PLAIN_JSON_H

#include "support/span.h"

/* Each takes its piece off the front of @text. False: it is something else, and @text may be
 * anywhere. */

/* Exactly this. Inline, so that the length of a literal is known where it is compared. */
static inline bool plain_take(struct span *text, const char *word)
{
    if (!span_starts(*text, word))
        return false;
    *text = span_skip(*text, strlen(word));
    return true;
}

/* An ASCII string without escapes, after its opening quote; takes the closing one, too. */
bool plain_take_string(struct span *text, struct span *value);

/* A whole number of at most 15 digits, which a double represents exactly. */
bool plain_take_number(struct span *text, double *value);

/* Any number of spaces. */
void plain_skip_spaces(struct span *text);

#endif
