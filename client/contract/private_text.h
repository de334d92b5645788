/* Text that may be a secret: a key, or what came in a request. Its type is refused by functions for
 * a char *, and printf() warns of it. private_open() is the only way to the bytes; the files that
 * may call it are listed in ci/private, each with its reason. To show such a text, give it to a
 * function that masks. */
#ifndef CONTRACT_PRIVATE_TEXT_H
#define CONTRACT_PRIVATE_TEXT_H

#include "contract/hmac.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct private_text {
    union {
        const char *opened; /* NULL: there is none */
        char *owned;        /* the same, of a copy */
    };
};

/* Borrows @text, which may be NULL. */
static inline struct private_text private_text(const char *text)
{
    return (struct private_text){ .opened = text };
}

/* Is there a text? */
static inline bool private_is_set(struct private_text text)
{
    return text.opened != NULL;
}

/* NULL: there is none. Borrowed. */
static inline const char *private_open(struct private_text text)
{
    return text.opened;
}

/* A copy, to be freed by private_wipe(). Without memory it is not set. */
static inline struct private_text private_copy(const char *text)
{
    return private_text(strdup(text));
}

/* Overwrites and frees a copy. One that is not set is fine. */
static inline void private_wipe(struct private_text *copy)
{
    secret_wipe(copy->owned);
    copy->owned = NULL;
}

#endif
