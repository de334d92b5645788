/* Passes DNS queries over UDP on to other servers, one after the other, and the answer back. The
 * caller says which queries: never one for the intercepted host. */
#ifndef MOCK_INTERCEPT_NAME_FORWARD_H
#define MOCK_INTERCEPT_NAME_FORWARD_H

#include "support/loop.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { FORWARD_SERVERS_MAX = 3 /* as in resolv.conf */, FORWARD_WAIT_MS = 1000 };

struct name_forward {
    struct sockaddr_storage servers[FORWARD_SERVERS_MAX];
    size_t count;
    int wait_ms;    /* for one server's answer */
    size_t waiting; /* queries without an answer yet */
};

/* Sets the servers that resolv.conf, @text, names; 127.0.0.1 where it names none. */
void name_forward_init(struct name_forward *forward, const char *text);

/* Passes one on. The answer goes to @client, from @socket, which stays open as long as the loop.
 * With too many at a time it is dropped: the client asks again. */
void name_forward(struct name_forward *forward, struct loop *loop, int socket,
                  const struct sockaddr_storage *client, const uint8_t *query, size_t length);

#endif
