/* What all players of a run share: pace, limits, counts and the ledger. Every function may be
 * called by several threads at once; the members may be read once the players have ended. */
#ifndef SUITE_PLAY_TRAFFIC_H
#define SUITE_PLAY_TRAFFIC_H

#include "play/ledger.h"
#include "play/round_trip.h"
#include "target/backoff.h"
#include "target/pace.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct traffic {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a write was answered, or the traffic was closed */
    struct pace pace;
    struct backoff backoff;
    struct ledger ledger;
    size_t sent;
    size_t accepted;        /* POSTs that were answered with 2xx */
    size_t budget;          /* the most of these */
    size_t on_their_way;    /* POSTs that were admitted and not answered yet */
    int64_t held_until_ms;  /* monotonic; after a 429 nothing is sent before */
    bool stops_at_5xx;      /* a 5xx closes the traffic */
    bool is_ledger_full;    /* out of memory: nothing is sent that could not be noted */
    atomic_bool is_closed;  /* nothing more is sent */
    atomic_bool is_cut;     /* requests on their way end, too */
    atomic_bool is_limited; /* there was a 429 */
};

/* @rate: requests a minute, 0: no limit. @budget: the most writes that may be accepted. */
void traffic_init(struct traffic *traffic, int64_t rate, size_t budget);
void traffic_fini(struct traffic *traffic);

enum admission {
    ADMITTED,
    ADMITTED_LATE, /* after the end of a 429's wait: a token that was made before is old */
    REFUSED_SPENT, /* the writes could exceed the budget */
    REFUSED_OVER   /* the traffic is closed, or a signal came */
};

/* Waits until @count more requests, @writes of which are POSTs, may be sent. Each that was admitted
 * must be noted or given back. */
enum admission traffic_admit(struct traffic *traffic, size_t count, size_t writes);

/* Lets time pass, but not after the traffic is over. */
void traffic_wait(const struct traffic *traffic, int64_t wait_ms);

/* Counts a request that was admitted, whether it was sent or not, and what it wrote.
 *
 * what  the case, for the ledger, which keeps the pointer
 * step  index */
void traffic_note(struct traffic *traffic, const struct round_trip *trip, const char *what,
                  size_t step);

/* @writes POSTs that were admitted will not be sent. */
void traffic_give_back(struct traffic *traffic, size_t writes);

/* After a 429: lets nobody send before the answer's time has come. False: waiting does not help.
 *
 * waited_ms  how long the present case has waited; it is added to */
bool traffic_hold(struct traffic *traffic, const struct http_answer *answer, int64_t *waited_ms);

/* Lets nothing more be sent. @cuts: nor finished. */
void traffic_close(struct traffic *traffic, bool cuts);

/* Lets requests be sent again, for the end of a run. */
void traffic_reopen(struct traffic *traffic);

/* Requests on their way must end. For http_request's is_cancelled. */
bool traffic_is_cut(const void *traffic);

/* Has the target limited the rate far below what is documented? [E4] */
bool traffic_is_breach(struct traffic *traffic);

#endif
