/* Faults to come [design 6]: an immutable list of rules, of which the first due one is carried out.
 *
 * A rule says when - contact, channel_type, channel_id; of the requests that fit, those from the
 * nth on, so many times - and then what: status with retry-after, delay, abort, commit. Every rule
 * counts the requests that fit it, whichever rule wins; only the winner counts as carried out.
 *
 * commit=no, the default: the fault comes before the contact is looked for, and nothing is written.
 * commit=yes: contact and store come first, and what is lost is only the answer [E7]. Where a rule
 * says delay alone, the request is answered as ever after it: with commit=no it is written after
 * the delay, and not at all if the client has gone by then; with commit=yes before it. */
#ifndef MOCK_FAULT_FAULT_H
#define MOCK_FAULT_FAULT_H

#include "operation/exchange.h"
#include "support/buf.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <stddef.h>

enum {
    FAULT_RULES_MAX = 1000,
    FAULT_RULE_BYTES_MAX = 8192, /* of one rule's text */
    FAULT_WAIT_MS_MAX = 30000,   /* of a delay, and of a stall */
    FAULT_RETRY_AFTER_S_MAX = 86400
};

struct store;
struct faults;
struct fault;

HM_MUST_USE enum hm_code faults_new(struct faults **faults, struct hm_error *err);

/* Takes part in holding it and returns it; gives up a hold, the last one frees it. NULL is fine. */
struct faults *faults_hold(struct faults *faults);
void faults_free(struct faults *faults);

/* Filling, before it is shared: adds a rule of the command line, "status=429,retry-after=1"; in a
 * value %XX stands for a byte, such as %2C for a comma. Names of contacts are those of @store.
 * HM_BAD_ARGUMENT: what was found and what was expected */
HM_MUST_USE enum hm_code faults_add(struct faults *faults, const struct store *store,
                                    const char *rule, struct hm_error *err);

/* The same for an array of rules as JSON objects; members "matched" and "done" are as
 * faults_write() writes them, and not looked at. HM_BAD_INPUT with the place */
HM_MUST_USE enum hm_code faults_read(struct faults *faults, const struct store *store,
                                     const struct json_node *array, struct hm_error *err);

/* The same rules, none of which has matched yet. NULL stays NULL. */
HM_MUST_USE enum hm_code faults_fresh(struct faults **fresh, const struct faults *faults,
                                      struct hm_error *err);

size_t faults_count(const struct faults *faults);

/* Counts the request under every rule that it fits, and returns the first that is due, or NULL.
 * Safe for threads. */
const struct fault *faults_due(struct faults *faults, const char *contact_uuid,
                               const struct channel_values *values);

/* Is the answer the fault's own? Not so after a mere delay. */
bool fault_makes_answer(const struct fault *fault);

/* Appends [{"status":429,"matched":3,"done":1}, ...]. */
void faults_write(struct buf *out, const struct faults *faults);

/* Appends the rule that an exchange met, as JSON: {"status":429,"retry-after":1}; null: none. */
void fault_write(struct buf *out, const struct exchange *x);

/* The same as on the command line: "status=429,retry-after=1"; nothing where there is none. */
void fault_write_text(struct buf *out, const struct exchange *x);

/* Steps: before anything is looked for or written; after the write. */
enum step_result fault_due(struct exchange *x);
enum step_result fault_after(struct exchange *x);

#endif
