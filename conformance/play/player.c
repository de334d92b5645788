#include "play/player.h"
#include "contract/channel_answer.h"
#include "play/record.h"
#include "support/json_text.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/mock_control.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { S_MS = 1000 };

/* A request that is sent in its own thread. */
struct errand {
    pthread_t thread;
    struct http_session *session;
    const struct traffic *traffic;
    struct round_trip *trip;
    enum hm_code code;
    struct hm_error err;
};

static enum hm_code trip_send(struct round_trip *trip, struct http_session *session,
                              const struct traffic *traffic, struct hm_error *err)
{
    const struct message *message = &trip->message;
    const struct http_request request = {
        .method = step_text(message->step, "method"),
        .url = buf_text(&message->url),
        .headers = message->headers,
        .header_count = message->header_count,
        .body = message->has_body ? buf_text(&message->body) : NULL,
        .body_length = message->body.length,
        .is_chunked = message->is_chunked,
        .connect_timeout_ms = REQUEST_CONNECT_MS,
        .timeout_ms = REQUEST_TIMEOUT_MS,
        .answer_bytes_max = ROUND_TRIP_BODY_BYTES_MAX,
        .is_cancelled = traffic_is_cut,
        .cancel_context = traffic,
    };
    enum hm_code code = http_send(session, &request, &trip->answer, err);

    trip->was_tried = code == HM_OK;
    return code;
}

void player_begin(struct player *player, const struct test_case *test, const char *purpose)
{
    player_turn(player, test, purpose);
    player->waited_ms = 0;
    json_decref(player->records);
    player->records = player->no_secrets != NULL ? json_array() : NULL;
}

void player_turn(struct player *player, const struct test_case *test, const char *purpose)
{
    player->test = test;
    player->purpose = purpose;
}

void player_fini(struct player *player)
{
    json_decref(player->records);
    player->records = NULL;
}

/* If one cannot be made, there is no list; that cuts the transcript. */
static void record_add(struct player *player, const struct round_trip *trip)
{
    const struct record_place place = { .test = player->test,
                                        .purpose = player->purpose,
                                        .sent_at_ms = wall_clock_ms() - trip->answer.time_ms };

    if (player->records != NULL)
        player->records =
            json_list_add(player->records, record_make(trip, &place, player->no_secrets));
}

/* Counts and parses an answer. */
static void trip_take(struct round_trip *trip, struct player *player, const char *what, size_t step)
{
    traffic_note(player->traffic, trip, what, step);
    if (!trip->was_tried)
        return;
    record_add(player, trip);
    round_trip_parse(trip);
}

static size_t post_count(const struct step *steps, size_t count)
{
    size_t posts = 0;

    for (size_t i = 0; i < count; i++) {
        const char *method = step_text(&steps[i], "method");

        posts += method != NULL && strcmp(method, "POST") == 0;
    }
    return posts;
}

/* May @count more requests be sent? Waits for it. @is_first: no token has been made yet, so a wait
 * makes none old. */
static bool is_admitted(struct player *player, const struct step *steps, size_t count,
                        bool is_first)
{
    const size_t writes = post_count(steps, count);
    const enum admission admission = traffic_admit(player->traffic, count, writes);

    player->is_spent = admission == REFUSED_SPENT;
    player->is_over = admission == REFUSED_OVER;
    player->is_stale = admission == ADMITTED_LATE && !is_first;
    if (player->is_stale)
        traffic_give_back(player->traffic, writes);
    return admission == ADMITTED || (admission == ADMITTED_LATE && is_first);
}

static void *errand_run(void *context)
{
    struct errand *errand = context;

    errand->code = trip_send(errand->trip, errand->session, errand->traffic, &errand->err);
    return NULL;
}

/* Sends the first @count steps at the same time, each on its own connection. All sessions are
 * made before the first thread starts. */
