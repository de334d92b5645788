/* Keys in every form that they may be written in, and a search for all of them at once: as they
 * are, in hex, and in either base64 at any of its three offsets. Letter case is ignored, and a '+'
 * may stand for a space. */
#ifndef CONTRACT_MASK_FORMS_H
#define CONTRACT_MASK_FORMS_H

#include "contract/mask_decode.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MASK_PREFIX_BYTES = 16, /* of a form's beginning that are enough: the text may have been cut */
    MASK_KEY_LEAST = 8      /* a shorter key would mask ordinary words */
};

/* The keys of the mock's sandboxes begin with it, so that they are found by those who know none of
 * them: in each form, with what follows, up to two times its length. */
#define MASK_FAMILY "HmSandboxKey"

/* Never changes; safe for threads. */
struct mask_forms;

/* Of keys, and of MASK_FAMILY. NULL: out of memory. */
struct mask_forms *mask_forms_new(const char *const *keys, size_t count);
void mask_forms_free(struct mask_forms *forms);

/* A piece of a text. */
struct mask_piece {
    size_t at;
    size_t length; /* 0: none, and @at is the text's length */
};

/* The first piece of @text, at @from or later, that is a form, the beginning of one (16 bytes or
 * more), or 24 bytes or more of a key's middle or end. It reaches as far as text and form agree. */
struct mask_piece mask_forms_find(const struct mask_forms *forms, const char *text, size_t length,
                                  size_t from);

/* The same for what @decoder reads from where it stands; the piece is of the text before decoding.
 */
struct mask_piece mask_forms_find_decoded(const struct mask_forms *forms,
                                          struct mask_decoder decoder);

#endif
