#include "http/exchange_pool.h"

#include <stdlib.h>

enum { NUMBER_BITS = 32 };

static const uint_least64_t number_mask = (UINT64_C(1) << NUMBER_BITS) - 1;

bool exchange_pool_init(struct exchange_pool *pool, struct mock *mock, size_t count)
{
    *pool = (struct exchange_pool){ .mock = mock };
    pool->all = malloc(count * sizeof *pool->all);
    return pool->all != NULL;
}

void exchange_pool_fini(struct exchange_pool *pool)
{
    for (size_t i = 0; i < pool->begun; i++)
        exchange_fini(&pool->all[i]);
    free(pool->all);
}

/* The head that follows @head, with another first one. */
static uint_least64_t head_after(uint_least64_t head, uint_least64_t number)
{
    return (((head >> NUMBER_BITS) + 1) << NUMBER_BITS) | number;
}

struct exchange *exchange_pool_take(struct exchange_pool *pool)
{
    uint_least64_t head = atomic_load_explicit(&pool->head, memory_order_acquire);
    struct exchange *x;

    while ((head & number_mask) != 0) {
        x = &pool->all[(head & number_mask) - 1];
        /* Another thread may have taken it by now: then what is read here is not used. */
        if (atomic_compare_exchange_weak_explicit(
                &pool->head, &head,
                head_after(head, atomic_load_explicit(&x->next, memory_order_relaxed)),
                memory_order_acquire, memory_order_acquire))
            return x;
    }
    x = &pool->all[atomic_fetch_add(&pool->begun, 1)];
    exchange_init(x, pool->mock);
    return x;
}

void exchange_pool_give(struct exchange_pool *pool, struct exchange *x)
{
    const uint_least64_t number = (uint_least64_t)(x - pool->all) + 1;
    uint_least64_t head = atomic_load_explicit(&pool->head, memory_order_relaxed);

    do {
        atomic_store_explicit(&x->next, (uint_least32_t)(head & number_mask), memory_order_relaxed);
    } while (!atomic_compare_exchange_weak_explicit(&pool->head, &head, head_after(head, number),
                                                    memory_order_release, memory_order_relaxed));
}
