#define _GNU_SOURCE /* syscall(), MAP_ANONYMOUS; NOLINT(bugprone-reserved-identifier) */
#include "intercept/allow.h"

#include "support/loop.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CHANNEL_FD = 3, /* in the relay, whose only other descriptors are 0, 1 and 2 */
    BACKLOG = 1024,
    OPEN_MAX_DEFAULT = 65536,
    BURST = 64,       /* connections that are taken before the others' turn */
    INSIDE_FIRST = 2, /* 192.0.2.1 is the mock */
    ALLOW_EXITED = 0
};

struct relay {
    struct loop loop;
    struct watch channel;
    const struct allow *allow;
};

struct relay_listener {
    struct watch watch; /* first */
    const struct tunnel_target *target;
    struct tunnel_counts *counts;
};

static void on_client(struct loop *loop, struct watch *watch, short events)
{
    const struct relay_listener *listener = (void *)watch;
    const struct tunnel_options options = { .target = listener->target,
                                            .counts = listener->counts };

    (void)events;
    for (int i = 0, fd; i < BURST && (fd = loop_accept(watch)) >= 0; i++)
        tunnel_open(loop, fd, &options);
}

static void on_listener_end(struct watch *watch)
{
    free(watch);
}

/* One byte, the number of the target, with its listening socket; the end, when the mock has ended.
 */
static void on_message(struct loop *loop, struct watch *watch, short events)
{
    struct relay *relay = (void *)((char *)loop - offsetof(struct relay, loop));
    uint8_t number = 0;
    struct iovec bytes = { &number, sizeof number };
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };
    const ssize_t got = recvmsg(watch->fd, &message, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    struct relay_listener *listener;
    int fd;

    (void)events;
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        loop_end(loop);
    if (head == NULL || head->cmsg_type != SCM_RIGHTS || number >= relay->allow->targets->count)
        return;
    memcpy(&fd, CMSG_DATA(head), sizeof fd);
    listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        close(fd); /* the client is refused */
        return;
    }
    listener->watch = (struct watch){
        .fd = fd, .events = POLLIN, .on_ready = on_client, .on_end = on_listener_end
    };
    listener->target = &relay->allow->targets->at[number].outside;
    listener->counts = &relay->allow->counts[number];
    loop_add(loop, &listener->watch);
}

/* Nothing of the mock's is kept open: not the world, not a terminal, not a pipe that somebody waits
 * for. */
static void descriptors_leave(int channel)
{
    const int null = open("/dev/null", O_RDWR);
    struct rlimit limit;

    for (int fd = 0; fd < CHANNEL_FD && null >= 0; fd++)
        dup2(null, fd);
    dup2(channel, CHANNEL_FD);
    if (syscall(SYS_close_range, (unsigned)CHANNEL_FD + 1, ~0U, 0) != 0) {
        const long most = sysconf(_SC_OPEN_MAX); /* a kernel before 5.9 */

        for (int fd = CHANNEL_FD + 1; fd < (most > 0 ? most : OPEN_MAX_DEFAULT); fd++)
            close(fd);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static _Noreturn void relay_run(const struct allow *allow, int channel, pid_t parent)
{
    struct relay relay = { .allow = allow };
    struct hm_error err;
    sigset_t all;

    sigfillset(&all); /* Ctrl-C is for CMD, whose requests may still be under way */
    sigprocmask(SIG_SETMASK, &all, NULL);
    platform_end_with_parent(SIGKILL, parent);
    descriptors_leave(channel);
    if (loop_init(&relay.loop, &err) == HM_OK) {
        relay.channel =
            (struct watch){ .fd = CHANNEL_FD, .events = POLLIN, .on_ready = on_message };
        loop_add(&relay.loop, &relay.channel);
        loop_run(&relay.loop);
    }
    _exit(EXIT_SUCCESS);
}

static bool is_ipv6_loopback(const struct sockaddr_storage *at)
{
    return at->ss_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)at)->sin6_addr);
}

enum hm_code allow_start(struct allow *allow, struct allow_targets *targets, struct hm_error *err)
{
    const pid_t parent = getpid();
    int pair[2];

