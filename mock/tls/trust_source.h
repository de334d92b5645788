/* What a program trusts already, wherever its user or its system has that written down. */
#ifndef MOCK_TLS_TRUST_SOURCE_H
#define MOCK_TLS_TRUST_SOURCE_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stddef.h>

/* The system's bundle of roots; NULL: none of the usual files is there. A static string. */
const char *trust_source_system(void);

/* Appends the PEM of a file, or of the certificates in a directory as OpenSSL keeps them
 * (5ed36f99.0), each ending in a line break. Nothing where @path is NULL, or names what cannot be
 * read: the program had nothing from there either.
 * returns HM_OK; HM_BAD_INPUT (past the ceiling of @out); HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_source_read(struct buf *out, const char *path, struct hm_error *err);

/* The value of the last ca_certificate line in wget's own file; *length 0: there is none. Borrowed
 * from @text. */
const char *trust_source_of_wgetrc(const char *text, size_t *length);

#endif
