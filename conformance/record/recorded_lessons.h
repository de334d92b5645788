/* What an application's calls show of the target's choices where the contract is silent. Only what
 * one answer shows without doubt is learned, from the first call that shows it. */
#ifndef SUITE_RECORD_RECORDED_LESSONS_H
#define SUITE_RECORD_RECORDED_LESSONS_H

#include "learn/learn.h"
#include "record/recorded.h"
#include "record/recorded_contacts.h"

/* Before recorded_contacts_end(). */
void recorded_lessons_take(struct learning *learning, const struct recorded *x,
                           const struct recorded_contacts *contacts);

#endif
