#include "store/channel_list.h"

#include "contract/channel_rules.h"
#include "support/hash.h"
#include "support/json_text.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Most contacts have few channels: uthash's 32 buckets would take more memory than their text. */
#undef HASH_INITIAL_NUM_BUCKETS
#undef HASH_INITIAL_NUM_BUCKETS_LOG2
#define HASH_INITIAL_NUM_BUCKETS      4U
#define HASH_INITIAL_NUM_BUCKETS_LOG2 2U

enum { TEXT_FIRST_BYTES = 512, PLACES_FIRST = 4 };

struct channel_key {
    UT_hash_handle hh;
    uint32_t times; /* channels that have it */
    char text[];    /* as in the list's text; not terminated */
};

/* Where a channel is in the list's text, from the bracket or comma before it on. What follows is
 * counted from there. */
struct channel_place {
    uint32_t at, length;
    uint32_t identity; /* "channel_type":...,"channel_id":... */
    uint32_t id;       /* the value of channel_id */
    uint32_t rest;     /* the comma after it */
};

struct channel_text {
    atomic_uint holders;
    size_t capacity;
    char bytes[];
};

static struct channel_text *text_new(size_t capacity)
{
    struct channel_text *text = malloc(sizeof *text + capacity);

    if (text == NULL)
        return NULL;
    atomic_init(&text->holders, 1);
    text->capacity = capacity;
    return text;
}

static void text_release(struct channel_text *text)
{
    if (text != NULL && atomic_fetch_sub_explicit(&text->holders, 1, memory_order_acq_rel) == 1)
        free(text);
}

struct channel_list *channel_list_new(void)
{
    return calloc(1, sizeof(struct channel_list));
}

void channel_list_free(struct channel_list *list)
{
    struct channel_key *key, *next;

    if (list == NULL)
        return;
    text_release(list->text);
    free(list->places);
    key = list->keys;
    HASH_CLEAR(hh, list->keys);
    for (; key != NULL; key = next) {
        next = key->hh.next;
        free(key);
    }
    free(list);
}

void channel_list_seal(struct channel_list *list)
{
    struct channel_text *text;

    if (list->text == NULL)
        return;
    text = realloc(list->text, sizeof *text + list->length);
    if (text != NULL)
        list->text = text;
    list->text->capacity = list->length;
}

struct channel_list *channel_list_share(const struct channel_list *sealed)
{
    struct channel_list *list = channel_list_new();

    if (list == NULL)
        return NULL;
    list->text = channel_list_view(sealed).text;
    list->length = sealed->length;
    list->count = sealed->count;
    list->shared = sealed;
    return list;
}

/* The two members that make a channel the same as another [B8]. Equal values are escaped to equal
 * text. Returns the length of what comes before the id. */
static size_t identity_write(struct buf *out, const struct channel_values *values)
{
    const size_t before = out->length;
    size_t length;

    buf_puts(out, "\"channel_type\":");
    json_text_string(out, values->type, values->type_length);
    buf_puts(out, ",\"channel_id\":");
    length = out->length - before;
    if (values->id != NULL)
        json_text_string(out, values->id, values->id_length);
    return length;
}

static void member_write(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, ",\"");
    buf_puts(out, name);
    buf_puts(out, "\":");
    json_text_string(out, value, strlen(value));
}

/* Makes room for @bytes more, in a new text: views still read the old one. False: out of memory, or
 * past the ceiling. */
static bool reserve(struct channel_list *list, size_t bytes)
{
    size_t capacity = TEXT_FIRST_BYTES;
    struct channel_text *text;

    if (list->text != NULL && list->length + bytes <= list->text->capacity)
        return true;
    while (capacity < list->length + bytes)
        capacity *= 2;
    text = capacity > CHANNEL_LIST_BYTES_MAX ? NULL : text_new(capacity);
    if (text == NULL)
        return false;
    if (list->text != NULL)
        memcpy(text->bytes, list->text->bytes, list->length);
    text_release(list->text);
    list->text = text;
    return true;
}

