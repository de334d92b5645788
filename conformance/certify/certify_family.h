/* Judges of an integration that also reads, updates and deletes channels. */
#ifndef SUITE_CERTIFY_CERTIFY_FAMILY_H
#define SUITE_CERTIFY_CERTIFY_FAMILY_H

#include "certify/certify_seen.h"
#include <stdbool.h>

/* Concludes that a scenario is not for this integration if the first one has no call with that
 * method. NULL: it is for all. True: it has concluded. */
bool seen_conclude_without(struct certify_verdict *verdict, const struct certify_seen *first,
                           const char *method);

/* [X3] */
void judge_deletes_once(struct certify_verdict *verdict, const struct certify_seen *seen);

/* [G3] */
void judge_own_channels(struct certify_verdict *verdict, const struct certify_seen *seen);

/* [E7] */
void judge_reads(struct certify_verdict *verdict, const struct certify_seen *seen);

#endif
