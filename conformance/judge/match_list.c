#include "judge/match_list.h"
#include "contract/rfc3339.h"
#include "play/channels.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* [R2] Members that do not change while the list grows; "updated" may. */
static const char *const kept_members[] = { "team_id",    "contact_id",   "channel_type",
                                            "channel_id", "info_channel", "channel_handle",
                                            "created" };
enum { KEPT_MEMBER_COUNT = sizeof kept_members / sizeof *kept_members };

/* The list of an answer, a new reference. With "if_shown" a single channel is a list of one.
 * NULL: the answer has no list. */
static json_t *shown_list(const struct expect *expect, json_t *body)
{
    if (json_is_object(body) && json_is_true(json_object_get(expect->json, "if_shown")))
        return json_pack("[O]", body);
    return json_is_array(body) ? json_incref(body) : NULL;
}

void match_holds(struct match *match, const struct expect *expect, const struct round_trip *trip,
                 struct case_marks *marks)
{
    json_t *wanted = json_object_get(expect->json, "holds");
    json_t *times = json_object_get(expect->json, "times");
    json_t *list = shown_list(expect, trip->body);
    json_t *channel =
        json_is_string(wanted) ? json_incref(trip->message.sent) : marks_expand_json(wanted, marks);
    json_t *type = json_object_get(channel, "channel_type");
    json_t *id = json_object_get(channel, "channel_id");
    const size_t held = channel_times(list, channel);

