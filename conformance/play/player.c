#include "play/player.h"
#include "contract/channel_answer.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "target/mock_control.h"
#include "target/pace.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { S_MS = 1000 };

/* A request that is sent in its own thread. */
struct errand {
    pthread_t thread;
    struct http_session *session;
    struct round_trip *trip;
    enum hm_code code;
    struct hm_error err;
};

static enum hm_code trip_send(struct round_trip *trip, struct http_session *session,
                              struct hm_error *err)
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
        .answer_bytes_max = ANSWER_BYTES_MAX,
    };
    enum hm_code code = http_send(session, &request, &trip->answer, err);

    trip->was_tried = code == HM_OK;
    return code;
}

/* Counts and parses an answer; called on the main thread only. */
static void trip_take(struct round_trip *trip, struct player *player, const char *what, size_t step)
{
    const char *method = step_text(trip->message.step, "method");

    if (!trip->was_tried)
        return;
    player->sent++;
    backoff_sent(&player->backoff, monotonic_ms());
    if (round_trip_is_accepted(trip) && method != NULL && strcmp(method, "POST") == 0)
        player->accepted++;
    if (round_trip_is_answered(trip) && trip->answer.status / 100 == 5)
        player->saw_5xx = true;
    if (player->transcript != NULL)
        transcript_add(player->transcript, trip);
    round_trip_parse(trip);
    if (!ledger_note(&player->ledger, trip, what, step))
        player->is_spent = true; /* nothing is sent that could not be noted */
}

static bool is_over(const struct player *player)
{
    return stop_signal() != 0 || (player->stops_at_5xx && player->saw_5xx);
}

/* Could @count more requests exceed the budget? A wrong target may accept any POST. */
static bool is_too_much(struct player *player, const struct step *steps, size_t count)
{
    size_t writes = 0;

    for (size_t i = 0; i < count; i++) {
        const char *method = step_text(&steps[i], "method");

        writes += method != NULL && strcmp(method, "POST") == 0;
    }
    if (writes > 0 &&
        (player->accepted > player->budget || writes > player->budget - player->accepted))
        player->is_spent = true;
    return player->is_spent;
}

static void *errand_run(void *context)
{
    struct errand *errand = context;

    errand->code = trip_send(errand->trip, errand->session, &errand->err);
    return NULL;
}

/* Sends the first @count steps at the same time, each on its own connection. All sessions are
 * made before the first thread starts. */
static enum hm_code play_together(struct round_trip *trips, const struct test_case *test,
                                  struct player *player, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const size_t count = test->together;
    struct errand *errands = calloc(count, sizeof *errands);
    size_t started = 0;

    if (errands == NULL)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        errands[i].trip = &trips[i];
        TRY(http_session_new(&errands[i].session, player->ca_file, err));
        pace_wait(&player->pace);
    }
    while (started < count &&
           pthread_create(&errands[started].thread, NULL, errand_run, &errands[started]) == 0)
        started++;
    if (started < count)
        code = hm_error_set(err, HM_INTERNAL, "cannot start %zu threads", count);
out:
    for (size_t i = 0; i < started; i++) {
        pthread_join(errands[i].thread, NULL);
        trip_take(errands[i].trip, player, test->id, i);
        if (errands[i].code != HM_OK && code == HM_OK)
            code = hm_error_set(err, errands[i].code, "%s", errands[i].err.text);
    }
    for (size_t i = 0; i < count; i++)
        http_session_free(errands[i].session);
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
        pace_sleep(wait_s * S_MS);
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

enum hm_code play_case(struct round_trip *trips, const struct test_case *test,
                       const struct target *target, struct player *player, struct case_marks *marks,
                       bool is_apart, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const int64_t now =
        target_now(target); /* one time for all steps: equal recipes give equal tokens [J12] */
    int64_t passed_s = 0;

    for (size_t i = 0; i < test->together; i++)
        TRY(message_make(&trips[i].message, &test->steps[i], target->base_url, &target->names,
                         marks, now, err));
    player->is_spent = false;
    if (test->together > 0 && !is_too_much(player, test->steps, test->together))
        TRY(play_together(trips, test, player, err));
    http_session_reconnect(player->session);
    for (size_t i = test->together; i < test->step_count; i++) {
        if (is_apart)
            http_session_reconnect(player->session);
        TRY(message_make(&trips[i].message, &test->steps[i], target->base_url, &target->names,
                         marks, now, err));
        TRY(time_pass(&passed_s, target, test->steps[i].wait_s, player, err));
        if (trips[i].message.is_on_new_connection)
            http_session_reconnect(player->session);
        pace_wait(&player->pace);
        if (is_over(player) || is_too_much(player, &test->steps[i], 1))
            break;
        TRY(trip_send(&trips[i], player->session, err));
        trip_take(&trips[i], player, test->id, i);
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

/* After a 429 among the answers: waits. False: there is none, or waiting does not help. */
static bool waits(struct player *player, const struct round_trip *trips, size_t count)
{
    int64_t wait_ms = 0;
    size_t i = 0;

    while (i < count && !round_trip_is_limited(&trips[i]))
        i++;
    if (i < count)
        wait_ms = backoff_after(&player->backoff, &trips[i].answer, monotonic_ms());
    if (wait_ms > 0)
        pace_sleep(wait_ms);
    return wait_ms > 0 && stop_signal() == 0;
}

static enum hm_code step_send(struct round_trip *trip, const struct step *step, const char *what,
                              const struct target *target, struct player *player,
                              struct case_marks *marks, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    player->is_spent = false;
    http_session_reconnect(player->session);
    TRY(message_make(&trip->message, step, target->base_url, &target->names, marks,
                     target_now(target), err));
    pace_wait(&player->pace);
    if (is_over(player) || is_too_much(player, step, 1))
        goto out;
    TRY(trip_send(trip, player->session, err));
    trip_take(trip, player, what, 0);
out:
    return code;
}

enum hm_code play_step(struct round_trip *trip, const struct step *step, const char *what,
                       const struct target *target, struct player *player, struct case_marks *marks,
                       struct hm_error *err)
{
    enum hm_code code = HM_OK;

    backoff_case(&player->backoff);
    do {
        round_trip_fini(trip);
        TRY(step_send(trip, step, what, target, player, marks, err));
    } while (waits(player, trip, 1));
out:
    return code;
}

bool player_backs_off(struct player *player, const struct target *target,
                      const struct round_trip *trips, size_t count)
{
    return !target_is_ours(target) && waits(player, trips, count);
}
