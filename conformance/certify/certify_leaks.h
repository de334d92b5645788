/* Secrets in what an integration prints. */
#ifndef SUITE_CERTIFY_CERTIFY_LEAKS_H
#define SUITE_CERTIFY_CERTIFY_LEAKS_H

#include "certify/certify_world.h"
#include <heymarket/error.h>
#include <stddef.h>

/* How often a credential of ours stands in what the integration printed: a key, plain, in hex or in
 * base64, or a token that was made with it.
 * returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_leaks(size_t *leaks, const char *text, size_t length,
                                       const struct certify_secret *secret, struct hm_error *err);

#endif
