#include "play/round_trip.h"
#include "support/escape.h"
#include "support/json_scan.h"
#include <stdio.h>
#include <string.h>

#define HIDDEN "<hidden>"

void round_trip_fini(struct round_trip *trip)
{
    message_fini(&trip->message);
    if (trip->was_tried)
        http_answer_fini(&trip->answer);
    json_decref(trip->body);
    memset(trip, 0, sizeof *trip);
}

bool round_trip_is_answered(const struct round_trip *trip)
{
    return trip->was_tried &&
           (trip->answer.outcome == HTTP_ANSWERED || trip->answer.outcome == HTTP_ANSWER_TOO_BIG);
}

bool round_trip_is_accepted(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status / 100 == 2;
}

bool round_trip_date(int64_t *date_s, const struct round_trip *trip)
{
    const char *value;
    size_t length;

    return round_trip_is_answered(trip) &&
           http_answer_header(&trip->answer, "Date", 0, &value, &length) &&
           http_date_read(date_s, value, length);
}

bool round_trip_is_unauthorized(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status == 401;
}

bool round_trip_is_limited(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status == 429;
}

bool round_trip_is_5xx(const struct round_trip *trip)
{
    return round_trip_is_answered(trip) && trip->answer.status / 100 == 5;
}

bool round_trip_is_lost_on_reuse(const struct round_trip *trip)
{
    return trip->was_tried && trip->answer.outcome == HTTP_NO_ANSWER && trip->answer.was_reused &&
           !trip->answer.is_late && trip->answer.status == 0 && trip->answer.headers.length == 0;
}

void round_trip_parse(struct round_trip *trip)
{
    if (trip->answer.outcome == HTTP_ANSWER_TOO_BIG)
        return;
    if (json_values_count(buf_text(&trip->answer.body), trip->answer.body.length) >
        ROUND_TRIP_VALUES_MAX) {
        trip->answer.outcome = HTTP_ANSWER_TOO_BIG;
        snprintf(trip->answer.reason, sizeof trip->answer.reason,
                 "the response's body has more than %d JSON values", ROUND_TRIP_VALUES_MAX);
        return;
    }
    trip->body = json_loadb(buf_text(&trip->answer.body), trip->answer.body.length,
                            JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

void round_trip_mask(struct round_trip_masking *masking, const struct round_trip *trip)
{
    const struct message *message = &trip->message;

    *masking = (struct round_trip_masking){
        .masking = { .mask = message->names != NULL ? message->names->mask : NULL,
                     .words = masking->words }
    };
    for (size_t i = 0; i < message->authorization.count; i++) {
        size_t count = masking->masking.word_count, most = ROUND_TRIP_WORDS_MAX - count;
        size_t more = mask_words_of(masking->words + count, most, message->authorization.at[i]);

        masking->is_full = masking->is_full || more > most;
        masking->masking.word_count += more > most ? most : more;
    }
}

void round_trip_hide(struct buf *out, const struct round_trip *trip, const char *text,
                     size_t length, size_t most, mask_piece_fn *piece)
{
    struct round_trip_masking masking;

    round_trip_mask(&masking, trip);
    if (masking.is_full)
        buf_puts(out, HIDDEN);
    else
        mask_write_text(out, &masking.masking, (struct span){ text, length }, most, piece);
}

void round_trip_quote(struct buf *out, const struct round_trip *trip, const char *text,
                      size_t length)
{
    round_trip_hide(out, trip, text, length, QUOTE_BYTES_MAX, escape_terminal);
}

void round_trip_describe(struct buf *out, const struct round_trip *trip)
{
    const struct http_answer *answer = &trip->answer;

    if (!trip->was_tried) {
        buf_puts(out, "nothing was sent");
        return;
    }
    if (answer->outcome == HTTP_NOT_SENT || answer->outcome == HTTP_NO_ANSWER) {
        buf_puts(out,
                 answer->outcome == HTTP_NOT_SENT ? "not sent: " : "incomplete or no answer: ");
        round_trip_quote(out, trip, answer->reason, strlen(answer->reason));
        return;
    }
    buf_printf(out, "status %d", answer->status);
    if (answer->outcome == HTTP_ANSWER_TOO_BIG)
        buf_printf(out, ", but %s", answer->reason);
    else if (answer->body.length > 0) {
        buf_puts(out, ", body ");
        round_trip_quote(out, trip, buf_text(&answer->body), answer->body.length);
    }
}
