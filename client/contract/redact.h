/* What may be shown of a token: never its signature, never a text that may be a secret. */
#ifndef CONTRACT_REDACT_H
#define CONTRACT_REDACT_H

#include <heymarket/token.h>
#include <jansson.h>
#include <stddef.h>

/* Splits an Authorization header's value for the log. Of header and claims only alg, typ, iss, iat,
 * exp and nbf are shown with their values, and iss only if it is the ID of a known secret or looks
 * like a UUID; other members by name, type and length. Anything but a token is shown by its length,
 * in @header. Both are new references; json_null(): there is nothing; NULL: out of memory. @value
 * may be NULL. */
void token_redact(json_t **header, json_t **claims, const char *value, size_t length,
                  const struct hm_secrets *secrets);

#endif
