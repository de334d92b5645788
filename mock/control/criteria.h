/* What exchanges can be asked for, in the words of the journal's query and of verify's "where". */
#ifndef MOCK_CONTROL_CRITERIA_H
#define MOCK_CONTROL_CRITERIA_H

#include "journal/journal.h"
#include "store/store.h"
#include <heymarket/error.h>
#include <heymarket/finding.h>

/* Those from @least to @most. */
struct status_range {
    int least, most;
};

/* "401", "4xx"; 0 is that of an answer which a fault swallowed. HM_BAD_ARGUMENT with what was
 * expected */
HM_MUST_USE enum hm_code status_range_read(struct status_range *range, const char *text,
                                           struct hm_error *err);
bool status_range_has(const struct status_range *range, int status);

struct mistake_set {
    bool has[HM_MISTAKE_COUNT];
};

/* All of a clause ("J5"), of a code ("secret-key-alone"), or one ("J5 secret-key-alone").
 * HM_BAD_ARGUMENT: there is none, with the nearest */
HM_MUST_USE enum hm_code mistake_set_read(struct mistake_set *set, const char *text,
                                          struct hm_error *err);

/* Was any of them found in the exchange? */
bool mistake_set_meets(const struct mistake_set *set, const struct journal_entry *entry);

/* A UUID, or the name of a contact in the world. HM_BAD_ARGUMENT: neither */
HM_MUST_USE enum hm_code contact_criterion_read(char uuid[UUID_TEXT], const struct store *store,
                                                const char *text, struct hm_error *err);

#endif
