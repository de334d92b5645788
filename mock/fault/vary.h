/* --vary: answers that differ from the mock's own in ways that the contract allows, so that clients
 * and the suite are tested with them. */
#ifndef MOCK_FAULT_VARY_H
#define MOCK_FAULT_VARY_H

#include "exchange/exchange.h"
#include "support/offers.h"
#include <heymarket/error.h>
#include <stdio.h>

/* Adds a variation by its name to a set of them, 0 being none. HM_BAD_ARGUMENT: there is no such
 * name; the text lists them. */
HM_MUST_USE enum hm_code vary_add(unsigned *set, const char *name, struct hm_error *err);

/* Prints name, clause and what it does of each. */
void vary_list(FILE *out);

/* Offers the names. */
void vary_offer(struct offers *offers);

/* Changes an answer that is complete but not yet written, as mock->variations say. */
void vary_answer(struct exchange *x);

#endif
