/* What must not be shown, wherever in a text it stands: what begins like a key that is known here,
 * as it is or in hex or base64, what looks like a token, and one signature more. */
#ifndef CONTRACT_MASK_H
#define CONTRACT_MASK_H

#include "support/buf.h"
#include <heymarket/token.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The keys and legacy keys of a set, for finding them in one pass. Never changes; any number of
 * threads may look. */
struct mask;

/* NULL: out of memory. */
struct mask *mask_new(const struct hm_secrets *secrets);
void mask_free(struct mask *mask);

/* A number of its own, for those who remember what was masked by it. */
unsigned long long mask_serial(const struct mask *mask);

/* What one request's texts are looked through for. */
struct masking {
    const struct mask *mask;
    const char *signature; /* of the request's own token; NULL: none */
    size_t signature_length;
    size_t rare_at; /* where in its first bytes one stands that is rare in a text */
};

enum mask_kind { MASK_NOTHING, MASK_KEY, MASK_TOKEN, MASK_SIGNATURE };

struct mask_hit {
    enum mask_kind kind;
    size_t at;
    size_t length;
};

/* The first one of @text from @from on. */
struct mask_hit mask_find(const struct masking *masking, const char *text, size_t length,
                          size_t from);

/* Overwrites with asterisks all that must not be shown. */
void mask_overwrite(const struct masking *masking, char *text, size_t length);

/* The signature of an Authorization value: what stands behind its last dot, if there are two. */
void masking_take_signature(struct masking *masking, const char *value, size_t length);

enum {
    MASK_PREFIX_BYTES = 16, /* that must be the same: the text may have been cut behind them */
    MASK_KEY_LEAST = 8,     /* a shorter key would mask ordinary words */
    MASK_DEPTH_MAX = 32,    /* of JSON that is shown; what is deeper is left out */
    MASK_NAME_BYTES_MAX = 128
};

/* Appends @text as a JSON string with placeholders for what must not be shown, and takes what it
 * writes off *left; past that the text is cut, between characters. False: it was cut. */
bool mask_write_string(struct buf *out, const struct masking *masking, const char *text,
                       size_t length, size_t *left);

/* Appends a JSON value in the same way: strings are cut, members and elements left out, so that it
 * stays JSON. */
bool mask_write_value(struct buf *out, const struct masking *masking, json_t *value, size_t *left);

#endif
