#include "play/transcript.h"
#include "support/json_text.h"
#include "support/try.h"
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
out:
    return code;
}

void transcript_fini(struct transcript *transcript)
{
    buf_fini(&transcript->lines);
    hm_secrets_free(transcript->no_secrets);
    memset(transcript, 0, sizeof *transcript);
}

/* Adds a whole line or nothing. */
static void line_add(struct transcript *transcript, json_t *record)
{
    json_t *line = json_object();
    struct buf text;

    buf_init(&text, TRANSCRIPT_BYTES_MAX);
    json_object_set_new(line, "v", json_integer(1));
    if (json_object_update(line, record) == 0)
        json_text_tree(&text, line, JSON_COMPACT);
    if (text.length == 0 || !buf_ok(&text) || transcript->is_cut ||
        transcript->lines.length + text.length >= TRANSCRIPT_BYTES_MAX) {
        transcript->is_cut = true;
    } else {
        buf_add(&transcript->lines, buf_text(&text), text.length);
        buf_putc(&transcript->lines, '\n');
    }
    buf_fini(&text);
    json_decref(line);
}

void transcript_add(struct transcript *transcript, json_t *records)
{
    json_t *record;
    size_t i;

    if (!transcript->is_kept)
        return;
    transcript->is_cut = transcript->is_cut || records == NULL;
    json_array_foreach (records, i, record) {
        transcript->count++;
        if (json_object_set_new(record, "number", json_integer((json_int_t)transcript->count)) == 0)
            line_add(transcript, record);
        else
            transcript->is_cut = true;
    }
}
