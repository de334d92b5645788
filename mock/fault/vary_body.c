#include "fault/vary_body.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_BYTES = 40, INDENT = 2 };

/* "2024-04-16T00:00:00Z" -> "2024-04-16T00:00:00.250+00:00" */
static bool time_change(json_t *channel, const char *name, const struct vary_body *how)
{
    const char *text = json_string_value(json_object_get(channel, name));
    char changed[TIME_BYTES];
    size_t length = text == NULL ? 0 : strlen(text);

    if (length == 0 || length + 10 >= sizeof changed || text[length - 1] != 'Z')
        return true;
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)length - 1, text,
             how->has_fractions ? ".250" : "", how->has_offsets ? "+00:00" : "Z");
    return json_object_set_new(channel, name, json_string(changed)) == 0;
}

static bool channel_change(json_t *channel, const struct vary_body *how)
{
    if (how->is_sparse) {
        (void)json_object_del(channel, "info_channel");
        (void)json_object_del(channel, "channel_handle");
    }
    if (how->has_unknown_members &&
        (json_object_set_new(channel, "verified", json_true()) != 0 ||
         json_object_set_new(channel, "labels", json_pack("[s, {s:n}]", "new", "of")) != 0 ||
         json_object_set_new(channel, "archived", json_null()) != 0))
        return false;
    return (!how->has_fractions && !how->has_offsets) ||
           (time_change(channel, "created", how) && time_change(channel, "updated", how));
}

static bool is_turned(json_t *list)
{
    for (size_t i = json_array_size(list); i > 1; i--) {
        json_t *channel = json_incref(json_array_get(list, 0));

        if (json_array_remove(list, 0) != 0 || json_array_insert_new(list, i - 1, channel) != 0)
            return false;
    }
    return true;
}

bool vary_body_write(struct buf *out, const char *body, size_t length, const struct vary_body *how)
{
    json_t *list = json_loadb(body, length, JSON_ALLOW_NUL, NULL);
    size_t flags = (how->is_indented ? JSON_INDENT(INDENT) : JSON_COMPACT) |
                   (how->is_sorted ? JSON_SORT_KEYS : 0) |
                   (how->is_escaped ? JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH : 0);
    char *text = NULL;
    bool is_good = json_is_array(list);

    for (size_t i = 0; is_good && i < json_array_size(list); i++)
        is_good = channel_change(json_array_get(list, i), how);
    is_good = is_good && (!how->is_newest_first || is_turned(list));
    text = is_good ? json_dumps(list, flags) : NULL;
    if (text != NULL)
        buf_puts(out, text);
    json_decref(list);
    is_good = text != NULL;
    free(text);
    return is_good;
}
