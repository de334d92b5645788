#include "record/recorded_judge.h"
#include "judge/match.h"
#include "play/channels.h"
#include <string.h>

enum {
    BAD_REQUEST = 400,
    UNAUTHORIZED = 401,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    TOO_MANY_REQUESTS = 429
};

/* What the parts of a judgement share. */
struct hearing {
    struct recorded *x;
    const struct judge *judge;
};

static void say(struct hearing *hearing, enum grade grade, const char *clause, const char *expected,
                const char *actual)
{
    const struct remark remark = {
        .grade = grade,
        .clause = clause != NULL ? clause_find(hearing->judge->clauses, clause) : NULL,
        .is_automatic = true,
    };

    result_add(&hearing->x->result, &remark, expected, actual);
}

/* Appends the status, or why there is no answer. Not the body: a cut in the middle of a value would
 * leave a half of it, which nothing replaces. */
static void answer_describe(struct buf *out, const struct round_trip *trip)
{
    if (round_trip_is_answered(trip))
        buf_printf(out, "status %d", trip->answer.status);
    if (trip->answer.outcome != HTTP_ANSWERED)
        buf_printf(out, "%s%s", out->length > 0 ? ", but " : "", trip->answer.reason);
}

/* The same with the answer as what was found. */
static void say_answer(struct hearing *hearing, enum grade grade, const char *clause,
                       const char *expected)
{
    struct buf actual;

    buf_init(&actual, MATCH_TEXT_MAX);
    answer_describe(&actual, &hearing->x->trip);
    say(hearing, grade, clause, expected, buf_text(&actual));
    buf_fini(&actual);
}

/* What the request means, for the clauses about its value; false: that is not known. */
static bool values_take(struct operation_values *values, const struct recorded *x)
{
    json_t *sent = x->trip.message.sent;
    json_t *type = json_object_get(sent, "channel_type");
    json_t *id = json_object_get(sent, "channel_id");

    *values = (struct operation_values){ x->contact, x->type, NULL };
    if (!x->call.row->has_body)
        return strlen(x->type) < RECORDED_TYPE_TEXT - 1; /* else it may be cut */
    values->type = json_string_value(type);
    values->id = json_string_value(id);
    return values->type != NULL && strlen(values->type) == json_string_length(type) &&
           values->id != NULL && strlen(values->id) == json_string_length(id);
}

/* [G2] It is of that contact. */
static void contact_judge(struct hearing *hearing)
{
    const struct recorded *x = hearing->x;
    json_t *known = json_object_get(json_array_get(x->known, 0), "contact_id");

    if (known != NULL && json_is_object(x->trip.body) &&
        !json_equal(known, json_object_get(x->trip.body, "contact_id")))
        say_answer(hearing, GRADE_FAILED, "G2", "a channel of the contact that was asked for");
}

/* [R4 L2] Every channel that was seen before is still there. */
static void kept_judge(struct hearing *hearing, const struct recorded_contacts *contacts)
{
    const struct recorded *x = hearing->x;
    size_t i;
    json_t *channel;

    if (!json_is_array(x->trip.body) || recorded_contacts_have_changed(contacts, x))
        return;
    json_array_foreach (x->known, i, channel) {
        json_t *id = json_object_get(channel, "id");

        if (id == NULL || channel_by_id(x->trip.body, id) != NULL)
            continue;
        struct buf actual;
        buf_init(&actual, MATCH_TEXT_MAX);
        buf_puts(&actual, "the channel with id ");
        match_append(&actual, &x->trip, id);
        buf_printf(&actual, " is no longer among the %zu, unless somebody else removed it",
                   json_array_size(x->trip.body));
        say(hearing, GRADE_FAILED, recorded_calls(x, OPERATION_CHANNEL_CREATE) ? "R4" : "L2",
            "a list with every channel of the answer before", buf_text(&actual));
        buf_fini(&actual);
        return;
    }
}

