#include "channel_list.h"

#include "channel_rules.h"
#include "json_text.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_FIRST_BYTES = 512 };

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

void channel_list_fini(struct channel_list *list)
{
    text_release(list->text);
    table_fini(&list->by_key);
    *list = (struct channel_list){ 0 };
}

enum hm_code channel_list_copy(struct channel_list *copy, const struct channel_list *list)
{
    struct channel_text *text = text_new(list->text->capacity);

    *copy = (struct channel_list){ 0 };
    if (text == NULL || !table_copy(&copy->by_key, &list->by_key)) {
        text_release(text);
        return HM_NO_MEMORY;
    }
    memcpy(text->bytes, list->text->bytes, list->length);
    copy->text = text;
    copy->length = list->length;
    copy->count = list->count;
    return HM_OK;
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

/* Makes room for @bytes more. A new text, not a longer one: views still read the old one. */
static bool reserve(struct channel_list *list, size_t bytes)
{
    size_t capacity = list->text == NULL ? TEXT_FIRST_BYTES : list->text->capacity;
    struct channel_text *text;

    if (list->text != NULL && list->length + bytes <= capacity)
        return true;
    while (capacity < list->length + bytes)
        capacity *= 2;
    if (capacity > CHANNEL_LIST_BYTES_MAX)
        return false;
    text = text_new(capacity);
    if (text == NULL)
        return false;
    if (list->text != NULL)
        memcpy(text->bytes, list->text->bytes, list->length);
    text_release(list->text);
    list->text = text;
    return true;
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

struct wanted_key {
    const struct channel_list *list;
    const struct buf *key;
};

/* The key ends in a quote that is not escaped, so a match of its bytes is a match of the whole. */
static bool is_key_at(uint32_t at, const void *context)
{
    const struct wanted_key *wanted = context;

    return wanted->list->length - at >= wanted->key->length &&
           memcmp(wanted->list->text->bytes + at, wanted->key->data, wanted->key->length) == 0;
}

bool channel_list_has(const struct channel_list *list, const struct channel_values *values,
                      struct buf *scratch)
{
    struct wanted_key wanted = { list, scratch };

    buf_clear(scratch);
    key_write(scratch, values);
    return buf_ok(scratch) && table_find(&list->by_key, table_hash(scratch->data, scratch->length),
                                         is_key_at, &wanted) != TABLE_NONE;
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
