/* Both platform files keep the promises of platform.h: unit.platform, and on Linux posix.platform.
 */
#include "support/monotonic.h"
#include "support/platform.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG_MS = 20000, SHORT_MS = 60, SIZE = 256 };

static bool closes_at_exec(int descriptor)
{
    return (fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0;
}

TEST(random_bytes_are_all_filled)
{
    unsigned char seen[SIZE] = { 0 }, bytes[SIZE];

    for (int i = 0; i < 16; i++) { /* each byte is 0 sixteen times once in 2^128 */
        assert_true(platform_random(bytes, sizeof bytes));
        for (size_t k = 0; k < sizeof bytes; k++)
            seen[k] |= bytes[k];
    }
    assert_null(memchr(seen, 0, sizeof seen));
}

TEST(memory_is_erased_and_pages_are_zero)
{
    unsigned char secret[SIZE], zeros[SIZE] = { 0 };
    void *pages = platform_pages(SIZE);

    memset(secret, 'k', sizeof secret);
    platform_erase(secret, sizeof secret);
    assert_memory_equal(secret, zeros, sizeof secret);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_memory_equal(pages, zeros, SIZE);
    munmap(pages, SIZE);
    platform_memory_trim();
}

TEST(descriptors_close_at_exec)
{
    int ends[2], made = platform_stream_socket(AF_INET), inherited = dup(made);

    assert_int_equal(platform_pipe(ends), 0);
    assert_true(closes_at_exec(ends[0]) && closes_at_exec(ends[1]) && closes_at_exec(made));
    assert_false(closes_at_exec(inherited));
    platform_close_at_exec(inherited + 1);
    assert_false(closes_at_exec(inherited));
    platform_close_at_exec(inherited);
    assert_true(closes_at_exec(inherited));
    close(ends[0]);
    close(ends[1]);
    close(made);
    close(inherited);
    assert_int_equal(platform_stream_socket(-1), -1);
}

TEST(a_program_knows_its_path)
{
    char path[4096], calls[] = "/bin/there";

    platform_begin(calls);
    assert_true(platform_own_path(path, sizeof path));
    assert_int_equal(access(path, X_OK) == 0, strcmp(platform_name, "linux") == 0);
    if (strcmp(platform_name, "posix") == 0) {
        assert_string_equal(path, calls);
        assert_false(platform_own_path(path, sizeof calls - 1));
        platform_begin("there");
        assert_false(platform_own_path(path, sizeof path));
    }
}

TEST(a_condition_waits_until_its_end)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition;
    int64_t end_ms = monotonic_ms() + SHORT_MS;

    platform_condition_init(&condition);
    pthread_mutex_lock(&lock);
    while (platform_condition_wait(&condition, &lock, end_ms)) {
    }
    pthread_mutex_unlock(&lock);
    assert_true(monotonic_ms() >= end_ms);
    end_ms = monotonic_ms() + SHORT_MS;
    monotonic_sleep_until(end_ms);
    assert_true(monotonic_ms() >= end_ms);
    pthread_cond_destroy(&condition);
}

struct waking {
    pthread_mutex_t lock;
    pthread_cond_t condition;
    bool is_awake;
};

static void *wake(void *pointer)
{
    struct waking *waking = pointer;

    pthread_mutex_lock(&waking->lock);
    waking->is_awake = true;
    pthread_cond_signal(&waking->condition);
    pthread_mutex_unlock(&waking->lock);
    return NULL;
}

TEST(a_condition_wakes_before_its_end)
{
    struct waking waking = { .lock = PTHREAD_MUTEX_INITIALIZER };
    int64_t end_ms = monotonic_ms() + LONG_MS;
    pthread_t thread;

    platform_condition_init(&waking.condition);
    pthread_mutex_lock(&waking.lock);
    assert_int_equal(pthread_create(&thread, NULL, wake, &waking), 0);
    while (!waking.is_awake && platform_condition_wait(&waking.condition, &waking.lock, end_ms)) {
    }
    pthread_mutex_unlock(&waking.lock);
    pthread_join(thread, NULL);
    assert_true(waking.is_awake);
    pthread_cond_destroy(&waking.condition);
}

/* A connection over loopback: *peer is its other end. */
static int connection(int *peer)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    int listening = platform_stream_socket(AF_INET), ours = platform_stream_socket(AF_INET);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(ours, (struct sockaddr *)&address, sizeof address), 0);
    *peer = accept(listening, NULL, NULL);
    close(listening);
    return ours;
}

