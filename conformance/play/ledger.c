#include "play/ledger.h"
#include "support/text.h"
#include "support/uuid.h"
#include "support/wall_clock.h"
#include <stdlib.h>
#include <string.h>

enum { GROWTH = 64 };

static void text_copy(char out[LEDGER_TEXT], const char *text)
{
    size_t length = strlen(text);

    if (length >= LEDGER_TEXT)
        length = utf8_cut(text, LEDGER_TEXT - 1);
    memcpy(out, text, length);
    out[length] = '\0';
}

static void member_copy(char out[LEDGER_TEXT], json_t *sent, const char *member)
{
    const char *text = json_string_value(json_object_get(sent, member));

    text_copy(out, text != NULL ? text : "");
}

/* The URL without scheme and host. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? strchr(host + strlen("://"), '/') : NULL;

    return path != NULL ? path : url;
}

static void entry_fill(struct ledger_entry *entry, const struct round_trip *trip,
                       const char *case_id, size_t step)
{
    const char *value;
    size_t length;

    memset(entry, 0, sizeof *entry);
    entry->case_id = case_id;
    entry->step = step;
    entry->time_s = wall_clock_s();
    entry->status = trip->answer.status;
    entry->is_unknown = !round_trip_is_answered(trip);
    text_copy(entry->path, path_of(buf_text(&trip->message.url)));
    member_copy(entry->channel_type, trip->message.sent, "channel_type");
    member_copy(entry->channel_id, trip->message.sent, "channel_id");
    if (http_answer_header(&trip->answer, "X-Request-Id", 0, &value, &length) &&
        uuid_is_valid(value, length))
        uuid_lower(entry->request_id, value);
}

bool ledger_note(struct ledger *ledger, const struct round_trip *trip, const char *case_id,
                 size_t step)
{
    const char *method = step_text(trip->message.step, "method");
    struct ledger_entry *grown;

    if (!trip->was_tried || method == NULL || strcmp(method, "POST") != 0 ||
        trip->answer.outcome == HTTP_NOT_SENT ||
        (round_trip_is_answered(trip) && !round_trip_is_accepted(trip)))
        return true;
    if (ledger->count == ledger->capacity) {
        grown = realloc(ledger->at, (ledger->capacity + GROWTH) * sizeof *grown);
        if (grown == NULL)
            return false;
        ledger->at = grown;
        ledger->capacity += GROWTH;
    }
    entry_fill(&ledger->at[ledger->count++], trip, case_id, step);
    return true;
}

void ledger_fini(struct ledger *ledger)
{
    free(ledger->at);
    memset(ledger, 0, sizeof *ledger);
}
