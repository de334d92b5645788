/* Key recovery: rebuilds, from the credentials that are known, each key that a known mistake makes,
 * and checks a signature against it [J5]. A match is proof of the mistake. */
#ifndef CONTRACT_KEY_RECOVERY_H
#define CONTRACT_KEY_RECOVERY_H

#include "contract/hmac.h"
#include "contract/secrets.h"
#include "contract/token_parts.h"

enum {
    RECOVERY_CANDIDATES_MAX = 1500, /* HMACs for one token */
    RECOVERY_SECRETS_MAX = 64,      /* other secrets whose right key is tried */
    RECOVERY_MISTAKES_MAX = 4,      /* made together in one token */
    RECOVERY_TEXT = 320
};

/* The mistakes that together reproduce a signature; none: no known mistake does. */
struct recovery {
    size_t count;
    struct {
        enum hm_mistake mistake;
        char text[RECOVERY_TEXT]; /* what was found; no secret */
    } at[RECOVERY_MISTAKES_MAX];
    unsigned candidates; /* HMACs that it took */
};

/* Looks for the mistake behind a signature that the right key does not make.
 *
 * hash    what the header's alg names: the one that is no mistake
 * returns HM_OK whatever was found, HM_NO_MEMORY
 */
HM_MUST_USE enum hm_code key_recover(struct recovery *recovery, const struct token_parts *parts,
                                     enum hash hash, const struct secret *secret,
                                     const struct hm_secrets *secrets, struct hm_error *err);

/* The ways in which a signature's bytes may have been written down. */
enum signature_form {
    FORM_RAW,            /* base64url of the digest: right */
    FORM_HEX,            /* the digest's hex digits, as they are or encoded */
    FORM_DOUBLE_ENCODED, /* base64 of base64 */
    FORM_LATIN1_TEXT,    /* the digest's bytes as Latin-1 letters, in UTF-8 */
    FORM_COUNT
};

/* A signature read in each form that it can be read in; length 0: it cannot. */
struct signature_forms {
    struct {
        unsigned char bytes[MAC_BYTES_MAX * 2];
        size_t length;
    } at[FORM_COUNT];
};
void signature_forms_read(struct signature_forms *forms, const struct token_parts *parts);

/* Does a digest of @length bytes stand in the signature, whole or (*is_cut) its beginning? */
bool signature_forms_match(const struct signature_forms *forms, const unsigned char *mac,
                           size_t length, enum signature_form *form, bool *is_cut);

#endif
