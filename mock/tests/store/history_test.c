/* Concurrent creates, updates, deletions and reads of one contact's channels are linearizable: each
 * recorded history is explained by some order of its calls, in which a call that had ended before
 * another began comes first, and each has the result that a list of channels would give it.
 * [R3 R4 G2 U2 X1 L2] */
#include "store/store.h"
#include "tests/barrier.h"
#include "tests/store/kinds.h"
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

#define ADA "ada0ada0-1815-4000-8000-00000000ada0"

enum {
    THREADS = 4,
    CALLS_EACH = 5,
    CALLS = THREADS * CALLS_EACH,
    ROUNDS = 300,
    CHANNELS_MAX = CALLS,
    SCRATCH_BYTES = 64 * 1024
};

static const char now[] = "2024-04-16T00:00:00Z";

enum kind { CREATE, UPDATE, DELETE, GET, LIST, KINDS };

/* A channel is its id, its type and the number that is its channel_id. */
struct channel {
    int64_t id;
    char type;
    int value;
};

struct channels {
    int count; /* -1: none of the type */
    struct channel at[CHANNELS_MAX];
};

struct call {
    enum kind kind;
    char type;
    int value;                /* of a create or an update; each has its own */
    unsigned long begin, end; /* by one counter for all threads */
    struct channels result;   /* the list; for GET the one channel */
};

/* With a database two stores serve the same contact, as two mocks do. */
enum { STORES = 2 };

struct run {
    struct store *stores[STORES];
    struct contact *contacts[STORES];
    atomic_ulong now;
    struct barrier start;
    struct call calls[CALLS];
};

static struct channel channel_read(const json_t *channel)
{
    return (struct channel){
        json_integer_value(json_object_get(channel, "id")),
        json_string_value(json_object_get(channel, "channel_type"))[0],
        (int)strtol(json_string_value(json_object_get(channel, "channel_id")), NULL, 10),
    };
}

static void list_read(struct channels *channels, const struct channel_view *view)
{
    size_t length, i;
    const char *text = channel_view_text(view, &length);
    json_t *list, *channel;
    struct buf whole;

    buf_init(&whole, length + 1);
    buf_add(&whole, text, length);
    buf_putc(&whole, ']');
    list = json_loadb(whole.data, whole.length, 0, NULL);
    buf_fini(&whole);
    if (!json_is_array(list) || json_array_size(list) > CHANNELS_MAX)
        abort();
    channels->count = (int)json_array_size(list);
    json_array_foreach (list, i, channel) {
        channels->at[i] = channel_read(channel);
    }
    json_decref(list);
}

static void one_read(struct channels *channels, const struct channel_view *view,
                     struct channel_slice slice)
{
    size_t length;
    const char *text = channel_view_text(view, &length);
    json_t *channel = json_loadb(text + slice.at, slice.length, 0, NULL);

    if (!json_is_object(channel) || slice.at + slice.length > length)
        abort();
    channels->count = 1;
    channels->at[0] = channel_read(channel);
    json_decref(channel);
}

static void call_make(struct run *run, int server, struct call *call, struct buf *scratch)
{
    struct store *store = run->stores[server];
    struct contact *contact = run->contacts[server];
    char id[16];
    struct channel_values values = { &call->type, id, 1, 0 };
    struct channel_view view = { 0 };
    struct channel_slice slice = { 0 };
    enum hm_code code = HM_OK;

    values.id_length = (size_t)snprintf(id, sizeof id, "%d", call->value);
    call->begin = atomic_fetch_add(&run->now, 1);
    if (call->kind == CREATE)
        code = store_add_channel(store, contact, &values, DUPLICATES_ARE_KEPT, now, scratch, &view);
    else if (call->kind == UPDATE)
        code = store_update_channel(store, contact, &values, CHANNEL_NEWEST, DUPLICATES_ARE_KEPT,
                                    now, scratch, &view, &slice);
    else if (call->kind == DELETE)
        code = store_delete_channel(store, contact, &values, CHANNEL_NEWEST, scratch, &view);
    else if (call->kind == GET)
        code = store_get_channel(store, contact, &values, CHANNEL_NEWEST, scratch, &view, &slice);
    else
        code = store_view(store, contact, &view);
    call->end = atomic_fetch_add(&run->now, 1);
    if (code == HM_BAD_ARGUMENT)
        call->result.count = -1;
    else if (code != HM_OK)
        abort();
    else if (call->kind == GET)
        one_read(&call->result, &view, slice);
    else
        list_read(&call->result, &view);
    channel_view_fini(&view);
}

