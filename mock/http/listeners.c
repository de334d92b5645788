/* The listeners of the command line, and the two that one of them may stand for. */
#include "http/listener.h"

#include "support/no_memory.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PAIR_TRIES = 32,
    LISTENING_FDS = 256 /* among the first ones are those of the start */
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t address_fill(union address *address, const struct listener *listener)
{
    memset(address, 0, sizeof *address);
    if (listener->is_ipv6) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons((uint16_t)listener->port);
        inet_pton(AF_INET6, listener->host, &address->v6.sin6_addr);
        return sizeof address->v6;
    }
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons((uint16_t)listener->port);
    inet_pton(AF_INET, listener->host, &address->v4.sin_addr);
    return sizeof address->v4;
}

/* Binds a socket that does not listen: as it may be shared, the server can bind the port, too, and
 * nobody is given it by chance. Fills the port that was chosen. Returns 0 or errno. */
static int reserve(struct listener *listener)
{
    union address address;
    socklen_t length = address_fill(&address, listener);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;

    if (fd < 0)
        return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener->is_ipv6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, &address.any, length) != 0 || getsockname(fd, &address.any, &length) != 0) {
        int number = errno;

        close(fd);
        return number;
    }
    listener->port = ntohs(listener->is_ipv6 ? address.v6.sin6_port : address.v4.sin_port);
    listener->reserved_fd = fd;
    return 0;
}

static bool is_family_absent(int number)
{
    return number == EAFNOSUPPORT || number == EADDRNOTAVAIL || number == EPROTONOSUPPORT;
}

/* Fills @second, ::1 beside @first on 127.0.0.1. *is_there is false where the system has no ::1. A
 * port that is taken is left for the server to complain of, unless any will do. */
static enum hm_code pair_take(struct listener *second, struct listener *first, bool *is_there,
                              struct hm_error *err)
{
    const bool is_any = first->port == 0;
    int number = 0;

    for (int i = 0; i < (is_any ? PAIR_TRIES : 1); i++) {
        if (is_any)
            first->port = 0;
        number = is_any ? reserve(first) : 0;
        if (number != 0)
            break;
        *second = *first;
        memcpy(second->host, "::1", sizeof "::1");
        second->is_ipv6 = true;
        second->reserved_fd = -1;
        number = reserve(second);
        *is_there = !is_family_absent(number);
        if (number == 0 || !*is_there || !is_any)
            return HM_OK;
        listeners_release(first, 1);
    }
    return hm_error_set(err, HM_BAD_INPUT,
                        "cannot find a port that is free on 127.0.0.1 and ::1: %s",
                        strerror(number));
}

static enum hm_code tls_take(struct listener *listeners, size_t *count,
                             const struct option_texts *texts, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < texts->count; i++) {
        struct listener *listener = &listeners[(*count)++];
        bool is_pair = false;

        TRY(listener_parse(listener, texts->at[i], true, err));
        if (listener->is_by_name)
            TRY(pair_take(listener + 1, listener, &is_pair, err));
        if (is_pair)
            (*count)++;
    }
out:
    return code;
}

enum hm_code listeners_take(struct listener **listeners, size_t *count,
                            const struct option_texts *plain, const struct option_texts *tls,
                            const char *by_default, struct hm_error *err)
{
    const bool is_default = plain->count == 0 && tls->count == 0;
    size_t plain_count = is_default ? 1 : plain->count;
    enum hm_code code = HM_OK;

    *count = 0;
    *listeners = calloc(plain_count + 2 * tls->count, sizeof **listeners);
    if (*listeners == NULL)
        return no_memory(err);
    for (size_t i = 0; i < plain_count; i++)
        TRY(listener_parse(&(*listeners)[(*count)++], is_default ? by_default : plain->at[i], false,
                           err));
    TRY(tls_take(*listeners, count, tls, err));
out:
    return code;
}

void listeners_release(struct listener *listeners, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (listeners[i].reserved_fd >= 0)
            close(listeners[i].reserved_fd);
        listeners[i].reserved_fd = -1;
    }
}

/* Is it a socket that listens where one of ours does? */
static bool is_listening(int fd, const struct listener *listeners, size_t count)
{
    union address ours, own = { 0 };
    socklen_t length = sizeof own, flag_length = sizeof(int);
    int flag = 0;

    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &flag, &flag_length) != 0 || flag == 0 ||
        getsockname(fd, &own.any, &length) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (address_fill(&ours, &listeners[i]) == length && memcmp(&ours, &own, length) == 0)
            return true;
    }
    return false;
}

void listeners_tune(const struct listener *listeners, size_t count, int silence_s, int unsent_bytes)
{
    for (int fd = 0; fd < LISTENING_FDS; fd++) {
        if (!is_listening(fd, listeners, count))
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &silence_s, sizeof silence_s);
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &unsent_bytes, sizeof unsent_bytes);
    }
}

void listeners_shut(const struct listener *listeners, size_t count)
{
    for (int fd = 0; fd < LISTENING_FDS; fd++) {
        if (is_listening(fd, listeners, count))
            shutdown(fd, SHUT_RDWR);
    }
}

void listeners_free(struct listener *listeners, size_t count)
{
    if (listeners == NULL)
        return;
    listeners_release(listeners, count);
    free(listeners);
}
