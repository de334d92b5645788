/* What a run has created where: every write that the target accepted, so that somebody can take it
 * away again. */
#ifndef SUITE_PLAY_LEDGER_H
#define SUITE_PLAY_LEDGER_H

#include "play/round_trip.h"
#include "support/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEDGER_TEXT = 128 };

struct ledger_entry {
    const char *case_id; /* "probe", "learn": before and after the cases. Borrowed */
    size_t step;         /* index */
    int64_t time_s;      /* Unix, our clock */
    int status;
    char path[LEDGER_TEXT];         /* that was posted to; cut to fit, like the two below */
    char channel_type[LEDGER_TEXT]; /* "": the body was none */
    char channel_id[LEDGER_TEXT];   /* the same */
    char request_id[UUID_TEXT];     /* of the answer; "": it had none */
    bool is_unknown; /* no whole answer came: it may have been written, or not [E7] */
};

struct ledger {
    size_t count;
    size_t capacity;
    struct ledger_entry *at;
};

/* Notes a POST that was answered with 2xx, or whose outcome is unknown; nothing else. False: out of
 * memory. */
bool ledger_note(struct ledger *ledger, const struct round_trip *trip, const char *case_id,
                 size_t step);

/* A zeroed struct is fine. */
void ledger_fini(struct ledger *ledger);

#endif
