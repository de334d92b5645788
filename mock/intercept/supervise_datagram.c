#define _GNU_SOURCE /* struct mmsghdr; NOLINT(bugprone-reserved-identifier) */
#include "intercept/supervise_datagram.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* What a call sends or receives. Addresses are those of CMD's memory. */
struct transfer {
    uint64_t name, name_length;
    int flags;
    struct iovec buffer; /* of sendto() and recvfrom() */
    uint64_t vectors;    /* of the others; 0: there is the buffer alone */
    size_t vector_count;
};

/* Those of sendto() and recvfrom(). */
static struct transfer of_arguments(const struct notified *call)
{
    return (
        struct transfer){ .name = call->arguments[4],
                          .name_length = call->arguments[5],
                          .flags = (int)call->arguments[3],
                          .buffer = { notified_pointer(call->arguments[1]), call->arguments[2] } };
}

/* Reads the msghdr at @at. @returns 0 or errno */
static int read_message(const struct notified *call, uint64_t at, uint64_t flags,
                        struct transfer *transfer)
{
    struct msghdr message = { .msg_flags = 0 };
    int why = notified_read(call, at, &message, sizeof message);

    if (why == 0)
        *transfer = (struct transfer){ .name = (uintptr_t)message.msg_name,
                                       .name_length = message.msg_namelen,
                                       .flags = (int)flags,
                                       .vectors = (uintptr_t)message.msg_iov,
                                       .vector_count = message.msg_iovlen };
    return why;
}

/* Makes supervised->vectors the list of its buffers. @returns 0 or errno */
static int vectors_read(struct supervised *supervised, const struct notified *call,
                        struct transfer *transfer)
{
    if (transfer->vectors == 0) {
        supervised->vectors[0] = transfer->buffer;
        transfer->vector_count = 1;
        return 0;
    }
    if (transfer->vector_count > VECTORS_MAX)
        return EMSGSIZE;
    return transfer->vector_count == 0
               ? 0
               : notified_read(call, transfer->vectors, supervised->vectors,
                               transfer->vector_count * sizeof supervised->vectors[0]);
}

/* Where a message goes. */
struct judgement {
    enum address_verdict verdict;
    int error; /* with which it fails, if it is refused */
    union address asked, peer;
};

static enum address_verdict refuse(struct judgement *judgement, int error)
{
    judgement->error = error;
    return ADDRESS_IS_REFUSED;
}

/* What an address that does not pass means for the kind of socket. */
static enum address_verdict judge_socket(struct notified *call, struct judgement *judgement,
                                         int flags)
{
    int why = notified_look(call, (int)call->arguments[0]);

    if (why != 0)
        return refuse(judgement, why);
    if (call->protocol == PROTOCOL_TCP)
        /* A stream takes no address, unless the call also connects it: TCP fast open. Without that
         * programs call connect(). */
        return (flags & MSG_FASTOPEN) == 0 ? ADDRESS_PASSES : refuse(judgement, EOPNOTSUPP);
    if (judgement->verdict == ADDRESS_IS_HIDDEN)
        return refuse(judgement, ENOENT);
    return judgement->verdict == ADDRESS_MOVES && call->protocol == PROTOCOL_UDP
               ? ADDRESS_MOVES
               : refuse(judgement, ENETUNREACH);
}

static void judge(struct supervised *supervised, struct notified *call,
                  const struct transfer *transfer, struct judgement *judgement)
{
    socklen_t length = 0;
    int why;

    judgement->verdict = ADDRESS_PASSES;
    if (transfer->name == 0)
        return;
    why = supervised_read_address(supervised, call, transfer->name, transfer->name_length,
                                  &judgement->asked, &length);
    if (why != 0) {
        judgement->verdict = refuse(judgement, why);
        return;
    }
    /* A socket of UDP takes an address without a family for one of IPv4. */
    if (length >= sizeof(sa_family_t) && judgement->asked.any.sa_family == AF_UNSPEC)
        judgement->asked.any.sa_family = AF_INET;
    judgement->verdict =
        address_judge(&supervised->map, &judgement->asked, length, true, &judgement->peer);
    if (judgement->verdict != ADDRESS_PASSES)
        judgement->verdict = judge_socket(call, judgement, transfer->flags);
}

