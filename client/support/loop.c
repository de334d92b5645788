#include "support/loop.h"

#include "support/monotonic.h"
#include "support/no_memory.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

enum { POLLS_FIRST = 16, PAUSE_MS = 50 };

static void on_wake(struct loop *loop, struct watch *watch, short events)
{
    (void)watch;
    (void)events;
    loop_end(loop);
}

enum hm_code loop_init(struct loop *loop, struct hm_error *err)
{
    *loop = (struct loop){ .wake = { -1, -1 } };
    if (pipe(loop->wake) != 0)
        return hm_error_set(err, HM_INTERNAL, "there is no pipe: %s", strerror(errno));
    fcntl(loop->wake[1], F_SETFD, FD_CLOEXEC);
    loop->waker = (struct watch){ .fd = loop->wake[0], .events = POLLIN, .on_ready = on_wake };
    loop_add(loop, &loop->waker);
    return HM_OK;
}

void loop_add(struct loop *loop, struct watch *watch)
{
    fcntl(watch->fd, F_SETFD, FD_CLOEXEC);
    fcntl(watch->fd, F_SETFL, fcntl(watch->fd, F_GETFL) | O_NONBLOCK);
    watch->has_ended = false;
    DL_APPEND(loop->watches, watch);
}

void loop_drop(struct watch *watch)
{
    watch->has_ended = true;
}

void loop_end(struct loop *loop)
{
    loop->has_ended = true;
}

static void watch_end(struct loop *loop, struct watch *watch)
{
    DL_DELETE(loop->watches, watch);
    if (watch->fd >= 0)
        close(watch->fd);
    if (watch->on_end != NULL)
        watch->on_end(watch);
}

/* One for each watch, in their order. False: memory ran out. */
static bool polls_make(struct loop *loop, size_t *count, int *wait_ms)
{
    const int64_t now_ms = monotonic_ms();
    struct watch *watch;
    size_t needed = 0;

    DL_COUNT(loop->watches, watch, needed);
    if (needed > loop->capacity) {
        const size_t capacity = needed * 2 > POLLS_FIRST ? needed * 2 : POLLS_FIRST;
        struct pollfd *grown = realloc(loop->polls, capacity * sizeof *grown);

        if (grown == NULL)
            return false;
        loop->polls = grown;
        loop->capacity = capacity;
    }
    *count = 0;
    *wait_ms = -1;
    DL_FOREACH (loop->watches, watch) {
        loop->polls[(*count)++] =
            (struct pollfd){ .fd = watch->events != 0 ? watch->fd : -1, .events = watch->events };
        if (watch->deadline_ms != 0) {
            const int64_t left_ms = watch->deadline_ms > now_ms ? watch->deadline_ms - now_ms : 0;

            if (*wait_ms < 0 || left_ms < *wait_ms)
                *wait_ms = (int)left_ms;
        }
    }
    return true;
}

/* Calls those that are ready. Watches that are added meanwhile come after the first @count. */
static void watches_call(struct loop *loop, size_t count)
{
    const int64_t now_ms = monotonic_ms();
    struct watch *watch = loop->watches;

    for (size_t i = 0; i < count && !loop->has_ended; i++, watch = watch->next) {
        const short events = loop->polls[i].revents;
        const bool is_late = watch->deadline_ms != 0 && watch->deadline_ms <= now_ms;

        if (!watch->has_ended && (events != 0 || is_late))
            watch->on_ready(loop, watch, events);
    }
}

void loop_run(struct loop *loop)
{
    struct watch *watch, *next;
    size_t count;
    int wait_ms;

    while (!loop->has_ended && polls_make(loop, &count, &wait_ms)) {
        if (poll(loop->polls, (nfds_t)count, wait_ms) < 0)
            continue; /* EINTR, or memory that may come back */
        watches_call(loop, count);
        DL_FOREACH_SAFE (loop->watches, watch, next) {
            if (watch->has_ended)
                watch_end(loop, watch);
        }
    }
}

static void watches_end(struct loop *loop)
{
    while (loop->watches != NULL)
        watch_end(loop, loop->watches);
}

/* If memory ran out, what was watched is closed, so that no client waits for an answer. */
static void *thread_run(void *loop)
{
    loop_run(loop);
    watches_end(loop);
    return NULL;
}

enum hm_code loop_start(struct loop *loop, struct hm_error *err)
{
    sigset_t all, before;
    int failure;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failure = pthread_create(&loop->thread, NULL, thread_run, loop);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0)
        return hm_error_set(err, HM_INTERNAL, "there is no thread: %s", strerror(failure));
    loop->has_thread = true;
    return HM_OK;
}

void loop_fini(struct loop *loop)
{
    if (loop->wake[1] >= 0)
        close(loop->wake[1]);
    loop->wake[1] = -1;
    if (loop->has_thread)
        pthread_join(loop->thread, NULL);
    loop->has_thread = false;
    watches_end(loop);
    free(loop->polls);
    loop->polls = NULL;
    loop->capacity = 0;
}

int loop_accept(struct watch *listener)
{
    const int fd = accept(listener->fd, NULL, NULL);

    listener->events = POLLIN;
    listener->deadline_ms = 0;
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
        listener->events = 0;
        listener->deadline_ms = monotonic_ms() + PAUSE_MS;
    }
    return fd;
}
