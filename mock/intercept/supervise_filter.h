/* The seccomp filter of `run --intercept=connect`: CMD's calls that connect or send to an address
 * wait until the supervisor has answered them.
 *
 * It stays with CMD and with all that CMD starts, and takes from them the right to gain privileges
 * (no_new_privs): setuid programs run as the caller. */
#ifndef MOCK_INTERCEPT_SUPERVISE_FILTER_H
#define MOCK_INTERCEPT_SUPERVISE_FILTER_H

#include <heymarket/error.h>
#include <stdbool.h>
#include <stdint.h>

struct supervise_filter {
    int parents_end, childs_end; /* of the socket by which the listener comes; -1: closed */
    uint64_t password;           /* with which the child may send before anybody answers */
    bool is_interruptible;       /* after the take: signals interrupt calls that wait */
};

/* In the parent, before fork(). Then supervise_filter_fini() it.
 * returns HM_OK, HM_INTERNAL */
HM_MUST_USE enum hm_code supervise_filter_init(struct supervise_filter *filter,
                                               struct hm_error *err);

/* The last step in the child before exec: @context is the struct supervise_filter. For `prepare` of
 * struct spawn.
 * returns 0 or an errno: EINVAL or ENOSYS, the kernel is too old; EBUSY, the process is supervised
 * already; EPERM or EACCES, forbidden */
int supervise_filter_install(void *context);

/* In the parent, once, after the fork: waits until the child has installed it or has ended.
 * @returns the descriptor that its calls come by, which the caller closes; -1: none came */
int supervise_filter_take(struct supervise_filter *filter);

void supervise_filter_fini(struct supervise_filter *filter);

#endif
