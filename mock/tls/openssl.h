/* OpenSSL's words and version, and one request over TLS. Only the files of this folder know
 * OpenSSL. */
#ifndef MOCK_TLS_OPENSSL_H
#define MOCK_TLS_OPENSSL_H

#include <stddef.h>

/* The version of the library that is loaded: "3.0.17". */
const char *openssl_version(void);

/* The words for an error number, "tlsv1 alert unknown ca"; never NULL. A static string. */
const char *openssl_reason_of(unsigned long number);

/* The same for the thread's first error, "ee key too small". Clears its errors. */
const char *openssl_reason(void);

/* Sends a request over TLS on a connected socket, and reads the answer or as much as fits. Verifies
 * no certificate: only for an answer that nobody relies on.
 * returns bytes of the answer, NUL-terminated; 0: there is none */
size_t openssl_request(int fd, const char *request, char *answer, size_t capacity);

#endif
