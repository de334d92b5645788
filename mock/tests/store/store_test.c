/* The list grows, is the contact's own, and survives concurrent writers [B8 R3 R4]. */
#include "store/store.h"
#include "tests/store/kinds.h"
#include <jansson.h>
#include <pthread.h>

#define ADA "ada0ada0-1815-4000-8000-00000000ada0"
#define BOB "B0B0B0B0-0000-4000-8000-00000000B0B0"

enum { THREADS = 8, WRITES = 250, SCRATCH_BYTES = 1024 * 1024, LIST_BYTES_MAX = 16 * 1024 * 1024 };

static const char now[] = "2024-04-16T00:00:00Z";

/* A store of one team with ada and bob. */
static struct store *store_of_two(void)
{
    struct store *store = NULL;
    struct contact *contact;
    size_t team;

    if (store_new(&store, NULL) != HM_OK ||
        directory_add_team(store_directory(store), 5, &team, NULL) != HM_OK ||
        directory_add_contact(store_directory(store), team, ADA, 7, &contact, NULL) != HM_OK ||
        directory_add_contact(store_directory(store), team, BOB, 8, &contact, NULL) != HM_OK ||
        store_close(store, NULL) != HM_OK)
        abort();
    return kinds_keep(store);
}

static enum hm_code add(struct store *store, const char *uuid, const char *type, const char *id,
                        enum duplicate_rule rule, struct channel_view *view)
{
    struct channel_values values = { type, id, strlen(type), strlen(id) };
    struct buf scratch;
    enum hm_code code;

    buf_init(&scratch, SCRATCH_BYTES);
    code = store_add_channel(store, store_find(store, uuid), &values, rule, now, &scratch, view);
    buf_fini(&scratch);
    return code;
}

/* The view as JSON; a new reference. */
static json_t *list_of(const struct channel_view *view)
{
    size_t length;
    const char *text = channel_view_text(view, &length);
    struct buf whole;
    json_t *list;

    buf_init(&whole, LIST_BYTES_MAX);
    buf_add(&whole, text, length);
    buf_putc(&whole, ']');
    list = json_loadb(whole.data, whole.length, JSON_ALLOW_NUL, NULL);
    buf_fini(&whole);
    return list;
}

static void an_answer_is_the_whole_list_with_all_nine_members(void **state)
{
    static const char expected[] =
        "[{\"id\":1,\"team_id\":5,\"contact_id\":7,\"channel_type\":\"phone\",\"channel_id\":"
        "\"14155550100\",\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":"
        "\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"
        ",{\"id\":2,\"team_id\":5,\"contact_id\":7,\"channel_type\":\"em\\\"ail\",\"channel_id\":"
        "\"a\\\\b\\n\",\"info_channel\":\"\",\"channel_handle\":\"\",\"created\":"
        "\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}";
    struct store *store = store_of_two();
    struct channel_view first, second;
    char got[sizeof expected + 64];
    size_t length;

    assert_int_equal(add(store, ADA, "phone", "14155550100", DUPLICATES_ARE_KEPT, &first), HM_OK);
    assert_int_equal(add(store, ADA, "em\"ail", "a\\b\n", DUPLICATES_ARE_KEPT, &second), HM_OK);
    snprintf(got, sizeof got, "%.*s", (int)second.length, channel_view_text(&second, &length));
    channel_view_fini(&first);
    channel_view_fini(&second);
    store_free(store);
    assert_string_equal(got, expected);
}

static void a_view_stays_what_it_was(void **state)
{
    const int count = kinds_share(1000);
    struct store *store = store_of_two();
    struct channel_view early, late;
    json_t *list;

    assert_int_equal(add(store, ADA, "phone", "1", DUPLICATES_ARE_KEPT, &early), HM_OK);
    for (int i = 0; i < count; i++) {
        char id[16];

        snprintf(id, sizeof id, "x%d", i);
        assert_int_equal(add(store, ADA, "phone", id, DUPLICATES_ARE_KEPT, &late), HM_OK);
        if (i < count - 1)
            channel_view_fini(&late);
    }
    list = list_of(&early);
    assert_int_equal(json_array_size(list), 1);
    json_decref(list);
    list = list_of(&late);
    assert_int_equal(json_array_size(list), count + 1);
    json_decref(list);
    store_free(store);
    channel_view_fini(&early);
    channel_view_fini(&late);
}

