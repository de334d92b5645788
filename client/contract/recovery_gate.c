#include "contract/recovery_gate.h"

#include "support/no_memory.h"
#include "support/try.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct remembered {
    const struct secret *secret;       /* whose mistakes were looked for; NULL: an empty entry */
    unsigned char token[SHA256_BYTES]; /* digest of signing input and signature */
    struct recovery recovery;
};

struct recovery_gate {
    pthread_mutex_t lock;
    pthread_cond_t room;
    long running, at_once;
    size_t next; /* the oldest entry, overwritten next */
    struct remembered at[RECOVERIES_REMEMBERED];
};

enum hm_code recovery_gate_new(struct recovery_gate **gate, struct hm_error *err)
{
    struct recovery_gate *made = calloc(1, sizeof *made);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    *gate = NULL;
    if (made == NULL)
        return no_memory(err);
    made->at_once = cores > 2 ? cores - 1 : 1;
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return no_memory(err);
    }
    if (pthread_cond_init(&made->room, NULL) != 0) {
        (void)pthread_mutex_destroy(&made->lock);
        free(made);
        return no_memory(err);
    }
    *gate = made;
    return HM_OK;
}

void recovery_gate_free(struct recovery_gate *gate)
{
    if (gate == NULL)
        return;
    (void)pthread_cond_destroy(&gate->room);
    (void)pthread_mutex_destroy(&gate->lock);
    free(gate);
}

static bool recall(const struct recovery_gate *gate, const struct secret *secret,
                   const unsigned char token[SHA256_BYTES], struct recovery *recovery)
{
    for (size_t i = 0; i < RECOVERIES_REMEMBERED; i++) {
        if (gate->at[i].secret == secret && memcmp(gate->at[i].token, token, SHA256_BYTES) == 0) {
            *recovery = gate->at[i].recovery;
            return true;
        }
    }
    return false;
}

static void remember(struct recovery_gate *gate, const struct secret *secret,
                     const unsigned char token[SHA256_BYTES], const struct recovery *recovery)
{
    struct remembered *entry = &gate->at[gate->next];

    entry->secret = secret;
    memcpy(entry->token, token, SHA256_BYTES);
    entry->recovery = *recovery;
    gate->next = (gate->next + 1) % RECOVERIES_REMEMBERED;
}

enum hm_code recovery_gate_pass(struct recovery_gate *gate, struct recovery *recovery,
                                const struct token_parts *parts, enum hash hash,
                                const struct secret *secret, const struct hm_secrets *secrets,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    unsigned char token[MAC_BYTES_MAX];
    const char *start = parts->signing_input.at;
    const char *end = parts->signature_segment.at + parts->signature_segment.length;
    bool is_known;

    if (!hash_digest(HASH_SHA256, start, (size_t)(end - start), token))
        return no_memory(err);
    (void)pthread_mutex_lock(&gate->lock);
    while (!(is_known = recall(gate, secret, token, recovery)) && gate->running >= gate->at_once)
        (void)pthread_cond_wait(&gate->room, &gate->lock);
    if (!is_known) {
        gate->running++;
        (void)pthread_mutex_unlock(&gate->lock);
        code = key_recover(recovery, parts, hash, secret, secrets, err);
        (void)pthread_mutex_lock(&gate->lock);
        gate->running--;
        if (code == HM_OK)
            remember(gate, secret, token, recovery);
        (void)pthread_cond_broadcast(&gate->room);
    }
    (void)pthread_mutex_unlock(&gate->lock);
    return code;
}
