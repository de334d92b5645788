/* The beginnings of keys in every form that they may be written in, and a search for all of them at
 * once: as they are, in hex, and in either base64 at any of its three offsets. */
#ifndef CONTRACT_MASK_FORMS_H
#define CONTRACT_MASK_FORMS_H

#include <heymarket/token.h>
#include <stddef.h>

enum {
    MASK_PREFIX_BYTES = 16, /* that are compared: the text may have been cut after them */
    MASK_KEY_LEAST = 8      /* a shorter key would mask ordinary words */
};

/* Never changes; safe for threads. */
struct mask_forms;

/* Of all keys and legacy keys. NULL: out of memory. */
struct mask_forms *mask_forms_new(const struct hm_secrets *secrets);
void mask_forms_free(struct mask_forms *forms);

/* Where the first one begins, at @from or later and before @until; @until: nowhere. */
size_t mask_forms_find(const struct mask_forms *forms, const char *text, size_t length, size_t from,
                       size_t until);

#endif
