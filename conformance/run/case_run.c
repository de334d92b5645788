#include "run/case_run.h"
#include "play/repeat.h"
#include "run/aftermath.h"
#include "run/ahead.h"
#include "run/mirror.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "target/folder.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    UNANSWERED_MAX = 5,
    REASON_BYTES_MAX = 1024,
    MESSAGE_TEXT = 800,
    RECORDS_BYTES_MAX = 16 * 1024 * 1024 /* of the exchanges that results show */
};

/* The state of one cmocka test. */
struct case_test {
    struct suite_run *run;
    struct ahead *ahead;
    struct result *result;
    const struct target *target;
    const struct played *played; /* NULL: it was not sent */
    bool is_decided;             /* false in teardown: cmocka caught a crash */
    char message[MESSAGE_TEXT];  /* of the assertion, which leaves the test by longjmp() */
};

static size_t number_of(const struct case_test *test)
{
    return (size_t)(test->result - test->run->results);
}

/* Keeps the curl lines and the records of a case with a warning or failure. */
static void evidence_keep(struct case_test *test, const struct round_trip *trips, json_t *records)
{
    struct suite_run *run = test->run;
    struct result *result = test->result;
    const size_t bytes = records != NULL ? json_dumpb(records, NULL, 0, JSON_COMPACT) : 0;
    const struct repeat repeat = suite_run_repeat(run, test->target);
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
    result->has_no_room = bytes > RECORDS_BYTES_MAX - run->records_bytes;
    if (result->has_no_room)
        return;
    run->records_bytes += bytes;
    result->records = json_incref(records);
}

/* A failed case with "excused_by" stays failed only if the target refuses the first step of that
 * case. Another answer than 2xx or 401 proves nothing. */
static void excuse_try(struct case_test *test)
{
    struct suite_run *run = test->run;
    const struct test_case *other = catalog_find(run->catalog, test->result->test->excused_by);
    struct case_marks marks = { .run = &run->marks };
    struct round_trip trip = { .was_tried = false };

    player_turn(&run->player, other, "excuse");
    if (other != NULL && (play_step(&trip, &other->steps[0], other->id, test->target, &run->player,
                                    &marks, NULL) != HM_OK ||
                          !round_trip_is_unauthorized(&trip)))
        judge_excuse(test->result, other->file->clause);
    round_trip_fini(&trip);
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
    if (!played_is_any(test->played, round_trip_is_limited))
        return;
    if (traffic_is_breach(&run->traffic))
        result_add(test->result, &remark, "429 only after 500 requests in a minute",
                   "429, though fewer than 450 requests were sent in the last minute");
    else if (test->target->kind == TARGET_STARTED && *argument == NULL)
        result_add(test->result, &remark, "429 only after 500 requests in a minute",
                   "429 from a mock without a rate limit");
}

/* Ends the run after a case that shows that more requests are useless, or do harm. */
static void run_stop_after(struct case_test *test)
{
    struct suite_run *run = test->run;

    suite_run_is_interrupted(run);
    if (run->traffic.stops_at_5xx && played_is_any(test->played, round_trip_is_5xx))
        suite_run_stop(run, STOP_SERVER_ERROR, SUITE_SAW_5XX);
    if (played_is_any(test->played, round_trip_is_limited) && traffic_is_breach(&run->traffic))
        suite_run_stop(run, STOP_LIMITED, "the target keeps answering 429");
    if (run->options.fails_fast && test->result->grade >= GRADE_FAILED)
        suite_run_stop(run, STOP_FAILURE, "--fail-fast, and a case failed");
    run->unanswered = played_is_any(test->played, round_trip_is_answered) ? 0 : run->unanswered + 1;
    if (run->unanswered >= UNANSWERED_MAX)
        suite_run_stop(run, STOP_UNANSWERED, "the target has not answered several cases in a row");
}

/* The case was sent again because a kept-open connection was closed without an answer. */
static void resent_remark(struct result *result)
{
    const struct remark lost = { .grade = GRADE_WARNED, .is_automatic = true };

    result_add(result, &lost, "a response, or Connection: close in the previous response",
               "a reused connection was closed without an answer; the case was sent again with "
               "a new connection for each request");
}

/* Judges the answers to the case. */
static void case_judge(struct case_test *test)
{
    struct suite_run *run = test->run;
    struct result *result = test->result;
    const struct judge judge = { &run->catalog->clauses, test->target, &run->ids, false };
    struct case_marks marks = test->played->marks;

    player_begin(&run->player, NULL, "excuse");
    if (test->played->is_resent)
        resent_remark(result);
    judge_case(result, &judge, test->played->trips, &marks);
    if (!written_note(&run->written, result, test->target, test->played->trips, &run->marks))
        result_decide(result, GRADE_BROKEN, "out of memory");
    limit_judge(test);
    if (result->grade == GRADE_FAILED && result->test->excused_by != NULL)
        excuse_try(test);
    transcript_add(&run->transcript, run->player.records);
    json_array_extend(test->played->records, run->player.records);
    if (run->options.baseline != NULL)
        baseline_apply(run->options.baseline, result, run->options.is_strict);
    evidence_keep(test, test->played->trips, test->played->records);
    run_stop_after(test);
}

