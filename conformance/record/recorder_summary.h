/* What a recording has shown, for people and as JSON. */
#ifndef SUITE_RECORD_RECORDER_SUMMARY_H
#define SUITE_RECORD_RECORDER_SUMMARY_H

#include "record/recorded_world.h"
#include "record/recorder.h"
#include <jansson.h>
#include <stdio.h>

/* The files that were asked for; NULL: not this one. */
struct recorder_files {
    const char *record;
    const char *world;
    const char *profile;
    const char *report;
};

/* @world: zeroed if none was made. Call it once the recording has ended. */
void recorder_summary_print(FILE *out, const struct recorder *recorder,
                            const struct recorder_files *files, const struct recorded_world *world);

/* {"v", "target", "verdict", "counts", "findings", "mistakes"}; a new reference; NULL: out of
 * memory. */
json_t *recorder_summary_json(const struct recorder *recorder, bool is_good);

/* Was the contract broken? @is_strict: warnings count, too. */
bool recorder_has_failed(const struct recorder *recorder, bool is_strict);

#endif
