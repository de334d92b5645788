/* Every request of a run and its answer, without secrets: lines of JSON, written at the end as
 * transcript.ndjson. */
#ifndef SUITE_PLAY_TRANSCRIPT_H
#define SUITE_PLAY_TRANSCRIPT_H

#include "cases/case.h"
#include "play/round_trip.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <heymarket/token.h>
#include <jansson.h>
#include <stdbool.h>

enum { TRANSCRIPT_BYTES_MAX = 64 * 1024 * 1024 };

struct transcript {
    bool is_kept; /* false: nothing is recorded */
    bool is_cut;  /* it was too long */
    struct buf lines;
    size_t count; /* of requests, also those that were cut off */
    const struct test_case *test;
    const char *purpose;
    json_t *records; /* of the present case */
    struct hm_secrets *no_secrets;
};

HM_MUST_USE enum hm_code transcript_init(struct transcript *transcript, bool is_kept,
                                         struct hm_error *err);
void transcript_fini(struct transcript *transcript);

/* What is added from now on belongs to @test (NULL: no case). */
void transcript_begin(struct transcript *transcript, const struct test_case *test,
                      const char *purpose);

/* The same for a single request of another case; it stays among the records of the present one. */
void transcript_turn(struct transcript *transcript, const struct test_case *test,
                     const char *purpose);

/* Adds a finished round trip. */
void transcript_add(struct transcript *transcript, const struct round_trip *trip);

/* The records since transcript_begin(), a new reference; NULL: nothing is recorded. */
json_t *transcript_records(const struct transcript *transcript);

#endif
