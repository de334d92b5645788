/* Sends the requests of a case, in order or at the same time, and keeps what came back. */
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
    const char *ca_file;          /* of further sessions; NULL: the system's roots */
    struct pace pace;
    struct transcript *transcript; /* NULL: none */
    bool stops_at_5xx;             /* a live target that fails is left alone */
    size_t sent;
    size_t accepted; /* writes: POSTs that got a 2xx */
    size_t budget;   /* that many of them at most */
    bool is_spent;   /* something was not sent for the budget's sake */
    bool saw_5xx;
    struct ledger ledger;
    struct backoff backoff;
};

/* Plays a case into @trips, one for each step, zeroed before. A step that gets no answer, a 5xx
 * of a live target, a spent budget or a signal ends the case: the rest is not tried.
 *
 * is_apart  every request on a connection of its own
 * returns   HM_OK; HM_BAD_INPUT, HM_NO_MEMORY, HM_INTERNAL: our own fault */
HM_MUST_USE enum hm_code play_case(struct round_trip *trips, const struct test_case *test,
                                   const struct target *target, struct player *player,
                                   struct case_marks *marks, bool is_apart, struct hm_error *err);

/* Sends one step by itself, on a new connection; or nothing, where the budget is spent.
 *
 * what  for the ledger; kept */
HM_MUST_USE enum hm_code play_step(struct round_trip *trip, const struct step *step,
                                   const char *what, const struct target *target,
                                   struct player *player, struct case_marks *marks,
                                   struct hm_error *err);

/* After a 429 of a foreign target: waits as long as it asks, or longer each time. False: none of
 * the answers is a 429, waiting does not help, or a signal came. */
bool player_backs_off(struct player *player, const struct target *target,
                      const struct round_trip *trips, size_t count);

#endif
