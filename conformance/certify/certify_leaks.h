/* Finds our secrets in the output of an integration. */
#ifndef SUITE_CERTIFY_CERTIFY_LEAKS_H
#define SUITE_CERTIFY_CERTIFY_LEAKS_H

#include "certify/certify_world.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Counts our credentials in the output: the key as it is, in hex or in base64, and tokens signed
 * with it.
 * returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_leaks(size_t *leaks, const char *text, size_t length,
                                       const struct certify_secret *secret, struct hm_error *err);

#endif
