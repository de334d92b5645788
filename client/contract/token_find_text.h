/* Finds tokens in text: header lines, `curl -v` output, command lines, transcripts, logs. */
#ifndef CONTRACT_TOKEN_FIND_TEXT_H
#define CONTRACT_TOKEN_FIND_TEXT_H

#include "contract/found_tokens.h"

/* A line, or a string within JSON. */
struct piece {
    const char *at;
    const char *end;
    const char *where; /* of a string within JSON, its pointer; NULL: a line */
    size_t line;       /* its number, from 1 */
    const char *sent;  /* when it was sent; "" */
};

/* Finds header values, bearer credentials and bare tokens. */
HM_MUST_USE enum hm_code token_find_in_piece(struct found_tokens *found, const struct piece *piece,
                                             struct hm_error *err);

/* If the line is a Date header, gives its date to the tokens from @first on that have none: the
 * response's date is that of the request before it, to within a second or so. */
void token_find_date(struct found_tokens *found, size_t first, const struct piece *line);

#endif
