#include "intercept/method_connect.h"

#include "intercept/name_files.h"
#include <string.h>

/* 0: it has none. */
static in_port_t port_of(int fd)
{
    struct sockaddr_in address = { .sin_port = 0 };
    socklen_t length = sizeof address;

    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 ? ntohs(address.sin_port) : 0;
}

void method_connect_init(struct method_connect *method, struct in_addr address,
                         const struct method_ports *ports, const struct allow_targets *targets,
                         bool keeps_network)
{
    struct address_map *map = &method->map;

    memset(method, 0, sizeof *method);
    *map = (struct address_map){ .address = address,
                                 .https_port = (in_port_t)ports->https,
                                 .http_port = (in_port_t)ports->clear,
                                 .names_udp = port_of(ports->names_udp),
                                 .names_tcp = port_of(ports->names_tcp),
                                 .allowed = method->allowed,
                                 .named = method->named,
                                 .named_count =
                                     name_files_addresses_here(method->named, NAMED_ADDRESSES_MAX),
                                 .keeps_network = keeps_network };
    for (size_t i = 0; i < targets->count; i++) {
        const struct tunnel_target *outside = &targets->at[i].outside;

        for (size_t j = 0; j < outside->count && map->allowed_count < ALLOW_ADDRESSES_MAX; j++)
            method->allowed[map->allowed_count++].room = outside->at[j];
    }
}
