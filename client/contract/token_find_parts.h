/* What the two readers of token_find, JSON and text, share. */
#ifndef CONTRACT_TOKEN_FIND_PARTS_H
#define CONTRACT_TOKEN_FIND_PARTS_H

#include "contract/token_find.h"

/* Adds a copy unless that text was found already. */
HM_MUST_USE enum hm_code found_add(struct found_tokens *found, const char *text, size_t length,
                                   bool is_header_value, const char *where, const char *sent,
                                   struct hm_error *err);

/* Reads a text line by line; */
HM_MUST_USE enum hm_code token_find_in_text(struct found_tokens *found, const char *text,
                                            size_t length, struct hm_error *err);

/* Reads one JSON value; false in *is_json: it is none, and nothing was added. @line 0: the whole
 * input, else the line that it stands in. */
HM_MUST_USE enum hm_code token_find_in_json(struct found_tokens *found, const char *text,
                                            size_t length, size_t line, bool *is_json,
                                            struct hm_error *err);

/* Reads one string, which may be a header value, a command line, or hold bare tokens. */
HM_MUST_USE enum hm_code token_find_in_string(struct found_tokens *found, const char *text,
                                              size_t length, const char *where, const char *sent,
                                              struct hm_error *err);

#endif