/* A 2xx although the contract states that the request is refused. */
static void leniency_judge(struct hearing *hearing)
{
    const struct recorded *x = hearing->x;
    const struct hm_finding *token =
        x->has_other_secret ? NULL : stated_refusal(&x->token_findings, hearing->judge->clauses);
    const struct hm_finding *body = stated_refusal(&x->body_findings, hearing->judge->clauses);
    const struct hm_finding *found = token != NULL ? token : body;
    struct buf expected;

    if (found == NULL || found->mistake == HM_J13_LEGACY_API_KEY)
        return;
    buf_init(&expected, MATCH_TEXT_MAX);
    buf_printf(&expected, "a refusal of a request with %s", hm_mistake_row(found->mistake)->code);
    say_answer(hearing, GRADE_FAILED, hm_mistake_row(found->mistake)->clause, buf_text(&expected));
    buf_fini(&expected);
}

static void accepted_judge(struct hearing *hearing, const struct recorded_contacts *contacts)
{
    struct recorded *x = hearing->x;
    struct operation_values values;
    const bool has_values = values_take(&values, x);

    leniency_judge(hearing);
    answer_judge(&x->result, hearing->judge, &x->trip, 0, x->call.row, has_values ? &values : NULL);
    if (recorded_calls(x, OPERATION_CHANNEL_GET))
        contact_judge(hearing);
    if (x->call.row->form == ANSWER_CHANNELS)
        kept_judge(hearing, contacts);
}

/* A refusal of a request in which the contract finds no fault, or one with another figure. */
static void refused_judge(struct hearing *hearing)
{
    const struct recorded *x = hearing->x;
    const int status = x->trip.answer.status;
    const struct hm_finding *body = stated_refusal(&x->body_findings, hearing->judge->clauses);
    const bool is_good = hm_findings_refusal(&x->token_findings) == NULL && x->is_token_known;
    const bool is_body_good = x->body_findings.count == 0;

    if (status == UNAUTHORIZED) {
        if (is_good)
            say_answer(hearing, GRADE_WARNED, "E2",
                       "another answer, because the token is good by the secret that was given; "
                       "is that secret still valid at the target?");
    } else if (status == BAD_REQUEST) {
        if (is_body_good && recorded_calls(x, OPERATION_CHANNEL_CREATE) &&
            json_is_array(x->known) && channel_times(x->known, x->trip.message.sent) == 0)
            say_answer(hearing, GRADE_WARNED, "B1", "an acceptance of a correct request");
    } else if (body != NULL && status / 100 == 4 && status != FORBIDDEN && status != NOT_FOUND &&
               status != TOO_MANY_REQUESTS) {
        const struct remark remark = {
            .grade = GRADE_FAILED,
            .clause = clause_find(hearing->judge->clauses, hm_mistake_row(body->mistake)->clause),
            .is_secondary = true,
            .is_automatic = true,
        };
        struct buf actual;

        buf_init(&actual, MATCH_TEXT_MAX);
        answer_describe(&actual, &x->trip);
        result_add(&hearing->x->result, &remark, "status 400", buf_text(&actual));
        buf_fini(&actual);
    }
}

void recorded_judge(struct recorded *x, const struct judge *judge,
                    const struct recorded_contacts *contacts)
{
    struct hearing hearing = { x, judge };
    const int status = x->trip.answer.status;

    if (x->was_refused_here)
        return;
    if (!round_trip_is_answered(&x->trip) || x->trip.answer.outcome == HTTP_ANSWER_TOO_BIG) {
        say_answer(&hearing, GRADE_WARNED, NULL, "a whole answer");
        return;
    }
    if (x->call.row == NULL)
        return;
    request_id_judge(&x->result, judge, &x->trip, 0);
    if (status / 100 == 2)
        accepted_judge(&hearing, contacts);
    else if (status / 100 == 3)
        say_answer(&hearing, GRADE_WARNED, NULL,
                   "an answer; the redirect was passed on and not followed");
    else if (status / 100 == 4)
        refused_judge(&hearing);
    else
        say_answer(&hearing, GRADE_WARNED, "E5", "no fault of the server");
}
