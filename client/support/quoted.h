/* A short value within a message: in quotes, cut, and safe for any reader. */
#ifndef SUPPORT_QUOTED_H
#define SUPPORT_QUOTED_H

#include <stddef.h>

enum {
    QUOTED_BYTES_MAX = 40, /* of the value; the rest becomes "..." */
    QUOTED_TEXT = QUOTED_BYTES_MAX * 4 + 8
};

struct quoted {
    char text[QUOTED_TEXT];
};

/* `"value"`, cut between characters, control characters and what is not UTF-8 as \xNN. Never for a
 * secret. Returned whole, so that it can stand among a format's arguments:
 *     "%s", quoted(value, length).text */
struct quoted quoted(const char *value, size_t length);

/* The same, but one that is longer than @most (at most QUOTED_BYTES_MAX) is shown by its length
 * alone, "<63 characters>": a part of it could be a part of a secret. */
struct quoted quoted_if_short(const char *value, size_t length, size_t most);

/* A wrong word of a file that may have secrets in it, without quotes: as it is if it is too short
 * for a secret or near to one of @names, which ends with NULL; else by its length alone. */
struct quoted word_shown(const char *word, const char *const *names);

/* The name of a variable. One without an underscore, or not in capital letters, may be the secret
 * itself, and is shown as such a word. */
struct quoted variable_shown(const char *name);

#endif
