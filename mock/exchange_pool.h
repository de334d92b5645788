/* The exchanges of a server, lent to requests: the one that came back last goes out first, for its
 * memory is still in the processor's cache, and no more are touched than requests are under way. */
#ifndef EXCHANGE_POOL_H
#define EXCHANGE_POOL_H

#include "exchange.h"
#include <pthread.h>

struct exchange_pool {
    pthread_mutex_t lock;
    struct mock *mock;
    struct exchange *all; /* memory that the system gives when it is first touched */
    size_t begun;
    struct exchange *free; /* of those begun */
};

/* A pool of @count, as many as can be lent at once. False: out of memory. */
HM_MUST_USE bool exchange_pool_init(struct exchange_pool *pool, struct mock *mock, size_t count);

/* None is lent any more. */
void exchange_pool_fini(struct exchange_pool *pool);

/* Lends one; safe for threads. */
struct exchange *exchange_pool_take(struct exchange_pool *pool);

/* Takes it back, after it has let go of what only its request needed. */
void exchange_pool_give(struct exchange_pool *pool, struct exchange *x);

#endif
