/* Finds tokens in whatever a person has at hand: a bare token, "Bearer ...", a header line, `curl
 * -v` output, an HTTP transcript, a HAR file, JSON or text logs. */
#ifndef CONTRACT_TOKEN_FIND_H
#define CONTRACT_TOKEN_FIND_H

#include "contract/found_tokens.h"

enum { TOKEN_FIND_BYTES_MAX = 64 * 1024 * 1024 }; /* of the input */

/* Finds every token, each text once, in the order of the input. A single line with nothing else is
 * taken as it is, so that "undefined" is judged, too. returns HM_OK (also if there is none),
 * HM_NO_MEMORY. @found: found_tokens_fini() it */
HM_MUST_USE enum hm_code token_find(struct found_tokens *found, const char *text, size_t length,
                                    struct hm_error *err);

#endif
