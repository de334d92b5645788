#define _GNU_SOURCE /* POLLRDHUP, dup3(); NOLINT(bugprone-reserved-identifier) */
#include "http/delivery.h"

#include "store/clock.h"
#include "support/monotonic.h"
#include "support/text.h"
#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TICK_MS = 20, /* between two looks at the stop flag */
    NO_SOCKET = -1,
    DESCRIPTORS_MAX = 1 << 20,
    ADDRESS_TEXT = 64
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* The port of a TCP address; 0: it is none. */
static int port_of(const union address *address)
{
    switch (address->any.sa_family) {
    case AF_INET:
        return ntohs(address->v4.sin_port);
    case AF_INET6:
        return ntohs(address->v6.sin6_port);
    default:
        return 0;
    }
}

/* The address as text, made in the way in which the server made request->peer. */
static bool is_host(const union address *address, socklen_t length, const char *host)
{
    char text[ADDRESS_TEXT];

    return getnameinfo(&address->any, length, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0 &&
           strcmp(text, host) == 0;
}

static bool is_socket_of(int fd, const struct request *request)
{
    union address own = { 0 }, peer = { 0 };
    socklen_t own_length = sizeof own, peer_length = sizeof peer;

    return getpeername(fd, &peer.any, &peer_length) == 0 &&
           getsockname(fd, &own.any, &own_length) == 0 && port_of(&peer) == request->peer_port &&
           port_of(&own) == request->own_port && is_host(&peer, peer_length, request->peer);
}

/* The connection is open for as long as its request is handled, so the number cannot pass to
 * another one meanwhile. */
static int socket_of(const struct request *request)
{
    DIR *directory = request->peer_port == 0 ? NULL : opendir("/proc/self/fd");
    const struct dirent *entry;
    int64_t fd;
    int found = NO_SOCKET;

    while (directory != NULL && found == NO_SOCKET && (entry = readdir(directory)) != NULL) {
        if (text_to_int64(&fd, entry->d_name, 0, DESCRIPTORS_MAX) && is_socket_of((int)fd, request))
            found = (int)fd;
    }
    if (directory != NULL)
        closedir(directory);
    return found;
}

bool delivery_wait(const struct request *request, const atomic_bool *is_stopping, int ms)
{
    int64_t end_us = monotonic_us() + (int64_t)ms * 1000;
    struct pollfd client = { .fd = socket_of(request), .events = POLLRDHUP };

    for (;;) {
        int64_t left_ms = (end_us - monotonic_us() + 999) / 1000;

        if (left_ms <= 0 || atomic_load(is_stopping))
            return true;
        if (poll(&client, 1, left_ms < TICK_MS ? (int)left_ms : TICK_MS) > 0)
            return false;
    }
}

void delivery_reset(const struct request *request)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    int fd = socket_of(request), unconnected;

    if (fd == NO_SOCKET || setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0)
        return;
    unconnected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (unconnected < 0)
        return;
    dup3(unconnected, fd, O_CLOEXEC);
    close(unconnected);
}
