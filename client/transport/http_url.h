/* Base URLs. */
#ifndef TRANSPORT_HTTP_URL_H
#define TRANSPORT_HTTP_URL_H

#include <heymarket/error.h>
#include <stdbool.h>

/* Reads and checks a base URL: scheme http or https, no user name, query or fragment, no path that
 * ends in /v1 or /v2; a trailing / is dropped. returns HM_OK, HM_BAD_ARGUMENT with what to change,
 * HM_NO_MEMORY. @out: free() it */
HM_MUST_USE enum hm_code http_base_url(char **out, bool *is_loopback, bool *is_plaintext,
                                       const char *text, struct hm_error *err);

/* Is it this machine: localhost, 127.0.0.0/8, ::1 (with or without its brackets)? Names are not
 * resolved. */
bool http_host_is_loopback(const char *host, size_t length);

#endif
