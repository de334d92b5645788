/* Wrong answers on purpose (--misbehave): one table of named behaviours, each of which breaks one
 * clause in one way. Users test their clients with it, the suite proves itself on it.
 *
 * A seam is where a step of the road ends; each asks for one pointer when the mock behaves. */
#ifndef MOCK_FAULT_MISBEHAVE_H
#define MOCK_FAULT_MISBEHAVE_H

#include "exchange/exchange.h"
#include <heymarket/error.h>
#include <stdio.h>

/* A step of the road that has ended with a result. */
enum seam { SEAM_NONE, SEAM_TOKEN, SEAM_LIMIT, SEAM_CONTACT_ID, SEAM_BODY, SEAM_TEAM };

/* A behaviour, and what it has to remember. */
struct misbehaving;

/* Finds the behaviour. HM_BAD_ARGUMENT: there is none of that name; says the nearest.
 * @misbehaving: misbehaving_free() it */
HM_MUST_USE enum hm_code misbehaving_new(struct misbehaving **misbehaving, const char *name,
                                         struct hm_error *err);
void misbehaving_free(struct misbehaving *misbehaving);

const char *misbehaving_name(const struct misbehaving *misbehaving);

/* Warns of it, in one line on stderr; NULL: says nothing. */
void misbehaving_warn(const struct misbehaving *misbehaving);

/* Is the option's value the word that asks for the table? Prints it: name, clause, sentence. */
bool misbehave_is_list(const char *name);
void misbehave_print(FILE *out);

/* Below: only where x->mock->misbehaving is not NULL. */

/* The result of a step, as the behaviour has it: what was refused may go on, and the reverse. */
enum step_result misbehave_step(struct exchange *x, enum seam at, enum step_result result);

/* Does the write in the place of the store, and takes the view; HM_BAD_ARGUMENT: leaves it to
 * the store. */
enum hm_code misbehave_write(struct exchange *x);

/* Changes the list of channels that is about to be answered. */
void misbehave_list(struct exchange *x);

/* Changes any other part of the answer. */
void misbehave_answer(struct exchange *x);

static inline enum step_result seam(struct exchange *x, enum seam at, enum step_result result)
{
    return x->mock->misbehaving == NULL ? result : misbehave_step(x, at, result);
}

#endif
