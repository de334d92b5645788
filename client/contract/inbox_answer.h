/* What the answer of inbox_list must be [N1]. */
#ifndef CONTRACT_INBOX_ANSWER_H
#define CONTRACT_INBOX_ANSWER_H

#include "contract/answer_breaches.h"
#include <heymarket/inbox.h>

/* Judges the elements of an array of inboxes [N1]. */
void inboxes_check(const json_t *root, struct answer_breaches *breaches);

/* Fills count, at and storage of the list from a parsed body as far as it can be read, and takes
 * ownership of @root, which may be NULL. Elements that are not objects are left out; a member of
 * the wrong type is 0, "" or empty. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code inbox_answer_take(struct hm_inbox_list *list, json_t *root,
                                           struct hm_error *err);

#endif
