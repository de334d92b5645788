#include "http/delivery.h"

#include "support/monotonic.h"
#include "support/platform.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TICK_MS = 20 }; /* between two looks at the stop flag */

bool delivery_wait(int socket, const atomic_bool *is_stopping, int ms)
{
    int64_t end_us = monotonic_us() + (int64_t)ms * 1000;

    for (;;) {
        int64_t left_ms = (end_us - monotonic_us() + 999) / 1000;

        if (left_ms <= 0 || atomic_load(is_stopping))
            return true;
        if (platform_wait_hangup(socket, left_ms < TICK_MS ? (int)left_ms : TICK_MS))
            return false;
    }
}

/* Puts a socket without a connection in the place of @connected, which closes it unless there is
 * another descriptor of it. */
static bool connection_drop(int connected)
{
    const int unconnected = platform_stream_socket(AF_INET);
    bool is_done = unconnected >= 0 && dup2(unconnected, connected) == connected;

    if (is_done)
        fcntl(connected, F_SETFD, FD_CLOEXEC);
    if (unconnected >= 0)
        close(unconnected);
    return is_done;
}

int delivery_take(int connected)
{
    const int taken = fcntl(connected, F_DUPFD_CLOEXEC, 0);

    if (taken < 0 || connection_drop(connected))
        return taken;
    close(taken);
    return -1;
}

void delivery_reset(int connected)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    if (setsockopt(connected, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0)
        connection_drop(connected);
}