    *allow = (struct allow){ .targets = targets, .channel = -1 };
    if (targets->count == 0)
        return HM_OK;
    for (size_t i = 0; i < targets->count; i++) {
        if (strchr(targets->at[i].name, ':') != NULL &&
            !is_ipv6_loopback(&targets->at[i].outside.at[0]))
            return hm_error_set(err, HM_BAD_ARGUMENT,
                                "--allow-host [%s]:%d: a private network has no IPv6 address but "
                                "::1; use the name of the host",
                                targets->at[i].name, targets->at[i].port);
    }
    allow->counts = mmap(NULL, ALLOW_MAX * sizeof *allow->counts, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (allow->counts == MAP_FAILED) {
        allow->counts = NULL;
        return no_memory(err);
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return hm_error_set(err, HM_INTERNAL, "--allow-host: there is no socket: %s",
                            strerror(errno));
    allow->relay = fork();
    if (allow->relay == 0)
        relay_run(allow, pair[1], parent);
    close(pair[1]);
    allow->channel = pair[0];
    if (allow->relay > 0)
        return HM_OK;
    allow->relay = 0;
    return hm_error_set(err, HM_INTERNAL, "--allow-host: there is no process: %s", strerror(errno));
}

/* The figures stay when the memory goes. */
static void counts_keep(struct allow *allow)
{
    for (size_t i = 0; i < allow->targets->count; i++) {
        struct tunnel_counts *counts = &allow->targets->at[i].counts;

        atomic_store(&counts->connected, atomic_load(&allow->counts[i].connected));
        atomic_store(&counts->failed, atomic_load(&allow->counts[i].failed));
        atomic_store(&counts->error, atomic_load(&allow->counts[i].error));
    }
    munmap(allow->counts, ALLOW_MAX * sizeof *allow->counts);
    allow->counts = NULL;
}

void allow_stop(struct allow *allow)
{
    if (allow->relay > 0) {
        close(allow->channel);
        kill(allow->relay, SIGKILL); /* no process waits for what it still carries */
        while (waitpid(allow->relay, NULL, 0) < 0 && errno == EINTR)
            ;
        allow->relay = 0;
    }
    if (allow->counts != NULL)
        counts_keep(allow);
}

static struct in_addr ipv4_of(const struct sockaddr_storage *at)
{
    return ((const struct sockaddr_in *)at)->sin_addr;
}

/* Where the target is inside. Returns how many addresses there are: at least one. */
static size_t inside(struct sockaddr_storage out[TUNNEL_ADDRESSES_MAX],
                     const struct allow_targets *targets, size_t number)
{
    const struct allow_target *target = &targets->at[number];
    size_t count = 0;

    for (size_t i = 0; i < target->outside.count; i++) {
        const struct sockaddr_storage *at = &target->outside.at[i];

        if (at->ss_family == AF_INET || is_ipv6_loopback(at))
            out[count++] = *at;
    }
    if (count == 0) {
        const struct sockaddr_in instead = {
            .sin_family = AF_INET,
            .sin_addr.s_addr = htonl(0xc0000200U | (unsigned)(INSIDE_FIRST + number)),
            .sin_port = htons((uint16_t)target->port),
        };

        memset(out, 0, sizeof *out);
        memcpy(&out[count++], &instead, sizeof instead);
    }
    return count;
}

size_t allow_addresses(struct in_addr out[ALLOW_ADDRESSES_MAX], const struct allow_targets *targets)
{
    size_t count = 0;

    for (size_t number = 0; number < targets->count; number++) {
        struct sockaddr_storage at[TUNNEL_ADDRESSES_MAX];
        const size_t found = inside(at, targets, number);

        for (size_t i = 0; i < found; i++) {
            const struct in_addr address = ipv4_of(&at[i]);
            size_t same = 0;

            if (at[i].ss_family != AF_INET || ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET)
                continue;
            while (same < count && out[same].s_addr != address.s_addr)
                same++;
            if (same == count)
                out[count++] = address;
        }
    }
    return count;
}

size_t allow_names(struct known_name out[ALLOW_ADDRESSES_MAX], const struct allow_targets *targets)
{
    size_t count = 0;

    for (size_t number = 0; number < targets->count; number++) {
        const char *name = targets->at[number].name;
        struct sockaddr_storage at[TUNNEL_ADDRESSES_MAX];
        const size_t found = inside(at, targets, number);
        bool is_known = false; /* the same host with another port */

        for (size_t i = 0; i < number; i++)
            is_known |= strcmp(targets->at[i].name, name) == 0;
        for (size_t i = 0; i < found && !is_known; i++) {
            if (at[i].ss_family == AF_INET)
                out[count++] = (struct known_name){ .name = name,
                                                    .address = ipv4_of(&at[i]),
                                                    .result = ASKED_ALLOWED };
        }
    }
    return count;
}

/* Hands over a listening socket. */
static bool socket_send(int channel, uint8_t number, int fd)
{
    struct iovec bytes = { &number, sizeof number };
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = { 0 };
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);

    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    return sendmsg(channel, &message, MSG_NOSIGNAL) == (ssize_t)sizeof number;
}

static enum hm_code listen_at(const struct allow *allow, size_t number,
                              const struct sockaddr_storage *at, struct hm_error *err)
{
    const struct allow_target *target = &allow->targets->at[number];
    const int fd = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    enum hm_code code = HM_OK;

    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (at->ss_family == AF_INET6)
            setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    }
    if (fd < 0 || bind(fd, (const struct sockaddr *)at, tunnel_address_bytes(at)) != 0 ||
        listen(fd, BACKLOG) != 0)
        code = hm_error_set(err, HM_BAD_INPUT,
                            "--allow-host %s:%d: cannot listen in the private network: %s",
                            target->name, target->port, strerror(errno));
    else if (!socket_send(allow->channel, (uint8_t)number, fd))
        code = hm_error_set(err, HM_BAD_INPUT,
                            "--allow-host %s:%d: the process that connects outside has ended: %s",
                            target->name, target->port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return code;
}

/* Does a target before @number listen there already? Two names can have one address. */
static bool is_taken(const struct allow_targets *targets, size_t number,
                     const struct sockaddr_storage *wanted)
{
    for (size_t i = 0; i < number; i++) {
        struct sockaddr_storage at[TUNNEL_ADDRESSES_MAX];
        const size_t found = inside(at, targets, i);

        for (size_t k = 0; k < found; k++) {
            if (memcmp(&at[k], wanted, tunnel_address_bytes(wanted)) == 0)
                return true;
        }
    }
    return false;
}

static enum hm_code target_listen(const struct allow *allow, size_t number, struct hm_error *err)
{
    struct sockaddr_storage at[TUNNEL_ADDRESSES_MAX];
    const size_t found = inside(at, allow->targets, number);
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < found; i++) {
        if (!is_taken(allow->targets, number, &at[i]))
            TRY(listen_at(allow, number, &at[i], err));
    }
out:
    return code;
}

enum hm_code allow_listen(const struct allow *allow, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < allow->targets->count; i++)
        TRY(target_listen(allow, i, err));
out:
    return code;
}