static enum hm_code play_together(struct round_trip *trips, const struct test_case *test,
                                  struct player *player, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const size_t count = test->together;
    struct errand *errands = calloc(count == 0 ? 1 : count, sizeof *errands);
    size_t started = 0;

    if (errands == NULL) {
        traffic_give_back(player->traffic, post_count(test->steps, count));
        return no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        errands[i].trip = &trips[i];
        errands[i].traffic = player->traffic;
        TRY(http_session_new(&errands[i].session, player->tls, err));
    }
    while (started < count &&
           pthread_create(&errands[started].thread, NULL, errand_run, &errands[started]) == 0)
        started++;
    if (started < count)
        code = hm_error_set(err, HM_INTERNAL, "cannot start %zu threads", count);
out:
    for (size_t i = 0; i < started; i++) {
        pthread_join(errands[i].thread, NULL);
        if (errands[i].code != HM_OK && code == HM_OK)
            code = hm_error_set(err, errands[i].code, "%s", errands[i].err.text);
    }
    for (size_t i = 0; i < count; i++) {
        trip_take(&trips[i], player, test->id, i);
        http_session_free(errands[i].session);
    }
    free(errands);
    return code;
}

/* Lets time pass for the target: sets its clock if that is possible, else waits. */
static enum hm_code time_pass(int64_t *passed_s, const struct target *target, int64_t wait_s,
                              const struct player *player, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    bool is_set = true;

    if (wait_s == 0)
        return HM_OK;
    *passed_s += wait_s;
    if (!target->takes_clock)
        traffic_wait(player->traffic, wait_s * S_MS);
    else
        TRY(mock_control_set_clock(&is_set, player->session, target->control_url, MOCK_CLOCK_NOW,
                                   target->clock_s + *passed_s, err));
    if (!is_set)
        TRY(hm_error_set(err, HM_INTERNAL, "the clock of %s can no longer be set",
                         target->control_url));
out:
    return code;
}

/* Sets a changed clock back. */
static enum hm_code time_restore(int64_t passed_s, const struct target *target,
                                 const struct player *player, struct hm_error *err)
{
    return target->takes_clock ? time_pass(&passed_s, target, -passed_s, player, err) : HM_OK;
}

/* Keeps the integer contact_id of an answer for later steps. */
static void contact_number_keep(struct case_marks *marks, const struct round_trip *trip)
{
    json_t *number = json_object_get(json_array_get(trip->body, 0), "contact_id");

    if (round_trip_is_accepted(trip) && json_is_integer(number))
        marks->contact_number = json_integer_value(number);
}

/* What the Dates of answers say about the target's clock: it is at least this far ahead of our
 * monotonic one. */
struct date_clock {
    bool is_known;
    int64_t ahead_ms;
};

static void date_clock_read(struct date_clock *clock, const struct round_trip *trip)
{
    int64_t date_s;

    if (!round_trip_date(&date_s, trip))
        return;
    const int64_t ahead_ms = date_s * S_MS - monotonic_ms();
    if (!clock->is_known || ahead_ms > clock->ahead_ms)
        clock->ahead_ms = ahead_ms;
    clock->is_known = true;
}

/* Sends the steps that are sent at the same time. */
static enum hm_code start_together(struct round_trip *trips, const struct test_case *test,
                                   const struct target *target, struct player *player,
                                   struct case_marks *marks, int64_t now, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < test->together && code == HM_OK; i++)
        code = message_make(&trips[i].message, &test->steps[i], target->base_url, &target->names,
                            marks, now, err);
    if (code == HM_OK)
        return play_together(trips, test, player, err);
    traffic_give_back(player->traffic, post_count(test->steps, test->together));
    return code;
}

/* Sends an admitted step. */
static enum hm_code step_send(struct round_trip *trip, const struct step *step, const char *what,
                              size_t number, const struct target *target, struct player *player,
                              struct case_marks *marks, int64_t now, struct hm_error *err)
{
    enum hm_code code;

    TRY(message_make(&trip->message, step, target->base_url, &target->names, marks, now, err));
    if (trip->message.is_on_new_connection)
        http_session_reconnect(player->session);
    TRY(trip_send(trip, player->session, player->traffic, err));
    trip_take(trip, player, what, number);
    return HM_OK;
out:
    traffic_give_back(player->traffic, post_count(step, 1));
    return code;
}

/* Sends a step whose token is signed for the second of the target's clock that was surely reached,
 * until the answer's Date is the same second: then the token was checked in it. Else the step has
 * no answer. */
