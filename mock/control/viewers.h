/* Viewers of the mock's page: connections that get an event for each exchange of a world. They have
 * left the threads that serve requests; one thread of their own serves them all. It looks for new
 * events a few times a second, so requests do not know of it. */
#ifndef MOCK_CONTROL_VIEWERS_H
#define MOCK_CONTROL_VIEWERS_H

#include "exchange/mock.h"
#include <stdbool.h>

enum {
    VIEWERS_MAX = 16,
    VIEWER_PATIENCE_MS = 10000, /* for one that takes nothing of what was sent */
    VIEWER_SILENCE_MS = 15000   /* after which a comment shows that the connection still stands */
};

struct viewer;

/* NULL: out of memory, or no descriptors. viewers_free() it after server_stop(). */
struct viewers *viewers_new(struct mock *mock);

/* Ends the connections of all, and takes no more. */
void viewers_stop(struct viewers *viewers);
void viewers_free(struct viewers *viewers);

/* A viewer of @sandbox, after the exchange with the id @last or, if that is not one of this mock's
 * life, from the journal's oldest exchange on. viewer_free() or viewer_take() it.
 * NULL: there are VIEWERS_MAX, or out of memory. */
struct viewer *viewer_new(struct viewers *viewers, struct sandbox *sandbox, const char *last);
void viewer_free(void *pointer);

/* Sends a viewer events over @connection, until either side ends it. Takes over both. */
void viewer_take(void *pointer, int connection);

#endif
