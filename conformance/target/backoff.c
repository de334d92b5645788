#include "target/backoff.h"
#include "support/text.h"
#include <string.h>

enum { MS_IN_S = 1000, FIRST_WAIT_MS = 1000 };

void backoff_sent(struct backoff *backoff, int64_t now_ms)
{
    if (backoff->sent == 0)
        backoff->first_ms = now_ms;
    backoff->sent_ms[backoff->sent++ % E4_REQUESTS_A_MINUTE] = now_ms;
}

static size_t sent_in_window(const struct backoff *backoff, int64_t now_ms)
{
    const size_t kept = backoff->sent < E4_REQUESTS_A_MINUTE ? backoff->sent : E4_REQUESTS_A_MINUTE;
    size_t count = 0;

    for (size_t i = 0; i < kept; i++)
        count += now_ms - backoff->sent_ms[i] <= BACKOFF_WINDOW_MS;
    return count;
}

/* Seconds only; a date is ignored. 0: no Retry-After. */
static int64_t retry_after_ms(const struct http_answer *answer)
{
    char text[16];
    const char *value;
    size_t length;
    int64_t seconds;

    if (!http_answer_header(answer, "Retry-After", 0, &value, &length) || length >= sizeof text)
        return 0;
    memcpy(text, value, length);
    text[length] = '\0';
    return text_to_int64(&seconds, text, 0, INT64_MAX / MS_IN_S) ? seconds * MS_IN_S : 0;
}

int64_t backoff_after(struct backoff *backoff, int64_t *waited_ms, const struct http_answer *answer,
                      int64_t now_ms)
{
    const int64_t left_ms = BACKOFF_WAIT_MS_MAX - *waited_ms;
    int64_t wait_ms = retry_after_ms(answer);

    if (now_ms - backoff->first_ms > BACKOFF_WINDOW_MS &&
        sent_in_window(backoff, now_ms) < BACKOFF_SURELY_BELOW)
        backoff->is_breach = true;
    if (wait_ms == 0) {
        wait_ms = *waited_ms < FIRST_WAIT_MS ? FIRST_WAIT_MS : *waited_ms;
        if (wait_ms > left_ms)
            wait_ms = left_ms;
    }
    if (backoff->is_breach || wait_ms <= 0 || wait_ms > left_ms)
        return 0;
    *waited_ms += wait_ms;
    return wait_ms;
}
