/* One search for the wrong key that explains a signature: what is tried at the moment, and what a
 * match proves. The stages of the search are in key_recovery.c. */
#ifndef CONTRACT_KEY_SEARCH_H
#define CONTRACT_KEY_SEARCH_H

#include "contract/key_mistakes.h"
#include "contract/recovery.h"
#include "contract/secrets.h"
#include "contract/signature_forms.h"
#include "contract/signing_inputs.h"
#include <stdint.h>

enum { TRIED_SLOTS = 4096 /* a power of two, far more than RECOVERY_CANDIDATES_MAX */ };

/* What is tried at the moment, so that a match can be put into words. */
struct attempt {
    const struct key_row *row;
    const struct key_row *wrap; /* or NULL */
    const struct signing_input_row *input;
    bool is_input_reported;         /* by the row */
    const struct secret *halves_of; /* another secret from which one half, or both, are taken */
    const char *halves;             /* "ID and key" */
    enum hash hash;
};

struct search {
    struct recovery *recovery;
    unsigned limit; /* of candidates */
    const struct token_parts *parts;
    const struct secret *secret;
    const struct hm_secrets *secrets;
    struct hmac_scratch *hmac;
    struct signature_forms forms;
    enum hash declared;
    struct attempt attempt;
    const char *id, *key; /* the halves that are put together at the moment */
    struct span text;     /* the signing input at the moment */
    unsigned char bytes[KEY_BYTES_MAX];
    unsigned char source[KEY_BYTES_MAX];
    unsigned char wrapped[KEY_BYTES_MAX + 16];
    uint64_t tried[TRIED_SLOTS]; /* checksums, as many rows make the same key; 0: an empty slot */
    bool is_over;                /* found, or the limit is reached */
    bool has_failed;
};

/* One HMAC with the hash and the signing input of the moment, unless it was made before. A match
 * is reported as the attempt's row, and ends the search. */
void try_key(struct search *search, const unsigned char *key, size_t length);

/* What is in search->bytes, as a row that is in no table. */
void try_made(struct search *search, size_t length, const struct key_row *row);

/* The same for the modules for slips and records; a key_try_fn, @context is the search. */
key_try_fn try_other;

/* What is in search->bytes, as the attempt's row, in each wrap that is tried at least this often.
 */
void try_wraps(struct search *search, size_t length, enum key_reach least);

/* A digest of secret and signing input that is not the right HMAC. @is_made: false if it could not
 * be made. */
void try_digest(struct search *search, bool is_made, const unsigned char *mac,
                enum hm_mistake mistake, const char *text);

#endif
