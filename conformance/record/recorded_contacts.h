/* What is known from the answers about each contact's channels, and the inboxes. For one thread at
 * a time. */
#ifndef SUITE_RECORD_RECORDED_CONTACTS_H
#define SUITE_RECORD_RECORDED_CONTACTS_H

#include "record/recorded.h"
#include "support/hash.h"
#include "support/uuid.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Contacts beyond the first are forwarded and judged, but are not in the world. */
enum { RECORDED_CONTACTS_MAX = 5000, RECORDED_CHANNELS_MAX = 200000 };

struct recorded_contact {
    char uuid[UUID_TEXT];
    json_t *before;  /* channels that it had before the application wrote */
    json_t *now;     /* as last seen; NULL: never seen. Replaced, never changed */
    json_t *sent;    /* channels that the application asked for: [type, id, time in s] */
    size_t changes;  /* updates and deletions, begun or ended */
    bool was_denied; /* 403 [J11] */
    bool was_accepted;
    bool was_absent; /* 404 [B7] */
    UT_hash_handle hh;
};

struct recorded_contacts {
    struct recorded_contact *by_uuid; /* in the order in which they came */
    json_t *inboxes;                  /* of the first inbox_list; NULL: never seen */
    size_t channels;                  /* in all @before */
    bool is_full;
    bool is_out_of_memory;
};

/* A zeroed struct is empty. */
void recorded_contacts_fini(struct recorded_contacts *contacts);

/* Before the request is forwarded: notes what is known of its contact. */
void recorded_contacts_begin(struct recorded_contacts *contacts, struct recorded *x);

/* After the answer was judged: takes what it says. */
void recorded_contacts_end(struct recorded_contacts *contacts, const struct recorded *x);

/* Has an update or a deletion of the contact begun or ended since the request was sent? */
bool recorded_contacts_have_changed(const struct recorded_contacts *contacts,
                                    const struct recorded *x);

#endif
