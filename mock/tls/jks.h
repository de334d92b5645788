/* Java's key store format, JKS version 2, with trusted certificates only. Java reads such a store
 * without a password; keytool, which checks the digest, with "changeit". */
#ifndef MOCK_TLS_JKS_H
#define MOCK_TLS_JKS_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends a store with every certificate of a PEM text. @now_ms: Unix time, the date of the
 * entries. returns HM_OK, HM_NO_MEMORY (also past the ceiling of @out) */
HM_MUST_USE enum hm_code jks_write(struct buf *out, const char *pem, size_t length, int64_t now_ms,
                                   struct hm_error *err);

/* Is it a store of this format, not PKCS #12? */
bool jks_is(const struct buf *store);

/* Appends a copy of such a store to which every certificate of a PEM text is added. Its digest is
 * not checked: its password may be another. */
HM_MUST_USE enum hm_code jks_extend(struct buf *out, const struct buf *store, const char *pem,
                                    size_t length, int64_t now_ms, struct hm_error *err);

#endif