static void a_change_leaves_a_view_as_it_was(void **state)
{
    static const struct channel_values other = { "phone", "22", 5, 2 };
    struct store *store = store_of_two();
    struct contact *ada = store_find(store, ADA);
    struct channel_view before, after = { 0 };
    struct channel_slice slice;
    struct buf scratch;
    size_t length;
    char *copy;

    buf_init(&scratch, 1024);
    assert_int_equal(add(store, ADA, "phone", "11", DUPLICATES_ARE_KEPT, &before), HM_OK);
    copy = malloc(before.length);
    assert_non_null(copy);
    memcpy(copy, channel_view_text(&before, &length), before.length);
    assert_int_equal(store_update_channel(store, ada, &other, CHANNEL_NEWEST, DUPLICATES_ARE_KEPT,
                                          now, &scratch, &after, &slice),
                     HM_OK);
    channel_view_fini(&after);
    assert_memory_equal(channel_view_text(&before, &length), copy, length);
    assert_int_equal(store_delete_channel(store, ada, &other, CHANNEL_NEWEST, &scratch, &after),
                     HM_OK);
    assert_memory_equal(channel_view_text(&before, &length), copy, length);
    channel_view_fini(&before);
    channel_view_fini(&after);
    buf_fini(&scratch);
    free(copy);
    store_free(store);
}

static void a_list_is_the_contact_s_own(void **state)
{
    struct store *store = store_of_two();
    struct channel_view ada, bob;
    json_t *list;

    assert_int_equal(add(store, ADA, "phone", "1", DUPLICATES_ARE_KEPT, &ada), HM_OK);
    assert_int_equal(add(store, BOB, "phone", "2", DUPLICATES_ARE_KEPT, &bob), HM_OK);
    list = list_of(&bob);
    assert_int_equal(json_array_size(list), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 0), "contact_id")), 8);
    json_decref(list);
    channel_view_fini(&ada);
    channel_view_fini(&bob);
    store_free(store);
}

/* [B8] by type and id together, compared exactly. */
static void a_second_of_the_same_is_judged_by_the_rule(void **state)
{
    static const struct {
        const char *type, *id;
        enum duplicate_rule rule;
        enum hm_code code;
        size_t count;
    } rows[] = {
        { "phone", "1", DUPLICATES_ARE_KEPT, HM_OK, 1 },
        { "phone", "1", DUPLICATES_ARE_KEPT, HM_OK, 1 },
        { "phone", "1", DUPLICATES_ARE_REJECTED, HM_REFUSED, 0 },
        { "phone", "1", DUPLICATES_ARE_APPENDED, HM_OK, 2 },
        { "email", "1", DUPLICATES_ARE_REJECTED, HM_OK, 3 },
        { "phone", "11", DUPLICATES_ARE_REJECTED, HM_OK, 4 },
        { "PHONE", "1", DUPLICATES_ARE_REJECTED, HM_OK, 5 },
        { "phone", "1\",\"info_channel", DUPLICATES_ARE_REJECTED, HM_OK, 6 },
        { "phone", "", DUPLICATES_ARE_REJECTED, HM_OK, 7 },
        { "phone", "", DUPLICATES_ARE_REJECTED, HM_REFUSED, 0 },
        { "email", "1", DUPLICATES_ARE_REJECTED, HM_REFUSED, 0 },
    };
    struct store *store = store_of_two();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct channel_view view;
        json_t *list;

        assert_int_equal(add(store, ADA, rows[i].type, rows[i].id, rows[i].rule, &view),
                         rows[i].code);
        list = list_of(&view);
        assert_int_equal(json_array_size(list), rows[i].count);
        json_decref(list);
        channel_view_fini(&view);
    }
    store_free(store);
}

/* A store of one team with ada, who has @count channels from the start. */
static struct store *store_of_many(int count)
{
    struct store *store = NULL;
    struct contact *contact;
    struct hm_error err = { 0 };
    size_t team;

