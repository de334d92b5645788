/* The "where" of a verification: which exchanges are meant, and in what another one differs. */
#ifndef MOCK_CONTROL_WHERE_H
#define MOCK_CONTROL_WHERE_H

#include "control/criteria.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { WHERE_CONDITIONS_MAX = 64, WHERE_NAME_BYTES = 64 };

struct where_row;

/* One member of "where"; each member of its "body" is one of its own. */
struct condition {
    const struct where_row *row;
    char name[WHERE_NAME_BYTES]; /* "channel_type", "body/channel_type" */
    const char *member;          /* of the body; borrowed from the tree */
    json_t *expected;            /* the same */
};

struct where {
    json_t *tree; /* as the journal would show it: compared is what is shown */
    size_t count;
    struct condition at[WHERE_CONDITIONS_MAX];
    struct status_range status;
    struct mistake_set finding;
};

/* Reads it; .value NULL asks for nothing, so that every exchange fits. where_fini() it, whatever is
 * returned: HM_OK; HM_BAD_INPUT with the place, or HM_BAD_ARGUMENT; HM_NO_MEMORY */
HM_MUST_USE enum hm_code where_read(struct where *where, const struct json_node *node,
                                    const struct store *store, struct hm_error *err);
void where_fini(struct where *where);

/* How an exchange compares. */
struct resemblance {
    uint64_t agrees; /* a bit for each condition */
    int score;       /* by the weight of what agrees; a value that is nearly right counts half */
    bool is_match;
};

/* @tree is the entry's JSON. */
struct resemblance where_compare(const struct where *where, const struct journal_entry *entry,
                                 json_t *tree);

/* What the exchange has where the condition expects something: a new reference; NULL: nothing. */
json_t *where_found(const struct condition *condition, const struct journal_entry *entry,
                    json_t *tree);

/* Is the condition about the body? */
bool where_is_of_body(const struct condition *condition);

#endif
