/* Every write that the target accepted, or may have accepted, so that somebody can delete it. */
#ifndef SUITE_PLAY_LEDGER_H
#define SUITE_PLAY_LEDGER_H

#include "play/round_trip.h"
#include "support/uuid.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEDGER_TEXT = 128 };

struct ledger_entry {
    const char *case_id; /* "probe", "learn": a request outside the cases. Borrowed */
    size_t step;         /* index */
    int64_t time_s;      /* Unix, our clock */
    int status;
    char path[LEDGER_TEXT];         /* of the request; cut to fit, like the two below */
    char channel_type[LEDGER_TEXT]; /* "": the body has none */
    char channel_id[LEDGER_TEXT];   /* the same */
    char request_id[UUID_TEXT];     /* of the answer; "": none */
    bool is_unknown; /* no complete answer arrived, so it may have been written [E7] */
};

struct ledger {
    size_t count;
    size_t capacity;
    struct ledger_entry *at;
};

/* Notes a POST that was answered with 2xx or whose outcome is unknown, and nothing else. False:
 * out of memory. */
bool ledger_note(struct ledger *ledger, const struct round_trip *trip, const char *case_id,
                 size_t step);

/* A zeroed struct is fine. */
void ledger_fini(struct ledger *ledger);

#endif
