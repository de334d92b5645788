/* Sends the steps of a case, one after another on a connection or at the same time. A player is for
 * one thread; what all of them share is the traffic. */
#ifndef SUITE_PLAY_PLAYER_H
#define SUITE_PLAY_PLAYER_H

#include "cases/case.h"
#include "play/round_trip.h"
#include "play/traffic.h"
#include "recipe/marks.h"
#include "target/target.h"
#include "transport/http.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_CONNECT_MS = 5000, REQUEST_TIMEOUT_MS = 10000 };

struct player {
    struct traffic *traffic;
    struct http_session *session;
    const struct http_tls *tls;          /* for further sessions */
    const struct hm_secrets *no_secrets; /* for records; NULL: none are made */
    const struct test_case *test;        /* what is being played, for records; NULL: no case */
    const char *purpose;                 /* the same: "case", "probe" ... */
    json_t *records;                     /* since player_begin(); NULL: none, or out of memory */
    int64_t waited_ms;                   /* after 429, since player_begin() */
    bool is_spent;                       /* something was not sent because of the budget */
    bool is_over;                        /* the same because the traffic is over */
    bool is_stale; /* the same because of a wait that made the tokens old: play it again */
};

/* What is sent from now on is for @purpose and for @test (NULL: no case); it gets a new list of
 * records. */
void player_begin(struct player *player, const struct test_case *test, const char *purpose);

/* The same for a single request; its record stays in the present list. */
void player_turn(struct player *player, const struct test_case *test, const char *purpose);

/* Frees the records. */
void player_fini(struct player *player);

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

/* Must it be sent again? After a 429 of a foreign target: the next request waits as long as the
 * target asks, else longer each time. False: there is no 429, waiting does not help, or the traffic
 * is over. */
bool player_backs_off(struct player *player, const struct target *target,
                      const struct round_trip *trips, size_t count);

#endif
