#include "http/listener.h"

#include "exchange/request.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/text.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reads a numeric address, and keeps it in its usual form. */
static bool host_take(struct listener *listener, const char *host)
{
    struct in6_addr address;

    if (inet_pton(listener->is_ipv6 ? AF_INET6 : AF_INET, host, &address) != 1)
        return false;
    inet_ntop(listener->is_ipv6 ? AF_INET6 : AF_INET, &address, listener->host,
              sizeof listener->host);
    listener->is_loopback = is_loopback_address(listener->host);
    return true;
}

static bool port_take(struct listener *listener, const char *text)
{
    int64_t port;

    if (*text < '0' || *text > '9' || !text_to_int64(&port, text, 0, 65535))
        return false;
    listener->port = (int)port;
    return true;
}

enum hm_code listener_parse(struct listener *listener, const char *text, bool is_tls,
                            struct hm_error *err)
{
    char host[LISTENER_ADDRESS_TEXT] = "127.0.0.1";
    const char *start = text, *colon = strrchr(text, ':');
    const char *port = colon == NULL ? text : colon + 1;
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);

    *listener =
        (struct listener){ .is_tls = is_tls, .is_by_name = colon == NULL, .reserved_fd = -1 };
    if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
        listener->is_ipv6 = true;
        start++;
        length -= 2;
    }
    if (colon != NULL && length > 0 && length < sizeof host)
        snprintf(host, sizeof host, "%.*s", (int)length, start);
    else if (colon != NULL)
        host[0] = '\0';
    if (text_equal_nocase(host, "localhost")) {
        snprintf(host, sizeof host, "127.0.0.1");
        listener->is_by_name = true;
    }
    if (!port_take(listener, port) || !host_take(listener, host))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "%s %s: expected PORT, IPV4:PORT, localhost:PORT or [IPV6]:PORT, "
                            "such as 8580, 0.0.0.0:8580 or [::1]:0",
                            is_tls ? "--tls-listen" : "--listen", text);
    return HM_OK;
}

void listener_address(char out[LISTENER_URL_TEXT], const struct listener *listener)
{
    snprintf(out, LISTENER_URL_TEXT, listener->is_ipv6 ? "[%s]:%d" : "%s:%d", listener->host,
             listener->port);
}

/* The addresses that a client on this machine reaches as localhost. */
static bool is_localhost(const struct listener *listener)
{
    static const char *const hosts[] = { "127.0.0.1", "::1", "0.0.0.0", "::" };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        if (strcmp(listener->host, hosts[i]) == 0)
            return true;
    }
    return false;
}

void listener_url(char out[LISTENER_URL_TEXT], const struct listener *listener)
{
    char address[LISTENER_URL_TEXT];

    if (listener->is_tls && is_localhost(listener)) {
        snprintf(out, LISTENER_URL_TEXT, "https://localhost:%d", listener->port);
        return;
    }
    listener_address(address, listener);
    snprintf(out, LISTENER_URL_TEXT, "%s://%.*s", listener->is_tls ? "https" : "http",
             LISTENER_URL_TEXT - 10, address);
}

enum { PAIR_TRIES = 32 };

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

/* Binds a socket that does not listen. It may be shared, so that the server can bind the port too,
 * and the system gives it to no other program. Fills in the port. Returns 0 or errno. */
static int reserve(struct listener *listener)
{
    union address address;
    socklen_t length = address_fill(&address, listener);
    int fd = platform_stream_socket(address.any.sa_family);
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

/* Fills @second, ::1 beside @first on 127.0.0.1. *is_there is false where the system has no ::1.
 * The server complains of a port that is in use, unless any port will do. */
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
    return hm_error_set(err, HM_BAD_INPUT, "cannot find a free port on 127.0.0.1 and ::1: %s",
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

void listeners_free(struct listener *listeners, size_t count)
{
    if (listeners == NULL)
        return;
    listeners_release(listeners, count);
    free(listeners);
}

enum hm_code listener_explain(const char *complaint, struct hm_error *err)
{
    static const char bind_v4[] = "cannot bind to ", bind_v6[] = "cannot bind to IPv6 ";
    const char *address = NULL, *port_end = NULL, *reason, *end = strrchr(complaint, ')');

    if (strncmp(complaint, bind_v6, sizeof bind_v6 - 1) == 0)
        address = complaint + sizeof bind_v6 - 1;
    else if (strncmp(complaint, bind_v4, sizeof bind_v4 - 1) == 0)
        address = complaint + sizeof bind_v4 - 1;
    if (address != NULL)
        port_end = strstr(address, ": ");
    reason = port_end == NULL ? NULL : strchr(port_end, '(');
    if (reason == NULL || end == NULL || end < reason)
        return hm_error_set(err, HM_BAD_INPUT, "cannot start the server: %s",
                            *complaint != '\0' ? complaint : "probably out of memory");
    if (port_end[-1] == 's') /* civetweb marks TLS by it */
        port_end--;
    reason++;
    return hm_error_set(err, HM_BAD_INPUT, "cannot listen on %.*s: %.*s%s",
                        (int)(port_end - address), address, (int)(end - reason), reason,
                        strncmp(reason, strerror(EADDRINUSE), (size_t)(end - reason)) == 0
                            ? ": end the program that listens there, or choose another port; port "
                              "0 selects a free one"
                            : "");
}
