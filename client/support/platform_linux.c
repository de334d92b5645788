#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */
#include "support/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { OPEN_MAX_DEFAULT = 1024, MS_IN_S = 1000, NS_IN_MS = 1000000 };

const char platform_name[] = "linux";

bool platform_random(void *bytes, size_t size)
{
    ssize_t got;

    do
        got = getrandom(bytes, size, 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)size;
}

void platform_erase(void *bytes, size_t size)
{
    explicit_bzero(bytes, size);
}

void *platform_pages(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
}

/* glibc keeps what a thread has freed for that thread. */
void platform_memory_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void platform_begin(const char *called)
{
    (void)called;
}

bool platform_own_path(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);

    path[length > 0 ? length : 0] = '\0';
    return length > 0;
}

int platform_pipe(int ends[2])
{
    return pipe2(ends, O_CLOEXEC);
}

int platform_stream_socket(int family)
{
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void platform_accept_late(int listening, int silence_s)
{
    setsockopt(listening, IPPROTO_TCP, TCP_DEFER_ACCEPT, &silence_s, sizeof silence_s);
}

bool platform_shares_ports(void)
{
    return true;
}

bool platform_wait_hangup(int connected, int ms)
{
    struct pollfd peer = { .fd = connected, .events = POLLRDHUP };

    return poll(&peer, 1, ms) > 0;
}

void platform_condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

bool platform_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t end_ms)
{
    const struct timespec end = { .tv_sec = (time_t)(end_ms / MS_IN_S),
                                  .tv_nsec = (long)(end_ms % MS_IN_S) * NS_IN_MS };

    return pthread_cond_timedwait(condition, lock, &end) != ETIMEDOUT;
}

void platform_close_at_exec(int first)
{
    long most;

    if (syscall(SYS_close_range, (unsigned)first, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
        return;
    most = sysconf(_SC_OPEN_MAX); /* a kernel before 5.11 */
    for (int fd = first; fd < (most > 0 ? most : OPEN_MAX_DEFAULT); fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void platform_end_with_parent(int number, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, number);
    if (getppid() != parent) /* it ended before the call */
        _exit(EXIT_FAILURE);
}

int platform_guard(pid_t child, int number)
{
    (void)child;
    (void)number;
    return -1; /* platform_end_with_parent() does it */
}

void platform_guard_end(int guard)
{
    (void)guard;
}

bool platform_watch_start(struct platform_watch *watch, const sigset_t *signals)
{
    watch->signals = *signals;
    watch->descriptor = signalfd(-1, signals, SFD_CLOEXEC);
    return watch->descriptor >= 0;
}

bool platform_watch_wait(const struct platform_watch *watch, int descriptor)
{
    struct pollfd ready[] = { { .fd = descriptor, .events = POLLIN },
                              { .fd = watch->descriptor, .events = POLLIN } };

    while (poll(ready, 2, -1) < 0 && errno == EINTR)
        ;
    return ready[1].revents == 0;
}

void platform_watch_end(const struct platform_watch *watch)
{
    if (watch->descriptor >= 0)
        close(watch->descriptor);
}

void platform_signals_expect(const sigset_t *signals)
{
    (void)signals;
    /* If our parent left it ignored, waitpid() would have nothing to report. */
    signal(SIGCHLD, SIG_DFL);
}

int platform_signal_take(const sigset_t *signals, bool *is_from_terminal)
{
    siginfo_t info = { 0 };
    int number;

    do
        number = sigwaitinfo(signals, &info);
    while (number < 0);
    *is_from_terminal = info.si_code == SI_KERNEL;
    return number;
}
