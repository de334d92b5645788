/* The contact's ID in the path [T3 B7]. */
#ifndef CONTRACT_CONTACT_ID_H
#define CONTRACT_CONTACT_ID_H

#include <heymarket/finding.h>

/* True: it is a UUID. False: with a finding that says what it looks like instead. */
bool contact_id_check(const char *text, size_t length, struct hm_findings *findings);

#endif
