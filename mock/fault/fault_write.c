/* A rule as text again: as JSON, and as on the command line. */
#include "fault/fault_rule.h"

#include "support/json_text.h"
#include <inttypes.h>
#include <string.h>

/* Both forms are a row of pairs; they differ in what stands around names and values. */
struct pairs {
    struct buf *out;
    bool is_json;
    bool has_one;
};

static void name_write(struct pairs *pairs, const char *name)
{
    if (pairs->has_one)
        buf_putc(pairs->out, ',');
    pairs->has_one = true;
    buf_printf(pairs->out, pairs->is_json ? "\"%s\":" : "%s=", name);
}

static void integer_write(struct pairs *pairs, const char *name, int64_t value)
{
    if (value == 0)
        return;
    name_write(pairs, name);
    json_text_integer(pairs->out, value);
}

/* Escaped so that the command line takes it back, and a log line stays one. */
static void escaped_write(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == ',' || *text == '%' || (unsigned char)*text < ' ' || *text == 0x7F)
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            buf_putc(out, *text);
    }
}

static void text_write(struct pairs *pairs, const char *name, const char *text)
{
    if (text == NULL)
        return;
    name_write(pairs, name);
    if (pairs->is_json)
        json_text_puts(pairs->out, text);
    else
        escaped_write(pairs->out, text);
}

static void delay_write(struct pairs *pairs, int64_t delay_ms)
{
    if (delay_ms == 0)
        return;
    name_write(pairs, "delay");
    buf_printf(pairs->out, pairs->is_json ? "\"%" PRId64 "%s\"" : "%" PRId64 "%s",
               delay_ms % 1000 == 0 ? delay_ms / 1000 : delay_ms,
               delay_ms % 1000 == 0 ? "s" : "ms");
}

static void rule_write(struct pairs *pairs, const struct fault *fault)
{
    text_write(pairs, "contact", fault->contact[0] == '\0' ? NULL : fault->contact);
    text_write(pairs, "channel_type", fault->type);
    text_write(pairs, "channel_id", fault->id);
    integer_write(pairs, "nth", fault->nth);
    integer_write(pairs, "times", fault->times);
    integer_write(pairs, "status", fault->status);
    integer_write(pairs, "retry-after", fault->retry_after_s);
    delay_write(pairs, fault->delay_ms);
    text_write(pairs, "abort",
               fault->delivery == DELIVER_WHOLE
                   ? NULL
                   : fault_abort_names[fault->delivery - DELIVER_TRUNCATED]);
    text_write(pairs, "commit", fault->commits ? "yes" : NULL);
}

void faults_write(struct buf *out, const struct faults *faults)
{
    buf_putc(out, '[');
    for (size_t i = 0; faults != NULL && i < faults->count; i++) {
        struct pairs pairs = { out, true, false };

        buf_puts(out, i == 0 ? "{" : ",{");
        rule_write(&pairs, faults->at[i]);
        buf_printf(out, ",\"matched\":%lld,\"done\":%lld}", atomic_load(&faults->at[i]->matched),
                   atomic_load(&faults->at[i]->done));
    }
    buf_putc(out, ']');
}

void fault_write(struct buf *out, const struct exchange *x)
{
    struct pairs pairs = { out, true, false };

    if (x->fault == NULL) {
        buf_puts(out, "null");
        return;
    }
    buf_putc(out, '{');
    rule_write(&pairs, x->fault);
    buf_putc(out, '}');
}

void fault_write_text(struct buf *out, const struct exchange *x)
{
    struct pairs pairs = { out, false, false };

    if (x->fault != NULL)
        rule_write(&pairs, x->fault);
}
