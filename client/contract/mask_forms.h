/* The ways in which keys may be written down, and a search for all of them at once. */
#ifndef CONTRACT_MASK_FORMS_H
#define CONTRACT_MASK_FORMS_H

#include <heymarket/token.h>
#include <stddef.h>

/* The beginnings of all keys and legacy keys of a set: as they are, in hex, and in either base64,
 * wherever in the encoded text they may lie. Never changes; any number of threads may look. */
struct mask_forms;

/* NULL: out of memory. */
struct mask_forms *mask_forms_new(const struct hm_secrets *secrets);
void mask_forms_free(struct mask_forms *forms);

/* Where the first one begins from @from on and before @until; @until: nowhere. */
size_t mask_forms_find(const struct mask_forms *forms, const char *text, size_t length, size_t from,
                       size_t until);

#endif