static struct channel_key *key_find(struct channel_key *keys, const char *text, size_t length,
                                    unsigned hash)
{
    struct channel_key *found = NULL;

    HASH_FIND_BYHASHVALUE(hh, keys, text, length, hash, found);
    return found;
}

/* Remembers the channel whose identity, with this hash, stands at @text. NULL: out of memory. */
static struct channel_key *key_add(struct channel_list *list, const char *text, size_t length,
                                   unsigned hash)
{
    struct channel_key *key = key_find(list->keys, text, length, hash);

    if (key != NULL) {
        key->times++;
        return key;
    }
    key = malloc(sizeof *key + length);
    if (key == NULL)
        return NULL;
    key->times = 1;
    memcpy(key->text, text, length);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, list->keys, key->text, length, hash, key);
    if (key->hh.tbl == NULL) {
        free(key);
        return NULL;
    }
    return key;
}

static bool identity_add(struct channel_list *list, const char *text, size_t length)
{
    unsigned hash;

    HASH_VALUE(text, length, hash);
    return key_add(list, text, length, hash) != NULL;
}

static const struct channel_place *place_of(const struct channel_list *list, uint32_t index)
{
    const uint32_t shared = list->shared == NULL ? 0 : list->shared->count;

    return index < shared ? &list->shared->places[index] : &list->places[index - shared];
}

/* The text of the channel at @index, from the bracket or comma before it on. */
static const char *text_of(const struct channel_list *list, uint32_t index)
{
    return list->text->bytes + place_of(list, index)->at;
}

/* The key of the channel at @index, of the list itself. */
static struct channel_key *key_of(const struct channel_list *list, uint32_t index)
{
    const struct channel_place *place = place_of(list, index);
    const char *identity = text_of(list, index) + place->identity;
    const size_t length = place->rest - place->identity;
    unsigned hash;

    HASH_VALUE(identity, length, hash);
    return key_find(list->keys, identity, length, hash);
}

/* The key has one channel less. */
static void key_release(struct channel_list *list, struct channel_key *key)
{
    if (key == NULL || --key->times > 0)
        return;
    HASH_DELETE(hh, list->keys, key);
    free(key);
}

/* Makes room for one more place. False: out of memory. */
static bool places_reserve(struct channel_list *list)
{
    const uint32_t own = list->count - (list->shared == NULL ? 0 : list->shared->count);
    const uint32_t wanted = list->capacity == 0 ? PLACES_FIRST : list->capacity * 2;
    struct channel_place *places;

    if (own < list->capacity)
        return true;
    places = realloc(list->places, wanted * sizeof *places);
    if (places == NULL)
        return false;
    list->places = places;
    list->capacity = wanted;
    return true;
}

/* Remembers where the next channel, whose text is in @scratch, will be. */
static void place_add(struct channel_list *list, const struct buf *scratch, size_t identity,
                      size_t id, size_t rest)
{
    const uint32_t own = list->count - (list->shared == NULL ? 0 : list->shared->count);

    list->places[own] = (struct channel_place){ .at = (uint32_t)list->length,
                                                .length = (uint32_t)scratch->length,
                                                .identity = (uint32_t)identity,
                                                .id = (uint32_t)id,
                                                .rest = (uint32_t)rest };
}

enum hm_code channel_list_append(struct channel_list *list, const struct channel_fields *fields,
                                 struct buf *scratch)
{
    size_t identity, identity_end, id;

