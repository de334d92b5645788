/* The root in files that clients are given: PEM, and a Java key store. */
#ifndef MOCK_TLS_TRUST_STORE_H
#define MOCK_TLS_TRUST_STORE_H

#include "tls/trust.h"

/* Writes the root to @path in PEM, and a Java key store beside it: .jks takes the place of .pem,
 * .crt or .cer, or is appended. Everybody may read both.
 * returns HM_OK; HM_BAD_INPUT (cannot be written; there is no root); HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_root_write(const struct trust_chain *chain, const char *path,
                                          struct hm_error *err);

#endif
