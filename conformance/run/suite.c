#include "run/suite.h"
#include "cases/layer.h"
#include "play/repeat.h"
#include "run/cmocka_run.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include "target/pace.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNANSWERED_MAX = 5, REASON_BYTES_MAX = 1024, UNAUTHORIZED = 401, TOO_MANY_REQUESTS = 429 };

static const char budget_text[] = "budget: no room for more accepted writes";

/* What a cmocka test carries. */
struct item {
    struct suite_run *run;
    struct result *result;
};

static void run_stop(struct suite_run *run, enum stop_kind kind, const char *text)
{
    if (run->stop != STOP_NONE)
        return;
    run->stop = kind;
    snprintf(run->stop_text, sizeof run->stop_text, "%s", text);
}

/* The curl lines and the records of a result that somebody will want to see again. */
static void evidence_keep(struct result *result, const struct suite_run *run,
                          const struct target *target, const struct round_trip *trips)
{
    const struct repeat repeat = { target, run->catalog->from.dir, run->options.targets.ca_file };
    struct buf text;
    size_t last = 0;

    if (result->grade < GRADE_WARNED)
        return;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= GRADE_WARNED && result->remarks[i].step > last)
            last = result->remarks[i].step;
    }
    buf_init(&text, REPEAT_BYTES_MAX);
    repeat_write(&text, &repeat, result->test, trips, last);
    result->repeat = buf_take(&text);
    result->records = transcript_records(&run->transcript);
}

/* Did the target accept the first step of the case that would excuse this one? */
static bool is_excused(struct suite_run *run, const struct target *target,
                       const struct test_case *test)
{
    const struct test_case *other = catalog_find(run->catalog, test->excused_by);
    struct case_marks marks = { .run = &run->marks };
    struct round_trip trip;
    bool is_accepted = false;

    memset(&trip, 0, sizeof trip);
    transcript_turn(&run->transcript, other, "excuse");
    if (other != NULL &&
        play_step(&trip, &other->steps[0], other->id, target, &run->player, &marks, NULL) == HM_OK)
        is_accepted = round_trip_is_accepted(&trip);
    round_trip_fini(&trip);
    return is_accepted;
}

static bool is_any(const struct round_trip *trips, size_t count,
                   bool (*question)(const struct round_trip *trip))
{
    for (size_t i = 0; i < count; i++) {
        if (question(&trips[i]))
            return true;
    }
    return false;
}

static void trips_clear(struct round_trip *trips, size_t count)
{
    for (size_t i = 0; i < count; i++)
        round_trip_fini(&trips[i]);
}

static void limit_remark_add(struct suite_run *run, struct result *result)
{
    const struct remark remark = { .grade = run->targets.is_live ? GRADE_WARNED : GRADE_FAILED,
                                   .clause = clause_find(&run->catalog->clauses, "E4"),
                                   .is_automatic = true };

    result_add(result, &remark, "429 after 500 requests in a minute, no sooner",
               run->player.backoff.is_breach
                   ? "429, though fewer than 450 requests were sent in the last minute"
                   : "429 of a mock that was told no limit");
}

static void lost_remark_add(struct result *result)
{
    const struct remark remark = { .grade = GRADE_WARNED, .is_automatic = true };

    result_add(result, &remark, "an answer, or Connection: close before the connection ends",
               "a kept-open connection was closed instead of answering; the case was played "
               "again with a new connection for each request");
}

static bool is_limited(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status == TOO_MANY_REQUESTS;
}

/* Is a case's 429 one that nothing called for? A mock that we start limits only when told to. */
static bool is_limited_too_soon(const struct suite_run *run, const struct target *target,
                                const struct test_case *test)
{
    const char *const *argument = test->file->mock_arguments;

    while (*argument != NULL && strcmp(*argument, "--rate-limit") != 0)
        argument++;
    return run->player.backoff.is_breach || (target->kind == TARGET_STARTED && *argument == NULL);
}

