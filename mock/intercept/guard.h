/* Ends what the command of `run --intercept` left running. With private files that is a process of
 * its own, which ends every other one in our mount namespace, also after the mock itself was
 * killed. Without, orphans become children of the mock, which ends them. */
#ifndef MOCK_INTERCEPT_GUARD_H
#define MOCK_INTERCEPT_GUARD_H

#include "tls/trust_dir.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <sys/types.h>

struct guard {
    pid_t pid;   /* 0: none */
    int our_end; /* of a pipe: it is closed when we end */
};

/* Starts it; in a mount namespace of our own, before there are threads. @has_network: the network
 * is our own, too. It removes @directory as well. returns HM_OK; HM_INTERNAL */
HM_MUST_USE enum hm_code guard_start(struct guard *guard, bool has_network,
                                     const struct trust_dir *directory, struct hm_error *err);

/* Without private files: makes us the parent of orphans; and ends all our children likewise. */
void guard_adopt(void);
void guard_end_children(void);

/* Ends those processes, except us, and the guard: TERM, and after 200 ms KILL. None is fine. The
 * first only lets the guard begin, the second waits for it. */
void guard_release(struct guard *guard);
void guard_end(struct guard *guard);

#endif
