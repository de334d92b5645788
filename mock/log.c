#include "log.h"

#include "finding.h"
#include "json_text.h"
#include "redact.h"
#include "store.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { METHOD_SHOWN_MAX = 20, SHOWN_BYTES_MAX = 4096 };

static void method_write(struct buf *out, const struct exchange *x)
{
    const char *method = x->request.method == NULL ? "-" : x->request.method;

    escape_terminal(out, method, strnlen(method, METHOD_SHOWN_MAX));
}

static void path_write(struct buf *out, const struct exchange *x)
{
    if (x->request.path == NULL)
        buf_putc(out, '-');
    else
        route_show_path(out, x->request.path);
}

void log_text(struct buf *out, const struct exchange *x, int64_t us)
{
    char time[CLOCK_UTC_TEXT];

    clock_utc(time, x->now_s);
    buf_puts(out, time);
    buf_putc(out, ' ');
    method_write(out, x);
    buf_putc(out, ' ');
    path_write(out, x);
    buf_printf(out, " %d %" PRId64 "us", x->status, us);
    for (size_t i = 0; i < x->findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(x->findings.at[i].mistake);

        buf_printf(out, "%s %s %s%s", i == 0 ? "" : ",", row->clause, row->code,
                   x->findings.at[i].severity == HM_WARNS ? " (warned)" : "");
    }
    buf_printf(out, " %s\n", x->request_id);
}

/* Appends a tree, and drops the reference. */
static void tree_write(struct buf *out, json_t *tree)
{
    char *text = tree == NULL ? NULL : json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY);

    buf_puts(out, text == NULL ? "null" : text);
    free(text);
    json_decref(tree);
}

void log_json(struct buf *out, const struct exchange *x, int64_t us)
{
    char time[CLOCK_UTC_TEXT];
    struct buf shown;
    json_t *header, *claims;

    buf_init(&shown, SHOWN_BYTES_MAX);
    clock_utc(time, x->now_s);
    buf_puts(out, "{\"v\":1,\"request_id\":");
    json_text_puts(out, x->request_id);
    buf_puts(out, ",\"time\":");
    json_text_puts(out, time);
    buf_puts(out, ",\"method\":");
    method_write(&shown, x);
    json_text_puts(out, buf_text(&shown));
    buf_puts(out, ",\"path\":");
    buf_clear(&shown);
    path_write(&shown, x);
    json_text_puts(out, buf_text(&shown));
    buf_printf(out, ",\"status\":%d,\"us\":%" PRId64 ",\"team\":", x->status, us);
    if (x->has_team)
        json_text_integer(out, store_team_id(x->state->store, x->team));
    else
        buf_puts(out, "null");
    buf_puts(out, ",\"contact\":");
    json_text_puts(out, x->contact_uuid[0] == '\0' ? NULL : x->contact_uuid);
    buf_puts(out, ",\"findings\":");
    findings_write_json(out, &x->findings);
    token_redact(&header, &claims, x->request.authorization, x->request.authorization_length,
                 store_secrets(x->state->store));
    buf_puts(out, ",\"header\":");
    tree_write(out, header);
    buf_puts(out, ",\"claims\":");
    tree_write(out, claims);
    buf_puts(out, ",\"fault\":null}\n");
    buf_fini(&shown);
}

void log_exchange(struct exchange *x)
{
    int64_t us = clock_monotonic_us() - x->started_us;

    if (x->mock->log == LOG_NONE)
        return;
    buf_clear(&x->scratch);
    if (x->mock->log == LOG_TEXT)
        log_text(&x->scratch, x, us);
    else
        log_json(&x->scratch, x, us);
    if (!buf_ok(&x->scratch) ||
        write(STDERR_FILENO, x->scratch.data, x->scratch.length) < (ssize_t)x->scratch.length)
        return; /* nobody to tell */
}
