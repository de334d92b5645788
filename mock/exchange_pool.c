#include "exchange_pool.h"

void exchange_pool_init(struct exchange_pool *pool)
{
    pthread_mutex_init(&pool->lock, NULL);
    pool->free = NULL;
}

void exchange_pool_fini(struct exchange_pool *pool)
{
    while (pool->free != NULL) {
        struct exchange *x = pool->free;

        pool->free = x->next;
        exchange_free(x);
    }
    pthread_mutex_destroy(&pool->lock);
}

static void push(struct exchange_pool *pool, struct exchange *x)
{
    pthread_mutex_lock(&pool->lock);
    x->next = pool->free;
    pool->free = x;
    pthread_mutex_unlock(&pool->lock);
}

bool exchange_pool_grow(struct exchange_pool *pool, struct mock *mock)
{
    struct exchange *x = exchange_new(mock);

    if (x != NULL)
        push(pool, x);
    return x != NULL;
}

struct exchange *exchange_pool_take(struct exchange_pool *pool)
{
    struct exchange *x;

    pthread_mutex_lock(&pool->lock);
    x = pool->free;
    pool->free = x->next;
    pthread_mutex_unlock(&pool->lock);
    return x;
}

void exchange_pool_give(struct exchange_pool *pool, struct exchange *x)
{
    exchange_release(x);
    push(pool, x);
}
