/* Carries bytes between a client and the first of several addresses that takes a connection, both
 * ways, until both have said that they are done. */
#ifndef MOCK_INTERCEPT_TUNNEL_H
#define MOCK_INTERCEPT_TUNNEL_H

#include "support/loop.h"
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { TUNNEL_ADDRESSES_MAX = 8 };

struct tunnel_target {
    struct sockaddr_storage at[TUNNEL_ADDRESSES_MAX];
    size_t count;
};

/* For connect() and bind(). */
static inline socklen_t tunnel_address_bytes(const struct sockaddr_storage *at)
{
    return at->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/* What became of the connections to a target. */
struct tunnel_counts {
    atomic_ullong connected, failed;
    atomic_int error; /* errno of the last that failed */
};

struct tunnel_options {
    const struct tunnel_target *target; /* tried in this order */
    struct tunnel_counts *counts;       /* both borrowed until the loop's end */
    const char *success; /* said to the client when there is a connection; NULL: nothing */
    const char *failure; /* when there is none; NULL: its connection is reset */
    const void *early;   /* what the client has already sent, at most TUNNEL_EARLY_MAX */
    size_t early_length;
};

enum { TUNNEL_EARLY_MAX = 16 * 1024 };

/* Takes @client, a connected socket, over. Call it before loop_start() or from within the loop. */
void tunnel_open(struct loop *loop, int client, const struct tunnel_options *options);

#endif
