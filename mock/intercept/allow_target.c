#include "intercept/allow_target.h"

#include "support/options.h"
#include "support/text.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

enum { PORT_MAX = 65535, PORT_DIGITS = 5 };

static struct span without_last_dot(struct span host)
{
    if (host.length > 0 && host.at[host.length - 1] == '.')
        host.length--;
    return host;
}

bool host_is_intercepted(struct span host)
{
    return span_is_nocase(without_last_dot(host), INTERCEPT_NAME);
}

bool host_is_subdomain(struct span host)
{
    static const char end[] = "." INTERCEPT_NAME;
    const size_t length = sizeof end - 1;

    host = without_last_dot(host);
    return host.length > length && span_is_nocase(span_skip(host, host.length - length), end);
}

/* What a name or an address may consist of. A zone ("%eth0") has no meaning in another network. */
static bool is_host(struct span host, bool is_ipv6)
{
    if (host.length == 0 || host.length >= ASKED_NAME_TEXT || host.at[0] == '-')
        return false;
    for (size_t i = 0; i < host.length; i++) {
        const char c = host.at[i];

        if (is_ipv6 ? hex_value(c) < 0 && c != ':' && c != '.'
                    : !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
                          !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
            return false;
    }
    return true;
}

bool host_port_read(struct span *host, int *port, struct span text)
{
    char digits[PORT_DIGITS + 1] = "";
    size_t colon = text.length;
    int64_t number;
    bool is_ipv6;

    while (colon > 0 && text.at[colon - 1] != ':')
        colon--;
    if (colon == 0 || text.length - colon > PORT_DIGITS)
        return false;
    memcpy(digits, text.at + colon, text.length - colon);
    if (hex_value(digits[0]) < 0 || !text_to_int64(&number, digits, 1, PORT_MAX))
        return false;
    *host = (struct span){ text.at, colon - 1 };
    is_ipv6 = host->length > 2 && host->at[0] == '[' && host->at[host->length - 1] == ']';
    if (is_ipv6)
        *host = (struct span){ host->at + 1, host->length - 2 };
    *port = (int)number;
    return is_host(*host, is_ipv6);
}

/* Puts the port into each address, and keeps the first ones. */
static void addresses_keep(struct allow_target *target, const struct addrinfo *found)
{
    struct tunnel_target *outside = &target->outside;

    for (; found != NULL && outside->count < TUNNEL_ADDRESSES_MAX; found = found->ai_next) {
        struct sockaddr_storage *at = &outside->at[outside->count];

        if (found->ai_family != AF_INET && found->ai_family != AF_INET6)
            continue;
        memcpy(at, found->ai_addr, found->ai_addrlen);
        if (found->ai_family == AF_INET)
            ((struct sockaddr_in *)at)->sin_port = htons((uint16_t)target->port);
        else
            ((struct sockaddr_in6 *)at)->sin6_port = htons((uint16_t)target->port);
        outside->count++;
    }
}

static enum hm_code target_read(struct allow_target *target, const char *text, struct hm_error *err)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    const struct shown shown = shown_text(text, strlen(text));
    struct addrinfo *found = NULL;
    struct span host;
    int failure;

    if (!host_port_read(&host, &target->port, (struct span){ text, strlen(text) }))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--allow-host %s: expected HOST:PORT, such as localhost:5432 or "
                            "[::1]:5432",
                            shown.text);
    if (host_is_intercepted(host) || host_is_subdomain(host))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--allow-host %s: the mock takes the place of " INTERCEPT_NAME
                            ", so CMD must not reach it",
                            shown.text);
    host = without_last_dot(host);
    for (size_t i = 0; i < host.length; i++)
        target->name[i] =
            (char)(host.at[i] >= 'A' && host.at[i] <= 'Z' ? host.at[i] + ('a' - 'A') : host.at[i]);
    failure = getaddrinfo(target->name, NULL, &hints, &found);
    if (failure == 0)
        addresses_keep(target, found);
    if (found != NULL)
        freeaddrinfo(found);
    if (target->outside.count > 0)
        return HM_OK;
    return hm_error_set(err, HM_BAD_ARGUMENT, "--allow-host %s: the host cannot be resolved: %s",
                        shown.text,
                        failure == EAI_SYSTEM ? strerror(errno) : gai_strerror(failure));
}

enum hm_code allow_targets_read(struct allow_targets *targets, const struct option_texts *texts,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;

    *targets = (struct allow_targets){ .count = 0 };
    if (texts->count == 0)
        return HM_OK;
    if (texts->count > ALLOW_MAX)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--allow-host: at most %d hosts can be given",
                            ALLOW_MAX);
    for (size_t i = 0; i < texts->count; i++) {
        TRY(target_read(&targets->at[i], texts->at[i], err));
        targets->count++;
    }
out:
    return code;
}

struct allow_target *allow_target_find(struct allow_targets *targets, struct span host, int port)
{
    host = without_last_dot(host);
    for (size_t i = 0; i < targets->count; i++) {
        if (targets->at[i].port == port && span_is_nocase(host, targets->at[i].name))
            return &targets->at[i];
    }
    return NULL;
}

json_t *allow_targets_json(const struct allow_targets *targets)
{
    json_t *list = json_array();

    for (size_t i = 0; i < targets->count; i++) {
        const struct allow_target *target = &targets->at[i];
        const int error = atomic_load(&target->counts.error);

        json_array_append_new(
            list, json_pack("{ss,si,sI,sI,so}", "host", target->name, "port", target->port,
                            "connected", (json_int_t)atomic_load(&target->counts.connected),
                            "failed", (json_int_t)atomic_load(&target->counts.failed), "error",
                            error == 0 ? json_null() : json_string(strerror(error))));
    }
    return list;
}
