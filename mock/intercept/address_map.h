/* Where a connection of CMD goes: a pure function of the address that CMD gives. */
#ifndef MOCK_INTERCEPT_ADDRESS_MAP_H
#define MOCK_INTERCEPT_ADDRESS_MAP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

union address {
    struct sockaddr any;
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
    struct sockaddr_un path;
    struct sockaddr_storage room;
};

/* The ports are those of 127.0.0.1, in host order. */
struct address_map {
    struct in_addr address;     /* stands for api.heymarket.com; no machine has it */
    const union address *named; /* others that a file gives the name; borrowed, ports unused */
    size_t named_count;
    in_port_t https_port;           /* gets what goes to its port 443 */
    in_port_t http_port;            /* to its port 80; 0: refused */
    in_port_t names_udp, names_tcp; /* get what goes to port 53 of any address */
    const union address *allowed;   /* borrowed */
    size_t allowed_count;
    bool keeps_network; /* all other addresses pass */
};

enum address_verdict {
    ADDRESS_PASSES,
    ADDRESS_MOVES,
    ADDRESS_IS_REFUSED,
    ADDRESS_IS_HIDDEN /* there is no such file */
};

/* @length is that of @asked. Fills @moved_to, which is of the same family, for ADDRESS_MOVES. */
enum address_verdict address_judge(const struct address_map *map, const union address *asked,
                                   socklen_t length, bool is_datagram, union address *moved_to);

enum { ADDRESS_TEXT_SIZE = INET6_ADDRSTRLEN };

/* Writes the address without its port, which it returns. */
int address_host(const union address *address, char host[ADDRESS_TEXT_SIZE]);

/* The length of an address of IPv4 or IPv6. */
socklen_t address_length(const union address *address);

/* Are both the same address? ::ffff:192.0.2.1 is 192.0.2.1. */
bool address_is_of(const union address *one, const union address *other);

/* And of the same family, and the same port? */
bool address_is(const union address *one, const union address *other);

#endif
