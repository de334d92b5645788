#include "run/ahead.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

/* More cases are not played ahead: their answers would wait for their turn in memory. */
enum { AHEAD_MAX = 256, REASON_BYTES_MAX = 1024 };

enum hm_code ahead_init(struct ahead *ahead, struct suite_run *run, struct hm_error *err)
{
    const struct pool_options options = {
        .jobs = run->jobs,
        .traffic = &run->traffic,
        .marks = &run->marks,
        .tls = &run->options.targets.tls,
        .no_secrets = run->transcript.no_secrets,
    };

    memset(ahead, 0, sizeof *ahead);
    ahead->run = run;
    ahead->cases = calloc(run->catalog->chosen_count, sizeof *ahead->cases);
    if (ahead->cases == NULL)
        return no_memory(err);
    for (size_t i = 0; i < run->catalog->chosen_count; i++)
        ahead->cases[i].played.test = run->catalog->chosen[i];
    return pool_new(&ahead->pool, &options, err);
}

void ahead_fini(struct ahead *ahead)
{
    pool_free(ahead->pool);
    free(ahead->cases);
    memset(ahead, 0, sizeof *ahead);
}

/* Does it write a channel that looks like one of somebody else, as its value has no mark? */
static bool writes_unmarked(const struct step *step)
{
    struct buf text;
    bool is_unmarked = false;

    buf_init(&text, MESSAGE_BODY_BYTES_MAX);
    if (plan_may_be_accepted(step) && message_body(&text, step, NULL)) {
        json_t *body = json_loadb(buf_text(&text), text.length, 0, NULL);
        const char *id = json_string_value(json_object_get(body, "channel_id"));

        is_unmarked = id != NULL && !marks_are_in(id);
        json_decref(body);
    }
    buf_fini(&text);
    return is_unmarked;
}

/* May the case be played at the same time as others? */
static bool is_independent(const struct ahead *ahead, const struct test_case *test)
{
    if (test->is_alone)
        return false;
    for (size_t i = 0; i < test->step_count; i++) {
        if (writes_unmarked(&test->steps[i]))
            return false;
    }
    return targets_allow_others(&ahead->run->targets, test);
}

void ahead_lacks(struct buf *reason, const struct suite_run *run, size_t number,
                 const struct target *target)
{
    const struct test_case *test = run->catalog->chosen[number];

    if (!judge_has_say(test, target))
        buf_puts(reason, "only about our mock");
    else
        target_lacks(reason, target, test);
    if (reason->length == 0 && run->plan.has_room != NULL && !run->plan.has_room[number])
        buf_puts(reason, SUITE_SPENT);
}

/* Gives the case to the pool, unless it cannot be run or must be alone. What goes wrong here is
 * reported when its turn comes. */
static void give(struct ahead *ahead, size_t number)
{
    struct ahead_case *one = &ahead->cases[number];
    struct suite_run *run = ahead->run;
    struct buf reason;
    struct hm_error unused;

    buf_init(&reason, REASON_BYTES_MAX);
    if (is_independent(ahead, one->played.test) &&
        targets_find(&one->played.target, &run->targets, one->played.test, &unused) == HM_OK) {
        ahead_lacks(&reason, run, number, one->played.target);
        one->is_given = reason.length == 0 && pool_add(ahead->pool, &one->played);
    }
    buf_fini(&reason);
}

/* Cannot the case be run on the named target? Then nothing waits for it. */
static bool is_left_out(const struct suite_run *run, size_t number)
{
    struct buf reason;

    if (!run->targets.is_named)
        return false;
    buf_init(&reason, REASON_BYTES_MAX);
    ahead_lacks(&reason, run, number, &run->targets.named);
    const bool is_left_out = reason.length > 0;
    buf_fini(&reason);
    return is_left_out;
}

/* While the pool works: shows the progress, and notices signals and the end of the time. False: the
 * run has stopped. */
static bool tick(struct ahead *ahead)
{
    struct suite_run *run = ahead->run;

    progress_show(&run->progress, run->catalog->chosen[run->done]->id, run->done, run->failed);
    suite_run_is_interrupted(run);
    return run->stop == STOP_NONE;
}

enum hm_code ahead_find(const struct target **target, struct ahead *ahead, size_t number,
                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const size_t count = ahead->run->catalog->chosen_count;
    const size_t most = ahead->run->jobs == 1 ? 1 : AHEAD_MAX;
    struct ahead_case *one = &ahead->cases[number];

    *target = &ahead->run->targets.named;
    if (!tick(ahead))
        return HM_OK;
    for (; ahead->next < count && ahead->next < number + most; ahead->next++)
        give(ahead, ahead->next);
    if (one->is_given || is_left_out(ahead->run, number)) {
        *target = one->is_given ? one->played.target : *target;
        goto out;
    }
    if (!is_independent(ahead, one->played.test)) {
        while (!pool_wait_all(ahead->pool))
            tick(ahead);
    }
    TRY(targets_find(&one->played.target, &ahead->run->targets, one->played.test, err));
    *target = one->played.target;
out:
    return code;
}

const struct played *ahead_play(struct ahead *ahead, size_t number)
{
    struct ahead_case *one = &ahead->cases[number];

    if (!one->is_given)
        one->is_given = pool_add(ahead->pool, &one->played);
    if (!one->is_given)
        return NULL;
    while (!pool_wait(ahead->pool, &one->played))
        tick(ahead);
    one->is_played = true;
    return &one->played;
}

void ahead_free(struct ahead *ahead, size_t number)
{
    struct ahead_case *one = &ahead->cases[number];

    if (one->is_given && !one->is_played)
        ahead_play(ahead, number);
    played_fini(&one->played);
}
