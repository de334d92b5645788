/* The chain that is shown, as it can be replaced. */
#include "tls/trust_parts.h"
#include <openssl/err.h>
#include <pthread.h>
#include <stdlib.h>

struct trust_slot {
    pthread_mutex_t lock; /* for the pointer, and for a moment only */
    struct trust_chain *chain;
};

struct trust_slot *trust_slot_new(struct trust_chain *chain)
{
    struct trust_slot *slot = malloc(sizeof *slot);

    if (slot == NULL) {
        trust_chain_free(chain);
        return NULL;
    }
    pthread_mutex_init(&slot->lock, NULL);
    slot->chain = chain;
    return slot;
}

void trust_slot_free(struct trust_slot *slot)
{
    if (slot == NULL)
        return;
    trust_chain_free(slot->chain);
    pthread_mutex_destroy(&slot->lock);
    free(slot);
}

void trust_slot_put(struct trust_slot *slot, struct trust_chain *chain)
{
    struct trust_chain *before;

    pthread_mutex_lock(&slot->lock);
    before = slot->chain;
    slot->chain = chain;
    pthread_mutex_unlock(&slot->lock);
    trust_chain_free(before);
}

struct trust_chain *trust_slot_take(struct trust_slot *slot)
{
    struct trust_chain *taken;

    pthread_mutex_lock(&slot->lock);
    taken = slot->chain;
    atomic_fetch_add_explicit(&taken->holders, 1, memory_order_relaxed);
    pthread_mutex_unlock(&slot->lock);
    return taken;
}

/* Called once a client has said what it wants. The SSL_CTX itself has no certificate: changed while
 * handshakes copy from it, it would be torn, and the old key would stay in it. */
static int certificate_choose(SSL *ssl, void *data)
{
    struct trust_chain *chain = trust_slot_take(data);
    int is_done = SSL_use_cert_and_key(ssl, chain->leaf, chain->key, chain->between, 1);

    trust_chain_free(chain);
    return is_done == 1;
}

bool trust_slot_serve(struct trust_slot *slot, void *ssl_ctx)
{
    SSL_CTX *ctx = ssl_ctx;

    if (!trust_parts_set(ctx))
        return false;
    SSL_CTX_set_cert_cb(ctx, certificate_choose, slot);
    return true;
}
