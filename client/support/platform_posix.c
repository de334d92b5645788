/* For systems other than Linux. It is built and tested on Linux, and was never run elsewhere. */
#define _DEFAULT_SOURCE /* MAP_ANON, in POSIX since 2024; NOLINT(bugprone-reserved-identifier) */
#include "support/platform.h"

#include "support/monotonic.h"
#include "support/wall_clock.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    OPEN_MAX_LOOKED_AT = 65536, /* the limit may be billions; descriptors are the lowest free */
    SIGNALS_TICK_MS = 20,       /* between two looks at the pending signals */
    SIGNALS_END = 32,           /* those with a name are below */
    CONDITION_SLICE_MS = 1000,
    MS_IN_S = 1000,
    NS_IN_MS = 1000000
};

const char platform_name[] = "posix";

/* getentropy() is in another header on each system, and on some in none. */
bool platform_random(void *bytes, size_t size)
{
    int device = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    char *at = bytes;
    ssize_t got;

    if (device < 0)
        return false;
    while (size > 0) {
        got = read(device, at, size);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        at += got > 0 ? got : 0;
        size -= got > 0 ? (size_t)got : 0;
    }
    close(device);
    return size == 0;
}

/* The compiler does not know what the pointer will point to. */
void platform_erase(void *bytes, size_t size)
{
    static void *(*const volatile fill)(void *, int, size_t) = memset;

    fill(bytes, 0, size);
}

void *platform_pages(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
}

void platform_memory_trim(void)
{
}

static const char *called_by; /* set before there is another thread */

void platform_begin(const char *called)
{
    called_by = called;
}

bool platform_own_path(char *path, size_t size)
{
    const int length = snprintf(path, size, "%s", called_by == NULL ? "" : called_by);

    return strchr(path, '/') != NULL && (size_t)length < size;
}

static void close_at_exec(int descriptor)
{
    if (descriptor >= 0)
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

int platform_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return -1;
    close_at_exec(ends[0]);
    close_at_exec(ends[1]);
    return 0;
}

int platform_stream_socket(int family)
{
    int made = socket(family, SOCK_STREAM, 0);

    close_at_exec(made);
    return made;
}

void platform_accept_late(int listening, int silence_s)
{
    (void)listening;
    (void)silence_s;
}

bool platform_shares_ports(void)
{
    return false;
}

static void sleep_ms(int ms)
{
    const struct timespec wait = { .tv_sec = ms / MS_IN_S,
                                   .tv_nsec = (long)(ms % MS_IN_S) * NS_IN_MS };

    nanosleep(&wait, NULL);
}

bool platform_wait_hangup(int connected, int ms)
{
    struct pollfd peer = { .fd = connected, .events = POLLIN };
    char byte;

    if (poll(&peer, 1, ms) <= 0)
        return false;
    if ((peer.revents & (POLLHUP | POLLERR)) != 0 || recv(connected, &byte, 1, MSG_PEEK) <= 0)
        return true;
    sleep_ms(ms); /* it has sent more, which hides whether it has gone */
    return false;
}

void platform_condition_init(pthread_cond_t *condition)
{
    pthread_cond_init(condition, NULL);
}

/* The condition's clock is the time of day, which may be set meanwhile. */
bool platform_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t end_ms)
{
    const int64_t left_ms = end_ms - monotonic_ms();
    const int64_t until_ms =
        wall_clock_ms() + (left_ms < CONDITION_SLICE_MS ? left_ms : CONDITION_SLICE_MS);
    const struct timespec until = { .tv_sec = (time_t)(until_ms / MS_IN_S),
                                    .tv_nsec = (long)(until_ms % MS_IN_S) * NS_IN_MS };

    if (left_ms <= 0)
        return false;
    pthread_cond_timedwait(condition, lock, &until);
    return true;
}

