/* Text and JSON -> fault rules. */
#ifndef MOCK_FAULT_FAULT_READ_H
#define MOCK_FAULT_FAULT_READ_H

#include "fault/fault.h"
#include "support/json_node.h"
#include "support/offers.h"

struct store;

/* Adds a rule of the command line, "status=429,retry-after=1"; in a value %XX stands for a byte,
 * such as %2C for a comma. Names of contacts are those of @store. Before the list is shared.
 * HM_BAD_ARGUMENT: what was found and what was expected */
HM_MUST_USE enum hm_code faults_add(struct faults *faults, const struct store *store,
                                    const char *rule, struct hm_error *err);

/* The same for an array of rules as JSON objects; the members "matched" and "done", which
 * fault_write_counted() writes, are ignored. HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code faults_read(struct faults *faults, const struct store *store,
                                     const struct json_node *array, struct hm_error *err);

/* Replaces *faults, which may be NULL, by the rules of such an array; nothing after a failure. */
HM_MUST_USE enum hm_code faults_replace(struct faults **faults, const struct store *store,
                                        const struct json_node *array, struct hm_error *err);

/* Offers what may come next in a rule. @store: for names of contacts; NULL: none */
void fault_offer(struct offers *offers, const struct store *store);

#endif
