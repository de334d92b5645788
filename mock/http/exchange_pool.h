/* The exchanges of a server, lent to requests: the one that came back last goes out first, for its
 * memory is still in the processor's cache, and no more are touched than requests are under way.
 * Every request comes by here twice, so there is no lock: the free ones are a list whose head is
 * changed in one atomic step. */
#ifndef MOCK_HTTP_EXCHANGE_POOL_H
#define MOCK_HTTP_EXCHANGE_POOL_H

#include "exchange/exchange.h"
#include <stdatomic.h>

struct exchange_pool {
    struct mock *mock;
    struct exchange *all; /* memory that the system gives when it is first touched */
    atomic_size_t begun;
    /* Number of the first free one, counted from 1 (0: none), and above it how often the head has
     * changed: a head that went and came back is not taken for the same. */
    atomic_uint_least64_t head;
};

/* A pool of @count, as many as can be lent at once. False: out of memory. */
HM_MUST_USE bool exchange_pool_init(struct exchange_pool *pool, struct mock *mock, size_t count);

/* None is lent any more. */
void exchange_pool_fini(struct exchange_pool *pool);

/* Lends one; safe for threads. */
struct exchange *exchange_pool_take(struct exchange_pool *pool);

/* Takes it back; its request has ended. */
void exchange_pool_give(struct exchange_pool *pool, struct exchange *x);

#endif
