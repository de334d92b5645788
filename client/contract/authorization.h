/* The header value around a token: "Bearer <token>" [J1] (RFC 9110, section 11.4; RFC 6750, section
 * 2.1). */
#ifndef CONTRACT_AUTHORIZATION_H
#define CONTRACT_AUTHORIZATION_H

#include "contract/judging.h"

/* Judges the value of an Authorization header, and the token in it. @value NULL: there is no such
 * header. returns HM_OK whatever was found, HM_NO_MEMORY */
HM_MUST_USE enum hm_code bearer_judge(struct judging *judging, const char *value, size_t length,
                                      struct hm_error *err);

/* Is it what a language prints for a missing value or an object: undefined, None, [object
 * Object]? */
bool is_printed_value(struct span text);

#endif
