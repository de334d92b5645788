/* A case that is sent: its requests, the answers, and what else the judge must know. */
#ifndef SUITE_PLAY_PLAYED_H
#define SUITE_PLAY_PLAYED_H

#include "play/player.h"
#include <stdbool.h>
#include <stdint.h>

struct played {
    const struct test_case *test;
    const char *purpose; /* for records, of what is not a case; NULL: it is one */
    const struct target *target;
    struct round_trip *trips; /* one for each step */
    struct case_marks marks;
    json_t *records;   /* of its requests; NULL: none are made, or out of memory */
    enum hm_code code; /* not HM_OK: it cannot be judged; err says why */
    struct hm_error err;
    bool is_resent; /* because a kept-open connection was closed without an answer */
    bool is_spent;  /* not all was sent because of the budget */
    bool is_over;   /* the same because the traffic was over */
    bool is_done;   /* the pool's mark */
    int64_t time_ms;
};

/* Sends the case; again after the wait that a 429 asks for; and once more, each request on a new
 * connection, if a kept-open connection was closed without an answer.
 *
 * played  with test and target, otherwise zeroed */
void played_send(struct played *played, struct player *player, struct marks *marks);

/* Is it so of the answer to any step? */
bool played_is_any(const struct played *played, bool (*question)(const struct round_trip *trip));

/* About how much memory the answers take. */
size_t played_bytes(const struct played *played);

/* A zeroed struct is fine. */
void played_fini(struct played *played);

#endif
