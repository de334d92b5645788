/* The methods connect and keep-network of `run --intercept`: which addresses lead where, and the
 * supervisor. */
#ifndef MOCK_INTERCEPT_METHOD_CONNECT_H
#define MOCK_INTERCEPT_METHOD_CONNECT_H

#include "intercept/address_map.h"
#include "intercept/allow.h"
#include "intercept/supervise.h"
#include <netinet/in.h>
#include <stdbool.h>

enum { NAMED_ADDRESSES_MAX = 16 };

struct method_connect {
    struct address_map map;
    union address allowed[ALLOW_ADDRESSES_MAX];
    union address named[NAMED_ADDRESSES_MAX];
    struct supervise *supervise; /* NULL: none */
};

/* What serves the command beside the mock. */
struct method_ports {
    int https, clear;
    int names_udp, names_tcp; /* bound sockets */
};

/* Fills the map: @address stands for the intercepted host, and so do those that /etc/hosts has;
 * @targets pass. */
void method_connect_init(struct method_connect *method, struct in_addr address,
                         const struct method_ports *ports, const struct allow_targets *targets,
                         bool keeps_network);

#endif
