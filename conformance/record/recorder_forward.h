/* Sends one call on to the target as a gateway does (RFC 9110, section 7.6): without the header
 * fields that are for one connection, and with Via. Nothing is sent twice [E7], and no redirect is
 * followed. */
#ifndef SUITE_RECORD_RECORDER_FORWARD_H
#define SUITE_RECORD_RECORDER_FORWARD_H

#include "record/recorder.h"
#include "support/buf.h"

#define RECORDER_VIA "heymarket-conformance"

/* Larger bodies are refused with 413; longer answers become 502. */
enum { RECORDER_BODY_BYTES_MAX = 1024 * 1024, RECORDER_ANSWER_BYTES_MAX = 16 * 1024 * 1024 };

/* Fills x->trip.answer. */
void recorder_forward(const struct recorder *recorder, struct recorded *x,
                      struct http_session *session);

/* Did the call come from a recorder? Then the target is, directly or not, this program. */
bool recorder_is_loop(const struct recorded *x);

/* Makes the recorder's own answer instead of the target's. */
void recorder_refuse(struct recorded *x, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends the answer for the application; sets x->status. @reason: the phrase of that status. */
void recorder_answer_write(struct buf *out, const struct recorded *x, const char *reason,
                           bool closes);

/* The status for the application: the target's, or 502 or 504 where it has none. */
int recorder_status(const struct recorded *x);

#endif
