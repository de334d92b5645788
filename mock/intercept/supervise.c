#include "intercept/supervise.h"

#include "intercept/notified.h"
#include "intercept/supervise_connect.h"
#include "intercept/supervise_datagram.h"
#include "intercept/supervise_filter.h"
#include "intercept/supervised.h"
#include "support/loop.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct supervise {
    struct watch listener; /* first: the loop's pointer to it is one to this */
    struct loop loop;
    struct supervised supervised;
};

/* How each call that the filter notifies is answered. */
static const struct {
    long number;
    void (*answer)(struct supervised *supervised, struct notified *call);
} answers[] = {
    { SYS_connect, connect_answer },   { SYS_sendto, sendto_answer },
    { SYS_sendmsg, sendmsg_answer },   { SYS_sendmmsg, sendmmsg_answer },
    { SYS_recvfrom, recvfrom_answer }, { SYS_recvmsg, recvmsg_answer },
};

static void answer(struct supervised *supervised, struct notified *call)
{
    if (!notified_is_native(call)) {
        supervised_note(supervised, "(host-of-a-32-bit-program)");
        notified_refuse(call, ENETUNREACH);
        return;
    }
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (call->number == answers[i].number) {
            answers[i].answer(supervised, call);
            return;
        }
    }
    notified_refuse(call, ENOSYS);
}

static void on_listener(struct loop *loop, struct watch *watch, short events)
{
    struct supervise *supervise = (struct supervise *)watch;
    struct notified call;

    (void)loop;
    if ((events & POLLIN) == 0) { /* the last process has ended */
        loop_drop(watch);
        return;
    }
    if (notified_receive(&call, watch->fd) == 0) {
        answer(&supervise->supervised, &call);
        notified_fini(&call);
    }
}

/* Takes @listener over, also after a failure. */
static enum hm_code supervise_start(struct supervise **made, int listener, bool is_interruptible,
                                    const struct address_map *map, struct asked *asked,
                                    struct hm_error *err)
{
    struct supervise *supervise = calloc(1, sizeof *supervise);
    enum hm_code code;

    *made = supervise;
    if (supervise == NULL) {
        close(listener);
        return no_memory(err);
    }
    supervise->supervised.map = *map;
    supervise->supervised.asked = asked;
    supervise->supervised.is_interruptible = is_interruptible;
    supervise->listener =
        (struct watch){ .fd = listener, .events = POLLIN, .on_ready = on_listener };
    code = loop_init(&supervise->loop, err);
    loop_add(&supervise->loop, &supervise->listener);
    return code == HM_OK ? loop_start(&supervise->loop, err) : code;
}

enum hm_code supervise_spawn(struct supervise **supervise, pid_t *pid, const struct spawn *spawn,
                             const struct address_map *map, struct asked *asked, int *exit_code,
                             struct hm_error *err)
{
    struct spawn supervised = *spawn;
    struct supervise_filter filter;
    enum hm_code code;
    int listener;

    *supervise = NULL;
    *pid = -1;
    /* Where Yama is active only ancestors may read a process's memory, so its orphans come to us.
     */
    prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    TRY(supervise_filter_init(&filter, err));
    supervised.prepare = supervise_filter_install;
    supervised.context = &filter;
    TRY(spawn_start(pid, &supervised, exit_code, err));
    listener = supervise_filter_take(&filter);
    code = listener >= 0
               ? supervise_start(supervise, listener, filter.is_interruptible, map, asked, err)
               : hm_error_set(err, HM_INTERNAL, "%s was not supervised", spawn->argv[0]);
    if (code != HM_OK) {
        kill(*pid, SIGKILL);
        while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
            ;
        *pid = -1;
    }
out:
    supervise_filter_fini(&filter);
    return code;
}

void supervise_stop(struct supervise *supervise)
{
    if (supervise == NULL)
        return;
    prctl(PR_SET_CHILD_SUBREAPER, 0L, 0L, 0L, 0L);
    loop_fini(&supervise->loop);
    supervised_fini(&supervise->supervised);
    free(supervise);
}