/* After a 429 of a foreign target: waits as it asks. False: there is none, or it does not help. */
static bool is_waited_for(struct suite_run *run, const struct target *target,
                          const struct round_trip *trips, size_t count)
{
    int64_t wait_ms = 0;
    size_t i;

    for (i = 0; i < count && !is_limited(&trips[i]); i++)
        ;
    if (i < count && !target_is_ours(target))
        wait_ms = backoff_after(&run->player.backoff, &trips[i].answer, monotonic_ms());
    if (wait_ms > 0)
        pace_sleep(wait_ms);
    return wait_ms > 0 && stop_signal() == 0;
}

/* Forgets what was played, so that it can be played again. */
static void case_rewind(struct suite_run *run, struct round_trip *trips, size_t count,
                        struct case_marks *marks)
{
    trips_clear(trips, count);
    memset(marks, 0, sizeof *marks);
    marks->run = &run->marks;
}

/* Plays a case; again, where it was answered with 429, after a wait; and again, on connections of
 * its own, where a kept-open one was closed under it. */
static enum hm_code case_play(struct suite_run *run, struct result *result,
                              const struct target *target, struct round_trip *trips,
                              struct case_marks *marks, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct test_case *test = result->test;

    backoff_case(&run->player.backoff);
    TRY(play_case(trips, test, target, &run->player, marks, false, err));
    while (is_waited_for(run, target, trips, test->step_count)) {
        case_rewind(run, trips, test->step_count, marks);
        TRY(play_case(trips, test, target, &run->player, marks, false, err));
    }
    if (is_any(trips, test->step_count, round_trip_is_lost_on_reuse)) {
        case_rewind(run, trips, test->step_count, marks);
        TRY(play_case(trips, test, target, &run->player, marks, true, err));
        lost_remark_add(result);
    }
out:
    return code;
}

/* Ends the run after a case that says that going on is no use, or does harm. */
static void case_heed(struct suite_run *run, const struct round_trip *trips, size_t count)
{
    if (stop_signal() != 0)
        run_stop(run, STOP_SIGNAL, "the run was interrupted");
    if (run->player.stops_at_5xx && run->player.saw_5xx)
        run_stop(run, STOP_SERVER_ERROR, "the live target answered 5xx and is left alone");
    if (is_any(trips, count, is_limited) && run->player.backoff.is_breach)
        run_stop(run, STOP_LIMITED, "the target goes on answering 429");
    run->unanswered = is_any(trips, count, round_trip_is_answered) ? 0 : run->unanswered + 1;
    if (run->unanswered >= UNANSWERED_MAX)
        run_stop(run, STOP_UNANSWERED, "the target has not answered for several cases in a row");
}

static void case_run(struct suite_run *run, struct result *result, const struct target *target)
{
    const struct test_case *test = result->test;
    const struct judge judge = { &run->catalog->clauses, target, &run->ids };
    struct round_trip *trips = calloc(test->step_count, sizeof *trips);
    struct case_marks marks = { .run = &run->marks };
    struct hm_error err;

    if (trips == NULL) {
        result_decide(result, GRADE_BROKEN, "out of memory");
        return;
    }
    transcript_begin(&run->transcript, test, "case");
    if (case_play(run, result, target, trips, &marks, &err) != HM_OK) {
        result_decide(result, GRADE_BROKEN, "%s", err.text);
    } else if (stop_signal() != 0) {
        result_decide(result, GRADE_SKIPPED, "interrupted");
        run_stop(run, STOP_SIGNAL, "the run was interrupted");
    } else if (run->player.is_spent) {
        result_decide(result, GRADE_SKIPPED, "%s", budget_text);
    } else {
        judge_case(result, &judge, trips, &marks);
        if (is_any(trips, test->step_count, is_limited) && is_limited_too_soon(run, target, test))
            limit_remark_add(run, result);
        if (result->grade == GRADE_FAILED && test->excused_by != NULL &&
            is_excused(run, target, test))
            judge_excuse(result);
        if (run->options.baseline != NULL)
            baseline_apply(run->options.baseline, result, run->options.is_strict);
        evidence_keep(result, run, target, trips);
        case_heed(run, trips, test->step_count);
    }
    trips_clear(trips, test->step_count);
    free(trips);
}

