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

enum { TEXT_FIRST_BYTES = 512 };

struct channel_key {
    UT_hash_handle hh;
    char text[]; /* as in the list's text; not terminated */
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
 * text. */
static void identity_write(struct buf *out, const struct channel_values *values)
{
    buf_puts(out, "\"channel_type\":");
    json_text_string(out, values->type, values->type_length);
    buf_puts(out, ",\"channel_id\":");
    json_text_string(out, values->id, values->id_length);
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

/* Remembers the channel whose identity stands at @text. False: out of memory. */
static bool key_add(struct channel_list *list, const char *text, size_t length)
{
    struct channel_key *key;
    unsigned hash;

    HASH_VALUE(text, length, hash);
    if (key_find(list->keys, text, length, hash) != NULL)
        return true;
    key = malloc(sizeof *key + length);
    if (key == NULL)
        return false;
    memcpy(key->text, text, length);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, list->keys, key->text, length, hash, key);
    if (key->hh.tbl == NULL) {
        free(key);
        return false;
    }
    return true;
}

enum hm_code channel_list_append(struct channel_list *list, const struct channel_fields *fields,
                                 struct buf *scratch)
{
    size_t identity, identity_end;

    buf_clear(scratch);
    buf_puts(scratch, list->count == 0 ? "[{\"id\":" : ",{\"id\":");
    json_text_integer(scratch, fields->id);
    buf_puts(scratch, ",\"team_id\":");
    json_text_integer(scratch, fields->team_id);
    buf_puts(scratch, ",\"contact_id\":");
    json_text_integer(scratch, fields->contact_id);
    buf_putc(scratch, ',');
    identity = scratch->length;
    identity_write(scratch, fields->values);
    identity_end = scratch->length;
    member_write(scratch, "info_channel", fields->info_channel);
    member_write(scratch, "channel_handle", fields->channel_handle);
    member_write(scratch, "created", fields->created);
    member_write(scratch, "updated", fields->updated);
    buf_putc(scratch, '}');
    if (!buf_ok(scratch) || !reserve(list, scratch->length) ||
        !key_add(list, scratch->data + identity, identity_end - identity))
        return HM_NO_MEMORY;
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
    identity_write(scratch, values);
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
