/* Finds tokens in JSON: HAR files, log records, dumps of requests. */
#ifndef CONTRACT_TOKEN_FIND_JSON_H
#define CONTRACT_TOKEN_FIND_JSON_H

#include "contract/found_tokens.h"

/* Reads one JSON value. *is_json false: it is not JSON, and nothing was added. @line: the number of
 * the line that it is in; 0: it is the whole input. */
HM_MUST_USE enum hm_code token_find_in_json(struct found_tokens *found, struct span text,
                                            size_t line, bool *is_json, struct hm_error *err);

#endif
