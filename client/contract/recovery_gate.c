#include "contract/recovery_gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct remembered {
    const struct secret *secret; /* NULL: an empty entry */
    unsigned char token[SHA256_BYTES];
    struct recovery recovery;
};

/* What gates share: how many may search. */
struct turns {
    atomic_uint holders;
    pthread_mutex_t lock; /* also of what each of the gates remembers */
    pthread_cond_t is_free;
    long running, at_once;
};

struct recovery_gate {
    struct turns *turns;
    size_t next;           /* the oldest entry, overwritten next */
    struct remembered *at; /* RECOVERIES_REMEMBERED; NULL until there is one */
};

static struct turns *turns_new(void)
{
    struct turns *made = calloc(1, sizeof *made);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (made == NULL)
        return NULL;
    atomic_init(&made->holders, 1);
    made->at_once = cores > 2 ? cores - 1 : 1;
    if (pthread_mutex_init(&made->lock, NULL) == 0 && pthread_cond_init(&made->is_free, NULL) == 0)
        return made;
    free(made);
    return NULL;
}

static void turns_release(struct turns *turns)
{
    if (atomic_fetch_sub_explicit(&turns->holders, 1, memory_order_acq_rel) != 1)
        return;
    pthread_cond_destroy(&turns->is_free);
    pthread_mutex_destroy(&turns->lock);
    free(turns);
}

struct recovery_gate *recovery_gate_new(void)
{
    struct recovery_gate *made = calloc(1, sizeof *made);

    if (made == NULL)
        return NULL;
    made->turns = turns_new();
    if (made->turns != NULL)
        return made;
    free(made);
    return NULL;
}

void recovery_gate_free(struct recovery_gate *gate)
{
    if (gate == NULL)
        return;
    turns_release(gate->turns);
    free(gate->at);
    free(gate);
}

void recovery_gate_join(struct recovery_gate *gate, const struct recovery_gate *other)
{
    atomic_fetch_add_explicit(&other->turns->holders, 1, memory_order_relaxed);
    turns_release(gate->turns);
    gate->turns = other->turns;
}

static bool recall(const struct recovery_gate *gate, const struct secret *secret,
                   const unsigned char token[SHA256_BYTES], struct recovery *recovery)
{
    for (size_t i = 0; gate->at != NULL && i < RECOVERIES_REMEMBERED; i++) {
        if (gate->at[i].secret == secret && memcmp(gate->at[i].token, token, SHA256_BYTES) == 0) {
            *recovery = gate->at[i].recovery;
            return true;
        }
    }
    return false;
}

bool recovery_gate_enter(struct recovery_gate *gate, const struct secret *secret,
                         const unsigned char token[SHA256_BYTES], struct recovery *recovery)
{
    struct turns *turns = gate->turns;
    bool is_known;

    pthread_mutex_lock(&turns->lock);
    while (!(is_known = recall(gate, secret, token, recovery)) && turns->running >= turns->at_once)
        pthread_cond_wait(&turns->is_free, &turns->lock);
    turns->running += !is_known;
    pthread_mutex_unlock(&turns->lock);
    return is_known;
}

void recovery_gate_leave(struct recovery_gate *gate, const struct secret *secret,
                         const unsigned char token[SHA256_BYTES], const struct recovery *recovery)
{
    struct turns *turns = gate->turns;

    pthread_mutex_lock(&turns->lock);
    turns->running--;
    if (gate->at == NULL && recovery != NULL)
        gate->at = calloc(RECOVERIES_REMEMBERED, sizeof *gate->at);
    if (gate->at != NULL && recovery != NULL) {
        struct remembered *entry = &gate->at[gate->next];

        entry->secret = secret;
        memcpy(entry->token, token, SHA256_BYTES);
        entry->recovery = *recovery;
        gate->next = (gate->next + 1) % RECOVERIES_REMEMBERED;
    }
    pthread_cond_broadcast(&turns->is_free);
    pthread_mutex_unlock(&turns->lock);
}
