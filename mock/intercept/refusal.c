#include "intercept/refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number in a file of /proc/sys; -1: there is no such file. */
static long setting(const char *path)
{
    char text[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    return length > 0 ? strtol(text, NULL, 10) : -1;
}

static bool is_forbidden(const struct refusal *refusal)
{
    return refusal->number == EPERM || refusal->number == EACCES;
}

static void other_write(struct buf *out, const struct refusal *refusal)
{
    static const char *const steps[] = {
        [STEP_NONE] = "the trial",
        [STEP_PROCESS] = "a process for the trial",
        [STEP_UNSHARE] = "a namespace",
        [STEP_IDENTITY] = "the user in a namespace",
        [STEP_NETWORK] = "a private network",
        [STEP_LISTEN] = "port 443 of a private network",
        [STEP_MOUNT] = "a private mount",
    };

    buf_printf(out, "%s was refused: %s", steps[refusal->step], strerror(refusal->number));
}

void refusal_write(struct buf *out, const struct refusal *refusal)
{
    const long most = setting("/proc/sys/user/max_user_namespaces");

    if (refusal->step == STEP_UNSHARE && refusal->number == ENOSPC)
        buf_printf(out,
                   "no more namespaces may be made here (user.max_user_namespaces is %ld; root can "
                   "raise it with sysctl)",
                   most);
    else if (refusal->step == STEP_UNSHARE && is_forbidden(refusal) &&
             setting("/proc/sys/kernel/unprivileged_userns_clone") == 0)
        buf_puts(out, "this system lets only root make namespaces "
                      "(kernel.unprivileged_userns_clone is 0)");
    else if (refusal->step == STEP_UNSHARE && is_forbidden(refusal))
        buf_puts(out, "this container forbids namespaces");
    else if (refusal->step == STEP_UNSHARE &&
             (refusal->number == EINVAL || refusal->number == ENOSYS))
        buf_puts(out, "this kernel has no user namespaces");
    else if (is_forbidden(refusal) && geteuid() != 0 &&
             setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1)
        buf_puts(out, "Ubuntu restricts namespaces: install the package's AppArmor profile, or run "
                      "it with sudo");
    else if (refusal->step == STEP_MOUNT && is_forbidden(refusal))
        buf_puts(out, "this container forbids mounts");
    else
        other_write(out, refusal);
}