/* Sends the case, or waits until it has been sent, and judges it. */
static void case_play(struct case_test *test)
{
    struct suite_run *run = test->run;
    struct result *result = test->result;

    test->played = ahead_play(test->ahead, number_of(test));
    if (test->played == NULL) {
        result_decide(result, GRADE_BROKEN, "out of memory");
        return;
    }
    transcript_add(&run->transcript, test->played->records);
    if (test->played->code != HM_OK)
        result_decide(result, GRADE_BROKEN, "%s", test->played->err.text);
    else if (suite_run_is_interrupted(run))
        result_decide(result, GRADE_SKIPPED, "not run: %s", run->stop_text);
    else if (test->played->is_spent)
        result_decide(result, GRADE_SKIPPED, "%s", SUITE_SPENT);
    else if (test->played->is_over && !played_is_any(test->played, round_trip_is_5xx))
        result_decide(result, GRADE_SKIPPED, "not run: %s", SUITE_SAW_5XX);
    else
        case_judge(test);
}

/* The result of the case whose wrong token was accepted while the right one was refused. */
static bool other_rule_judge(struct case_test *test)
{
    const struct clause *clause = test->result->test->file->clause;
    const char *mistake = mirror_code(test->result->test);
    const struct remark remark = { .grade = GRADE_FAILED, .clause = clause };
    char actual[MESSAGE_TEXT];

    snprintf(actual, sizeof actual,
             "the right token is refused, and this one is accepted: %s%s%s%s",
             test->result->test->says, mistake != NULL ? " (" : "", mistake != NULL ? mistake : "",
             mistake != NULL ? ")" : "");
    result_add(test->result, &remark, "401, and the right token accepted", actual);
    aftermath_repeat(test->run, test->result, test->target, 0);
    test->result->records = json_incref(test->run->player.records);
    return true;
}

/* Sets the result of a case that cannot be run; false: it can be run. If our own world lacks a
 * name, that is our own fault. */
static bool is_skipped(struct case_test *test)
{
    struct suite_run *run = test->run;
    const bool is_ours = run->stop == STOP_NONE && test->target->kind == TARGET_STARTED &&
                         target_keys_fit(test->target, test->result->test);
    struct buf reason;

    if (run->stop == STOP_OTHER_RULE && test->result->test == run->broken)
        return other_rule_judge(test);
    buf_init(&reason, REASON_BYTES_MAX);
    if (suite_run_ended_at_first(run))
        buf_puts(&reason, "not run: the first request, a correct one, was not accepted");
    else if (run->stop != STOP_NONE)
        buf_printf(&reason, "not run: %s", run->stop_text);
    else
        ahead_lacks(&reason, run, number_of(test), test->target);
    const bool lacks = reason.length > 0;
    if (lacks)
        result_decide(test->result, is_ours ? GRADE_BROKEN : GRADE_SKIPPED, "%s",
                      buf_text(&reason));
    buf_fini(&reason);
    return lacks;
}

static void case_end(struct case_test *test)
{
    test->result->time_ms = test->played != NULL ? test->played->time_ms : 0;
    ahead_free(test->ahead, number_of(test));
    test->run->done++;
    test->run->failed += test->result->grade >= GRADE_FAILED;
}

/* Finds the target and makes it ready for the case. An error is our own fault; cmocka then runs
 * neither test nor teardown. */
static int case_setup(void **state)
{
    struct case_test *test = *state;
    struct hm_error err;

    if (ahead_find(&test->target, test->ahead, number_of(test), &err) == HM_OK)
        return 0;
    result_decide(test->result, GRADE_BROKEN, "%s", err.text);
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
    struct ahead ahead = { 0 };

    run->results = calloc(count, sizeof *run->results);
    if (states == NULL || tests == NULL || run->results == NULL)
        TRY(no_memory(err));
    run->result_count = count;
    for (size_t i = 0; i < count; i++) {
        run->results[i].test = run->catalog->chosen[i];
        states[i].run = run;
        states[i].ahead = &ahead;
        states[i].result = &run->results[i];
        tests[i] = (struct CMUnitTest){ run->results[i].test->id, case_test, case_setup,
                                        case_teardown, &states[i] };
    }
    TRY(ahead_init(&ahead, run, err));
    if (!prints) {
        TRY(cmocka_silence(folder, err));
        progress_begin(&run->progress, count);
    }
    _cmocka_run_group_tests("heymarket-conformance", tests, count, NULL, NULL);
    progress_hide(&run->progress);
out:
    ahead_fini(&ahead);
    folder_remove(folder);
    free(states);
    free(tests);
    return code;
}
