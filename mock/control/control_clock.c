#include "control/control_clock.h"

#include "control/control.h"
#include "support/monotonic.h"
#include "support/try.h"
#include <inttypes.h>

enum { WAIT_TICK_MS = 5, WAIT_MOST_US = 2000000 };

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

/* Setting the clock forgets what was made to elapse before. */
static enum hm_code clock_set(struct state *edited, const struct json_node *body,
                              struct hm_error *err)
{
    static const char *const names[] = { "real", "offset_s", "now", "elapse_s", NULL };
    struct json_node real = json_node_member(body, "real");
    struct clock set = { .kind = CLOCK_IS_REAL };
    int64_t elapse_s = 0;
    enum hm_code code;

    TRY(json_expect_object(body, names, err));
    if (json_object_size(body->value) != 1)
        TRY(json_complain(body, err,
                          "found %zu members, expected exactly one of real, offset_s, now, "
                          "elapse_s",
                          json_object_size(body->value)));
    if (real.value != NULL && !json_is_true(real.value))
        TRY(json_complain(&real, err, "expected true; to change the clock use offset_s or now"));
    if (json_object_get(body->value, "offset_s") != NULL)
        set.kind = CLOCK_IS_OFFSET;
    else if (json_object_get(body->value, "now") != NULL)
        set.kind = CLOCK_IS_FROZEN;
    TRY(json_get_integer(body, "offset_s", JSON_OPTIONAL, -CLOCK_OFFSET_MOST_S, CLOCK_OFFSET_MOST_S,
                         &set.seconds, err));
    TRY(json_get_integer(body, "now", JSON_OPTIONAL, 0, CLOCK_LATEST_S, &set.seconds, err));
    TRY(json_get_integer(body, "elapse_s", JSON_OPTIONAL, 1, CLOCK_ELAPSE_MOST_S, &elapse_s, err));
    if (elapse_s > 0)
        clock_elapse(&edited->clock, elapse_s);
    else
        edited->clock = set;
out:
    return code;
}

/* Until a token that is signed now is judged as signed after the last elapse_s. No lock is held. */
static void wait_past_elapses(const struct exchange *x)
{
    int64_t deadline_us = monotonic_us() + WAIT_MOST_US;

    while (!clock_is_past_elapses(&x->state->clock) && !atomic_load(&x->mock->is_stopping) &&
           monotonic_us() < deadline_us)
        monotonic_pause(WAIT_TICK_MS);
}

static enum step_result clock_put_answer(struct exchange *x)
{
    wait_past_elapses(x);
    x->now_s = clock_now_s(&x->state->clock);
    return clock_answer(x);
}

static enum step_result clock_put(struct exchange *x)
{
    return control_change(x, clock_set, clock_put_answer);
}

const struct operation op_clock_get = { .is_control = true,
                                        .steps = { control_read, clock_answer } };
const struct operation op_clock_put = { .is_control = true,
                                        .changes = 1U << TOPIC_CLOCK,
                                        .steps = { control_write, clock_put } };