struct worker {
    struct run *run;
    int server;
    struct call *calls;
};

static void *work(void *from)
{
    struct worker *worker = from;
    struct buf scratch;

    buf_init(&scratch, SCRATCH_BYTES);
    barrier_wait(&worker->run->start);
    for (int i = 0; i < CALLS_EACH; i++)
        call_make(worker->run, worker->server, &worker->calls[i], &scratch);
    buf_fini(&scratch);
    return NULL;
}

/* The newest of a type; -1: there is none. */
static int newest(const struct channels *channels, char type)
{
    int i = channels->count - 1;

    while (i >= 0 && channels->at[i].type != type)
        i--;
    return i;
}

static bool are_equal(const struct channels *a, const struct channels *b)
{
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++) {
        if (a->at[i].id != b->at[i].id || a->at[i].type != b->at[i].type ||
            a->at[i].value != b->at[i].value)
            return false;
    }
    return true;
}

/* Does the call, made now, have the result that it had? Changes the state. */
static bool is_explained(struct channels *state, const struct call *call)
{
    const int at = newest(state, call->type);

    if (call->kind == LIST)
        return are_equal(state, &call->result);
    if (call->kind == CREATE) {
        if (call->result.count != state->count + 1)
            return false;
        state->at[state->count++] =
            (struct channel){ call->result.at[call->result.count - 1].id, call->type, call->value };
        return are_equal(state, &call->result);
    }
    if (at < 0)
        return call->result.count == -1;
    if (call->kind == GET)
        return are_equal(&(struct channels){ 1, { state->at[at] } }, &call->result);
    if (call->kind == UPDATE)
        state->at[at].value = call->value;
    if (call->kind == DELETE) {
        state->count--;
        memmove(&state->at[at], &state->at[at + 1],
                (size_t)(state->count - at) * sizeof state->at[0]);
    }
    return are_equal(state, &call->result);
}

/* May call @i come next, with those in @done before it? None of the others had ended before. */
static bool may_be_next(const struct call *calls, int count, unsigned long done, int i)
{
    if ((done & 1UL << i) != 0)
        return false;
    for (int k = 0; k < count; k++) {
        if ((done & 1UL << k) == 0 && calls[k].end < calls[i].begin)
            return false;
    }
    return true;
}

/* Is there an order of the calls that are not in @done? */
static bool has_order(const struct call *calls, int count, unsigned long done,
                      const struct channels *state)
{
    if (done == (1UL << count) - 1)
        return true;
    for (int i = 0; i < count; i++) {
        struct channels after = *state;

        if (may_be_next(calls, count, done, i) && is_explained(&after, &calls[i]) &&
            has_order(calls, count, done | 1UL << i, &after))
            return true;
    }
    return false;
}

/* The contact begins with one channel, so that its list continues from a loaded one. */
static struct store *store_make(struct contact **contact)
{
    struct channel_values values = { "a", "0", 1, 1 };
    struct channel_fields fields = { .id = 40,
                                     .values = &values,
                                     .info_channel = "",
                                     .channel_handle = "",
                                     .created = "2024-03-01T09:30:00Z",
                                     .updated = "2024-03-01T09:30:00.5+02:00" };
    struct store *store = NULL;
    size_t team;

    if (store_new(&store, NULL) != HM_OK ||
        directory_add_team(store_directory(store), 5, &team, NULL) != HM_OK ||
        directory_add_contact(store_directory(store), team, ADA, 7, contact, NULL) != HM_OK ||
        directory_load_channel(store_directory(store), *contact, &fields, NULL) != HM_OK ||
        store_close(store, NULL) != HM_OK)
        abort();
    return store;
}

