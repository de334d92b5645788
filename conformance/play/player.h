/* Sends the requests of a case, one after the other or at the same time, and keeps the answers. */
#ifndef SUITE_PLAY_PLAYER_H
#define SUITE_PLAY_PLAYER_H

#include "cases/case.h"
#include "play/ledger.h"
#include "play/round_trip.h"
#include "play/transcript.h"
#include "recipe/marks.h"
#include "target/backoff.h"
#include "target/pace.h"
#include "target/target.h"
#include "transport/http.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { REQUEST_CONNECT_MS = 5000, REQUEST_TIMEOUT_MS = 10000 };

struct player {
    struct http_session *session; /* of the main thread */
    const char *ca_file;          /* for further sessions; NULL: the system's roots */
    struct pace pace;
    struct transcript *transcript; /* NULL: none */
    bool stops_at_5xx;             /* after a 5xx of a live target nothing more is sent */
    size_t sent;
    size_t accepted; /* POSTs that were answered with 2xx */
    size_t budget;   /* the most of these */
    bool is_spent;   /* something was not sent because of the budget */
    bool saw_5xx;
    struct ledger ledger;
    struct backoff backoff;
};

/* Sends a case. @trips: one for each step, zeroed. A step without an answer, a 5xx of a live
 * target, a used-up budget or a signal ends it.
 *
 * is_apart  each request on a new connection
 * returns   HM_OK; HM_BAD_INPUT, HM_NO_MEMORY, HM_INTERNAL: our own fault */
HM_MUST_USE enum hm_code play_case(struct round_trip *trips, const struct test_case *test,
                                   const struct target *target, struct player *player,
                                   struct case_marks *marks, bool is_apart, struct hm_error *err);

/* Sends one step on a new connection, or nothing if the budget is used up; again after the wait
 * that a 429 asks for. What is left is a 429 only if waiting does not help.
 *
 * what  for the ledger, which keeps the pointer */
HM_MUST_USE enum hm_code play_step(struct round_trip *trip, const struct step *step,
                                   const char *what, const struct target *target,
                                   struct player *player, struct case_marks *marks,
                                   struct hm_error *err);

/* After a 429 of a foreign target: waits as long as it asks, else longer each time. False: there
 * is no 429, waiting does not help, or a signal came. */
bool player_backs_off(struct player *player, const struct target *target,
                      const struct round_trip *trips, size_t count);

#endif
