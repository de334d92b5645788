/* Which root certificates to believe. */
#ifndef SUPPORT_CA_FILE_H
#define SUPPORT_CA_FILE_H

#include "support/buf.h"
#include <heymarket/error.h>

/* The file of root certificates of this system, of the places that distributions use. A static
 * string; NULL: there is none that can be read. */
const char *ca_file_system(void);

/* The PEM file of the only roots to believe when sending to @url: @given, the option's; else, for
 * an https URL, what CURL_CA_BUNDLE or SSL_CERT_FILE names, as with the curl tool (libcurl reads
 * neither); else NULL, libcurl's default, or where that does not exist ca_file_system(). Borrowed.
 * returns HM_OK; HM_BAD_INPUT: not such a file, with the variable that names it; HM_NO_MEMORY */
HM_MUST_USE enum hm_code ca_file_choose(const char **path, const char *given, const char *url,
                                        struct hm_error *err);

/* Is it a PEM file? libcurl would complain only once it connects. A pipe is refused, since the file
 * is read again by each session.
 * returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code ca_file_check(const char *path, struct hm_error *err);

/* Fills @pem, an uninitialised buffer, with the file; buf_fini() it. returns as ca_file_check() */
HM_MUST_USE enum hm_code ca_file_read(struct buf *pem, const char *path, struct hm_error *err);

#endif
