/* TLS handshakes that failed. They lead to no request, so nothing else shows what is wrong. */
#ifndef MOCK_TLS_HANDSHAKE_H
#define MOCK_TLS_HANDSHAKE_H

#include "support/buf.h"
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Who wants to know of each connection; called by the thread that serves it. */
struct handshake_watch {
    void (*on_start)(void *data, int fd); /* the client waits for our answer */
    void (*on_failure)(void *data, int fd);
    void *data;
};

struct handshakes {
    atomic_ullong begun; /* counted only if they are watched */
    atomic_ullong failed;
    atomic_ulong error;                  /* OpenSSL's number of the last one */
    const struct handshake_watch *watch; /* borrowed; NULL: none */
};

/* Has those of an SSL_CTX watched, if handshakes->watch is set. */
void handshakes_watch(struct handshakes *handshakes, void *ssl_ctx);

/* Is this civetweb's log line of one, "sslize error: error:0A000418:SSL routines::tlsv1 alert
 * unknown ca"? */
bool handshake_has_failed(const char *complaint);

/* Counts that of connection @fd, and keeps its reason. */
void handshake_note(struct handshakes *handshakes, const char *complaint, int fd);

/* How many failed so far, and why the last one did, in OpenSSL's words. */
unsigned long long handshakes_failed(const struct handshakes *handshakes);
const char *handshake_reason(const struct handshakes *handshakes);

/* {"count":2,"last_reason":"...","cure":"..."}; null: none failed. A new reference. */
json_t *handshakes_json(const struct handshakes *handshakes, bool has_variables);

/* Is it a reason of a client that does not trust the certificate? */
bool handshake_is_distrust(const char *reason);

enum { HANDSHAKE_CURE_BYTES_MAX = 1024 };

/* Appends the cause of such a reason, and what to do. @has_variables: the client has the variables
 * of `run --tls`, so it reads none of them. */
void handshake_cure(struct buf *out, const char *reason, bool has_variables);

#endif
