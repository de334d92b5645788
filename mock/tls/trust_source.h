/* The certificates that a program trusts already, by settings of its user or its system. */
#ifndef MOCK_TLS_TRUST_SOURCE_H
#define MOCK_TLS_TRUST_SOURCE_H

#include "support/buf.h"
#include "support/environment.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

/* Appends the PEM of a file, or of the certificates in a directory as OpenSSL names them
 * (5ed36f99.0), each with a line feed at its end. Nothing if @path is NULL or cannot be read: then
 * the program cannot read it either.
 * returns HM_OK; HM_BAD_INPUT (past the ceiling of @out); HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_source_read(struct buf *out, const char *path, struct hm_error *err);

/* Finds the executable java on the PATH of @environment; @path is its path, at most @size bytes
 * long. False: there is none. */
bool trust_source_java(char *path, size_t size, const struct environment *environment);

/* The value of the last ca_certificate line of a .wgetrc; *length 0: there is none. Borrowed from
 * @text. */
const char *trust_source_of_wgetrc(const char *text, size_t *length);

#endif
