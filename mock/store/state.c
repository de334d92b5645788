#include "store/state.h"

#include "fault/fault.h"
#include "operation/limit.h"
#include "store/store.h"
#include <stdlib.h>

struct state *state_new(void)
{
    struct state *state = calloc(1, sizeof *state);

    if (state == NULL)
        return NULL;
    policy_init(&state->policy);
    atomic_init(&state->holders, 1);
    return state;
}

struct state *state_copy(const struct state *state)
{
    struct state *copy = state_new();

    if (copy == NULL)
        return NULL;
    copy->clock = state->clock;
    copy->policy = state->policy;
    copy->version = state->version;
    copy->store = store_hold(state->store);
    copy->limit = limit_hold(state->limit);
    copy->faults = faults_hold(state->faults);
    return copy;
}

void state_hold(struct state *state)
{
    atomic_fetch_add_explicit(&state->holders, 1, memory_order_relaxed);
}

void state_release(struct state *state)
{
    if (state == NULL || atomic_fetch_sub_explicit(&state->holders, 1, memory_order_acq_rel) != 1)
        return;
    store_free(state->store);
    limit_free(state->limit);
    faults_free(state->faults);
    free(state);
}

void state_slot_init(struct state_slot *slot, struct state *loaded)
{
    pthread_mutex_init(&slot->lock, NULL);
    pthread_mutex_init(&slot->changing, NULL);
    state_hold(loaded);
    slot->present = loaded;
    slot->initial = loaded;
}

void state_slot_fini(struct state_slot *slot)
{
    if (slot->present == NULL)
        return;
    state_release(slot->present);
    state_release(slot->initial);
    pthread_mutex_destroy(&slot->lock);
    pthread_mutex_destroy(&slot->changing);
    free(slot->record);
    slot->present = slot->initial = NULL;
}

static struct state *take(struct state_slot *slot, struct state *const *from)
{
    struct state *taken;

    pthread_mutex_lock(&slot->lock);
    taken = *from;
    state_hold(taken);
    pthread_mutex_unlock(&slot->lock);
    return taken;
}

struct state *state_take(struct state_slot *slot)
{
    return take(slot, &slot->present);
}

struct state *state_take_initial(struct state_slot *slot)
{
    return take(slot, &slot->initial);
}

/* Replaces *where with @next and takes over the caller's reference. */
static void put(struct state_slot *slot, struct state **where, struct state *next)
{
    struct state *before;

    pthread_mutex_lock(&slot->lock);
    before = *where;
    *where = next;
    pthread_mutex_unlock(&slot->lock);
    state_release(before);
}

struct state *state_edit(struct state_slot *slot)
{
    struct state *copy;

    pthread_mutex_lock(&slot->changing);
    copy = state_copy(slot->present);
    if (copy == NULL)
        pthread_mutex_unlock(&slot->changing);
    return copy;
}

void state_publish(struct state_slot *slot, struct state *edited)
{
    put(slot, &slot->present, edited);
    pthread_mutex_unlock(&slot->changing);
}

void state_replace(struct state_slot *slot, struct state *next)
{
    put(slot, &slot->present, next);
}

void state_put_initial(struct state_slot *slot, struct state *initial)
{
    put(slot, &slot->initial, initial);
}

void state_discard(struct state_slot *slot, struct state *edited)
{
    pthread_mutex_unlock(&slot->changing);
    state_release(edited);
}
