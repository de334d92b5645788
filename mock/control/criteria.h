/* Criteria that the journal's query and the "where" of a verification have in common. */
#ifndef MOCK_CONTROL_CRITERIA_H
#define MOCK_CONTROL_CRITERIA_H

#include "journal/journal.h"
#include "store/store.h"
#include "support/offers.h"
#include "support/uuid.h"
#include <heymarket/error.h>
#include <heymarket/finding.h>

struct status_range {
    int least, most;
};

/* "401", "4xx"; 0 is the status of an answer that a fault suppressed.
 * HM_BAD_ARGUMENT with what was expected */
HM_MUST_USE enum hm_code status_range_read(struct status_range *range, const char *text,
                                           struct hm_error *err);
bool status_range_has(const struct status_range *range, int status);

struct mistake_set {
    bool has[HM_MISTAKE_COUNT];
};

/* Those of a clause ("J5"), of a code ("secret-key-alone"), or of both ("J5 secret-key-alone").
 * HM_BAD_ARGUMENT: there are none; the text names the nearest */
HM_MUST_USE enum hm_code mistake_set_read(struct mistake_set *set, const char *text,
                                          struct hm_error *err);

/* Offers clauses and codes. */
void mistake_set_offer(struct offers *offers);

bool mistake_set_meets(const struct mistake_set *set, const struct journal_entry *entry);

/* The name of an operation of the API, "channel_get". HM_BAD_ARGUMENT: there is none; the text
 * names the nearest */
HM_MUST_USE enum hm_code operation_criterion_read(const char **operation, const char *text,
                                                  struct hm_error *err);

/* A UUID, or the name of a contact in the world. HM_BAD_ARGUMENT: neither */
HM_MUST_USE enum hm_code contact_criterion_read(char uuid[UUID_TEXT], const struct store *store,
                                                const char *text, struct hm_error *err);

#endif