    buf_clear(scratch);
    buf_puts(scratch, list->count == 0 ? "[{\"id\":" : ",{\"id\":");
    json_text_integer(scratch, fields->id);
    buf_puts(scratch, ",\"team_id\":");
    json_text_integer(scratch, fields->team_id);
    buf_puts(scratch, ",\"contact_id\":");
    json_text_integer(scratch, fields->contact_id);
    buf_putc(scratch, ',');
    identity = scratch->length;
    id = identity + identity_write(scratch, fields->values);
    identity_end = scratch->length;
    member_write(scratch, "info_channel", fields->info_channel);
    member_write(scratch, "channel_handle", fields->channel_handle);
    member_write(scratch, "created", fields->created);
    member_write(scratch, "updated", fields->updated);
    buf_putc(scratch, '}');
    if (!buf_ok(scratch) || !reserve(list, scratch->length) || !places_reserve(list) ||
        !identity_add(list, scratch->data + identity, identity_end - identity))
        return HM_NO_MEMORY;
    place_add(list, scratch, identity, id, identity_end);
    memcpy(list->text->bytes + list->length, scratch->data, scratch->length);
    list->length += scratch->length;
    list->count++;
    return HM_OK;
}

struct channel_identity channel_identity_write(const struct channel_values *values,
                                               struct buf *scratch)
{
    struct channel_identity identity = { .text = scratch };

    buf_clear(scratch);
    identity.type_length = identity_write(scratch, values);
    HASH_VALUE(buf_text(scratch), scratch->length, identity.hash);
    return identity;
}

bool channel_list_has(const struct channel_list *list, const struct channel_identity *identity)
{
    for (; list != NULL && buf_ok(identity->text); list = list->shared) {
        if (key_find(list->keys, identity->text->data, identity->text->length, identity->hash) !=
            NULL)
            return true;
    }
    return false;
}

/* Does the channel's identity begin with these bytes? The type ends with a quotation mark, so that
 * no other one begins with it. */
static bool identity_begins(const struct channel_list *list, uint32_t index,
                            const struct channel_identity *identity, size_t length)
{
    const struct channel_place *place = place_of(list, index);

    return place->length - place->identity >= length &&
           memcmp(text_of(list, index) + place->identity, identity->text->data, length) == 0;
}

bool channel_list_is(const struct channel_list *list, uint32_t index,
                     const struct channel_identity *identity)
{
    const struct channel_place *place = place_of(list, index);

    return place->rest - place->identity == identity->text->length &&
           identity_begins(list, index, identity, identity->text->length);
}

bool channel_list_find(uint32_t *index, const struct channel_list *list,
                       const struct channel_identity *identity, enum channel_choice choice)
{
    const uint32_t count = list == NULL || !buf_ok(identity->text) ? 0 : list->count;

    for (uint32_t i = 0; i < count; i++) {
        *index = choice == CHANNEL_OLDEST ? i : count - 1 - i;
        if (identity_begins(list, *index, identity, identity->type_length))
            return true;
    }
    return false;
}

struct channel_list *channel_list_copy(const struct channel_list *list)
{
    struct channel_list *copy = channel_list_new();

    if (copy == NULL)
        return NULL;
    copy->text = channel_list_view(list).text;
    copy->length = list->length;
    copy->capacity = list->count;
    copy->places = list->count == 0 ? NULL : malloc(list->count * sizeof *copy->places);
    if (list->count > 0 && copy->places == NULL)
        goto fail;
    for (; copy->count < list->count; copy->count++) {
        const struct channel_place *place = place_of(list, copy->count);

        copy->places[copy->count] = *place;
        if (!identity_add(copy, text_of(list, copy->count) + place->identity,
                          place->rest - place->identity))
            goto fail;
    }
    return copy;
fail:
    channel_list_free(copy);
    return NULL;
}

/* Nobody else can come to hold it: views are taken under the contact's lock. */
static bool is_sole_holder(struct channel_text *text)
{
    return atomic_load_explicit(&text->holders, memory_order_acquire) == 1;
}

/* Gives the channel at @index @length bytes, which are the caller's to fill in; the text before and
 * after it stays. Where a view reads the text, the list gets a new one. False: out of memory. */
