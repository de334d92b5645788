/* TLS handshakes that failed: no request came of them, so nothing else can tell what is wrong. */
#ifndef MOCK_HTTP_HANDSHAKE_H
#define MOCK_HTTP_HANDSHAKE_H

#include "mock.h"
#include "support/buf.h"
#include <stdbool.h>

/* Is it what civetweb logs of one, "sslize error: error:0A000418:SSL routines::tlsv1 alert unknown
 * ca"? */
bool handshake_has_failed(const char *complaint);

/* Counts it, notes its reason and, where the log is text, writes a line. */
void handshake_note(struct mock *mock, const char *complaint);

/* How many failed so far, and why the last one did, in OpenSSL's words. */
unsigned long long handshakes_failed(const struct mock *mock);
const char *handshake_reason(const struct mock *mock);

enum { HANDSHAKE_CURE_BYTES_MAX = 1024 };

/* Appends what such a reason comes from and what to do. @has_variables: the client has those of
 * `run --tls`, so that it must be one that reads none of them. */
void handshake_cure(struct buf *out, const char *reason, bool has_variables);

#endif
