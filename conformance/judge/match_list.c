#include "judge/match_list.h"
#include <string.h>

/* [R2] Members that do not change while the list grows; "updated" may. */
static const char *const kept_members[] = { "team_id",    "contact_id",   "channel_type",
                                            "channel_id", "info_channel", "channel_handle",
                                            "created" };
enum { KEPT_MEMBER_COUNT = sizeof kept_members / sizeof *kept_members };

static bool is_text(json_t *object, const char *member, json_t *wanted)
{
    return json_equal(json_object_get(object, member), wanted);
}

static json_int_t times_held(json_t *list, json_t *type, json_t *id)
{
    json_int_t times = 0;
    size_t i;
    json_t *channel;

    json_array_foreach (list, i, channel) {
        if (is_text(channel, "channel_type", type) && is_text(channel, "channel_id", id))
            times++;
    }
    return times;
}

void match_holds(struct match *match, const struct expect *expect, const struct round_trip *trip,
                 struct case_marks *marks)
{
    json_t *wanted = json_object_get(expect->json, "holds");
    json_t *times = json_object_get(expect->json, "times");
    json_t *channel =
        json_is_string(wanted) ? json_incref(trip->message.sent) : marks_expand_json(wanted, marks);
    json_t *type = json_object_get(channel, "channel_type");
    json_t *id = json_object_get(channel, "channel_id");
    json_int_t held = times_held(trip->body, type, id);

    buf_puts(&match->expected, "a list that contains channel ");
    match_append(&match->expected, trip, type);
    buf_putc(&match->expected, ' ');
    match_append(&match->expected, trip, id);
    if (times != NULL)
        buf_printf(&match->expected, ", exactly %" JSON_INTEGER_FORMAT " times",
                   json_integer_value(times));
    if (json_is_array(trip->body)) {
        buf_printf(&match->actual,
                   "a list of %zu that contains it %" JSON_INTEGER_FORMAT " times: ",
                   json_array_size(trip->body), held);
        match_append(&match->actual, trip, trip->body);
    } else {
        round_trip_describe(&match->actual, trip);
    }
    if (!json_is_array(trip->body) ||
        (times != NULL ? held != json_integer_value(times) : held == 0))
        match->verdict = MATCH_DIFFERS;
    json_decref(channel);
}

static json_t *channel_by_id(json_t *list, json_t *id)
{
    size_t i;
    json_t *channel;

    json_array_foreach (list, i, channel) {
        if (json_equal(json_object_get(channel, "id"), id))
            return channel;
    }
    return NULL;
}

static size_t times_shown(json_t *list, json_t *channel)
{
    size_t times = 0;
    size_t i;
    json_t *other;

    json_array_foreach (list, i, other)
        times += (size_t)json_equal(other, channel);
    return times;
}

/* Compares one element of the earlier list; writes the difference. */
static bool is_kept(struct match *match, const struct round_trip *trip, json_t *before)
{
    json_t *id = json_object_get(before, "id");
    json_t *now = channel_by_id(trip->body, id);

    if (now == NULL) {
        buf_puts(&match->actual, "the channel with id ");
        match_append(&match->actual, trip, id);
        buf_printf(&match->actual, "is no longer among the %zu", json_array_size(trip->body));
        return false;
    }
    if (times_shown(trip->body, now) > 1) {
        buf_puts(&match->actual, "the channel with id ");
        match_append(&match->actual, trip, id);
        buf_puts(&match->actual, " is in the list more than once");
        return false;
    }
    for (size_t i = 0; i < KEPT_MEMBER_COUNT; i++) {
        json_t *was = json_object_get(before, kept_members[i]);

        if (was == NULL || json_equal(was, json_object_get(now, kept_members[i])))
            continue;
        buf_puts(&match->actual, "the channel with id ");
        match_append(&match->actual, trip, id);
        buf_printf(&match->actual, " changed: %s was ", kept_members[i]);
        match_append(&match->actual, trip, was);
        buf_puts(&match->actual, ", is ");
        match_append(&match->actual, trip, json_object_get(now, kept_members[i]));
        return false;
    }
    return true;
}

/* Can the two lists be compared? An earlier answer without a list was judged in its own step. */
static bool are_lists(struct match *match, const struct round_trip *before,
                      const struct round_trip *trip)
{
    if (!json_is_array(before->body)) {
        match->verdict = MATCH_VOID;
        return false;
    }
    if (!json_is_array(trip->body)) {
        match->verdict = MATCH_DIFFERS;
        round_trip_describe(&match->actual, trip);
        return false;
    }
    return true;
}

void match_keeps(struct match *match, const struct expect *expect, const struct round_trip *before,
                 const struct round_trip *trip)
{
    buf_printf(&match->expected, "the list has every channel of step %zu's, unchanged: %zu",
               expect->other_step + 1, json_array_size(before->body));
    if (!are_lists(match, before, trip))
        return;
    for (size_t i = 0; i < json_array_size(before->body); i++) {
        if (!is_kept(match, trip, json_array_get(before->body, i))) {
            match->verdict = MATCH_DIFFERS;
            return;
        }
    }
}

void match_grows(struct match *match, const struct expect *expect, const struct round_trip *before,
                 const struct round_trip *trip)
{
    json_int_t by =
        json_integer_value(json_object_get(json_object_get(expect->json, "grows"), "by"));
    size_t expected = json_array_size(before->body) + (size_t)by;
    size_t count = json_array_size(trip->body);

    buf_printf(&match->expected,
               "a list of %zu channel%s: step %zu's %zu and %" JSON_INTEGER_FORMAT " more",
               expected, expected == 1 ? "" : "s", expect->other_step + 1,
               json_array_size(before->body), by);
    if (!are_lists(match, before, trip))
        return;
    buf_printf(&match->actual, "a list of %zu channel%s", count, count == 1 ? "" : "s");
    if (count != expected)
        match->verdict = MATCH_DIFFERS;
}
