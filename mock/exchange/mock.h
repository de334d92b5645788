/* What all requests share, for as long as the server runs. */
#ifndef MOCK_EXCHANGE_MOCK_H
#define MOCK_EXCHANGE_MOCK_H

#include "exchange/sandbox.h"
#include "tls/handshake.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counts;
struct other_paths;
struct sandboxes;
struct viewers;

enum log_kind { LOG_TEXT, LOG_JSON, LOG_NONE };

/* Who may use the control plane. */
struct control {
    bool is_on;
    bool is_for_all_peers;    /* --control on; else loopback peers only */
    const char *const *hosts; /* --control-host: more names that Host may have */
    size_t host_count;
};

struct mock {
    struct sandbox main;            /* the world that it was started with */
    struct sandboxes *sandboxes;    /* those beside it; NULL in some tests */
    struct counts *counts;          /* of the requests of all worlds */
    struct figures beside;          /* of all sandboxes, also of those that ended */
    struct journal *beside_journal; /* the same exchanges, for the reports; NULL: not kept */
    struct handshakes handshakes;
    struct other_paths *others; /* NULL: calls that it does not have are refused */
    unsigned variations;        /* of --vary; 0: none */
    struct viewers *viewers;    /* of its page; NULL: there can be none */
    int64_t started_us;         /* monotonic */
    _Atomic(char **) urls;      /* base URLs, NULL-terminated; NULL until they are known */
    bool gives_https;           /* the HTTPS one is for clients: run --tls */
    atomic_bool is_stopping;    /* ends every wait */
    bool keeps_answers;         /* all, without a page */
    atomic_int answers_left;    /* that the journal keeps for pages; refilled while one is open */
    char replica[UUID_TEXT];    /* this one of the mocks that share a state; "": it is alone */
    enum log_kind log;
    bool is_terse;
    struct control control;
};

#endif