    if (store_new(&store, NULL) != HM_OK ||
        directory_add_team(store_directory(store), 5, &team, NULL) != HM_OK ||
        directory_add_contact(store_directory(store), team, ADA, 7, &contact, NULL) != HM_OK)
        abort();
    for (int i = 1; i <= count; i++) {
        char id[16];
        struct channel_values values = { "phone", id, 5, 0 };
        struct channel_fields fields = { .id = i, .values = &values, .info_channel = "" };

        snprintf(id, sizeof id, "%d", i);
        values.id_length = strlen(id);
        fields.channel_handle = "";
        fields.created = fields.updated = "2024-01-01T00:00:00Z";
        if (directory_load_channel(store_directory(store), contact, &fields, &err) != HM_OK)
            abort();
    }
    if (store_close(store, NULL) != HM_OK)
        abort();
    return kinds_keep(store);
}

/* Adds @id to ada's channels; the list's length afterwards, 0: it was refused. */
static size_t count_after(struct store *store, const char *id, enum duplicate_rule rule)
{
    struct channel_view view;
    json_t *list;
    size_t count;

    if (add(store, ADA, "phone", id, rule, &view) != HM_OK)
        return 0;
    list = list_of(&view);
    count = json_array_size(list);
    json_decref(list);
    channel_view_fini(&view);
    return count;
}

/* Both go on from the same text, a short one and a long one, without seeing each other. */
static void a_fresh_store_is_as_it_was_loaded(void **state)
{
    static const int sizes[] = { 1, 2000 };

    for (size_t i = 0; i < 2; i++) {
        size_t size = (size_t)sizes[i];
        struct store *store = store_of_many(sizes[i]), *fresh = NULL;

        assert_int_equal(count_after(store, "new", DUPLICATES_ARE_REJECTED), size + 1);
        assert_int_equal(store_fresh(&fresh, store, NULL), HM_OK);
        assert_int_equal(count_after(fresh, "1", DUPLICATES_ARE_REJECTED), 0);
        assert_int_equal(count_after(fresh, "other", DUPLICATES_ARE_REJECTED), size + 1);
        assert_int_equal(count_after(store, "other", DUPLICATES_ARE_REJECTED), size + 2);
        store_free(store);
        assert_int_equal(count_after(fresh, "new", DUPLICATES_ARE_REJECTED), size + 2);
        assert_int_equal(count_after(fresh, "new", DUPLICATES_ARE_REJECTED), 0);
        store_free(fresh);
    }
}

static void nothing_is_there_twice(void **state)
{
    struct hm_error err = { 0 };
    struct store *store = NULL;
    struct contact *contact;
    size_t team;

    assert_int_equal(store_new(&store, NULL), HM_OK);
    assert_int_equal(directory_add_team(store_directory(store), 5, &team, NULL), HM_OK);
    assert_int_equal(directory_add_team(store_directory(store), 5, &team, &err), HM_BAD_ARGUMENT);
    assert_int_equal(directory_add_contact(store_directory(store), team, ADA, 7, &contact, NULL),
                     HM_OK);
    assert_int_equal(directory_add_contact(store_directory(store), team,
                                           "ADA0ADA0-1815-4000-8000-00000000ADA0", 8, &contact,
                                           &err),
                     HM_BAD_ARGUMENT);
    assert_int_equal(directory_add_contact(store_directory(store), team, BOB, 7, &contact, &err),
                     HM_BAD_ARGUMENT);
    assert_int_equal(directory_add_secret(store_directory(store), team, "id", "key", NULL), HM_OK);
    assert_int_equal(directory_add_secret(store_directory(store), team, "id", "other", &err),
                     HM_BAD_ARGUMENT);
    assert_int_equal(store_contact_count(store), 1);
    store_free(store);
}

