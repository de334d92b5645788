#include "play/channels.h"

bool channel_is_same(json_t *channel, json_t *other)
{
    return json_equal(json_object_get(channel, "channel_type"),
                      json_object_get(other, "channel_type")) &&
           json_equal(json_object_get(channel, "channel_id"), json_object_get(other, "channel_id"));
}

size_t channel_times(json_t *list, json_t *channel)
{
    size_t times = 0;
    size_t i;
    json_t *other;

    json_array_foreach (list, i, other)
        times += channel_is_same(other, channel);
    return times;
}

json_t *channel_by_id(json_t *list, json_t *id)
{
    size_t i;
    json_t *channel;

    json_array_foreach (list, i, channel) {
        if (json_equal(json_object_get(channel, "id"), id))
            return channel;
    }
    return NULL;
}
