#include "intercept/supervise_trial.h"

#include "intercept/supervise_connect.h"
#include "intercept/supervise_filter.h"
#include "support/no_memory.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's exit code; those below are the errno of its filter. */
enum { CONNECT_FAILED = 255, WAIT_MS = 5000, PORT_HTTPS = 443 };

/* An address for documentation (RFC 5737): no machine has it. */
static const char nowhere[] = "192.0.2.1";

static void child_run(struct supervise_filter *filter)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT_HTTPS) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int why = supervise_filter_install(filter);

    if (why != 0)
        _exit(why);
    inet_pton(AF_INET, nowhere, &address.sin_addr);
    _exit(connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : CONNECT_FAILED);
}

/* @returns a socket that listens; -1 with errno */
static int target_make(in_port_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 &&
        (bind(fd, (const struct sockaddr *)&address, length) != 0 || listen(fd, 1) != 0 ||
         getsockname(fd, (struct sockaddr *)&address, &length) != 0)) {
        close(fd);
        fd = -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

static void answer_one(struct supervised *supervised, int listener)
{
    struct pollfd ready = { .fd = listener, .events = POLLIN };
    struct notified call;

    if (poll(&ready, 1, WAIT_MS) == 1 && (ready.revents & POLLIN) != 0 &&
        notified_receive(&call, listener) == 0) {
        connect_answer(supervised, &call);
        notified_fini(&call);
    }
}

static enum hm_code explain(int status, struct hm_error *err)
{
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : CONNECT_FAILED;

    if (code == 0)
        return HM_OK;
    if (code == EINVAL || code == ENOSYS)
        return hm_error_set(err, HM_INTERNAL,
                            "the kernel cannot supervise system calls; Linux 5.9 and later can");
    if (code == EBUSY)
        return hm_error_set(err, HM_INTERNAL, "another program supervises this one already");
    if (code == CONNECT_FAILED)
        return hm_error_set(
            err, HM_INTERNAL,
            "the memory of the command cannot be read, or its connections cannot be replaced");
    return hm_error_set(err, HM_INTERNAL, "seccomp filters are forbidden here: %s", strerror(code));
}

enum hm_code supervise_try(struct hm_error *err)
{
    struct supervised *supervised = calloc(1, sizeof *supervised);
    struct supervise_filter filter = { .parents_end = -1, .childs_end = -1 };
    enum hm_code code = HM_OK;
    int target = -1, listener = -1, status = 0;
    pid_t child = -1;

    if (supervised == NULL)
        return no_memory(err);
    target = target_make(&supervised->map.https_port);
    if (target < 0)
        code = hm_error_set(err, HM_INTERNAL, "cannot listen at 127.0.0.1: %s", strerror(errno));
    else
        code = supervise_filter_init(&filter, err);
    if (code != HM_OK)
        goto out;
    inet_pton(AF_INET, nowhere, &supervised->map.address);
    child = fork();
    if (child == 0)
        child_run(&filter);
    if (child < 0) {
        code = hm_error_set(err, HM_INTERNAL, "cannot start a process: %s", strerror(errno));
        goto out;
    }
    listener = supervise_filter_take(&filter);
    if (listener >= 0) {
        answer_one(supervised, listener);
        close(listener); /* a call without an answer ends now */
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    code = explain(status, err);
out:
    supervise_filter_fini(&filter);
    if (target >= 0)
        close(target);
    supervised_fini(supervised);
    free(supervised);
    return code;
}
