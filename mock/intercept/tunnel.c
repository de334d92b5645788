#include "intercept/tunnel.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLOW_BYTES = 32 * 1024 };

/* What one side sends, on its way to the other. */
struct flow {
    size_t begin, end; /* of what is not yet passed on */
    bool is_read;      /* nothing more is read */
    bool is_over;      /* all was passed on, or the other side takes no more */
    char bytes[FLOW_BYTES];
};

struct tunnel {
    struct watch sides[2]; /* 0: the client, 1: the target */
    struct flow flows[2];  /* from the client, from the target */
    size_t ends;           /* of the sides */
    const struct tunnel_target *target;
    struct tunnel_counts *counts;
    const char *success, *failure;
    size_t tried;
    bool is_connected;
};

static struct tunnel *tunnel_of(struct watch *side, size_t number)
{
    return (void *)((char *)(side - number) - offsetof(struct tunnel, sides));
}

static void side_end(struct tunnel *tunnel)
{
    if (++tunnel->ends == 2)
        free(tunnel);
}

static void on_client_end(struct watch *side)
{
    side_end(tunnel_of(side, 0));
}

static void on_target_end(struct watch *side)
{
    side_end(tunnel_of(side, 1));
}

static void tunnel_end(struct tunnel *tunnel)
{
    loop_drop(&tunnel->sides[0]);
    loop_drop(&tunnel->sides[1]);
}

/* The client sees a reset connection. */
static void reset(int fd)
{
    const struct linger at_once = { .l_onoff = 1 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static void flow_add(struct flow *flow, const void *bytes, size_t length)
{
    memcpy(flow->bytes + flow->end, bytes, length);
    flow->end += length;
}

/* The other side takes no more. */
static void flow_stop(struct flow *flow)
{
    flow->begin = flow->end = 0;
    flow->is_read = flow->is_over = true;
}

static bool is_for_later(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Reads what fits, and writes what the other side takes. False: the sender has reset its
 * connection. */
static bool flow_move(struct flow *flow, int from, int to)
{
    if (!flow->is_read && flow->begin == flow->end) {
        const ssize_t got = read(from, flow->bytes, sizeof flow->bytes);

        flow->begin = 0;
        flow->end = got > 0 ? (size_t)got : 0;
        flow->is_read = got == 0;
        if (got < 0 && !is_for_later()) {
            reset(to); /* as the sender did */
            return false;
        }
    }
    while (flow->begin < flow->end) {
        const ssize_t put = write(to, flow->bytes + flow->begin, flow->end - flow->begin);

        if (put > 0)
            flow->begin += (size_t)put;
        else if (is_for_later())
            return true;
        else
            flow_stop(flow);
    }
    if (flow->is_read && !flow->is_over) {
        shutdown(to, SHUT_WR);
        flow->is_over = true;
    }
    return true;
}

/* What each side is waited for. */
static void events_set(struct tunnel *tunnel)
{
    for (int i = 0; i < 2; i++) {
        const struct flow *from = &tunnel->flows[i], *to = &tunnel->flows[1 - i];
        short events = 0;

        if (!from->is_read && from->begin == from->end)
            events |= POLLIN;
        if (to->begin < to->end)
            events |= POLLOUT;
        tunnel->sides[i].events = events;
    }
}

static void flows_move(struct tunnel *tunnel)
{
    const int client = tunnel->sides[0].fd, target = tunnel->sides[1].fd;

    const bool goes_on = flow_move(&tunnel->flows[0], client, target) &&
                         flow_move(&tunnel->flows[1], target, client);

    if (!goes_on || (tunnel->flows[0].is_over && tunnel->flows[1].is_over))
        tunnel_end(tunnel);
    events_set(tunnel);
}

static void on_client(struct loop *loop, struct watch *side, short events)
{
    (void)loop;
    (void)events;
    flows_move(tunnel_of(side, 0));
}

static void no_delay(int fd)
{
    const int yes = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

/* Begins to connect to the next address. False: there is none left. */
static bool connect_next(struct tunnel *tunnel)
{
    struct watch *side = &tunnel->sides[1];

    if (side->fd >= 0)
        close(side->fd);
    side->fd = -1;
    while (tunnel->tried < tunnel->target->count) {
        const struct sockaddr_storage *at = &tunnel->target->at[tunnel->tried++];
        const int fd = socket(at->ss_family, SOCK_STREAM, 0);

        if (fd >= 0) {
            fcntl(fd, F_SETFD, FD_CLOEXEC);
            fcntl(fd, F_SETFL, O_NONBLOCK);
            no_delay(fd);
            if (connect(fd, (const struct sockaddr *)at, tunnel_address_bytes(at)) == 0 ||
                errno == EINPROGRESS) {
                side->fd = fd;
                side->events = POLLOUT;
                return true;
            }
        }
        atomic_store(&tunnel->counts->error, errno);
        if (fd >= 0)
            close(fd);
    }
    return false;
}

/* No address could be connected to. */
static void give_up(struct tunnel *tunnel)
{
    atomic_fetch_add(&tunnel->counts->failed, 1);
    if (tunnel->failure == NULL ||
        write(tunnel->sides[0].fd, tunnel->failure, strlen(tunnel->failure)) < 0)
        reset(tunnel->sides[0].fd);
    tunnel_end(tunnel);
}

static void on_target(struct loop *loop, struct watch *side, short events)
{
    struct tunnel *tunnel = tunnel_of(side, 1);
    socklen_t bytes = sizeof(int);
    int failure = 0;

    (void)loop;
    (void)events;
    if (!tunnel->is_connected) {
        if (getsockopt(side->fd, SOL_SOCKET, SO_ERROR, &failure, &bytes) != 0 || failure != 0) {
            atomic_store(&tunnel->counts->error, failure);
            if (!connect_next(tunnel))
                give_up(tunnel);
            return;
        }
        atomic_fetch_add(&tunnel->counts->connected, 1);
        tunnel->is_connected = true;
        if (tunnel->success != NULL)
            flow_add(&tunnel->flows[1], tunnel->success, strlen(tunnel->success));
    }
    flows_move(tunnel);
}

void tunnel_open(struct loop *loop, int client, const struct tunnel_options *options)
{
    struct tunnel *tunnel = malloc(sizeof *tunnel);

    if (tunnel == NULL) {
        close(client);
        return;
    }
    tunnel->ends = 0;
    tunnel->flows[0].begin = tunnel->flows[0].end = 0;
    tunnel->flows[0].is_read = tunnel->flows[0].is_over = false;
    tunnel->flows[1].begin = tunnel->flows[1].end = 0;
    tunnel->flows[1].is_read = tunnel->flows[1].is_over = false;
    tunnel->target = options->target;
    tunnel->counts = options->counts;
    tunnel->success = options->success;
    tunnel->failure = options->failure;
    tunnel->tried = 0;
    tunnel->is_connected = false;
    tunnel->sides[0] =
        (struct watch){ .fd = client, .on_ready = on_client, .on_end = on_client_end };
    tunnel->sides[1] = (struct watch){ .fd = -1, .on_ready = on_target, .on_end = on_target_end };
    if (options->early_length > 0)
        flow_add(&tunnel->flows[0], options->early, options->early_length);
    no_delay(client);
    loop_add(loop, &tunnel->sides[0]);
    loop_add(loop, &tunnel->sides[1]);
    if (!connect_next(tunnel))
        give_up(tunnel);
}
