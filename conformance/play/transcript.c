#include "play/transcript.h"
#include "play/record.h"
#include "support/no_memory.h"
#include "support/try.h"
#include "support/wall_clock.h"
#include <stdlib.h>
#include <string.h>

enum hm_code transcript_init(struct transcript *transcript, bool is_kept, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    memset(transcript, 0, sizeof *transcript);
    buf_init(&transcript->lines, TRANSCRIPT_BYTES_MAX);
    if (!is_kept)
        goto out;
    TRY(hm_secrets_new(&transcript->no_secrets, err));
    transcript->is_kept = true;
    transcript_begin(transcript, NULL, "probe");
    if (transcript->records == NULL)
        code = no_memory(err);
out:
    return code;
}

void transcript_fini(struct transcript *transcript)
{
    buf_fini(&transcript->lines);
    json_decref(transcript->records);
    hm_secrets_free(transcript->no_secrets);
    memset(transcript, 0, sizeof *transcript);
}

void transcript_turn(struct transcript *transcript, const struct test_case *test,
                     const char *purpose)
{
    transcript->test = test;
    transcript->purpose = purpose;
}

void transcript_begin(struct transcript *transcript, const struct test_case *test,
                      const char *purpose)
{
    if (!transcript->is_kept)
        return;
    transcript_turn(transcript, test, purpose);
    json_decref(transcript->records);
    transcript->records = json_array();
}

/* Adds a whole line or nothing. */
static void line_add(struct transcript *transcript, json_t *record)
{
    json_t *line = json_object();
    char *text = NULL;

    json_object_set_new(line, "v", json_integer(1));
    if (json_object_update(line, record) == 0)
        text = json_dumps(line, JSON_COMPACT);
    size_t length = text != NULL ? strlen(text) : 0;
    if (text == NULL || transcript->is_cut ||
        transcript->lines.length + length >= TRANSCRIPT_BYTES_MAX) {
        transcript->is_cut = true;
    } else {
        buf_add(&transcript->lines, text, length);
        buf_putc(&transcript->lines, '\n');
    }
    free(text);
    json_decref(line);
}

void transcript_add(struct transcript *transcript, const struct round_trip *trip)
{
    struct record_place place = { .test = transcript->test, .purpose = transcript->purpose };

    if (!transcript->is_kept)
        return;
    place.number = ++transcript->count;
    place.sent_at_ms = wall_clock_ms() - trip->answer.time_ms;
    json_t *record = record_make(trip, &place, transcript->no_secrets);
    if (record == NULL) {
        transcript->is_cut = true;
        return;
    }
    line_add(transcript, record);
    json_array_append_new(transcript->records, record);
}

json_t *transcript_records(const struct transcript *transcript)
{
    return transcript->is_kept ? json_incref(transcript->records) : NULL;
}
