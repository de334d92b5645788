/* --header: fields that a gateway in front of the target wants with every request. A value may be a
 * secret, so it is shown nowhere. */
#ifndef SUITE_RECIPE_GATEWAY_HEADERS_H
#define SUITE_RECIPE_GATEWAY_HEADERS_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

struct gateway_header {
    char *name;
    char *value;
};

struct gateway_headers {
    size_t count;
    struct gateway_header *at;
};

/* Reads texts "NAME:VALUE". Call gateway_headers_fini() after it.
 * returns HM_OK; HM_BAD_ARGUMENT: not such a text, or a field that the suite or HTTP itself needs;
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code gateway_headers_read(struct gateway_headers *headers,
                                              const char *const *texts, size_t count,
                                              struct hm_error *err);

/* Wipes and frees. A zeroed struct is fine. */
void gateway_headers_fini(struct gateway_headers *headers);

/* Is it the value of one of them? @headers may be NULL. */
bool gateway_headers_have(const struct gateway_headers *headers, const char *value);

/* Appends the shell variable that stands for the value: "X_GATEWAY_KEY" for X-Gateway-Key. */
void gateway_header_variable(struct buf *out, const char *name);

#endif