static void finds_a_contact_in_any_letter_case(void **state)
{
    struct store *store = store_of_two();
    const struct contact *upper = store_find(store, "ADA0ADA0-1815-4000-8000-00000000ADA0");
    const struct contact *lower = store_find(store, ADA);
    const struct contact *unknown = store_find(store, "ada0ada0-1815-4000-8000-00000000ada1");

    store_free(store);
    assert_non_null(lower);
    assert_ptr_equal(upper, lower);
    assert_null(unknown);
}

/* Looks from the end, where what was written last stands. */
static bool contains(const char *text, size_t length, const char *wanted)
{
    size_t size = strlen(wanted);

    for (size_t left = length; left >= size; left--) {
        if (memcmp(text + left - size, wanted, size) == 0)
            return true;
    }
    return false;
}

/* One of several writers: channels of its own, to ada and bob in turn. Checks that each answer has
 * what it wrote last, and is never shorter than the one before. */
struct writer {
    struct store *store;
    int number;
    int faults;
};

static void *writer_run(void *pointer)
{
    struct writer *writer = pointer;
    size_t longest[2] = { 0, 0 };

    for (int i = 0; i < kinds_share(WRITES); i++) {
        struct channel_view view;
        size_t length;
        char id[32], wanted[64];

        snprintf(id, sizeof id, "w%d-%d@example.com", writer->number, i);
        snprintf(wanted, sizeof wanted, "\"channel_id\":\"%s\"", id);
        if (add(writer->store, i % 2 == 0 ? ADA : BOB, "email", id, DUPLICATES_ARE_KEPT, &view) !=
            HM_OK) {
            writer->faults++;
            continue;
        }
        channel_view_text(&view, &length);
        writer->faults += length <= longest[i % 2];
        longest[i % 2] = length;
        /* The view is not a C string: others may be writing after its end. */
        writer->faults += !contains(channel_view_text(&view, &length), length, wanted);
        channel_view_fini(&view);
    }
    return NULL;
}

/* Ids rise within a list, and are those of no other list. */
static size_t ids_check(const json_t *list, char *seen, size_t most)
{
    json_int_t last = 0;
    size_t faults = 0, i;
    json_t *channel;

    json_array_foreach (list, i, channel) {
        json_int_t id = json_integer_value(json_object_get(channel, "id"));

        faults += id <= last || (size_t)id > most || seen[id]++ != 0;
        last = id;
    }
    return faults;
}

static void concurrent_writers_lose_nothing(void **state)
{
    char seen[THREADS * WRITES + 8] = { 0 };
    struct store *store = store_of_two();
    struct writer writers[THREADS];
    pthread_t threads[THREADS];
    struct channel_view ada, bob;
    json_t *list;
    size_t count = 0, faults = 0;

    for (int i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){ store, i, 0 };
        pthread_create(&threads[i], NULL, writer_run, &writers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        faults += (size_t)writers[i].faults;
    }
    assert_int_equal(add(store, ADA, "email", "last", DUPLICATES_ARE_KEPT, &ada), HM_OK);
    assert_int_equal(add(store, BOB, "email", "last", DUPLICATES_ARE_KEPT, &bob), HM_OK);
    list = list_of(&ada);
    count += json_array_size(list);
    faults += ids_check(list, seen, sizeof seen - 1);
    json_decref(list);
    list = list_of(&bob);
    count += json_array_size(list);
    faults += ids_check(list, seen, sizeof seen - 1);
    json_decref(list);
    channel_view_fini(&ada);
    channel_view_fini(&bob);
    store_free(store);
    assert_int_equal(faults, 0);
    assert_int_equal(count, THREADS * kinds_share(WRITES) + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_the_whole_list_with_all_nine_members),
        cmocka_unit_test(a_view_stays_what_it_was),
        cmocka_unit_test(a_change_leaves_a_view_as_it_was),
        cmocka_unit_test(a_list_is_the_contact_s_own),
        cmocka_unit_test(a_second_of_the_same_is_judged_by_the_rule),
        cmocka_unit_test(a_fresh_store_is_as_it_was_loaded),
        cmocka_unit_test(nothing_is_there_twice),
        cmocka_unit_test(finds_a_contact_in_any_letter_case),
        cmocka_unit_test(concurrent_writers_lose_nothing),
    };

    return KINDS_RUN(tests);
}
