/* TLS handshakes that failed. They lead to no request, so nothing else shows what is wrong. */
#ifndef MOCK_TLS_HANDSHAKE_H
#define MOCK_TLS_HANDSHAKE_H

#include "support/buf.h"
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>

struct handshakes {
    atomic_ullong failed;
    atomic_ulong error; /* OpenSSL's number of the last one */
};

/* Is this civetweb's log line of one, "sslize error: error:0A000418:SSL routines::tlsv1 alert
 * unknown ca"? */
bool handshake_has_failed(const char *complaint);

/* Counts it, and keeps its reason. */
void handshake_note(struct handshakes *handshakes, const char *complaint);

/* How many failed so far, and why the last one did, in OpenSSL's words. */
unsigned long long handshakes_failed(const struct handshakes *handshakes);
const char *handshake_reason(const struct handshakes *handshakes);

/* {"count":2,"last_reason":"...","cure":"..."}; null: none failed. A new reference. */
json_t *handshakes_json(const struct handshakes *handshakes, bool has_variables);

enum { HANDSHAKE_CURE_BYTES_MAX = 1024 };

/* Appends the cause of such a reason, and what to do. @has_variables: the client has the variables
 * of `run --tls`, so it reads none of them. */
void handshake_cure(struct buf *out, const char *reason, bool has_variables);

#endif
