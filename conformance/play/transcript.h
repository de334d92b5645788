/* Every request of a run and what came back, as it may be shown: one line of JSON each, written at
 * the end as transcript.ndjson. */
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
    bool is_kept; /* false: nobody will read it, and nothing is done */
    bool is_cut;  /* it did not fit */
    struct buf lines;
    size_t count; /* trips, also those that did not fit */
    const struct test_case *test;
    const char *purpose;
    json_t *records; /* of the case under way */
    struct hm_secrets *no_secrets;
};

HM_MUST_USE enum hm_code transcript_init(struct transcript *transcript, bool is_kept,
                                         struct hm_error *err);
void transcript_fini(struct transcript *transcript);

/* What is added from here on belongs to @test (NULL: to no case). */
void transcript_begin(struct transcript *transcript, const struct test_case *test,
                      const char *purpose);

/* The same for a while, among the records of another case. */
void transcript_turn(struct transcript *transcript, const struct test_case *test,
                     const char *purpose);

/* Adds an trip that has just ended. */
void transcript_add(struct transcript *transcript, const struct round_trip *trip);

/* The records since transcript_begin(): a new reference; NULL: nothing is kept. */
json_t *transcript_records(const struct transcript *transcript);

#endif
