/* The exchanges of a server, lent to requests: the one that came back last goes out first, for its
 * memory is still in the processor's cache, and no more are touched than requests are under way. */
#ifndef EXCHANGE_POOL_H
#define EXCHANGE_POOL_H

#include "exchange.h"
#include <pthread.h>

struct exchange_pool {
    pthread_mutex_t lock;
    struct exchange *free;
};

void exchange_pool_init(struct exchange_pool *pool);

/* Frees all of them; none is lent any more. */
void exchange_pool_fini(struct exchange_pool *pool);

/* Adds one. Every thread that takes one adds one before, so that there always is one to take.
 * False: out of memory. */
HM_MUST_USE bool exchange_pool_grow(struct exchange_pool *pool, struct mock *mock);

/* Lends one; safe for threads. */
struct exchange *exchange_pool_take(struct exchange_pool *pool);

/* Takes it back, after it has let go of what only its request needed. */
void exchange_pool_give(struct exchange_pool *pool, struct exchange *x);

#endif
