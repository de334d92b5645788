/* What may be shown of a token: never its signature, never a text that could be a secret. */
#ifndef CONTRACT_REDACT_H
#define CONTRACT_REDACT_H

#include <heymarket/token.h>
#include <jansson.h>
#include <stddef.h>

/* Takes an Authorization header's value apart for the log: of header and claims only alg, typ, iss,
 * iat, exp and nbf keep their values, and iss only where it is the ID of a known secret or looks
 * like a UUID; other members are shown by name, type and length. What is no token is shown by its
 * length alone, in @header. Both are new references, json_null() where there is nothing; NULL: out
 * of memory. @value may be NULL. */
void token_redact(json_t **header, json_t **claims, const char *value, size_t length,
                  const struct hm_secrets *secrets);

#endif
