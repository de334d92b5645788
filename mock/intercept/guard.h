/* A process that ends what the command of `run --intercept` left running, also after the mock
 * itself was killed: it ends every other process in our mount namespace. */
#ifndef MOCK_INTERCEPT_GUARD_H
#define MOCK_INTERCEPT_GUARD_H

#include "tls/trust_dir.h"
#include <heymarket/error.h>
#include <sys/types.h>

struct guard {
    pid_t pid;   /* 0: none */
    int our_end; /* of a pipe: it is closed when we end */
};

/* Starts it; in a mount namespace of our own, before there are threads. It removes @directory, too.
 * returns HM_OK; HM_INTERNAL */
HM_MUST_USE enum hm_code guard_start(struct guard *guard, const struct trust_dir *directory,
                                     struct hm_error *err);

/* Ends those processes, except us, and the guard: TERM, and after 200 ms KILL. None is fine. */
void guard_end(struct guard *guard);

#endif
