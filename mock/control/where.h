/* The "where" of a verification: which exchanges are meant, and in what others differ. */
#ifndef MOCK_CONTROL_WHERE_H
#define MOCK_CONTROL_WHERE_H

#include "control/criteria.h"
#include "support/json_node.h"
#include "support/offers.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>

enum { WHERE_CONDITIONS_MAX = 64, WHERE_NAME_BYTES = 64 };

struct where_row;

/* A member of "where", or of its "body". */
struct condition {
    const struct where_row *row;
    char name[WHERE_NAME_BYTES]; /* "channel_type", "body/channel_type" */
    const char *member;          /* of the body; borrowed from the tree */
    json_t *expected;            /* borrowed likewise */
};

struct where {
    json_t *tree; /* masked as in the journal */
    size_t count;
    struct condition at[WHERE_CONDITIONS_MAX];
    struct status_range status;
    struct mistake_set finding;
};

/* Reads it; without a value every exchange matches. where_fini() it in any case.
 * returns HM_OK; HM_BAD_INPUT with the place, or HM_BAD_ARGUMENT; HM_NO_MEMORY */
HM_MUST_USE enum hm_code where_read(struct where *where, const struct json_node *node,
                                    const struct store *store, struct hm_error *err);
void where_fini(struct where *where);

/* Does the exchange agree with all conditions? @tree is the entry's JSON. */
bool where_matches(const struct where *where, const struct journal_entry *entry, json_t *tree);

/* What the exchange has for a condition: a new reference; NULL: nothing. Does that agree? */
json_t *where_found(const struct condition *condition, const struct journal_entry *entry,
                    json_t *tree);
bool where_agrees(const struct where *where, const struct condition *condition,
                  const struct journal_entry *entry, json_t *found);

/* Offers NAME=VALUE. */
void where_offer(struct offers *offers);

bool where_is_of_body(const struct condition *condition);

#endif