/* Why a case is not run, in @reason; false: nothing speaks against it. */
static bool is_skipped(struct buf *reason, const struct suite_run *run, const struct target *target,
                       const struct result *result)
{
    const struct test_case *test = result->test;
    const size_t number = (size_t)(result - run->results);

    if (run->stop != STOP_NONE)
        buf_printf(reason, "not run: %s", run->stop_text);
    else if (!judge_has_say(test, target))
        buf_puts(reason, "speaks of our mock only");
    else
        target_lacks(reason, target, test);
    if (reason->length == 0 && run->plan.has_room != NULL &&
        (!run->plan.has_room[number] || run->player.accepted >= run->player.budget))
        buf_puts(reason, budget_text);
    return reason->length > 0;
}

static bool item_run(void *context)
{
    struct item *item = context;
    struct suite_run *run = item->run;
    struct result *result = item->result;
    const struct target *target = &run->targets.named;
    const int64_t start_ms = monotonic_ms();
    struct hm_error err;
    struct buf reason;

    progress_show(&run->progress, result->test->id, run->done, run->failed);
    buf_init(&reason, REASON_BYTES_MAX);
    if (run->stop == STOP_NONE && stop_signal() != 0)
        run_stop(run, STOP_SIGNAL, "the run was interrupted");
    if (run->stop == STOP_NONE && targets_find(&target, &run->targets, result->test, &err) != HM_OK)
        result_decide(result, GRADE_BROKEN, "%s", err.text);
    else if (is_skipped(&reason, run, target, result))
        /* A world of ours that lacks what a case of ours names is our fault. */
        result_decide(result,
                      run->stop == STOP_NONE && target->kind == TARGET_STARTED ? GRADE_BROKEN
                                                                               : GRADE_SKIPPED,
                      "%s", buf_text(&reason));
    else
        case_run(run, result, target);
    result->time_ms = monotonic_ms() - start_ms;
    run->done++;
    run->failed += result->grade >= GRADE_FAILED;
    buf_fini(&reason);
    return result->grade < GRADE_FAILED;
}

/* The first request to a named target, a correct one. Where even that is refused for its
 * credentials, nothing that follows would say anything. */
static enum hm_code probe(struct suite_run *run, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct case_marks marks = { .run = &run->marks };
    struct step step = { .request = layer_base(LAYER_REQUEST), .token = layer_base(LAYER_TOKEN) };
    struct round_trip trip;
    struct buf text;

    memset(&trip, 0, sizeof trip);
    buf_init(&text, HM_ERROR_TEXT);
    if (step.request == NULL || step.token == NULL)
        TRY(no_memory(err));
    TRY(play_step(&trip, &step, "probe", &run->targets.named, &run->player, &marks, err));
    while (is_waited_for(run, &run->targets.named, &trip, 1)) {
        round_trip_fini(&trip);
        TRY(play_step(&trip, &step, "probe", &run->targets.named, &run->player, &marks, err));
    }
    round_trip_describe(&text, &trip);
    if (stop_signal() != 0)
        run_stop(run, STOP_SIGNAL, "the run was interrupted");
    else if (trip.answer.outcome == HTTP_NOT_SENT)
        run_stop(run, STOP_NOT_REACHABLE, buf_text(&text));
    else if (!round_trip_is_answered(&trip))
        run_stop(run, STOP_NO_ANSWER, buf_text(&text));
    else if (trip.answer.status == UNAUTHORIZED)
        run_stop(run, STOP_CREDENTIALS, buf_text(&text));
    else if (run->player.stops_at_5xx && run->player.saw_5xx)
        run_stop(run, STOP_SERVER_ERROR, "the live target answered 5xx and is left alone");
out:
    round_trip_fini(&trip);
    json_decref(step.request);
    json_decref(step.token);
    buf_fini(&text);
    return code;
}

/* What the report calls the target. */
static void target_describe(struct suite_run *run)
{
    const struct target *target = &run->targets.named;
    const char *kind = target->kind == TARGET_OUR_MOCK ? "our mock, heymarket-mock "
                       : run->targets.is_live          ? "a live target"
                                                       : "a foreign target";

    run->is_ours = !run->targets.is_named || target_is_ours(target);
    if (!run->targets.is_named) {
        run->target_kind = "started-mock";
        snprintf(run->target_text, sizeof run->target_text, "our mock, started for the run (%s)",
                 run->targets.mock_program);
        return;
    }
    run->target_kind = target->kind == TARGET_OUR_MOCK ? "mock"
                       : run->targets.is_live          ? "live"
                                                       : "foreign";
    snprintf(run->target_url, sizeof run->target_url, "%s", target->base_url);
    snprintf(run->target_version, sizeof run->target_version, "%s",
             target->version != NULL ? target->version : "");
    snprintf(run->target_text, sizeof run->target_text, "%s, %s%s", target->base_url, kind,
             target->version != NULL ? target->version : "");
}

