/* What serves the command of `run --intercept` beside the mock: name server, port 80, proxy, and
 * the way to allowed hosts; and what the command asked them for. */
#ifndef MOCK_INTERCEPT_BESIDE_H
#define MOCK_INTERCEPT_BESIDE_H

#include "intercept/allow.h"
#include "intercept/clear_port.h"
#include "intercept/name_server.h"
#include "intercept/peers.h"
#include "intercept/proxy.h"
#include "support/environment.h"
#include "support/options.h"
#include <heymarket/error.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct beside {
    struct asked asked;
    struct peers peers;           /* whose watch the mock's handshakes get */
    struct allow_targets targets; /* --allow-host */
    struct allow allow;
    struct name_server *names;
    struct known_name known[1 + ALLOW_ADDRESSES_MAX]; /* the first is the intercepted one */
    struct name_forward forward;
    struct clear_port *clear;
    struct proxy *proxy;
};

/* Zeroes it, and reads --allow-host. beside_stop() it. Codes as of allow_targets_read(). */
HM_MUST_USE enum hm_code beside_init(struct beside *beside, const struct option_texts *allow_hosts,
                                     struct hm_error *err);

/* For a private network: forks the process that connects outside, before the network is left; then
 * listens for it inside, where `lo` has the addresses of allow_addresses(). */
HM_MUST_USE enum hm_code beside_fork(struct beside *beside, struct hm_error *err);
HM_MUST_USE enum hm_code beside_listen(struct beside *beside, struct hm_error *err);

/* Starts the name server on bound sockets, taken over (tcp -1: none), by which the intercepted host
 * has @address, and other names what resolv.conf's servers say if it @forwards; and what answers in
 * the clear, at @clear (port 0: a free one). */
HM_MUST_USE enum hm_code beside_serve_names(struct beside *beside, int udp, int tcp,
                                            struct in_addr address, bool forwards,
                                            struct hm_error *err);
HM_MUST_USE enum hm_code beside_serve_clear(struct beside *beside, const struct sockaddr_in *clear,
                                            struct hm_error *err);

/* Starts the proxy to the mock's port, and sets the variables that name it. */
HM_MUST_USE enum hm_code beside_serve_proxy(struct beside *beside, int mock_port,
                                            struct environment *environment, struct hm_error *err);

/* Ends all of it, twice is fine; what was asked for stays until beside_fini(). Both are fine for a
 * zeroed struct. */
void beside_stop(struct beside *beside);
void beside_fini(struct beside *beside);

#endif
