/* Threads that play cases ahead of the judge: several at the same time, in the order in which they
 * were given. */
#ifndef SUITE_PLAY_POOL_H
#define SUITE_PLAY_POOL_H

#include "play/played.h"
#include "play/traffic.h"
#include "recipe/marks.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <stdbool.h>
#include <stddef.h>

struct pool;

/* All borrowed, and used until the pool is freed. */
struct pool_options {
    size_t jobs; /* cases at the same time */
    struct traffic *traffic;
    struct marks *marks;
    const struct http_tls *tls;
    const struct hm_secrets *no_secrets; /* see struct player */
};

/* Starts the threads.
 * returns HM_OK, HM_INTERNAL, HM_NO_MEMORY */
HM_MUST_USE enum hm_code pool_new(struct pool **pool, const struct pool_options *options,
                                  struct hm_error *err);

/* Lets a case (with test and target, otherwise zeroed) be played. It belongs to the pool until it
 * was waited for. False: out of memory. */
bool pool_add(struct pool *pool, struct played *played);

/* Waits a moment for the case. False: it has not been played yet. Afterwards the caller may use its
 * answers, and frees them before it waits for the next one. */
bool pool_wait(struct pool *pool, const struct played *played);

/* Waits a moment for all cases that were given. False: some have not been played yet. */
bool pool_wait_all(struct pool *pool);

/* Ends the threads, after the cases that were begun. NULL is fine. */
void pool_free(struct pool *pool);

#endif
