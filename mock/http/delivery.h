/* What a fault does to a connection [design 6]. civetweb has no getter for a connection's socket,
 * so it is found among our descriptors by the addresses at its two ends. */
#ifndef MOCK_HTTP_DELIVERY_H
#define MOCK_HTTP_DELIVERY_H

#include "http/request.h"
#include <stdatomic.h>
#include <stdbool.h>

/* Waits so long, or until the server stops. False: the client has gone away meanwhile; one that
 * only ends its own side, as no HTTP client does, counts as gone. */
bool delivery_wait(const struct request *request, const atomic_bool *is_stopping, int ms);

/* Cuts the connection with a TCP reset, at once and also under TLS. The descriptor stays open, as
 * that of a socket without a connection, for its owner to close. */
void delivery_reset(const struct request *request);

#endif