static enum hm_code dated_step_send(struct round_trip *trip, const struct test_case *test,
                                    size_t step, const struct target *target, struct player *player,
                                    struct case_marks *marks, struct date_clock *clock,
                                    struct hm_error *err)
{
    enum { TRIES_MAX = 8 };
    enum hm_code code = HM_OK;
    int64_t date_s;

    for (size_t tries = 0; tries < TRIES_MAX; tries++) {
        round_trip_fini(trip);
        if (!is_admitted(player, &test->steps[step], 1, true))
            return HM_OK;
        const int64_t now = (monotonic_ms() + clock->ahead_ms) / S_MS;
        TRY(step_send(trip, &test->steps[step], test->id, step, target, player, marks, now, err));
        date_clock_read(clock, trip);
        if (round_trip_is_limited(trip) || (round_trip_date(&date_s, trip) && date_s == now))
            return HM_OK;
    }
    round_trip_fini(trip);
out:
    return code;
}

/* [J6] Sends a case with "by_date". It ends if its body is accepted, as each step would write, or
 * if there is no Date. */
static enum hm_code play_by_date(struct round_trip *trips, const struct test_case *test,
                                 const struct target *target, struct player *player,
                                 struct case_marks *marks, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct date_clock clock = { .is_known = false };

    for (size_t i = 0; i < test->step_count; i++) {
        if (i < BY_DATE_FIRST) {
            if (!is_admitted(player, &test->steps[i], 1, true))
                break;
            TRY(step_send(&trips[i], &test->steps[i], test->id, i, target, player, marks,
                          target_now(target), err));
            date_clock_read(&clock, &trips[i]);
        } else {
            TRY(dated_step_send(&trips[i], test, i, target, player, marks, &clock, err));
        }
        if (!clock.is_known || round_trip_is_accepted(&trips[i]) ||
            round_trip_is_limited(&trips[i]) || player->is_spent || player->is_over)
            break;
    }
out:
    return code;
}

enum hm_code play_case(struct round_trip *trips, const struct test_case *test,
                       const struct target *target, struct player *player, struct case_marks *marks,
                       bool is_apart, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const size_t first = test->together > 0 ? test->together : 1;
    int64_t passed_s = 0;

    http_session_reconnect(player->session);
    if (test->by_date)
        return play_by_date(trips, test, target, player, marks, err);
    if (!is_admitted(player, test->steps, first, true))
        return HM_OK;
    /* One time for all steps: equal recipes give equal tokens [J12]. */
    const int64_t now = target_now(target);
    if (test->together > 0)
        TRY(start_together(trips, test, target, player, marks, now, err));
    for (size_t i = test->together; i < test->step_count; i++) {
        if (is_apart)
            http_session_reconnect(player->session);
        TRY(time_pass(&passed_s, target, test->steps[i].wait_s, player, err));
        if (i > 0 && !is_admitted(player, &test->steps[i], 1, false))
            break;
        TRY(step_send(&trips[i], &test->steps[i], test->id, i, target, player, marks, now, err));
        contact_number_keep(marks, &trips[i]);
        if (!round_trip_is_answered(&trips[i]))
            break;
    }
out:
    if (code == HM_OK)
        code = time_restore(passed_s, target, player, err);
    else
        time_restore(passed_s, target, player, NULL);
    return code;
}

/* After a 429 among the answers: lets the next request wait. False: there is none, or waiting does
 * not help. */
static bool holds(struct player *player, const struct round_trip *trips, size_t count)
{
    size_t i = 0;

    while (i < count && !round_trip_is_limited(&trips[i]))
        i++;
    return i < count && traffic_hold(player->traffic, &trips[i].answer, &player->waited_ms);
}

enum hm_code play_step(struct round_trip *trip, const struct step *step, const char *what,
                       const struct target *target, struct player *player, struct case_marks *marks,
                       struct hm_error *err)
{
    enum hm_code code = HM_OK;

    player->waited_ms = 0;
    do {
        round_trip_fini(trip);
        http_session_reconnect(player->session);
        if (!is_admitted(player, step, 1, true))
            break;
        TRY(step_send(trip, step, what, 0, target, player, marks, target_now(target), err));
    } while (holds(player, trip, 1));
out:
    return code;
}

bool player_backs_off(struct player *player, const struct target *target,
                      const struct round_trip *trips, size_t count)
{
    return !target_is_ours(target) && holds(player, trips, count);
}