static bool text_resize(struct channel_list *list, uint32_t index, size_t length)
{
    struct channel_place *place = &list->places[index];
    const size_t before = place->length, end = place->at + before, after = list->length - end;
    struct channel_text *from = list->text, *text = from;
    size_t capacity = from->capacity;

    while (capacity < list->length - before + length)
        capacity *= 2;
    if (capacity > from->capacity || !is_sole_holder(from)) {
        text = capacity > CHANNEL_LIST_BYTES_MAX ? NULL : text_new(capacity);
        if (text == NULL)
            return false;
        memcpy(text->bytes, from->bytes, place->at);
    }
    memmove(text->bytes + place->at + length, from->bytes + end, after);
    if (text != from)
        text_release(from);
    list->text = text;
    for (uint32_t i = index + 1; i < list->count; i++)
        list->places[i].at = (uint32_t)(list->places[i].at - before + length);
    list->length = list->length - before + length;
    place->length = (uint32_t)length;
    return true;
}

/* Where the value of "updated", the last member, begins in a channel's text. */
static size_t updated_at(const char *text, size_t length)
{
    size_t at = length - strlen("\"}");

    while (text[at - 1] != '"')
        at--;
    return at;
}

/* Appends the changed channel to the identity's text. */
static void changed_write(const struct channel_list *list, uint32_t index,
                          const struct channel_identity *identity, const char *updated)
{
    const struct channel_place *place = &list->places[index];
    const char *before = text_of(list, index);
    struct buf *out = identity->text;
    const size_t id_length = out->length - identity->type_length;

    buf_reserve(out, place->length + id_length + strlen(updated) + 2);
    buf_add(out, before, place->id);
    buf_add(out, out->data + identity->type_length, id_length);
    buf_add(out, before + place->rest, updated_at(before, place->length) - place->rest);
    buf_puts(out, updated);
    buf_puts(out, "\"}");
}

enum hm_code channel_list_update(struct channel_list *list, uint32_t index,
                                 const struct channel_identity *identity, const char *updated)
{
    struct channel_place *place = &list->places[index];
    struct channel_key *key = key_of(list, index), *added;
    struct buf *text = identity->text;
    const size_t length = text->length;

    changed_write(list, index, identity, updated);
    if (!buf_ok(text))
        return HM_NO_MEMORY;
    added = key_add(list, text->data, length, identity->hash);
    if (added == NULL || !text_resize(list, index, text->length - length)) {
        key_release(list, added);
        return HM_NO_MEMORY;
    }
    key_release(list, key);
    memcpy(list->text->bytes + place->at, text->data + length, place->length);
    place->rest = (uint32_t)(place->id + length - identity->type_length);
    return HM_OK;
}

enum hm_code channel_list_remove(struct channel_list *list, uint32_t index)
{
    struct channel_key *key = key_of(list, index);

    if (!text_resize(list, index, 0))
        return HM_NO_MEMORY;
    key_release(list, key);
    list->count--;
    memmove(&list->places[index], &list->places[index + 1],
            (list->count - index) * sizeof *list->places);
    if (list->count > 0) {
        list->text->bytes[0] = '['; /* if the first one goes, there was a comma */
    } else {
        text_release(list->text);
        list->text = NULL;
    }
    return HM_OK;
}

struct channel_slice channel_list_slice(const struct channel_list *list, uint32_t index)
{
    const struct channel_place *place = place_of(list, index);

    return (struct channel_slice){ place->at + 1, place->length - 1 };
}

struct channel_view channel_list_view(const struct channel_list *list)
{
    if (list->text != NULL)
        atomic_fetch_add_explicit(&list->text->holders, 1, memory_order_relaxed);
    return (struct channel_view){ list->text, list->length };
}

void channel_view_fini(struct channel_view *view)
{
    text_release(view->text);
    *view = (struct channel_view){ 0 };
}

const char *channel_view_text(const struct channel_view *view, size_t *length)
{
    *length = view->text == NULL ? 1 : view->length;
    return view->text == NULL ? "[" : view->text->bytes;
}
