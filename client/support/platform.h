/* What POSIX.1-2008 does not have, or macOS does not: platform_linux.c for Linux, platform_posix.c
 * for all other systems. HM_PLATFORM chooses one; ci/portable checks that no other file needs a
 * system of its own. */
#ifndef SUPPORT_PLATFORM_H
#define SUPPORT_PLATFORM_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* "linux", "posix". */
extern const char platform_name[];

/* Fills in random bytes, at most 256. False: the system has none. */
bool platform_random(void *bytes, size_t size);

/* Overwrites what was secret, although nothing reads it again. */
void platform_erase(void *bytes, size_t size);

/* Memory of its own pages, to be given back with munmap(); MAP_FAILED as mmap(). */
void *platform_pages(size_t size);

/* Gives free memory back to the system, where the C library keeps it. */
void platform_memory_trim(void);

/* Called first of all, with argv[0] or NULL. */
void platform_begin(const char *called);

/* The path of this program. False: unknown; then it was found on PATH. */
bool platform_own_path(char *path, size_t size);

/* Descriptors that exec closes. They return -1 and set errno like pipe() and socket(). */
int platform_pipe(int ends[2]);
int platform_stream_socket(int family);

/* Lets connections wait in the system until their first bytes are there, where it can. */
void platform_accept_late(int listening, int silence_s);

/* Can two sockets be bound to one port while one of them does not listen? */
bool platform_shares_ports(void);

/* Waits @ms, or until the peer of a connection has closed it or its own direction. Where the system
 * shows that only after all that the peer has sent is read, the wait may be a whole one. */
bool platform_wait_hangup(int connected, int ms);

/* A condition to wait for with a limit on monotonic_ms(). False: the time is up; true: look
 * whether it has become true, and wait again. */
void platform_condition_init(pthread_cond_t *condition);
bool platform_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t end_ms);

/* In a child between fork and exec, so only what is async-signal-safe. All descriptors from @first
 * on are closed by exec. */
void platform_close_at_exec(int first);

/* The same: sends the child @number when the thread that is its parent ends. Nothing where only a
 * guard can do that. */
void platform_end_with_parent(int number, pid_t parent);

/* In the parent: starts a guard that sends @child @number when we end before platform_guard_end().
 * Returns its handle; -1: no guard was started, or this system needs no guard. */
int platform_guard(pid_t child, int number);
void platform_guard_end(int guard);

/* Signals to look for, which are blocked, besides a descriptor to read. */
struct platform_watch {
    sigset_t signals;
    int descriptor; /* where the system makes one */
};

/* False: no descriptor, see errno. */
bool platform_watch_start(struct platform_watch *watch, const sigset_t *signals);

/* Waits until @descriptor can be read, or one of the signals came: then it is false, and the signal
 * is still pending. */
bool platform_watch_wait(const struct platform_watch *watch, int descriptor);
void platform_watch_end(const struct platform_watch *watch);

/* platform_signals_expect() is called once, with @signals blocked, before a child is started; none
 * of them ends the process from then on. Then platform_signal_take() waits for one and returns it.
 * *is_from_terminal: the terminal sent it to the whole process group. */
void platform_signals_expect(const sigset_t *signals);
int platform_signal_take(const sigset_t *signals, bool *is_from_terminal);

#endif
