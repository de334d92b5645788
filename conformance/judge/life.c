#include "judge/life.h"
#include <stdlib.h>
#include <string.h>

enum { LIFE_S = 300, CLOCKS_APART_S = 5, REFUSED_STEP = 0, ACCEPTED_STEP = 1 };

enum fate { FATE_UNKNOWN, FATE_ACCEPTED, FATE_REFUSED };

static bool is_4xx(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status / 100 == 4 &&
           !round_trip_is_limited(trip);
}

/* Do the first two steps show that the token is checked before the body? */
static bool can_tell(const struct round_trip *trips)
{
    return is_4xx(&trips[REFUSED_STEP]) && is_4xx(&trips[ACCEPTED_STEP]) &&
           trips[REFUSED_STEP].answer.status != trips[ACCEPTED_STEP].answer.status;
}

static enum fate fate_of(const struct round_trip *trips, size_t step)
{
    if (!can_tell(trips) || !round_trip_is_answered(&trips[step]))
        return FATE_UNKNOWN;
    return trips[step].answer.status == trips[ACCEPTED_STEP].answer.status  ? FATE_ACCEPTED
           : trips[step].answer.status == trips[REFUSED_STEP].answer.status ? FATE_REFUSED
                                                                            : FATE_UNKNOWN;
}

/* In seconds. */
static int64_t age_of(const struct step *step)
{
    json_t *iat = json_object_get(json_object_get(step->token, "claims"), "iat");

    return -json_integer_value(json_object_get(iat, "offset"));
}

/* A repeat with the same result would only say the same again. */
static bool is_said(const struct round_trip *trips, size_t step)
{
    for (size_t i = BY_DATE_FIRST; i < step; i++) {
        if (round_trip_is_answered(&trips[i]) && fate_of(trips, i) == fate_of(trips, step) &&
            json_equal(trips[i].message.step->token, trips[step].message.step->token))
            return true;
    }
    return false;
}

void match_token(struct match *match, const struct expect *expect, const struct round_trip *trips,
                 size_t step)
{
    const char *wanted = json_string_value(json_object_get(expect->json, "token"));
    const bool is_good = strcmp(wanted, "accepted") == 0;
    const enum fate fate = fate_of(trips, step);

    if (!round_trip_is_answered(&trips[step])) {
        match->verdict = MATCH_VOID;
        return;
    }
    buf_printf(&match->expected,
               "a token that is %lld s old by the target's Date is %s: status %d, as in step %d",
               (long long)age_of(trips[step].message.step), wanted,
               trips[is_good ? ACCEPTED_STEP : REFUSED_STEP].answer.status,
               (is_good ? ACCEPTED_STEP : REFUSED_STEP) + 1);
    round_trip_describe(&match->actual, &trips[step]);
    if (fate == FATE_UNKNOWN || is_said(trips, step))
        match->verdict = MATCH_VOID;
    else if (fate != (is_good ? FATE_ACCEPTED : FATE_REFUSED))
        match->verdict = MATCH_DIFFERS;
}

/* Had a token of this age the wrong fate in any step? */
static bool is_wrong_at(const struct test_case *test, const struct round_trip *trips, int64_t age_s)
{
    const enum fate right = age_s < LIFE_S ? FATE_ACCEPTED : FATE_REFUSED;

    for (size_t i = BY_DATE_FIRST; i < test->step_count; i++) {
        const enum fate fate = fate_of(trips, i);

        if (age_of(&test->steps[i]) == age_s && fate != FATE_UNKNOWN && fate != right)
            return true;
    }
    return false;
}

/* Is the limit wrong by two seconds or more, but not by so much that clocks cannot explain it? */
static bool may_be_clocks(const struct test_case *test, const struct round_trip *trips,
                          int64_t age_s)
{
    const int64_t first = age_s < LIFE_S ? LIFE_S - 1 : LIFE_S;
    const int64_t away = age_s < LIFE_S ? -1 : 1;

    if (!is_wrong_at(test, trips, first + away))
        return false;
    for (size_t i = BY_DATE_FIRST; i < test->step_count; i++) {
        const int64_t age = age_of(&test->steps[i]);

        if ((age - first) * away >= CLOCKS_APART_S && is_wrong_at(test, trips, age))
            return false;
    }
    return true;
}

static bool is_contradicted(const struct test_case *test, const struct round_trip *trips,
                            size_t step)
{
    const enum fate fate = fate_of(trips, step);

    for (size_t i = BY_DATE_FIRST; i < test->step_count; i++) {
        const enum fate other = fate_of(trips, i);

        if (other != FATE_UNKNOWN && other != fate &&
            json_equal(test->steps[i].token, test->steps[step].token))
            return true;
    }
    return false;
}

enum grade life_grade(const struct test_case *test, const struct round_trip *trips, size_t step,
                      struct buf *why)
{
    enum grade grade = GRADE_WARNED;

    if (is_contradicted(test, trips, step))
        buf_puts(why, "; another try with the same age had another result");
    else if (may_be_clocks(test, trips, age_of(&test->steps[step])))
        buf_puts(why, "; if the Date is from another machine, its clock may differ from the one "
                      "that checks tokens");
    else
        grade = GRADE_FAILED;
    return grade;
}

void life_note(struct result *result, const struct round_trip *trips)
{
    const struct remark remark = { .grade = GRADE_OBSERVED,
                                   .clause = result->test->file->clause,
                                   .step = ACCEPTED_STEP };
    const size_t count = result->test->step_count;
    int64_t unused;
    size_t answered = 0;

    for (size_t i = BY_DATE_FIRST; i < count; i++)
        answered += round_trip_is_answered(&trips[i]);
    if (!round_trip_date(&unused, &trips[REFUSED_STEP]) &&
        !round_trip_date(&unused, &trips[ACCEPTED_STEP]))
        result_add(result, &remark, "a Date in each answer", "no Date, so the limit is not known");
    else if (!can_tell(trips))
        result_add(result, &remark, "a wrong token is refused before the body",
                   "only a write would show whether the token was accepted");
    else if (answered < count - BY_DATE_FIRST)
        result_add(result, &remark, "an answer in the same second as the one before it",
                   "the Date was too often another second, so the limit is not known");
}
