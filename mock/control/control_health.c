#include "control/control_health.h"

#include "control/control.h"
#include "fault/misbehave.h"
#include "journal/counts.h"
#include "journal/journal.h"
#include "support/json_text.h"
#include "support/monotonic.h"
#include "tls/handshake.h"
#include <inttypes.h>

static void counts_write(struct buf *out, struct mock *mock)
{
    struct counts *counts = mock->counts;

    buf_printf(out,
               "{\"requests\":%llu,\"accepted\":%llu,\"refused\":%llu,\"warned\":%llu,"
               "\"dropped\":%llu}",
               (unsigned long long)atomic_load(&counts->requests),
               (unsigned long long)atomic_load(&counts->accepted),
               (unsigned long long)atomic_load(&counts->refused),
               (unsigned long long)atomic_load(&counts->warned), journal_dropped(mock->journal));
}

static void urls_write(struct buf *out, char *const *urls)
{
    for (size_t i = 0; urls != NULL && urls[i] != NULL; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        json_text_puts(out, urls[i]);
    }
}

/* Failed handshakes are in no journal: no request came of them. */
static void handshakes_write(struct buf *out, const struct mock *mock)
{
    const char *reason = handshake_reason(&mock->handshakes);
    struct buf cure;

    buf_puts(out, ",\"handshakes_failed\":");
    if (handshakes_failed(&mock->handshakes) == 0) {
        buf_puts(out, "null");
        return;
    }
    buf_init(&cure, HANDSHAKE_CURE_BYTES_MAX);
    handshake_cure(&cure, reason, false);
    buf_printf(out, "{\"count\":%llu,\"last_reason\":", handshakes_failed(&mock->handshakes));
    json_text_puts(out, reason);
    buf_puts(out, ",\"cure\":");
    json_text_string(out, buf_text(&cure), cure.length);
    buf_putc(out, '}');
    buf_fini(&cure);
}

/* Clients that may not use the control plane only learn that the mock is up. */
static enum step_result health_answer(struct exchange *x)
{
    struct buf *out = control_begin(x);
    int64_t uptime_us = monotonic_us() - x->mock->started_us;

    buf_puts(out, ",\"status\":\"ok\"");
    if (control_is_for(x)) {
        buf_printf(out, ",\"version\":\"%s\",\"uptime_s\":%" PRId64 ",\"now\":%" PRId64,
                   hm_version(), uptime_us / 1000000, x->now_s);
        buf_printf(out, ",\"clock\":\"%s\",\"listeners\":[", clock_kind_name(&x->state->clock));
        urls_write(out, atomic_load(&x->mock->urls));
        buf_puts(out, "],\"misbehaviour\":");
        json_text_puts(out, x->mock->misbehaving == NULL ? NULL
                                                         : misbehaving_name(x->mock->misbehaving));
        buf_puts(out, ",\"counts\":");
        counts_write(out, x->mock);
        handshakes_write(out, x->mock);
    }
    return control_answer(x, 200);
}

static const step_fn steps[] = { control_refuse_page, health_answer, NULL };

const struct operation op_health = { "health", true, steps };