static void stores_make(struct run *run, unsigned round)
{
    char world[32];

    snprintf(world, sizeof world, "round-%u", round);
    for (int i = 0; i < STORES; i++) {
        if (i == 0 || kinds_database() != NULL) {
            run->stores[i] = kinds_keep_as(store_make(&run->contacts[i]), world);
        } else {
            run->stores[i] = store_hold(run->stores[0]);
            run->contacts[i] = run->contacts[0];
        }
    }
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

static void calls_plan(struct run *run, unsigned seed)
{
    for (int i = 0; i < CALLS; i++) {
        run->calls[i] = (struct call){ .kind = (enum kind)(next_random(&seed) % KINDS),
                                       .type = "ab"[next_random(&seed) % 2],
                                       .value = i + 1 };
    }
}

static void calls_run(struct run *run)
{
    struct worker workers[THREADS];
    pthread_t threads[THREADS];

    barrier_init(&run->start, THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ run, i % STORES, &run->calls[(size_t)i * CALLS_EACH] };
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    barrier_fini(&run->start);
}

/* An id stands for one channel: it never comes again after a deletion. */
static void ids_are_not_reused(const struct run *run)
{
    for (int i = 0; i < CALLS; i++) {
        const struct channels *list = &run->calls[i].result;

        for (int k = i + 1; run->calls[i].kind == CREATE && k < CALLS; k++) {
            const struct channels *other = &run->calls[k].result;

            if (run->calls[k].kind == CREATE)
                assert_true(list->at[list->count - 1].id != other->at[other->count - 1].id);
        }
    }
}

static void every_history_has_an_order(void **state)
{
    static struct run run;

    for (unsigned round = 0; round < ROUNDS; round++) {
        const struct channels first = { 1, { { 40, 'a', 0 } } };

        memset(&run, 0, sizeof run);
        stores_make(&run, round);
        calls_plan(&run, round);
        calls_run(&run);
        if (!has_order(run.calls, CALLS, 0, &first))
            fail_msg("round %u: no order of its calls explains what they answered", round);
        ids_are_not_reused(&run);
        for (int i = 0; i < STORES; i++)
            store_free(run.stores[i]);
    }
}

/* The judge itself: a read that misses a write that had ended, one that shows what never was, and
 * two that saw two writes in different orders. */
static void a_wrong_history_has_no_order(void **state)
{
    const struct channels none = { 0, { { 0, 0, 0 } } };
    const struct channels one = { 1, { { 1, 'a', 1 } } };
    const struct channels two = { 2, { { 1, 'a', 1 }, { 2, 'b', 2 } } };
    struct call stale[] = { { CREATE, 'a', 1, 0, 1, one }, { LIST, 'a', 0, 2, 3, none } };
    struct call together[] = { { CREATE, 'a', 1, 0, 3, one }, { LIST, 'a', 0, 1, 2, none } };
    struct call made_up[] = { { CREATE, 'a', 1, 0, 3, one }, { LIST, 'a', 0, 1, 2, two } };
    struct call undone[] = { { CREATE, 'a', 1, 0, 1, one },
                             { DELETE, 'a', 0, 2, 3, none },
                             { GET, 'a', 0, 4, 5, one } };
    struct call backwards[] = { { CREATE, 'a', 1, 0, 9, one },
                                { LIST, 'a', 0, 1, 2, one },
                                { LIST, 'a', 0, 3, 4, none } };

    assert_false(has_order(stale, 2, 0, &none));
    assert_true(has_order(together, 2, 0, &none));
    assert_false(has_order(made_up, 2, 0, &none));
    assert_false(has_order(undone, 3, 0, &none));
    assert_false(has_order(backwards, 3, 0, &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_history_has_no_order),
        cmocka_unit_test(every_history_has_an_order),
    };

    return KINDS_RUN(tests);
}
