/* Supervised connect(): CMD's connections to api.heymarket.com reach the mock, those to other hosts
 * fail, without a namespace or privileges.
 *
 * It keeps a program from calling the real service by accident. It does not hold one that means to:
 * an address can be changed while the kernel reads it again, and what other processes do for CMD is
 * not seen. Not notified: sockets of packets (AF_PACKET) and of virtual machines (AF_VSOCK), SCTP's
 * sctp_connectx(), and sockets that CMD is given. */
#ifndef MOCK_INTERCEPT_SUPERVISE_H
#define MOCK_INTERCEPT_SUPERVISE_H

#include "intercept/address_map.h"
#include "intercept/asked.h"
#include <heymarket/error.h>

struct supervise;

/* Starts the thread that answers, with all signals blocked. Takes @listener over, which
 * supervise_filter_take() gave, also after a failure. supervise_stop() it.
 *
 * map    what its pointers point at is borrowed until the stop
 * asked  where refused addresses are noted; borrowed. NULL: nowhere
 * returns HM_OK; HM_NO_MEMORY; HM_INTERNAL (no thread) */
HM_MUST_USE enum hm_code supervise_start(struct supervise **supervise, int listener,
                                         const struct address_map *map, struct asked *asked,
                                         struct hm_error *err);

/* Ends the thread. Processes of CMD that have not ended get ENOSYS for such calls from now on. NULL
 * is fine. */
void supervise_stop(struct supervise *supervise);

#endif
