#include "exchange.h"
#include "text.h"
#include <string.h>

enum { SIGNATURE_LEAST = 16, MASKS_MAX = AUTHORIZATIONS_MAX + SECRET_NAME_COUNT };

void exchange_fini(struct exchange *exchange)
{
    message_fini(&exchange->message);
    if (exchange->was_tried)
        http_answer_fini(&exchange->answer);
    json_decref(exchange->body);
    memset(exchange, 0, sizeof *exchange);
}

bool exchange_is_answered(const struct exchange *exchange)
{
    return exchange->was_tried && (exchange->answer.outcome == HTTP_ANSWERED ||
                                   exchange->answer.outcome == HTTP_ANSWER_TOO_BIG);
}

bool exchange_is_accepted(const struct exchange *exchange)
{
    return exchange_is_answered(exchange) && exchange->answer.status / 100 == 2;
}

bool exchange_is_lost_on_reuse(const struct exchange *exchange)
{
    return exchange->was_tried && exchange->answer.outcome == HTTP_NO_ANSWER &&
           exchange->answer.was_reused && exchange->answer.status == 0 &&
           exchange->answer.headers.length == 0;
}

void exchange_parse(struct exchange *exchange)
{
    exchange->body = json_loadb(buf_text(&exchange->answer.body), exchange->answer.body.length,
                                JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/* What must not be quoted: the signatures that were sent, and the keys. */
static size_t masks_list(const char *masks[MASKS_MAX], const struct message *message)
{
    size_t count = 0;
    const char *dot;
    size_t i;

    for (i = 0; i < message->authorization.count; i++) {
        dot = strrchr(message->authorization.at[i], '.');
        if (dot && strlen(dot + 1) >= SIGNATURE_LEAST)
            masks[count++] = dot + 1;
    }
    for (i = 0; message->names && i < SECRET_NAME_COUNT; i++) {
        if (message->names->secrets[i].key && *message->names->secrets[i].key)
            masks[count++] = message->names->secrets[i].key;
    }
    return count;
}

void exchange_quote(struct buf *out, const struct exchange *exchange, const char *text,
                    size_t length)
{
    const char *masks[MASKS_MAX];
    size_t mask_count = masks_list(masks, &exchange->message);
    size_t end = length < QUOTE_BYTES_MAX ? length : QUOTE_BYTES_MAX;
    size_t start = 0;
    size_t i;
    size_t m;

    for (i = 0; i < end; i++) {
        for (m = 0; m < mask_count; m++) {
            if (length - i >= strlen(masks[m]) && memcmp(text + i, masks[m], strlen(masks[m])) == 0)
                break;
        }
        if (m == mask_count)
            continue;
        escape_terminal(out, text + start, i - start);
        buf_puts(out, "<hidden>");
        start = i + strlen(masks[m]);
        i = start - 1;
    }
    if (start < end)
        escape_terminal(out, text + start, end - start);
    if (end < length)
        buf_puts(out, "...");
}

void exchange_describe(struct buf *out, const struct exchange *exchange)
{
    const struct http_answer *answer = &exchange->answer;

    if (!exchange->was_tried) {
        buf_puts(out, "nothing was sent");
        return;
    }
    if (answer->outcome == HTTP_NOT_SENT || answer->outcome == HTTP_NO_ANSWER) {
        buf_puts(out, answer->outcome == HTTP_NOT_SENT ? "not sent: " : "no whole answer: ");
        exchange_quote(out, exchange, answer->reason, strlen(answer->reason));
        return;
    }
    buf_printf(out, "status %d", answer->status);
    if (answer->outcome == HTTP_ANSWER_TOO_BIG)
        buf_puts(out, " and a body that is too large to read");
    else if (answer->body.length > 0) {
        buf_puts(out, ", body ");
        exchange_quote(out, exchange, buf_text(&answer->body), answer->body.length);
    }
}
