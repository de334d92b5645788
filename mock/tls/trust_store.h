/* The root in files that clients are given: PEM, and a Java key store. */
#ifndef MOCK_TLS_TRUST_STORE_H
#define MOCK_TLS_TRUST_STORE_H

#include "support/buf.h"
#include "tls/trust.h"
#include <stddef.h>

/* Writes the root to @path in PEM, and a Java key store beside it: .jks takes the place of .pem,
 * .crt or .cer, or is appended. Everybody may read both.
 * returns HM_OK; HM_BAD_INPUT (cannot be written; there is no root); HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_root_write(const struct trust_chain *chain, const char *path,
                                          struct hm_error *err);

/* Appends a Java key store with every certificate of a PEM text.
 * returns HM_OK, HM_NO_MEMORY (also past the ceiling of @out) */
HM_MUST_USE enum hm_code trust_jks(struct buf *out, const char *pem, size_t length,
                                   struct hm_error *err);

#endif
