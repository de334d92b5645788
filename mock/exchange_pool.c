#include "exchange_pool.h"

#include <stdlib.h>

bool exchange_pool_init(struct exchange_pool *pool, struct mock *mock, size_t count)
{
    *pool = (struct exchange_pool){ .mock = mock };
    pool->all = malloc(count * sizeof *pool->all);
    if (pool->all == NULL)
        return false;
    pthread_mutex_init(&pool->lock, NULL);
    return true;
}

void exchange_pool_fini(struct exchange_pool *pool)
{
    for (size_t i = 0; i < pool->begun; i++)
        exchange_fini(&pool->all[i]);
    free(pool->all);
    pthread_mutex_destroy(&pool->lock);
}

/* Under the lock. */
static struct exchange *next_one(struct exchange_pool *pool)
{
    struct exchange *x = pool->free;

    if (x != NULL) {
        pool->free = x->next;
        return x;
    }
    x = &pool->all[pool->begun++];
    exchange_init(x, pool->mock);
    return x;
}

struct exchange *exchange_pool_take(struct exchange_pool *pool)
{
    struct exchange *x;

    pthread_mutex_lock(&pool->lock);
    x = next_one(pool);
    pthread_mutex_unlock(&pool->lock);
    return x;
}

void exchange_pool_give(struct exchange_pool *pool, struct exchange *x)
{
    exchange_release(x);
    pthread_mutex_lock(&pool->lock);
    x->next = pool->free;
    pool->free = x;
    pthread_mutex_unlock(&pool->lock);
}
