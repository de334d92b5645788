#include "judge/written.h"
#include "support/hash.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNAUTHORIZED = 401, FORBIDDEN = 403, REQUEST_TIMEOUT = 408 };

struct written_value {
    char text[MARK_TEXT];   /* the key, in lower case */
    struct result *refused; /* of the first refused case that sent it; NULL: none */
    const struct target *target;
    size_t step;
    int status;
    bool is_accepted;          /* or perhaps accepted, in some request */
    bool is_from_before;       /* a number that was listed before the run sent it */
    char listed_by[MARK_TEXT]; /* the case whose answer lists it; "": none */
    UT_hash_handle hh;
};

/* The entry of a value, made if there is none. NULL: out of memory. */
static struct written_value *value_of(struct written *written, const char *text, size_t length)
{
    struct written_value *value = NULL;
    struct written_value *made;
    char key[MARK_TEXT] = "";
    size_t i;

    for (i = 0; i < length && i < sizeof key - 1; i++)
        key[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 'a' - 'A' : text[i]);
    key[i] = '\0';
    HASH_FIND_STR(written->values, key, value);
    if (value != NULL)
        return value;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    memcpy(made->text, key, sizeof key);
    HASH_ADD_STR(written->values, text, made);
    if (made->hh.tbl == NULL) {
        free(made);
        made = NULL;
    }
    return made;
}

/* Is the request surely refused? A 429, 408 or 5xx may come after the write [E7]. */
static bool is_refused(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status / 100 == 4 &&
           trip->answer.status != REQUEST_TIMEOUT && !round_trip_is_limited(trip);
}

/* Notes the values in the body of a request. */
static bool sent_note(struct written *written, struct result *result, const struct target *target,
                      const struct round_trip *trip, size_t step, const struct marks *marks)
{
    const char *text = buf_text(&trip->message.body);
    const char *end = text + trip->message.body.length;
    size_t length;

    while ((length = marks_find(marks, &text, end)) > 0) {
        struct written_value *value = value_of(written, text, length);

        if (value == NULL)
            return false;
        if (!is_refused(trip)) {
            value->is_accepted = true;
        } else if (value->refused == NULL) {
            value->refused = result;
            value->target = target;
            value->step = step;
            value->status = trip->answer.status;
        }
        text += length;
    }
    return true;
}

static bool text_note(struct written *written, const char *text, const char *by, bool is_first,
                      const struct marks *marks)
{
    const char *end = text + strlen(text);
    size_t length;

    while ((length = marks_find(marks, &text, end)) > 0) {
        struct written_value *value = value_of(written, text, length);

        if (value == NULL)
            return false;
        if (is_first && *text != 'h' && *text != 'H')
            value->is_from_before = true;
        if (!*value->listed_by)
            snprintf(value->listed_by, sizeof value->listed_by, "%s", by);
        text += length;
    }
    return true;
}

/* Notes the values in a list; @by: the case that got it. */
static bool list_note(struct written *written, const struct round_trip *trip, const char *by,
                      const struct marks *marks)
{
    static const char *const members[] = { "channel_id", "channel_type" };
    json_t *contact = json_object_get(json_array_get(trip->body, 0), "contact_id");
    char name[MARK_TEXT];
    char number[MARK_TEXT];
    json_t *channel;
    size_t i;

    if (!round_trip_is_accepted(trip) || !json_is_array(trip->body))
        return true;
    if (written->contacts == NULL)
        written->contacts = json_object();
    snprintf(name, sizeof name, "%lld", (long long)json_integer_value(contact));
    const bool is_first = json_object_get(written->contacts, name) == NULL;
    if (json_object_set_new(written->contacts, name, json_true()) != 0)
        return false;
    json_array_foreach (trip->body, i, channel) {
        for (size_t j = 0; j < sizeof members / sizeof *members; j++) {
            json_t *member = json_object_get(channel, members[j]);
            const char *text = json_string_value(member);

            snprintf(number, sizeof number, "%lld", (long long)json_integer_value(member));
            if ((text != NULL || json_is_integer(member)) &&
                !text_note(written, text != NULL ? text : number, by, is_first, marks))
                return false;
        }
    }
    return true;
}

bool written_note(struct written *written, struct result *result, const struct target *target,
                  const struct round_trip *trips, const struct marks *marks)
{
    for (size_t i = 0; i < result->test->step_count; i++) {
        if (trips[i].was_tried && (!sent_note(written, result, target, &trips[i], i, marks) ||
                                   !list_note(written, &trips[i], result->test->id, marks)))
            return false;
    }
    return true;
}

bool written_note_list(struct written *written, const struct round_trip *trip, const char *request,
                       const struct marks *marks)
{
    return list_note(written, trip, request, marks);
}

bool written_has_refused(const struct written *written)
{
    const struct written_value *value = written->values;

    while (value != NULL && (value->refused == NULL || value->is_accepted))
        value = value->hh.next;
    return value != NULL;
}

static const struct clause *clause_of(const struct clauses *clauses, int status)
{
    return clause_find(clauses, status == UNAUTHORIZED ? "E2" : status == FORBIDDEN ? "E3" : "E1");
}

/* Have the case and the step been named already, for another value in the same body? */
static bool is_named(const struct result *result, const struct remark *remark)
{
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].is_written && result->remarks[i].step == remark->step)
            return true;
    }
    return false;
}

void written_judge(const struct written *written, const struct clauses *clauses,
                   void (*found)(void *context, const struct written_breach *breach), void *context)
{
    enum { TEXT_MAX = 256 };
    char expected[TEXT_MAX];
    char actual[TEXT_MAX];

    for (struct written_value *value = written->values; value != NULL; value = value->hh.next) {
        if (value->refused == NULL || value->is_accepted || value->is_from_before ||
            !*value->listed_by)
            continue;
        const struct remark remark = { .grade = GRADE_FAILED,
                                       .clause = clause_of(clauses, value->status),
                                       .is_written = true,
                                       .step = value->step };
        const struct written_breach breach = { value->refused, value->target, value->step };

        if (is_named(value->refused, &remark))
            continue;
        snprintf(expected, sizeof expected, "a request that is answered with %d is not written",
                 value->status);
        snprintf(actual, sizeof actual,
                 "%s was sent only in this request, and the list in the answer to %s has it",
                 value->text, value->listed_by);
        result_add(value->refused, &remark, expected, actual);
        found(context, &breach);
    }
}

void written_fini(struct written *written)
{
    struct written_value *value = written->values;

    HASH_CLEAR(hh, written->values);
    while (value != NULL) {
        struct written_value *next = value->hh.next;

        free(value);
        value = next;
    }
    json_decref(written->contacts);
    memset(written, 0, sizeof *written);
}
