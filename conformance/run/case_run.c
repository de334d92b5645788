#include "run/case_run.h"
#include "play/repeat.h"
#include "run/mirror.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "target/folder.h"
#include "target/pace.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { UNANSWERED_MAX = 5, REASON_BYTES_MAX = 1024, MESSAGE_TEXT = 800 };

static const char budget_text[] = "budget: no more writes may be accepted";

/* The state of one cmocka test. */
struct case_test {
    struct suite_run *run;
    struct result *result;
    const struct target *target;
    struct round_trip *trips; /* one for each step */
    int64_t start_ms;
    bool is_decided;            /* false in teardown: cmocka caught a crash */
    char message[MESSAGE_TEXT]; /* of the assertion, which leaves the test by longjmp() */
};

/* Keeps the curl lines and the records of a case with a warning or failure. */
static void evidence_keep(struct case_test *test)
{
    const struct suite_run *run = test->run;
    struct result *result = test->result;
    const struct repeat repeat = { test->target, run->catalog->from.dir,
                                   run->options.targets.ca_file };
    struct buf text;
    size_t last = 0;

    if (result->grade < GRADE_WARNED)
        return;
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= GRADE_WARNED && result->remarks[i].step > last)
            last = result->remarks[i].step;
    }
    buf_init(&text, REPEAT_BYTES_MAX);
    repeat_write(&text, &repeat, result->test, test->trips, last);
    result->repeat = buf_take(&text);
    result->records = transcript_records(&run->transcript);
}

/* A failed case with "excused_by" stays failed only if the target refuses the first step of that
 * case. Another answer than 2xx or 401 proves nothing. */
static void excuse_try(struct case_test *test)
{
    struct suite_run *run = test->run;
    const struct test_case *other = catalog_find(run->catalog, test->result->test->excused_by);
    struct case_marks marks = { .run = &run->marks };
    struct round_trip trip = { .was_tried = false };

    transcript_turn(&run->transcript, other, "excuse");
    if (other != NULL && (play_step(&trip, &other->steps[0], other->id, test->target, &run->player,
                                    &marks, NULL) != HM_OK ||
                          !round_trip_is_unauthorized(&trip)))
        judge_excuse(test->result, other->file->clause);
    round_trip_fini(&trip);
}

static bool is_any(const struct case_test *test, bool (*question)(const struct round_trip *trip))
{
    for (size_t i = 0; i < test->result->test->step_count; i++) {
        if (question(&test->trips[i]))
            return true;
    }
    return false;
}

/* A 429 that came too early. A mock that we start has a limit only with --rate-limit. */
static void limit_judge(struct case_test *test)
{
    struct suite_run *run = test->run;
    const char *const *argument = test->result->test->file->mock_arguments;
    const struct remark remark = { .grade = run->targets.is_live ? GRADE_WARNED : GRADE_FAILED,
                                   .clause = clause_find(&run->catalog->clauses, "E4"),
                                   .is_automatic = true };

    while (*argument != NULL && strcmp(*argument, "--rate-limit") != 0)
        argument++;
    if (!is_any(test, round_trip_is_limited))
        return;
    if (run->player.backoff.is_breach)
        result_add(test->result, &remark, "429 only after 500 requests in a minute",
                   "429, though fewer than 450 requests were sent in the last minute");
    else if (test->target->kind == TARGET_STARTED && *argument == NULL)
        result_add(test->result, &remark, "429 only after 500 requests in a minute",
                   "429 from a mock without a rate limit");
}

static void trips_clear(struct case_test *test)
{
    for (size_t i = 0; i < test->result->test->step_count; i++)
        round_trip_fini(&test->trips[i]);
}

/* Sends the case from its start, with fresh values. */
static enum hm_code send_once(struct case_test *test, struct case_marks *marks, bool is_apart,
                              struct hm_error *err)
{
    trips_clear(test);
    memset(marks, 0, sizeof *marks);
    marks->run = &test->run->marks;
    return play_case(test->trips, test->result->test, test->target, &test->run->player, marks,
                     is_apart, err);
}

/* Sends the case; again after the wait that a 429 asks for; and once more, each request on a new
 * connection, if a kept-open connection was closed without an answer. */
static enum hm_code case_send(struct case_test *test, struct case_marks *marks,
                              struct hm_error *err)
{
    const struct remark lost = { .grade = GRADE_WARNED, .is_automatic = true };
    enum hm_code code = HM_OK;

