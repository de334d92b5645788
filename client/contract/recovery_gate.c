#include "contract/recovery_gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct remembered {
    const struct secret *secret; /* NULL: an empty entry */
    unsigned char token[SHA256_BYTES];
    struct recovery recovery;
};

struct recovery_gate {
    pthread_mutex_t lock;
    pthread_cond_t is_free;
    long running, at_once;
    size_t next;           /* the oldest entry, overwritten next */
    struct remembered *at; /* RECOVERIES_REMEMBERED; NULL until there is one */
};

struct recovery_gate *recovery_gate_new(void)
{
    struct recovery_gate *made = calloc(1, sizeof *made);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (made == NULL)
        return NULL;
    made->at_once = cores > 2 ? cores - 1 : 1;
    if (pthread_mutex_init(&made->lock, NULL) != 0 ||
        pthread_cond_init(&made->is_free, NULL) != 0) {
        free(made);
        return NULL;
    }
    return made;
}

void recovery_gate_free(struct recovery_gate *gate)
{
    if (gate == NULL)
        return;
    pthread_cond_destroy(&gate->is_free);
    pthread_mutex_destroy(&gate->lock);
    free(gate->at);
    free(gate);
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
    bool is_known;

    pthread_mutex_lock(&gate->lock);
    while (!(is_known = recall(gate, secret, token, recovery)) && gate->running >= gate->at_once)
        pthread_cond_wait(&gate->is_free, &gate->lock);
    gate->running += !is_known;
    pthread_mutex_unlock(&gate->lock);
    return is_known;
}

void recovery_gate_leave(struct recovery_gate *gate, const struct secret *secret,
                         const unsigned char token[SHA256_BYTES], const struct recovery *recovery)
{
    pthread_mutex_lock(&gate->lock);
    gate->running--;
    if (gate->at == NULL && recovery != NULL)
        gate->at = calloc(RECOVERIES_REMEMBERED, sizeof *gate->at);
    if (gate->at != NULL && recovery != NULL) {
        struct remembered *entry = &gate->at[gate->next];

        entry->secret = secret;
        memcpy(entry->token, token, SHA256_BYTES);
        entry->recovery = *recovery;
        gate->next = (gate->next + 1) % RECOVERIES_REMEMBERED;
    }
    pthread_cond_broadcast(&gate->is_free);
    pthread_mutex_unlock(&gate->lock);
}