static int descriptors_end(void)
{
    const long most = sysconf(_SC_OPEN_MAX);

    return most > 0 && most < OPEN_MAX_LOOKED_AT ? (int)most : OPEN_MAX_LOOKED_AT;
}

void platform_close_at_exec(int first)
{
    const int end = descriptors_end();

    for (int fd = first; fd < end; fd++)
        close_at_exec(fd);
}

void platform_end_with_parent(int number, pid_t parent)
{
    (void)number;
    (void)parent;
}

/* A process that holds nothing but the end of a pipe, whose other end closes when we end. Only
 * what is async-signal-safe. */
_Noreturn static void guard_run(int pipe_end, pid_t child, int number)
{
    const int end = descriptors_end();
    sigset_t all;
    char byte;
    ssize_t got;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (int fd = 0; fd < end; fd++) {
        if (fd != pipe_end)
            close(fd);
    }
    do
        got = read(pipe_end, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        kill(child, number);
    _exit(0);
}

int platform_guard(pid_t child, int number)
{
    int ends[2];
    pid_t guard;

    if (platform_pipe(ends) != 0)
        return -1;
    guard = fork();
    if (guard == 0)
        guard_run(ends[0], child, number);
    close(ends[0]);
    if (guard > 0)
        return ends[1];
    close(ends[1]);
    return -1;
}

/* Without the byte the guard would send the signal to the process that gets the number of the child
 * next. */
void platform_guard_end(int guard)
{
    if (guard < 0)
        return;
    while (write(guard, "", 1) < 0 && errno == EINTR)
        ;
    close(guard);
}

bool platform_watch_start(struct platform_watch *watch, const sigset_t *signals)
{
    *watch = (struct platform_watch){ .signals = *signals, .descriptor = -1 };
    return true;
}

static bool is_pending(const sigset_t *signals)
{
    sigset_t pending;

    sigemptyset(&pending);
    sigpending(&pending);
    for (int number = 1; number < SIGNALS_END; number++) {
        if (sigismember(signals, number) == 1 && sigismember(&pending, number) == 1)
            return true;
    }
    return false;
}

bool platform_watch_wait(const struct platform_watch *watch, int descriptor)
{
    struct pollfd ready = { .fd = descriptor, .events = POLLIN };
    int count;

    do {
        if (is_pending(&watch->signals))
            return false;
        count = poll(&ready, 1, SIGNALS_TICK_MS);
    } while (count == 0 || (count < 0 && errno == EINTR));
    return true;
}

void platform_watch_end(const struct platform_watch *watch)
{
    (void)watch;
}

/* Written by note() while platform_signal_take() waits. */
static volatile sig_atomic_t taken, was_from_terminal;

/* No process has sent what the terminal sends. */
static void note(int number, siginfo_t *info, void *context)
{
    (void)context;
    taken = number;
    was_from_terminal = info->si_code != SI_USER && info->si_code != SI_QUEUE && info->si_pid == 0;
}

/* There is no sigwaitinfo() on macOS, and a signal that is ignored by default is lost on the BSDs
 * while it is blocked, unless it has a handler. */
void platform_signals_expect(const sigset_t *signals)
{
    struct sigaction action = { .sa_flags = SA_SIGINFO };

    action.sa_sigaction = note;
    sigfillset(&action.sa_mask); /* one at a time */
    for (int number = 1; number < SIGNALS_END; number++) {
        if (sigismember(signals, number) == 1)
            sigaction(number, &action, NULL);
    }
}

int platform_signal_take(const sigset_t *signals, bool *is_from_terminal)
{
    sigset_t others;

    pthread_sigmask(SIG_BLOCK, NULL, &others);
    for (int number = 1; number < SIGNALS_END; number++) {
        if (sigismember(signals, number) == 1)
            sigdelset(&others, number);
    }
    taken = 0;
    while (taken == 0)
        sigsuspend(&others);
    *is_from_terminal = was_from_terminal != 0;
    return taken;
}
