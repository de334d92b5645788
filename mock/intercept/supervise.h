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
#include "support/spawn.h"
#include <heymarket/error.h>
#include <sys/types.h>

struct supervise;

/* Starts the program as @spawn says, which may not have a `prepare`, with the filter; and the
 * thread that answers, with all signals blocked. Processes that lose their
 * parent become children of ours. supervise_stop() it.
 *
 * map    what its pointers point at is borrowed until the stop
 * asked  where refused addresses are noted; borrowed. NULL: nowhere
 * returns as spawn_start(); HM_INTERNAL also: the program cannot be supervised, and does not run */
HM_MUST_USE enum hm_code supervise_spawn(struct supervise **supervise, pid_t *pid,
                                         const struct spawn *spawn, const struct address_map *map,
                                         struct asked *asked, int *exit_code, struct hm_error *err);

/* Ends the thread. Orphans of the program are no longer ours. Processes of CMD that have not ended
 * get ENOSYS for such calls from now on. NULL is fine. */
void supervise_stop(struct supervise *supervise);

#endif