/* Sends what CMD wanted to. @returns the number of bytes, or -errno */
static ssize_t move(struct supervised *supervised, struct notified *call,
                    struct judgement *judgement, struct transfer *transfer)
{
    struct iovec bytes = { supervised->datagram, 0 };
    struct msghdr message = { .msg_name = &judgement->peer,
                              .msg_namelen = address_length(&judgement->peer),
                              .msg_iov = &bytes,
                              .msg_iovlen = 1 };
    ssize_t count;
    int why = vectors_read(supervised, call, transfer);

    if (why == 0 && call->socket < 0) {
        why = supervised_fetch(supervised, call);
        if (why == 0)
            why = supervised_keep(supervised, call, false, &judgement->asked, &judgement->peer);
    }
    if (why != 0)
        return -why;
    count = notified_gather(call, supervised->vectors, transfer->vector_count, supervised->datagram,
                            sizeof supervised->datagram);
    if (count < 0)
        return count;
    bytes.iov_len = (size_t)count;
    count = sendmsg(call->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    return count < 0 ? -errno : count;
}

/* The refused address is noted, if it is one of a network. */
static void end_refused(struct supervised *supervised, const struct notified *call,
                        const struct judgement *judgement)
{
    if (judgement->error == ENETUNREACH)
        supervised_refuse(supervised, call, &judgement->asked);
    else
        notified_refuse(call, judgement->error);
}

static void send_answer(struct supervised *supervised, struct notified *call,
                        struct transfer *transfer)
{
    struct judgement judgement = { .error = 0 };
    ssize_t sent;

    judge(supervised, call, transfer, &judgement);
    if (judgement.verdict == ADDRESS_PASSES) {
        notified_pass(call);
    } else if (judgement.verdict != ADDRESS_MOVES) {
        end_refused(supervised, call, &judgement);
    } else {
        sent = move(supervised, call, &judgement, transfer);
        if (sent < 0)
            notified_refuse(call, (int)-sent);
        else
            notified_answer(call, sent);
    }
}

void sendto_answer(struct supervised *supervised, struct notified *call)
{
    struct transfer transfer = of_arguments(call);

    send_answer(supervised, call, &transfer);
}

void sendmsg_answer(struct supervised *supervised, struct notified *call)
{
    struct transfer transfer;
    int why = read_message(call, call->arguments[1], call->arguments[2], &transfer);

    if (why != 0)
        notified_refuse(call, why);
    else
        send_answer(supervised, call, &transfer);
}

/* Sends the messages one by one, as the kernel does: the first that fails ends it. What passes
 * among others that do not is refused, too. @returns the number of messages, or -errno */
static int64_t move_all(struct supervised *supervised, struct notified *call, uint64_t count)
{
    struct judgement judgement = { .error = 0 };
    uint64_t i;

    for (i = 0; i < count; i++) {
        const uint64_t at = call->arguments[1] + i * sizeof(struct mmsghdr);
        struct transfer transfer;
        unsigned length;
        ssize_t sent;
        int why = read_message(call, at, call->arguments[3], &transfer);

        if (why != 0)
            return i > 0 ? (int64_t)i : -why;
        judge(supervised, call, &transfer, &judgement);
        if (judgement.verdict != ADDRESS_MOVES)
            break;
        sent = move(supervised, call, &judgement, &transfer);
        if (sent < 0)
            return i > 0 ? (int64_t)i : sent;
        length = (unsigned)sent;
        why = notified_write(call, at + offsetof(struct mmsghdr, msg_len), &length, sizeof length);
        if (why != 0)
            return -why;
    }
    return i > 0 ? (int64_t)i : -(judgement.error != 0 ? judgement.error : EINVAL);
}

void sendmmsg_answer(struct supervised *supervised, struct notified *call)
{
    const uint64_t given = (uint32_t)call->arguments[2];
    const uint64_t count = given < VECTORS_MAX ? given : VECTORS_MAX; /* as the kernel does */
    struct judgement judgement = { .error = 0 };
    bool passes = true;
    int64_t sent;

    for (uint64_t i = 0; i < count && passes; i++) {
        struct transfer transfer;
        int why = read_message(call, call->arguments[1] + i * sizeof(struct mmsghdr),
                               call->arguments[3], &transfer);

        if (why != 0) {
            notified_refuse(call, why);
            return;
        }
        judge(supervised, call, &transfer, &judgement);
        passes = judgement.verdict == ADDRESS_PASSES;
    }
    if (passes) {
        notified_pass(call);
        return;
    }
    if (judgement.verdict == ADDRESS_IS_REFUSED) {
        end_refused(supervised, call, &judgement);
        return;
    }
    sent = move_all(supervised, call, count);
    if (sent < 0)
        notified_refuse(call, (int)-sent);
    else
        notified_answer(call, sent);
}

/* What was received, and from whom. */
struct arrival {
    ssize_t count;
    union address sender;
};

/* Takes what has arrived at a socket that was moved. @returns 0; EAGAIN: nothing yet; another
 * errno; -1: the call is the kernel's */
static int take(struct supervised *supervised, struct notified *call,
                const struct transfer *transfer, struct arrival *arrival)
{
    const struct moved *moved;
    socklen_t length = sizeof arrival->sender;

    if (transfer->name == 0 || (transfer->flags & (MSG_ERRQUEUE | MSG_OOB)) != 0 ||
        notified_look(call, (int)call->arguments[0]) != 0 || call->protocol != PROTOCOL_UDP)
        return -1;
    moved = moved_find(supervised, call->inode);
    if (moved == NULL || supervised_fetch(supervised, call) != 0 || call->is_new)
        return -1;
    arrival->count =
        recvfrom(call->socket, supervised->datagram, sizeof supervised->datagram,
                 MSG_DONTWAIT | (transfer->flags & MSG_PEEK), &arrival->sender.any, &length);
    if (arrival->count < 0) {
        const bool waits = !call->is_nonblocking && (transfer->flags & MSG_DONTWAIT) == 0;

        /* The kernel waits better than we would. The sender is the real one then. */
        return errno == EAGAIN && waits ? -1 : errno;
    }
    if (address_is(&arrival->sender, &moved->peer))
        arrival->sender = moved->asked;
    return 0;
}

/* Gives CMD the bytes and the sender. Writes at most @name_room bytes of the latter.
 * @returns how many bytes fitted, or -errno */
static ssize_t deliver(struct supervised *supervised, const struct notified *call,
                       struct transfer *transfer, const struct arrival *arrival, size_t name_room)
{
    const size_t length = address_length(&arrival->sender);
    int why = vectors_read(supervised, call, transfer);

