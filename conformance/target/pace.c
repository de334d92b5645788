#include "target/pace.h"
#include "support/monotonic.h"
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { LEFT_S = 25, SIGNALLED = 128, MS_IN_MINUTE = 60000, SLICE_MS = 100 };

void pace_init(struct pace *pace, int64_t rate)
{
    pace->interval_ms = rate > 0 ? MS_IN_MINUTE / rate : 0;
    pace->next_ms = 0;
}

void pace_sleep(int64_t wait_ms)
{
    const int64_t end = monotonic_ms() + wait_ms;
    int64_t left;

    while ((left = end - monotonic_ms()) > 0 && stop_signal() == 0) {
        /* The signal may be delivered to another thread, and so not end the pause. */
        monotonic_pause(left < SLICE_MS ? left : SLICE_MS);
    }
}

int64_t pace_reserve(struct pace *pace, int64_t now_ms, size_t count)
{
    const int64_t first_ms = now_ms > pace->next_ms ? now_ms : pace->next_ms;

    pace->next_ms = first_ms + (int64_t)count * pace->interval_ms;
    return pace->next_ms - pace->interval_ms;
}

/* Read by all threads. */
static atomic_int caught;

static atomic_int set_aside;

/* The time is up: ends as the signal would have ended it. */
static void give_up(int signal_number)
{
    signal_number = caught != 0 ? caught : set_aside;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* What is left to do after it is bounded, but for a reader of our output that does not read. */
static void note(int signal_number)
{
    const struct sigaction action = { .sa_handler = give_up };

    caught = signal_number;
    sigaction(SIGALRM, &action, NULL);
    alarm(LEFT_S);
}

void stop_install(void)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
    struct sigaction action = { 0 };

    sigemptyset(&action.sa_mask);
    action.sa_handler = note;
    /* No SA_RESTART: a signal must end a wait. */
    action.sa_flags = (int)SA_RESETHAND;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
    /* A closed pipe is noticed when the report is written. */
    signal(SIGPIPE, SIG_IGN);
}

void stop_after(unsigned seconds)
{
    alarm(seconds);
}

int stop_signal(void)
{
    return caught;
}

bool stop_set_aside(void)
{
    if (caught == 0)
        return false;
    set_aside = caught;
    caught = 0;
    return true;
}

bool stop_is_wanted(const void *context)
{
    (void)context;
    return stop_signal() != 0;
}

int stop_exit_code(int exit_code)
{
    const int number = caught != 0 ? caught : set_aside;

    return number != 0 ? SIGNALLED + number : exit_code;
}
