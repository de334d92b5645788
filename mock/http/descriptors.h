/* The limit on open descriptors, of which every client needs one. Shells and service managers give
 * 1,024, and let a program ask for more. */
#ifndef MOCK_HTTP_DESCRIPTORS_H
#define MOCK_HTTP_DESCRIPTORS_H

#include <stddef.h>

/* From stdin to stderr, files that are read or written, sockets that are put out of use. */
enum { DESCRIPTORS_BESIDES = 32 };

/* Raises the soft limit as far as is needed, and the hard one lets us, for so many threads with a
 * connection each, those connections that wait for one, and the listeners. Returns how many threads
 * there are descriptors for: @threads, or fewer, but at least one. */
int descriptors_raise(int threads, size_t listener_count);

#endif