/* The first thing that can go wrong should go wrong before the first case: a mock that does not
 * start, a target that cannot be used. */
static enum hm_code run_begin(struct suite_run *run, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct target *unused;

    if (!marks_init(&run->marks))
        TRY(hm_error_set(err, HM_INTERNAL, "the system gave no random bytes"));
    TRY(transcript_init(&run->transcript, run->options.keeps_records, err));
    TRY(http_session_new(&run->session, run->options.targets.ca_file, err));
    TRY(targets_init(&run->targets, run->session, &run->options.targets, err));
    target_describe(run);
    run->player.session = run->session;
    run->player.ca_file = run->options.targets.ca_file;
    run->player.transcript = &run->transcript;
    run->player.stops_at_5xx = run->targets.is_live;
    run->player.budget = run->targets.is_live ? (size_t)run->options.budget : SIZE_MAX;
    if (run->targets.is_live &&
        !plan_make(&run->plan, run->catalog, &run->targets.named, run->player.budget,
                   run->options.learns ? LEARN_WRITES_MAX : 0))
        TRY(no_memory(err));
    pace_init(&run->player.pace, run->targets.is_live ? run->options.rate : 0);
    if (run->targets.is_named)
        TRY(probe(run, err));
    else
        TRY(targets_find(&unused, &run->targets, run->catalog->chosen[0], err));
out:
    return code;
}

static enum hm_code items_run(struct suite_run *run, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    size_t count = run->catalog->chosen_count;
    struct item *items = calloc(count, sizeof *items);
    struct cmocka_item *tests = calloc(count, sizeof *tests);

    run->results = calloc(count, sizeof *run->results);
    if (items == NULL || tests == NULL || run->results == NULL)
        TRY(no_memory(err));
    run->result_count = count;
    for (size_t i = 0; i < count; i++) {
        run->results[i].test = run->catalog->chosen[i];
        items[i].run = run;
        items[i].result = &run->results[i];
        tests[i].name = run->catalog->chosen[i]->id;
        tests[i].run = item_run;
        tests[i].context = &items[i];
    }
    progress_begin(&run->progress, count);
    code = cmocka_run(&run->cmocka_says, tests, count, err);
    progress_end(&run->progress);
out:
    free(items);
    free(tests);
    return code;
}

/* Lets go of the target; what the mocks have to say at their end is kept. */
static void run_end(struct suite_run *run)
{
    struct hm_error err;

    if (targets_fini(&run->targets, &err) != HM_OK)
        snprintf(run->mock_text, sizeof run->mock_text, "%s", err.text);
    http_session_free(run->session);
    run->session = NULL;
}

enum hm_code suite_run_cases(struct suite_run *run, const struct catalog *catalog,
                             const struct suite_run_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const int64_t start_ms = monotonic_ms();

    memset(run, 0, sizeof *run);
    run->catalog = catalog;
    run->options = *options;
    run->started_s = wall_clock_s();
    TRY(run_begin(run, err));
    TRY(items_run(run, err));
    transcript_begin(&run->transcript, NULL, "learn");
    if (run->options.learns && run->stop == STOP_NONE && run->targets.is_named)
        TRY(learn(&run->learning, &run->catalog->clauses, &run->targets.named, &run->player,
                  &run->marks, err));
    run_end(run);
    run->time_ms = monotonic_ms() - start_ms;
out:
    return code;
}

void suite_run_fini(struct suite_run *run)
{
    run_end(run);
    for (size_t i = 0; i < run->result_count; i++)
        result_fini(&run->results[i]);
    free(run->results);
    free(run->cmocka_says);
    request_ids_fini(&run->ids);
    ledger_fini(&run->player.ledger);
    plan_fini(&run->plan);
    transcript_fini(&run->transcript);
    memset(run, 0, sizeof *run);
}
