/* /_mock/clock: what time it is, and making it another. */
#include "control/control_parts.h"
#include "support/monotonic.h"
#include "support/try.h"
#include <inttypes.h>
#include <time.h>

enum { WAIT_TICK_NS = 5000000, WAIT_MOST_US = 2000000 };

static enum step_result clock_answer(struct exchange *x)
{
    const struct clock *clock = &x->state->clock;
    struct buf *out = control_begin(x);

    buf_printf(out, ",\"clock\":\"%s\",\"now\":%" PRId64, clock_kind_name(clock), x->now_s);
    if (clock->kind == CLOCK_IS_OFFSET)
        buf_printf(out, ",\"offset_s\":%" PRId64, clock->seconds);
    buf_puts(out, ",\"elapsed\":[");
    for (size_t i = 0; i < clock->elapse_count; i++)
        buf_printf(out, "%s{\"iat_until\":%" PRId64 ",\"elapse_s\":%" PRId64 "}", i == 0 ? "" : ",",
                   clock->elapses[i].until_s, clock->elapses[i].seconds);
    buf_putc(out, ']');
    return control_answer(x, 200);
}

/* A clock that is set anew forgets what was made to elapse on the one before. */
static enum hm_code real_take(struct clock *clock, const struct json_node *body,
                              struct hm_error *err)
{
    struct json_node node = json_node_member(body, "real");

    if (!json_is_true(node.value))
        return json_complain(&node, err,
                             "expected true, for a clock that is not real has an "
                             "offset_s or a now");
    *clock = (struct clock){ .kind = CLOCK_IS_REAL };
    return HM_OK;
}

static enum hm_code offset_take(struct clock *clock, const struct json_node *body,
                                struct hm_error *err)
{
    struct clock set = { .kind = CLOCK_IS_OFFSET };
    enum hm_code code = json_get_integer(body, "offset_s", JSON_REQUIRED, -CLOCK_OFFSET_MOST_S,
                                         CLOCK_OFFSET_MOST_S, &set.seconds, err);

    if (code == HM_OK)
        *clock = set;
    return code;
}

static enum hm_code now_take(struct clock *clock, const struct json_node *body,
                             struct hm_error *err)
{
    struct clock set = { .kind = CLOCK_IS_FROZEN };
    enum hm_code code =
        json_get_integer(body, "now", JSON_REQUIRED, 0, CLOCK_LATEST_S, &set.seconds, err);

    if (code == HM_OK)
        *clock = set;
    return code;
}

static enum hm_code elapse_take(struct clock *clock, const struct json_node *body,
                                struct hm_error *err)
{
    int64_t seconds;
    enum hm_code code =
        json_get_integer(body, "elapse_s", JSON_REQUIRED, 1, CLOCK_ELAPSE_MOST_S, &seconds, err);

    if (code == HM_OK)
        clock_elapse(clock, seconds);
    return code;
}

/* In the order of the names in clock_set(). */
static enum hm_code (*const takers[])(struct clock *, const struct json_node *,
                                      struct hm_error *) = { real_take, offset_take, now_take,
                                                             elapse_take };

static enum hm_code clock_set(struct state *edited, const struct json_node *body,
                              struct hm_error *err)
{
    static const char *const names[] = { "real", "offset_s", "now", "elapse_s", NULL };
    size_t given = 0;
    enum hm_code code;

    TRY(json_expect_object(body, names, err));
    if (json_object_size(body->value) != 1)
        TRY(json_complain(body, err,
                          "found %zu members, expected exactly one of real, offset_s, now, "
                          "elapse_s",
                          json_object_size(body->value)));
    while (json_object_get(body->value, names[given]) == NULL)
        given++;
    TRY(takers[given](&edited->clock, body, err));
out:
    return code;
}

/* Until a token that is signed now is no longer taken for one that was signed before. The state is
 * published by then, and no lock is held. */
static void wait_past_elapses(const struct exchange *x)
{
    const struct timespec tick = { 0, WAIT_TICK_NS };
    int64_t deadline_us = monotonic_us() + WAIT_MOST_US;

    while (!clock_is_past_elapses(&x->state->clock) && !atomic_load(&x->mock->is_stopping) &&
           monotonic_us() < deadline_us)
        nanosleep(&tick, NULL);
}

static enum step_result clock_put(struct exchange *x)
{
    struct hm_error err = { 0 };

    if (control_change(x, clock_set, &err) != HM_OK)
        return control_fail(x, &err);
    wait_past_elapses(x);
    x->now_s = clock_now_s(&x->state->clock);
    return clock_answer(x);
}

static const step_fn get_steps[] = { control_read, clock_answer, NULL };
static const step_fn put_steps[] = { control_write, clock_put, NULL };

const struct operation op_clock_get = { "clock_get", true, get_steps };
const struct operation op_clock_put = { "clock_put", true, put_steps };
