/* Every request of a run and its answer, without secrets: lines of JSON, written at the end as
 * transcript.ndjson. */
#ifndef SUITE_PLAY_TRANSCRIPT_H
#define SUITE_PLAY_TRANSCRIPT_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdbool.h>

enum { TRANSCRIPT_BYTES_MAX = 16 * 1024 * 1024 };

struct transcript {
    bool is_kept; /* false: nothing is recorded */
    bool is_cut;  /* it was too long */
    struct buf lines;
    size_t count;                  /* of requests, also those that were cut off */
    struct hm_secrets *no_secrets; /* for record_make(); NULL: nothing is recorded */
};

HM_MUST_USE enum hm_code transcript_init(struct transcript *transcript, bool is_kept,
                                         struct hm_error *err);
void transcript_fini(struct transcript *transcript);

/* Numbers the records of finished round trips, in order, and adds their lines. NULL: they could not
 * be made. */
void transcript_add(struct transcript *transcript, json_t *records);

#endif
