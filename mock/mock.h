/* What all requests share, for as long as the server runs. */
#ifndef MOCK_MOCK_H
#define MOCK_MOCK_H

#include "journal/counts.h"
#include "store/state.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;
struct misbehaving;

enum log_kind { LOG_TEXT, LOG_JSON, LOG_NONE };

/* Who may steer it [design 7]. */
struct control {
    bool is_on;
    bool is_for_all_peers;    /* --control on: any peer; else loopback peers alone */
    const char *const *hosts; /* --control-host: names that a Host may have besides */
    size_t host_count;
};

struct mock {
    struct state_slot slot; /* all that can be replaced while it serves */
    struct counts counts;
    atomic_ullong handshakes_failed; /* of TLS: no request came of them */
    atomic_ulong handshake_error;    /* OpenSSL's number of the last one */
    struct journal *journal;         /* NULL: keeps none */
    struct misbehaving *misbehaving; /* NULL: behaves */
    unsigned variations;             /* legal ones, asked for by --vary; 0: none */
    int64_t started_us;              /* monotonic */
    _Atomic(char **)
        urls; /* base URLs of the listeners, NULL-terminated; NULL until they are known */
    atomic_bool is_stopping; /* whoever waits for something looks at it */
    enum log_kind log;
    bool is_terse;
    struct control control;
};

#endif
