#include "intercept/supervise_connect.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>

/* Starts to connect, without waiting, whatever the socket is set to. @returns 0 or errno */
static int start(const struct notified *call, const union address *peer)
{
    const int v6only = 0;
    int flags = fcntl(call->socket, F_GETFL);
    int why;

    if (flags < 0)
        return errno;
    if (peer->any.sa_family == AF_INET6)
        setsockopt(call->socket, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
    /* CMD shares the flags. It waits for this call, so it does not see the change. */
    if ((flags & O_NONBLOCK) == 0)
        fcntl(call->socket, F_SETFL, flags | O_NONBLOCK);
    why = connect(call->socket, &peer->any, address_length(peer)) == 0 ? 0 : errno;
    if ((flags & O_NONBLOCK) == 0)
        fcntl(call->socket, F_SETFL, flags);
    return why;
}

/* What has become of a new socket's connection, which was just started: 0, EINPROGRESS, or why it
 * failed. */
static int outcome(const struct notified *call)
{
    struct pollfd poll_one = { .fd = call->socket, .events = POLLOUT };
    socklen_t length = sizeof(int);
    int why = 0;

    if (poll(&poll_one, 1, 0) != 1)
        return EINPROGRESS;
    return getsockopt(call->socket, SOL_SOCKET, SO_ERROR, &why, &length) == 0 ? why : errno;
}

/* The result of a first connect(), where the caller may have missed it and made the call again. A
 * program that asks in this way what became of it takes both. */
static int first_result(int why)
{
    return why == EISCONN ? 0 : why == EALREADY ? EINPROGRESS : why;
}

/* Starts the connection. @returns 0 or errno; EINPROGRESS: it goes on by itself */
static int begin(struct supervised *supervised, struct notified *call, const union address *asked,
                 const union address *peer)
{
    const struct moved *moved = moved_find(supervised, call->inode);
    int why, failure;

    if (call->protocol == PROTOCOL_TCP && moved != NULL) /* once more, to see what became of it */
        return moved->is_connected ? EISCONN : EALREADY;
    why = supervised_fetch(supervised, call);
    if (why == 0)
        why = start(call, peer);
    if (call->is_new && why == EINPROGRESS)
        why = outcome(call);
    if ((call->is_new || call->protocol == PROTOCOL_UDP) && (why == 0 || why == EINPROGRESS)) {
        failure = supervised_keep(supervised, call, why == 0, asked, peer);
        why = failure != 0 ? failure : why;
    }
    return why;
}

/* A socket that blocks waits in the kernel: connect() of one that is connecting looks at no
 * address, and keeps time limits and signals. */
static void move(struct supervised *supervised, struct notified *call, const union address *asked,
                 const union address *peer)
{
    int why = begin(supervised, call, asked, peer);

    if (supervised_was_started(supervised, call))
        why = first_result(why);
    else if (why == 0 || why == EINPROGRESS)
        supervised_note_started(supervised, call);
    if (why == 0)
        notified_answer(call, 0);
    else if ((why == EINPROGRESS || why == EALREADY) && !call->is_nonblocking)
        notified_pass(call);
    else
        notified_refuse(call, why);
}

void connect_answer(struct supervised *supervised, struct notified *call)
{
    union address asked, peer;
    socklen_t length = 0;
    enum address_verdict verdict;
    int why = supervised_read_address(supervised, call, call->arguments[1], call->arguments[2],
                                      &asked, &length);

    if (why != 0) {
        notified_refuse(call, why);
        return;
    }
    verdict = address_judge(&supervised->map, &asked, length, false, &peer);
    if (verdict == ADDRESS_MOVES) {
        why = notified_look(call, (int)call->arguments[0]);
        if (why != 0) {
            notified_refuse(call, why);
            return;
        }
        if (call->protocol != PROTOCOL_TCP)
            verdict = call->protocol == PROTOCOL_UDP
                          ? address_judge(&supervised->map, &asked, length, true, &peer)
                          : ADDRESS_IS_REFUSED;
    }
    switch (verdict) {
    case ADDRESS_PASSES:
        notified_pass(call);
        break;
    case ADDRESS_MOVES:
        move(supervised, call, &asked, &peer);
        break;
    case ADDRESS_IS_REFUSED:
        supervised_refuse(supervised, call, &asked);
        break;
    case ADDRESS_IS_HIDDEN:
        notified_refuse(call, ENOENT);
        break;
    }
}