    backoff_case(&test->run->player.backoff);
    do
        TRY(send_once(test, marks, false, err));
    while (player_backs_off(&test->run->player, test->target, test->trips,
                            test->result->test->step_count));
    if (is_any(test, round_trip_is_lost_on_reuse)) {
        TRY(send_once(test, marks, true, err));
        result_add(test->result, &lost, "a response, or Connection: close in the previous response",
                   "a reused connection was closed without an answer; the case was sent again with "
                   "a new connection for each request");
    }
out:
    return code;
}

/* Ends the run after a case that shows that more requests are useless, or do harm. */
static void run_stop_after(struct case_test *test)
{
    struct suite_run *run = test->run;

    suite_run_is_interrupted(run);
    if (run->player.stops_at_5xx && run->player.saw_5xx)
        suite_run_stop(run, STOP_SERVER_ERROR,
                       "the live target answered with 5xx, so the run stops");
    if (is_any(test, round_trip_is_limited) && run->player.backoff.is_breach)
        suite_run_stop(run, STOP_LIMITED, "the target keeps answering 429");
    run->unanswered = is_any(test, round_trip_is_answered) ? 0 : run->unanswered + 1;
    if (run->unanswered >= UNANSWERED_MAX)
        suite_run_stop(run, STOP_UNANSWERED, "the target has not answered several cases in a row");
}

/* Sends and judges the case. */
static void case_play(struct case_test *test)
{
    struct suite_run *run = test->run;
    struct result *result = test->result;
    const struct judge judge = { &run->catalog->clauses, test->target, &run->ids };
    struct case_marks marks;
    struct hm_error err;

    transcript_begin(&run->transcript, result->test, "case");
    if (case_send(test, &marks, &err) != HM_OK) {
        result_decide(result, GRADE_BROKEN, "%s", err.text);
    } else if (suite_run_is_interrupted(run)) {
        result_decide(result, GRADE_SKIPPED, "interrupted");
    } else if (run->player.is_spent) {
        result_decide(result, GRADE_SKIPPED, "%s", budget_text);
    } else {
        judge_case(result, &judge, test->trips, &marks);
        limit_judge(test);
        if (result->grade == GRADE_FAILED && result->test->excused_by != NULL)
            excuse_try(test);
        if (run->options.baseline != NULL)
            baseline_apply(run->options.baseline, result, run->options.is_strict);
        evidence_keep(test);
        run_stop_after(test);
    }
}

/* The result of the case whose wrong token was accepted while the right one was refused. */
static bool other_rule_judge(struct case_test *test)
{
    const struct clause *clause = test->result->test->file->clause;
    const char *mistake = mirror_code(test->result->test);
    const struct remark remark = { .grade = GRADE_FAILED, .clause = clause };
    struct case_marks marks = { .run = &test->run->marks };
    char actual[MESSAGE_TEXT];

    snprintf(actual, sizeof actual,
             "the right token is refused, and this one is accepted: %s%s%s%s",
             test->result->test->says, mistake != NULL ? " (" : "", mistake != NULL ? mistake : "",
             mistake != NULL ? ")" : "");
    result_add(test->result, &remark, "401, and the right token accepted", actual);
    test->trips[0].was_tried =
        message_make(&test->trips[0].message, &test->result->test->steps[0], test->target->base_url,
                     &test->target->names, &marks, target_now(test->target), NULL) == HM_OK;
    evidence_keep(test);
    return true;
}

/* Sets the result of a case that cannot be run; false: it can be run. If our own world lacks a
 * name, that is our own fault. */
static bool is_skipped(struct case_test *test)
{
    const struct suite_run *run = test->run;
    const size_t number = (size_t)(test->result - run->results);
    const bool is_ours = run->stop == STOP_NONE && test->target->kind == TARGET_STARTED;
    struct buf reason;

    if (run->stop == STOP_OTHER_RULE && test->result->test == run->broken)
        return other_rule_judge(test);
    buf_init(&reason, REASON_BYTES_MAX);
    if (suite_run_ended_at_first(run))
        buf_puts(&reason, "not run: the first request, a correct one, was not accepted");
    else if (run->stop != STOP_NONE)
        buf_printf(&reason, "not run: %s", run->stop_text);
    else if (!judge_has_say(test->result->test, test->target))
        buf_puts(&reason, "only about our mock");
    else
        target_lacks(&reason, test->target, test->result->test);
    if (reason.length == 0 && run->plan.has_room != NULL &&
        (!run->plan.has_room[number] || run->player.accepted >= run->player.budget))
        buf_puts(&reason, budget_text);
    const bool lacks = reason.length > 0;
    if (lacks)
        result_decide(test->result, is_ours ? GRADE_BROKEN : GRADE_SKIPPED, "%s",
                      buf_text(&reason));
    buf_fini(&reason);
    return lacks;
}

