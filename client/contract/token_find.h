/* Finds tokens in whatever a person has at hand: a bare token, "Bearer ...", a header line, `curl
 * -v` output, an HTTP transcript, a HAR file, JSON or text logs. */
#ifndef CONTRACT_TOKEN_FIND_H
#define CONTRACT_TOKEN_FIND_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    TOKEN_FIND_BYTES_MAX = 64 * 1024 * 1024, /* of the input */
    FOUND_TOKENS_MAX = 1000,
    FOUND_WHERE_TEXT = 160,
    FOUND_TIME_TEXT = 48
};

struct found_token {
    char *text; /* NUL-terminated; may hold NULs of its own */
    size_t length;
    bool is_header_value;         /* a whole Authorization value, "Bearer ...": J1 is judged, too */
    char where[FOUND_WHERE_TEXT]; /* "line 3, an Authorization header"; "/log/entries/0/..." */
    char sent[FOUND_TIME_TEXT];   /* when it was sent, where the text tells: an RFC 3339 time or
                                     an HTTP date, as it stands there; "" */
};

struct found_tokens {
    size_t count;
    struct found_token *at;
    bool is_cut; /* there were more than FOUND_TOKENS_MAX */
};

/* Finds every token, each text once, in the order of the input. A single line that is nothing else
 * is taken as it stands, so that "undefined" is judged, too. returns HM_OK (also for none),
 * HM_NO_MEMORY. @found: found_tokens_fini() it */
HM_MUST_USE enum hm_code token_find(struct found_tokens *found, const char *text, size_t length,
                                    struct hm_error *err);
void found_tokens_fini(struct found_tokens *found);

#endif
