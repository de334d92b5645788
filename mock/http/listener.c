#include "http/listener.h"

#include "exchange/request.h"
#include "support/text.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Takes the host as a numeric address in its usual form. */
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
                            *complaint != '\0' ? complaint : "for lack of memory, it seems");
    if (port_end[-1] == 's') /* civetweb's mark of TLS */
        port_end--;
    return hm_error_set(err, HM_BAD_INPUT, "cannot listen on %.*s: %.*s", (int)(port_end - address),
                        address, (int)(end - reason - 1), reason + 1);
}
