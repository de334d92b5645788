/* A connection as a client, plain or over TLS, of which every wait has an end (monotonic_ms()).
 * For one thread at a time. SIGPIPE must be blocked or ignored. */
#ifndef MOCK_TLS_STREAM_H
#define MOCK_TLS_STREAM_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What servers are trusted: those with a certificate for their name that the system's store, or
 * SSL_CERT_FILE, vouches for. Safe for threads. stream_trust_free() accepts NULL. */
struct stream_trust;
HM_MUST_USE enum hm_code stream_trust_new(struct stream_trust **trust, struct hm_error *err);
void stream_trust_free(struct stream_trust *trust);

struct stream;

/* Connects to the first address of @host that answers; over TLS (1.2 or later) where @trust is not
 * NULL. Only looking up the name may take longer.
 * HM_NOT_SENT: no connection, and err says why; err->is_untrusted: the certificate; HM_NO_MEMORY */
HM_MUST_USE enum hm_code stream_open(struct stream **stream, const char *host, const char *port,
                                     const struct stream_trust *trust, int64_t end_ms,
                                     struct hm_error *err);

/* Sends all of it. False: closed, or the time is up; then only stream_close() is left. */
bool stream_write(struct stream *stream, const char *bytes, size_t length, int64_t end_ms);

/* At least one byte; 0: closed, or the time is up. */
size_t stream_read(struct stream *stream, char *bytes, size_t capacity, int64_t end_ms);

/* NULL is accepted. */
void stream_close(struct stream *stream);

#endif
