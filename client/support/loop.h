/* Waits for many descriptors in one thread, and calls the one that is ready. POSIX only. */
#ifndef SUPPORT_LOOP_H
#define SUPPORT_LOOP_H

#include <heymarket/error.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

/* A descriptor in a loop, usually the first member of what it belongs to. */
struct watch {
    int fd;              /* closed by the loop */
    short events;        /* of poll(); 0: not even its end is waited for */
    int64_t deadline_ms; /* monotonic; 0: none */
    /* With the events that came, or 0 when the deadline has passed. It may change events and the
     * deadline, add watches and end any. */
    void (*on_ready)(struct loop *loop, struct watch *watch, short events);
    void (*on_end)(
        struct watch *watch);  /* last, after the close; usually frees it. NULL: nothing */
    struct watch *prev, *next; /* the loop's */
    bool has_ended;
};

struct loop {
    struct watch *watches;
    struct pollfd *polls;
    size_t capacity;
    int wake[2]; /* the write end is closed to end the loop */
    struct watch waker;
    pthread_t thread;
    bool has_thread, has_ended;
};

/* loop_fini() it, also after a failure. returns HM_OK; HM_INTERNAL: no pipe */
HM_MUST_USE enum hm_code loop_init(struct loop *loop, struct hm_error *err);

/* Ends the thread, if there is one, and all watches. */
void loop_fini(struct loop *loop);

/* Adds one that is filled in; its descriptor becomes non-blocking. Before the start, or from
 * within the loop. */
void loop_add(struct loop *loop, struct watch *watch);

/* Ends one, before the next wait. Twice is fine. */
void loop_drop(struct watch *watch);

/* Runs until loop_end(). */
void loop_run(struct loop *loop);
void loop_end(struct loop *loop); /* from within the loop */

/* Runs in a thread of its own, with all signals blocked, until loop_fini(). */
HM_MUST_USE enum hm_code loop_start(struct loop *loop, struct hm_error *err);

/* Accepts a connection from the listening socket of a watch, non-blocking and close-on-exec. -1:
 * there is none now. Without free descriptors the watch pauses for a moment: then its on_ready is
 * called with 0, and must set events to POLLIN and the deadline to 0, which this does. */
int loop_accept(struct watch *listener);

#endif
