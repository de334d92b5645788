#include "control/verify_channels.h"

#include "control/bounds.h"
#include "control/control.h"
#include "control/criteria.h"
#include "store/store.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <inttypes.h>
#include <string.h>

enum { VERIFIED = 200, NOT_VERIFIED = 422, CHANNELS_SHOWN_MAX = 20 };

/* What to count; NULL: any. */
struct wanted {
    const char *type, *id;
};

static bool is_text(const json_t *channel, const char *member, const char *text)
{
    const char *found = json_string_value(json_object_get(channel, member));

    return text == NULL || (found != NULL && strcmp(found, text) == 0);
}

/* The contact's channels as a tree; NULL: out of memory. */
static json_t *channels_take(const struct exchange *x, const char *uuid)
{
    const struct contact *contact = store_find(x->state->store, uuid);

    return contact == NULL ? json_array() : store_channels(x->state->store, contact);
}

static size_t length_of(const json_t *channel)
{
    return json_string_length(json_object_get(channel, "channel_type")) +
           json_string_length(json_object_get(channel, "channel_id"));
}

/* The first of the latest channels that are shown. */
static size_t shown_from(const json_t *channels)
{
    const size_t count = json_array_size(channels);
    size_t from = count, bytes = 0;

    while (from > 0 && count - from < CHANNELS_SHOWN_MAX && bytes < VERIFY_BYTES_ENOUGH)
        bytes += length_of(json_array_get(channels, --from));
    return from;
}

/* Appends the latest channels, so that a reader sees what is there instead. */
static void channels_write(struct buf *out, const json_t *channels)
{
    const size_t from = shown_from(channels);

    buf_puts(out, ",\"channels\":[");
    for (size_t i = from; i < json_array_size(channels); i++) {
        const json_t *channel = json_array_get(channels, i);

        buf_printf(out, "%s{\"channel_type\":", i == from ? "" : ",");
        json_text_puts(out, json_string_value(json_object_get(channel, "channel_type")));
        buf_puts(out, ",\"channel_id\":");
        json_text_puts(out, json_string_value(json_object_get(channel, "channel_id")));
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

static int outcome_write(struct buf *out, const json_t *channels, int64_t matched,
                         const struct bounds *bounds)
{
    const bool is_verified = bounds_hold(bounds, matched, matched);

    if (!is_verified) {
        buf_printf(out, ",\"error\":\"not_verified\",\"message\":\"%" PRId64 " %s, expected ",
                   matched, matched == 1 ? "channel matches" : "channels match");
        bounds_describe(out, bounds);
        buf_printf(out, "; the contact has %zu in all\"", json_array_size(channels));
    }
    buf_printf(out, ",\"verified\":%s,\"matched\":%" PRId64, is_verified ? "true" : "false",
               matched);
    bounds_write(out, bounds);
    if (!is_verified)
        channels_write(out, channels);
    return is_verified ? VERIFIED : NOT_VERIFIED;
}

enum hm_code verify_channels(int *status, struct exchange *x, const struct json_node *node,
                             struct hm_error *err)
{
    static const char *const members[] = { "contact",  "channel_type", "channel_id", "exactly",
                                           "at_least", "at_most",      NULL };
    struct wanted wanted = { 0 };
    const char *contact = NULL;
    char uuid[UUID_TEXT];
    json_t *channels = NULL, *channel;
    struct bounds bounds;
    int64_t matched = 0;
    size_t i;
    enum hm_code code;

    TRY(json_expect_object(node, members, err));
    TRY(json_get_string(node, "contact", JSON_REQUIRED, &contact, err));
    TRY(json_get_string(node, "channel_type", JSON_OPTIONAL, &wanted.type, err));
    TRY(json_get_string(node, "channel_id", JSON_OPTIONAL, &wanted.id, err));
    TRY(bounds_read(&bounds, node, err));
    TRY(contact_criterion_read(uuid, x->state->store, contact, err));
    channels = channels_take(x, uuid);
    if (channels == NULL)
        TRY(no_memory(err));
    json_array_foreach (channels, i, channel)
        matched += is_text(channel, "channel_type", wanted.type) &&
                   is_text(channel, "channel_id", wanted.id);
    *status = outcome_write(control_begin(x), channels, matched, &bounds);
out:
    json_decref(channels);
    return code;
}