TEST(a_peer_that_has_gone_is_noticed)
{
    int peer, ours = connection(&peer);
    int64_t began_ms = monotonic_ms();

    assert_false(platform_wait_hangup(ours, SHORT_MS));
    assert_true(monotonic_ms() >= began_ms + SHORT_MS - 1);
    assert_int_equal(send(peer, "more", 4, 0), 4);
    began_ms = monotonic_ms();
    assert_false(platform_wait_hangup(ours, SHORT_MS));
    assert_true(monotonic_ms() >= began_ms + SHORT_MS - 1);
    assert_int_equal(recv(ours, &(char[4]){ 0 }, 4, 0), 4);
    close(peer);
    assert_true(platform_wait_hangup(ours, LONG_MS));
    close(ours);
}

/* Begins a process that starts a child and is killed; returns when the child has ended, too. */
TEST(a_child_ends_with_its_parent)
{
    int ends[2];
    pid_t parent;
    char byte;

    assert_int_equal(platform_pipe(ends), 0);
    parent = fork();
    if (parent == 0) {
        const pid_t us = getpid(), child = fork();

        if (child == 0) {
            platform_end_with_parent(SIGKILL, us);
            if (write(ends[1], "r", 1) == 1) /* ready */
                alarm(LONG_MS / 1000);
            for (;;)
                pause();
        }
        platform_guard(child, SIGKILL);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    monotonic_sleep_until(monotonic_ms() + SHORT_MS); /* the guard starts */
    int64_t began_ms = monotonic_ms();

    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* no process has the other end */
    assert_in_range(monotonic_ms() - began_ms, 0, LONG_MS / 2);
    close(ends[0]);
}

TEST(a_guard_that_was_ended_does_nothing)
{
    pid_t child = fork();
    int guard, status;

    if (child == 0) {
        for (;;)
            pause();
    }
    guard = platform_guard(child, SIGKILL);
    assert_int_equal(guard >= 0, strcmp(platform_name, "posix") == 0);
    platform_guard_end(guard);
    if (guard >= 0) {
        pid_t ended = wait(&status); /* it is our child */

        assert_int_not_equal(ended, child);
        assert_int_equal(status, 0);
    }
    assert_int_equal(waitpid(child, &status, WNOHANG), 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void *terminate_soon(void *pointer)
{
    (void)pointer;
    monotonic_sleep_until(monotonic_ms() + SHORT_MS);
    kill(getpid(), SIGTERM);
    return NULL;
}

TEST(a_signal_ends_a_wait_and_is_still_there)
{
    struct platform_watch watch;
    sigset_t signals, before;
    pthread_t thread;
    int ends[2], number;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    assert_int_equal(platform_pipe(ends), 0);
    assert_true(platform_watch_start(&watch, &signals));
    assert_int_equal(pthread_create(&thread, NULL, terminate_soon, NULL), 0);
    assert_false(platform_watch_wait(&watch, ends[0]));
    assert_false(platform_watch_wait(&watch, ends[0]));
    assert_int_equal(sigwait(&signals, &number), 0);
    assert_int_equal(number, SIGTERM);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(platform_watch_wait(&watch, ends[0]));
    pthread_join(thread, NULL);
    platform_watch_end(&watch);
    close(ends[0]);
    close(ends[1]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* In a child, whose dispositions may change. */
TEST(signals_are_taken_one_by_one)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        bool is_from_terminal = true, is_good = true;
        sigset_t signals;
        pid_t grandchild;

        sigemptyset(&signals);
        sigaddset(&signals, SIGHUP);
        sigaddset(&signals, SIGUSR1);
        sigaddset(&signals, SIGCHLD);
        signal(SIGCHLD, SIG_IGN); /* as some parents leave it */
        sigprocmask(SIG_BLOCK, &signals, NULL);
        platform_signals_expect(&signals);
        kill(getpid(), SIGUSR1);
        kill(getpid(), SIGHUP);
        for (int sum = SIGUSR1 + SIGHUP; sum > 0 && is_good;
             sum -= platform_signal_take(&signals, &is_from_terminal))
            is_good = sum == SIGUSR1 + SIGHUP || !is_from_terminal;
        grandchild = fork();
        if (grandchild == 0)
            _exit(7);
        is_good = is_good && platform_signal_take(&signals, &is_from_terminal) == SIGCHLD &&
                  waitpid(grandchild, &status, 0) == grandchild && WEXITSTATUS(status) == 7;
        _exit(is_good ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}
