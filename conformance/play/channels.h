/* Channels in the lists of answers. */
#ifndef SUITE_PLAY_CHANNELS_H
#define SUITE_PLAY_CHANNELS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Have the two channels the same type and the same value? */
bool channel_is_same(json_t *channel, json_t *other);

/* How often the list has such a channel. */
size_t channel_times(json_t *list, json_t *channel);

/* Borrowed; NULL: there is none with that id. */
json_t *channel_by_id(json_t *list, json_t *id);

#endif
