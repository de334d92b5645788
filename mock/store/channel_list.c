#include "store/channel_list.h"

#include "contract/channel_rules.h"
#include "support/json_text.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_FIRST_BYTES = 512,
    CHANNEL_FRAME_BYTES = 512,   /* of a channel, its values not counted; it is 260 or so */
    COPY_APART_BYTES = 64 * 1024 /* a shorter text is copied within microseconds */
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
    if (list == NULL)
        return;
    text_release(list->text);
    table_fini(&list->by_key);
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
    list->shared = &sealed->by_key;
    return list;
}

/* The two members that make a channel the same as another [B8]. Text is escaped in one way only, so
 * equal text is equal values. */
static void key_write(struct buf *out, const struct channel_values *values)
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

/* The view's text in a new one with room for @bytes more. NULL: out of memory, or past the ceiling.
 */
static struct channel_text *text_grow(const struct channel_view *view, size_t bytes)
{
    size_t capacity = TEXT_FIRST_BYTES;
    struct channel_text *text;

    while (capacity < view->length + bytes)
        capacity *= 2;
    text = capacity > CHANNEL_LIST_BYTES_MAX ? NULL : text_new(capacity);
    if (text != NULL && view->text != NULL)
        memcpy(text->bytes, view->text->bytes, view->length);
    return text;
}

static bool has_room(const struct channel_list *list, size_t bytes)
{
    return list->text != NULL && list->length + bytes <= list->text->capacity;
}

/* Makes room for @bytes more. A new text, not a longer one: views still read the old one. */
static bool reserve(struct channel_list *list, size_t bytes)
{
    const struct channel_view all = { list->text, list->length };
    struct channel_text *text;

    if (has_room(list, bytes))
        return true;
    text = text_grow(&all, bytes);
    if (text == NULL)
        return false;
    text_release(list->text);
    list->text = text;
    return true;
}

/* The most that a channel of these values may take: each of their bytes may be escaped. */
static size_t channel_bytes(const struct channel_values *values)
{
    return CHANNEL_FRAME_BYTES + 6 * (values->type_length + values->id_length);
}

bool channel_list_wants_copy(const struct channel_list *list, const struct channel_values *values)
{
    return list->length >= COPY_APART_BYTES && !has_room(list, channel_bytes(values));
}

struct channel_text *channel_view_copy(const struct channel_view *view,
                                       const struct channel_values *values)
{
    return text_grow(view, channel_bytes(values));
}

void channel_list_adopt(struct channel_list *list, const struct channel_view *view,
                        struct channel_text *copy)
{
    if (list->text == view->text && copy->capacity >= list->length) {
        memcpy(copy->bytes + view->length, list->text->bytes + view->length,
               list->length - view->length);
        list->text = copy;
        copy = view->text; /* the list's hold on it */
    }
    text_release(copy);
}

enum hm_code channel_list_append(struct channel_list *list, const struct channel_fields *fields,
                                 struct buf *scratch)
{
    size_t key, key_end;

    buf_clear(scratch);
    buf_puts(scratch, list->count == 0 ? "[{\"id\":" : ",{\"id\":");
    json_text_integer(scratch, fields->id);
    buf_puts(scratch, ",\"team_id\":");
    json_text_integer(scratch, fields->team_id);
    buf_puts(scratch, ",\"contact_id\":");
    json_text_integer(scratch, fields->contact_id);
    buf_putc(scratch, ',');
    key = scratch->length;
    key_write(scratch, fields->values);
    key_end = scratch->length;
    member_write(scratch, "info_channel", fields->info_channel);
    member_write(scratch, "channel_handle", fields->channel_handle);
    member_write(scratch, "created", fields->created);
    member_write(scratch, "updated", fields->updated);
    buf_putc(scratch, '}');
    if (!buf_ok(scratch) || !reserve(list, scratch->length) ||
        !table_add(&list->by_key, table_hash(scratch->data + key, key_end - key),
                   (uint32_t)(list->length + key)))
        return HM_NO_MEMORY;
    memcpy(list->text->bytes + list->length, scratch->data, scratch->length);
    list->length += scratch->length;
    list->count++;
    return HM_OK;
}

struct channel_key channel_key_write(const struct channel_values *values, struct buf *scratch)
{
    buf_clear(scratch);
    key_write(scratch, values);
    return (struct channel_key){ scratch, table_hash(buf_text(scratch), scratch->length) };
}

struct wanted_key {
    const struct channel_list *list;
    const struct buf *text;
};

/* The key ends in a quote that is not escaped, so a match of its bytes is a match of the whole. */
static bool is_key_at(uint32_t at, const void *context)
{
    const struct wanted_key *wanted = context;

    return wanted->list->length - at >= wanted->text->length &&
           memcmp(wanted->list->text->bytes + at, wanted->text->data, wanted->text->length) == 0;
}

bool channel_list_has(const struct channel_list *list, const struct channel_key *key)
{
    struct wanted_key wanted = { list, key->text };

    return buf_ok(key->text) &&
           (table_find(&list->by_key, key->hash, is_key_at, &wanted) != TABLE_NONE ||
            (list->shared != NULL &&
             table_find(list->shared, key->hash, is_key_at, &wanted) != TABLE_NONE));
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
