#include "intercept/address_map.h"

#include <arpa/inet.h>
#include <string.h>

enum { PORT_NAMES = 53, PORT_HTTP = 80, PORT_HTTPS = 443, LOOPBACK_NET = 127, IP6_LENGTH_MIN = 24 };

/* Services of the machine that answer for names. Their sockets are files, so that no address would
 * show who answers. */
static bool answers_names(const union address *asked, socklen_t length)
{
    static const char *const places[] = { "/run/nscd/", "/var/run/nscd/", "/run/systemd/resolve/",
                                          "/var/run/systemd/resolve/" };
    const size_t offset = offsetof(struct sockaddr_un, sun_path);

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t place = strlen(places[i]);

        if (length >= offset + place && memcmp(asked->path.sun_path, places[i], place) == 0)
            return true;
    }
    return false;
}

/* The IPv4 address that an address means. @returns false: none */
static bool ip4_of(const union address *asked, struct in_addr *ip4)
{
    if (asked->any.sa_family == AF_INET)
        *ip4 = asked->ip4.sin_addr;
    else if (IN6_IS_ADDR_V4MAPPED(&asked->ip6.sin6_addr))
        memcpy(ip4, &asked->ip6.sin6_addr.s6_addr[12], sizeof *ip4);
    else
        return false;
    return true;
}

static void moved_make(const union address *asked, in_port_t port, union address *moved_to)
{
    static const struct in6_addr loopback = { { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff,
                                                  LOOPBACK_NET, 0, 0, 1 } } };

    memset(moved_to, 0, sizeof *moved_to);
    moved_to->any.sa_family = asked->any.sa_family;
    if (asked->any.sa_family == AF_INET) {
        moved_to->ip4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        moved_to->ip4.sin_port = htons(port);
    } else {
        moved_to->ip6.sin6_addr = loopback; /* ::ffff:127.0.0.1 */
        moved_to->ip6.sin6_port = htons(port);
    }
}

/* The address that no machine has means "this one". */
static bool is_here(const union address *asked, const struct in_addr *ip4)
{
    if (ip4 != NULL)
        return ntohl(ip4->s_addr) >> 24 == LOOPBACK_NET || ip4->s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_LOOPBACK(&asked->ip6.sin6_addr) ||
           IN6_IS_ADDR_UNSPECIFIED(&asked->ip6.sin6_addr);
}

static in_port_t port_of(const union address *address)
{
    return ntohs(address->any.sa_family == AF_INET ? address->ip4.sin_port
                                                   : address->ip6.sin6_port);
}

static bool is_allowed(const struct address_map *map, const union address *asked)
{
    for (size_t i = 0; i < map->allowed_count; i++) {
        if (address_is_of(&map->allowed[i], asked) && port_of(&map->allowed[i]) == port_of(asked))
            return true;
    }
    return false;
}

/* Does it mean the intercepted host? What a file calls so may be a machine with other services,
 * too, even this one. */
static bool is_of_ours(const struct address_map *map, const union address *asked,
                       const struct in_addr *ip4, in_port_t port)
{
    if (ip4 != NULL && ip4->s_addr == map->address.s_addr)
        return true;
    for (size_t i = 0; i < map->named_count; i++) {
        if (address_is_of(&map->named[i], asked))
            return port == PORT_HTTPS || (port == PORT_HTTP && !is_here(asked, ip4));
    }
    return false;
}

/* Where a port of the intercepted host is; 0: nowhere. HTTP/3 is refused, so that the client takes
 * TCP. */
static in_port_t port_of_ours(const struct address_map *map, in_port_t port, bool is_datagram)
{
    return is_datagram          ? 0
           : port == PORT_HTTPS ? map->https_port
           : port == PORT_HTTP  ? map->http_port
                                : 0;
}

enum address_verdict address_judge(const struct address_map *map, const union address *asked,
                                   socklen_t length, bool is_datagram, union address *moved_to)
{
    const int family = length < sizeof asked->any.sa_family ? AF_UNSPEC : asked->any.sa_family;
    struct in_addr ip4_room;
    const struct in_addr *ip4;
    in_port_t port, moved_port = 0;

    if (family == AF_UNIX)
        return answers_names(asked, length) ? ADDRESS_IS_HIDDEN : ADDRESS_PASSES;
    /* Other families do not leave the machine. What is too short is refused by the kernel. */
    if (!(family == AF_INET && length >= sizeof asked->ip4) &&
        !(family == AF_INET6 && length >= IP6_LENGTH_MIN))
        return ADDRESS_PASSES;
    ip4 = ip4_of(asked, &ip4_room) ? &ip4_room : NULL;
    port = port_of(asked);
    if (port == PORT_NAMES) {
        moved_port = is_datagram ? map->names_udp : map->names_tcp;
    } else if (is_of_ours(map, asked, ip4, port)) {
        moved_port = port_of_ours(map, port, is_datagram);
        if (moved_port == 0)
            return ADDRESS_IS_REFUSED;
    }
    if (moved_port != 0) {
        moved_make(asked, moved_port, moved_to);
        return ADDRESS_MOVES;
    }
    if (map->keeps_network || is_here(asked, ip4) || is_allowed(map, asked))
        return ADDRESS_PASSES;
    return ADDRESS_IS_REFUSED;
}

int address_host(const union address *address, char host[ADDRESS_TEXT_SIZE])
{
    struct in_addr ip4;

    host[0] = '\0';
    if (ip4_of(address, &ip4))
        inet_ntop(AF_INET, &ip4, host, ADDRESS_TEXT_SIZE);
    else
        inet_ntop(AF_INET6, &address->ip6.sin6_addr, host, ADDRESS_TEXT_SIZE);
    return port_of(address);
}

socklen_t address_length(const union address *address)
{
    return address->any.sa_family == AF_INET ? sizeof address->ip4 : sizeof address->ip6;
}

bool address_is_of(const union address *one, const union address *other)
{
    struct in_addr first, second;
    const bool is_ip4 = ip4_of(one, &first);

    if (is_ip4 != ip4_of(other, &second))
        return false;
    return is_ip4
               ? first.s_addr == second.s_addr
               : memcmp(&one->ip6.sin6_addr, &other->ip6.sin6_addr, sizeof one->ip6.sin6_addr) == 0;
}

bool address_is(const union address *one, const union address *other)
{
    return one->any.sa_family == other->any.sa_family && port_of(one) == port_of(other) &&
           address_is_of(one, other);
}
