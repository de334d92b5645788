/* The list of tokens that token_find.h returns. */
#ifndef CONTRACT_FOUND_TOKENS_H
#define CONTRACT_FOUND_TOKENS_H

#include "support/span.h"
#include <heymarket/error.h>

enum { FOUND_TOKENS_MAX = 1000, FOUND_WHERE_TEXT = 160, FOUND_TIME_TEXT = 48 };

struct found_token {
    char *text; /* NUL-terminated; may contain NULs */
    size_t length;
    bool is_header_value;         /* a whole Authorization value, "Bearer ...": J1 is judged, too */
    char where[FOUND_WHERE_TEXT]; /* "line 3, an Authorization header"; "/log/entries/0/..." */
    char sent[FOUND_TIME_TEXT];   /* when it was sent, if the input contains that: an RFC 3339 time
                                     or an HTTP date, as it was found; "" */
};

struct found_tokens {
    size_t count;
    struct found_token *at;
    bool is_cut; /* there were more than FOUND_TOKENS_MAX */
};

/* Adds a copy unless that text was added before. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code found_add(struct found_tokens *found, struct span text,
                                   bool is_header_value, const char *where, const char *sent,
                                   struct hm_error *err);

/* A zeroed struct is fine. */
void found_tokens_fini(struct found_tokens *found);

#endif