    buf_puts(&match->expected, "a list that contains channel ");
    match_append(&match->expected, trip, type);
    buf_putc(&match->expected, ' ');
    match_append(&match->expected, trip, id);
    if (times != NULL)
        buf_printf(&match->expected, ", exactly %" JSON_INTEGER_FORMAT " times",
                   json_integer_value(times));
    if (list != NULL) {
        buf_printf(&match->actual,
                   "a list of %zu that contains it %zu times: ", json_array_size(list), held);
        match_append(&match->actual, trip, list);
    } else {
        round_trip_describe(&match->actual, trip);
    }
    if (list == NULL ? !json_is_true(json_object_get(expect->json, "if_shown"))
                     : (times != NULL ? (json_int_t)held != json_integer_value(times) : held == 0))
        match->verdict = MATCH_DIFFERS;
    json_decref(list);
    json_decref(channel);
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
static bool is_kept(struct match *match, const struct round_trip *earlier,
                    const struct round_trip *trip, json_t *before)
{
    json_t *id = json_object_get(before, "id");
    json_t *now = channel_by_id(trip->body, id);

    if (now == NULL) {
        buf_puts(&match->actual, "the channel with id ");
        match_append(&match->actual, earlier, id);
        buf_printf(&match->actual, " is no longer among the %zu", json_array_size(trip->body));
        return false;
    }
    if (times_shown(trip->body, now) > 1) {
        buf_puts(&match->actual, "the channel with id ");
        match_append(&match->actual, earlier, id);
        buf_puts(&match->actual, " is in the list more than once");
        return false;
    }
    for (size_t i = 0; i < KEPT_MEMBER_COUNT; i++) {
        json_t *was = json_object_get(before, kept_members[i]);

        if (was == NULL || json_equal(was, json_object_get(now, kept_members[i])))
            continue;
        buf_puts(&match->actual, "the channel with id ");
        match_append(&match->actual, earlier, id);
        buf_printf(&match->actual, " changed: %s was ", kept_members[i]);
        match_append(&match->actual, earlier, was);
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

/* A run that ends deletes what it created. Its numbers look like all fictional ones, so only those
 * that are new count. */
static bool is_of_other_run(json_t *channel, const struct round_trip *trip,
                            const struct marks *marks)
{
    enum { NEW_S = 3600 };
    const char *id = json_string_value(json_object_get(channel, "channel_id"));
    const char *type = json_string_value(json_object_get(channel, "channel_type"));
    const char *created = json_string_value(json_object_get(channel, "created"));
    int64_t created_s;
    int64_t date_s;

    if ((id != NULL && marks_are_of_other_run(marks, id)) ||
        (type != NULL && marks_are_of_other_run(marks, type)))
        return true;
    return id != NULL && marks_are_a_number(id) && !marks_made(marks, id) && created != NULL &&
           rfc3339_read(&created_s, created, strlen(created)) && round_trip_date(&date_s, trip) &&
           created_s > date_s - NEW_S;
}

/* May another case of the run change or delete this channel? Only one of its own type. Another run
 * may, if it is its own. */
static bool is_others_to_change(json_t *channel, const struct round_trip *trip,
                                const struct case_marks *marks)
{
    const char *type = json_string_value(json_object_get(channel, "channel_type"));

    if (marks->run != NULL && is_of_other_run(channel, trip, marks->run))
        return true;
    if (type == NULL || marks->run == NULL || !marks_made_type(marks->run, type))
        return false;
    for (size_t i = 0; i < marks->count; i++) {
        if (strncmp(type, marks->kept[i].text, strlen(marks->kept[i].text)) == 0)
            return false;
    }
    return true;
}

void match_keeps(struct match *match, const struct expect *expect, const struct round_trip *before,
                 const struct round_trip *trip, const struct case_marks *marks)
{
    buf_printf(&match->expected, "the list has every channel of step %zu's, unchanged: %zu",
               expect->other_step + 1, json_array_size(before->body));
    if (!are_lists(match, before, trip))
        return;
    for (size_t i = 0; i < json_array_size(before->body); i++) {
        json_t *channel = json_array_get(before->body, i);

        if (!is_others_to_change(channel, trip, marks) && !is_kept(match, before, trip, channel)) {
            match->verdict = MATCH_DIFFERS;
            return;
        }
    }
}

/* Letter case does not matter. */
static bool contains(const char *text, const char *value)
{
    const size_t length = strlen(value);

    while (*text && strncasecmp(text, value, length) != 0)
        text++;
    return *text;
}

/* Is @value in the text of @member? Letter case may differ, and only digits of a phone number are
 * compared: a server that stores a value in another form fails [R3], not [R4]. */
static bool has_value(json_t *member, const char *value)
{
    enum { VALUE_LEAST = 8, DIGITS_MAX = 256 };
    const char *text = json_string_value(member);
    char digits[DIGITS_MAX] = "";
    size_t count = 0;

    if (json_is_integer(member))
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(member));
    if (text == NULL)
        return strcmp(digits, value) == 0;
    if (strlen(value) < VALUE_LEAST)
        return strcmp(text, value) == 0;
    if (contains(text, value))
        return true;
    for (const char *at = text; *at && count < sizeof digits - 1; at++) {
        if (*at >= '0' && *at <= '9')
            digits[count++] = *at;
    }
    digits[count] = '\0';
    return strcmp(digits, value) == 0;
}

static bool channel_has(json_t *channel, const char *value)
{
    return has_value(json_object_get(channel, "channel_id"), value) ||
           has_value(json_object_get(channel, "channel_type"), value);
}

/* Did the case send this channel in one of its steps up to @step? */
static bool is_own(json_t *channel, const struct round_trip *trips, size_t step,
                   const struct case_marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (channel_has(channel, marks->kept[i].text))
            return true;
    }
    for (size_t i = 0; i <= step; i++) {
        json_t *sent = json_object_get(trips[i].message.sent, "channel_id");
        const char *text = json_string_value(sent);

        if (text != NULL && *text
                ? channel_has(channel, text)
                : sent != NULL && json_equal(json_object_get(channel, "channel_id"), sent))
            return true;
    }
    return false;
}

/* Other cases of the run may send to the contact at the same time. */
static bool is_of_other_case(json_t *channel, const struct case_marks *marks)
{
    const char *id = json_string_value(json_object_get(channel, "channel_id"));
    const char *type = json_string_value(json_object_get(channel, "channel_type"));

    return marks->run != NULL && ((id != NULL && marks_made(marks->run, id)) ||
                                  (type != NULL && marks_made(marks->run, type)));
}

/* What a list has, without the channels of other cases. */
struct share {
    json_int_t own;
    json_int_t others; /* of other writers, or from before the run */
};

/* @trip: the answer with the list. */
static struct share share_of(const struct round_trip *trip, const struct round_trip *trips,
                             size_t step, const struct case_marks *marks)
{
    struct share share = { 0, 0 };
    size_t i;
    json_t *channel;

    json_array_foreach (trip->body, i, channel) {
        if (is_own(channel, trips, step, marks))
            share.own++;
        else if (!is_of_other_case(channel, marks) &&
                 !(marks->run != NULL && is_of_other_run(channel, trip, marks->run)))
            share.others++;
    }
    return share;
}

void match_grows(struct match *match, const struct expect *expect, const struct round_trip *trips,
                 size_t step, const struct case_marks *marks)
{
    const struct round_trip *before = &trips[expect->other_step];
    const struct round_trip *trip = &trips[step];
    const json_int_t by =
        json_integer_value(json_object_get(json_object_get(expect->json, "grows"), "by"));
    const struct share was = share_of(before, trips, step, marks);
    const struct share is = share_of(trip, trips, step, marks);
    const json_int_t own = is.own - was.own;
    const json_int_t all = own + is.others - was.others;

    buf_printf(&match->expected,
               "step %zu's list of %zu and %" JSON_INTEGER_FORMAT " more of the channels that this "
               "case sent",
               expect->other_step + 1, json_array_size(before->body), by);
    if (!are_lists(match, before, trip))
        return;
    buf_printf(&match->actual,
               "a list of %zu, with %" JSON_INTEGER_FORMAT " more of the channels that this case "
               "sent",
               json_array_size(trip->body), own);
    match->others = all > own ? (size_t)(all - own) : 0;
    if (match->others > 0)
        buf_printf(&match->actual, " and %zu of others", match->others);
    if (own > by || all < by)
        match->verdict = MATCH_DIFFERS;
    else if (own < by)
        match->verdict = MATCH_VOID; /* nothing shows which of the new ones are the own ones */
}
