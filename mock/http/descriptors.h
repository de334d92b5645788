/* The limit on open descriptors: every client needs one. Shells and service managers set 1,024, and
 * let a program raise it. */
#ifndef MOCK_HTTP_DESCRIPTORS_H
#define MOCK_HTTP_DESCRIPTORS_H

#include <stddef.h>

/* Raises the soft limit, as far as the hard one allows, for @threads with a connection each, for
 * connections that wait for a thread, and for the listeners. Returns for how many threads there are
 * descriptors: @threads, or fewer, but at least one. */
int descriptors_raise(int threads, size_t listener_count);

#endif