    if (why == 0 && name_room > 0)
        why = notified_write(call, transfer->name, &arrival->sender,
                             name_room < length ? name_room : length);
    return why != 0 ? -why
                    : notified_scatter(call, supervised->vectors, transfer->vector_count,
                                       supervised->datagram, (size_t)arrival->count);
}

/* Ends a call that received something. */
static void receive_end(const struct notified *call, const struct transfer *transfer,
                        const struct arrival *arrival, int why, ssize_t fitted)
{
    if (why != 0)
        notified_refuse(call, why);
    else
        notified_answer(call, (transfer->flags & MSG_TRUNC) != 0 ? arrival->count : fitted);
}

void recvfrom_answer(struct supervised *supervised, struct notified *call)
{
    struct transfer transfer = of_arguments(call);
    struct arrival arrival;
    socklen_t room = 0;
    ssize_t fitted = 0;
    int why = take(supervised, call, &transfer, &arrival);

    if (why < 0) {
        notified_pass(call);
        return;
    }
    if (why == 0)
        why = notified_read(call, transfer.name_length, &room, sizeof room); /* a pointer here */
    if (why == 0) {
        fitted = deliver(supervised, call, &transfer, &arrival, room);
        room = address_length(&arrival.sender);
        why = fitted < 0 ? (int)-fitted
                         : notified_write(call, transfer.name_length, &room, sizeof room);
    }
    receive_end(call, &transfer, &arrival, why, fitted);
}

void recvmsg_answer(struct supervised *supervised, struct notified *call)
{
    const uint64_t at = call->arguments[1];
    struct transfer transfer;
    struct arrival arrival;
    struct msghdr message = { .msg_flags = 0 };
    ssize_t fitted = 0;
    int why;

    if (supervised->moved_count == 0 ||
        read_message(call, at, call->arguments[2], &transfer) != 0) {
        notified_pass(call);
        return;
    }
    why = take(supervised, call, &transfer, &arrival);
    if (why < 0) {
        notified_pass(call);
        return;
    }
    if (why == 0) {
        fitted = deliver(supervised, call, &transfer, &arrival, transfer.name_length);
        why = fitted < 0 ? (int)-fitted : notified_read(call, at, &message, sizeof message);
    }
    if (why == 0) {
        message.msg_namelen = address_length(&arrival.sender);
        message.msg_controllen = 0;
        message.msg_flags = fitted < arrival.count ? MSG_TRUNC : 0;
        why = notified_write(call, at, &message, sizeof message);
    }
    receive_end(call, &transfer, &arrival, why, fitted);
}
