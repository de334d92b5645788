/* What jansson's error says of a text that it did not parse. */
#ifndef SUPPORT_JSON_FAULT_H
#define SUPPORT_JSON_FAULT_H

#include "support/json_scan.h"
#include <jansson.h>
#include <stdbool.h>

/* The token of @text at which jansson stopped. */
struct json_token json_fault_token(const json_error_t *fault, const char *text, size_t length);

/* Could jansson not allocate? Then nothing is known of the text. */
bool json_fault_is_memory(const json_error_t *fault, const char *text, size_t length);

/* The error's text, from which it cuts what jansson quotes: it may be a part of a secret. Borrowed.
 */
const char *json_fault_unquote(json_error_t *fault);

#endif
