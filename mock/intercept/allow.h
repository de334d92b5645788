/* --allow-host where the network is private: a process that is forked before takes listening
 * sockets that are made inside, and connects outside. A socket belongs to the network in which it
 * was made, also in another process. */
#ifndef MOCK_INTERCEPT_ALLOW_H
#define MOCK_INTERCEPT_ALLOW_H

#include "intercept/allow_target.h"
#include "intercept/name_answer.h"
#include <heymarket/error.h>
#include <netinet/in.h>
#include <sys/types.h>

enum { ALLOW_ADDRESSES_MAX = ALLOW_MAX * TUNNEL_ADDRESSES_MAX };

struct allow {
    struct allow_targets *targets; /* borrowed */
    struct tunnel_counts *counts;  /* of the targets, shared with the relay */
    pid_t relay;                   /* 0: none, as nothing is allowed */
    int channel;                   /* to the relay, which ends when it is closed */
};

/* Forks the relay; call it in a single thread, before the network is private. It ends with the
 * thread that called. allow_stop() it, also after a failure; it fills
 * in the targets' counts. returns HM_OK; HM_BAD_ARGUMENT (an address that cannot be had inside);
 * HM_INTERNAL */
HM_MUST_USE enum hm_code allow_start(struct allow *allow, struct allow_targets *targets,
                                     struct hm_error *err);
void allow_stop(struct allow *allow);

/* The addresses besides loopback's at which targets are inside, each once: the interface `lo` must
 * have them before allow_listen(). An address is the target's own, so that it means the same inside
 * and outside, except for a name that has IPv6 addresses alone: it gets one of 192.0.2.0/24.
 * Returns how many. */
size_t allow_addresses(struct in_addr out[ALLOW_ADDRESSES_MAX],
                       const struct allow_targets *targets);

/* The names of the targets with these addresses, and localhost's, for the name server; borrowed
 * from
 * @targets. Returns how many: at most ALLOW_ADDRESSES_MAX. */
size_t allow_names(struct known_name out[ALLOW_ADDRESSES_MAX], const struct allow_targets *targets);

/* Listens at each, in the private network, and hands the sockets to the relay.
 * returns HM_OK; HM_BAD_INPUT: cannot listen, or the relay has ended */
HM_MUST_USE enum hm_code allow_listen(const struct allow *allow, struct hm_error *err);

#endif
