/* What a fault does to a connection's socket. */
#ifndef MOCK_HTTP_DELIVERY_H
#define MOCK_HTTP_DELIVERY_H

#include <stdatomic.h>
#include <stdbool.h>

/* Waits @ms, or until the server stops. False: the client has gone away; one that only shuts down
 * its own side, as no HTTP client does, counts as gone. */
bool delivery_wait(int socket, const atomic_bool *is_stopping, int ms);

/* Takes the connection: the caller owns what is returned, and the old descriptor is one of a socket
 * without a connection, for its owner to close. -1: there is no other descriptor. */
int delivery_take(int connected);

/* Cuts the connection with a TCP reset, at once and also under TLS. The descriptor stays open, as
 * that of a socket without a connection, for its owner to close. */
void delivery_reset(int connected);

#endif