static void case_end(struct case_test *test)
{
    test->result->time_ms = monotonic_ms() - test->start_ms;
    test->run->done++;
    test->run->failed += test->result->grade >= GRADE_FAILED;
}

/* Finds the target and makes it ready for the case. An error is our own fault; cmocka then runs
 * neither test nor teardown. */
static int case_setup(void **state)
{
    struct case_test *test = *state;
    struct suite_run *run = test->run;
    struct hm_error err;

    progress_show(&run->progress, test->result->test->id, run->done, run->failed);
    test->start_ms = monotonic_ms();
    test->target = &run->targets.named;
    test->trips = calloc(test->result->test->step_count, sizeof *test->trips);
    if (test->trips == NULL)
        result_decide(test->result, GRADE_BROKEN, "out of memory");
    else if (!suite_run_is_interrupted(run) && run->stop == STOP_NONE &&
             targets_find(&test->target, &run->targets, test->result->test, &err) != HM_OK)
        result_decide(test->result, GRADE_BROKEN, "%s", err.text);
    else
        return 0;
    free(test->trips);
    case_end(test);
    return -1;
}

/* The first remark that makes the case fail, or the reason of a broken one, in one line. */
static void message_write(struct case_test *test)
{
    const struct result *result = test->result;
    size_t i = 0;

    while (i < result->remark_count && result->remarks[i].grade < GRADE_FAILED)
        i++;
    if (i < result->remark_count)
        snprintf(test->message, sizeof test->message, "%s: expected %s, actual %s",
                 result->remarks[i].clause != NULL ? result->remarks[i].clause->id : "HTTP",
                 result->remarks[i].expected, result->remarks[i].actual);
    else
        snprintf(test->message, sizeof test->message, "%s",
                 result->reason != NULL ? result->reason : "out of memory");
}

static void case_test(void **state)
{
    struct case_test *test = *state;

    if (!is_skipped(test))
        case_play(test);
    test->is_decided = true;
    if (test->result->grade == GRADE_SKIPPED)
        skip();
    message_write(test);
    /* As assert_true() does it, with the case file as the place; cmocka also wants a line. */
    _assert_true(test->result->grade < GRADE_FAILED, test->message,
                 test->result->test->file->json.name, 1);
}

static int case_teardown(void **state)
{
    struct case_test *test = *state;

    if (!test->is_decided)
        result_decide(test->result, GRADE_BROKEN, "the suite crashed in this case");
    trips_clear(test);
    free(test->trips);
    case_end(test);
    return 0;
}

/* cmocka 1.1 has no silent mode. It writes XML to a file after the last test; this file is removed
 * unread. */
static enum hm_code cmocka_silence(char folder[FOLDER_TEXT], struct hm_error *err)
{
    enum hm_code code = HM_OK;
    char path[FOLDER_TEXT + sizeof "/cmocka.xml"];

    TRY(folder_make(folder, err));
    snprintf(path, sizeof path, "%s/cmocka.xml", folder);
    if (unsetenv("CMOCKA_MESSAGE_OUTPUT") != 0 || setenv("CMOCKA_XML_FILE", path, 1) != 0)
        TRY(no_memory(err));
    cmocka_set_message_output(CM_OUTPUT_XML);
out:
    return code;
}

enum hm_code case_tests_run(struct suite_run *run, bool prints, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const size_t count = run->catalog->chosen_count;
    struct case_test *states = calloc(count, sizeof *states);
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    char folder[FOLDER_TEXT] = "";

    run->results = calloc(count, sizeof *run->results);
    if (states == NULL || tests == NULL || run->results == NULL)
        TRY(no_memory(err));
    run->result_count = count;
    for (size_t i = 0; i < count; i++) {
        run->results[i].test = run->catalog->chosen[i];
        states[i].run = run;
        states[i].result = &run->results[i];
        tests[i] = (struct CMUnitTest){ run->results[i].test->id, case_test, case_setup,
                                        case_teardown, &states[i] };
    }
    if (!prints) {
        TRY(cmocka_silence(folder, err));
        progress_begin(&run->progress, count);
    }
    _cmocka_run_group_tests("heymarket-conformance", tests, count, NULL, NULL);
    progress_hide(&run->progress);
out:
    folder_remove(folder);
    free(states);
    free(tests);
    return code;
}
