#include "play/round_trip.h"
#include "support/escape.h"
#include <string.h>

#define HIDDEN "<hidden>"

enum {
    WORD_LEAST = 16,
    START_LEAST = 10, /* of a secret that was cut; fewer bytes are not hidden */
    MASKS_MAX = 64
};

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
    trip->body = json_loadb(buf_text(&trip->answer.body), trip->answer.body.length,
                            JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/* Texts that must not be shown. If there are too many, the whole text is hidden. */
struct masks {
    size_t count;
    bool is_full;
    struct {
        const char *text;
        size_t length;
    } at[MASKS_MAX];
};

static void mask_add(struct masks *masks, const char *text, size_t length)
{
    if (masks->count == MASKS_MAX) {
        masks->is_full = true;
        return;
    }
    masks->at[masks->count].text = text;
    masks->at[masks->count++].length = length;
}

/* The long words of an Authorization value: the segments of a token, or what is sent instead. */
static void masks_add_words(struct masks *masks, const char *value)
{
    static const char breaks[] = " \t.,;:\"'";
    size_t length;

    for (; *value; value += length + (value[length] != '\0')) {
        length = strcspn(value, breaks);
        if (length >= WORD_LEAST)
            mask_add(masks, value, length);
    }
}

static void masks_list(struct masks *masks, const struct message *message)
{
    masks->count = 0;
    masks->is_full = false;
    for (size_t i = 0; message->names != NULL && i < SECRET_NAME_COUNT; i++) {
        const char *key = message->names->secrets[i].key;

        if (key != NULL && *key)
            mask_add(masks, key, strlen(key));
    }
    if (message->names != NULL && message->names->legacy_key != NULL && *message->names->legacy_key)
        mask_add(masks, message->names->legacy_key, strlen(message->names->legacy_key));
    for (size_t i = 0; i < message->authorization.count; i++)
        masks_add_words(masks, message->authorization.at[i]);
}

/* Number of bytes at the start of @text that must be hidden; 0: none. A secret that was cut for a
 * message is hidden, too. */
static size_t masked(const struct masks *masks, const char *text, size_t length)
{
    size_t most = 0;

    for (size_t i = 0; i < masks->count; i++) {
        size_t same = 0;

        while (same < masks->at[i].length && same < length && text[same] == masks->at[i].text[same])
            same++;
        if (same > most && (same == masks->at[i].length || same >= START_LEAST))
            most = same;
    }
    return most;
}

void round_trip_hide(struct buf *out, const struct round_trip *trip, const char *text,
                     size_t length, size_t most)
{
    const size_t end = length < most ? length : most;
    struct masks masks;
    size_t start = 0;
    size_t i = 0;

    masks_list(&masks, &trip->message);
    if (masks.is_full) {
        buf_puts(out, HIDDEN);
        return;
    }
    while (i < end) {
        size_t hidden = masked(&masks, text + i, length - i);

        if (hidden > 0) {
            buf_add(out, text + start, i - start);
            buf_puts(out, HIDDEN);
            start = i + hidden;
        }
        i += hidden > 0 ? hidden : 1;
    }
    if (start < end)
        buf_add(out, text + start, end - start);
}

void round_trip_quote(struct buf *out, const struct round_trip *trip, const char *text,
                      size_t length)
{
    struct buf shown;

    buf_init(&shown, (size_t)QUOTE_BYTES_MAX * sizeof HIDDEN);
    round_trip_hide(&shown, trip, text, length, QUOTE_BYTES_MAX);
    escape_terminal(out, buf_text(&shown), shown.length);
    if (length > QUOTE_BYTES_MAX)
        buf_puts(out, "...");
    buf_fini(&shown);
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
        buf_puts(out, " and a body that is too large to read");
    else if (answer->body.length > 0) {
        buf_puts(out, ", body ");
        round_trip_quote(out, trip, buf_text(&answer->body), answer->body.length);
    }
}
