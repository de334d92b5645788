/* The ways in which the bytes of a signature may have been written down [J5]. */
#ifndef CONTRACT_SIGNATURE_FORMS_H
#define CONTRACT_SIGNATURE_FORMS_H

#include "contract/hmac.h"
#include "contract/token_parts.h"

enum signature_form {
    FORM_RAW,            /* base64url of the HMAC: right */
    FORM_HEX,            /* the HMAC's hex digits, as they are or encoded */
    FORM_DOUBLE_ENCODED, /* base64 of base64 */
    FORM_LATIN1_TEXT,    /* the HMAC's bytes taken for ISO 8859-1 and encoded as UTF-8 */
    FORM_COUNT
};

/* A signature read in each form; length 0: it cannot be read in that form. */
struct signature_forms {
    struct {
        unsigned char bytes[MAC_BYTES_MAX * 2];
        size_t length;
    } at[FORM_COUNT];
};
void signature_forms_read(struct signature_forms *forms, const struct token_parts *parts);

/* Does the signature contain the HMAC of @length bytes, in whole or (*is_cut) its beginning? */
bool signature_forms_match(const struct signature_forms *forms, const unsigned char *mac,
                           size_t length, enum signature_form *form, bool *is_cut);

/* How much of an HMAC of @length bytes the signature may contain, by its length alone. */
enum signature_fit { FIT_NONE, FIT_CUT, FIT_WHOLE };
enum signature_fit signature_forms_fit(const struct signature_forms *forms, size_t length);

#endif
