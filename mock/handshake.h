/* TLS handshakes that failed: no request came of them, so the log alone can tell what is wrong. */
#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include "buf.h"
#include "mock.h"
#include <stdbool.h>

/* Is it what civetweb logs of one, "sslize error: error:0A000418:SSL routines::tlsv1 alert unknown
 * ca"? */
bool handshake_has_failed(const char *complaint);

/* Counts it in mock->handshakes_failed and, where the log is text, writes a line. */
void handshake_note(struct mock *mock, const char *complaint);

/* Appends that line: OpenSSL's reason and, where it is a usual one, whose mistake it is. */
void handshake_explain(struct buf *out, const char *complaint);

#endif
