/* Finds what must not be shown in any text: the beginning of a known key, as it is or in hex or
 * base64; anything that looks like a token; the signature of the request's own token. */
#ifndef CONTRACT_MASK_H
#define CONTRACT_MASK_H

#include "contract/mask_forms.h"
#include <heymarket/token.h>
#include <stddef.h>

/* The keys and legacy keys of a set. Never changes; safe for threads. */
struct mask;

/* NULL: out of memory. */
struct mask *mask_new(const struct hm_secrets *secrets);
void mask_free(struct mask *mask);

/* A number that no other mask of this process has: identifies it to caches. */
unsigned long long mask_serial(const struct mask *mask);

/* What to look for in one request's texts. */
struct masking {
    const struct mask *mask;
    const char *signature; /* of the request's own token; NULL: none */
};

enum mask_kind { MASK_NOTHING, MASK_KEY, MASK_TOKEN, MASK_SIGNATURE };

struct mask_hit {
    enum mask_kind kind;
    size_t at;
    size_t length;
};

/* The first hit at @from or later; MASK_NOTHING: none. */
struct mask_hit mask_find(const struct masking *masking, const char *text, size_t length,
                          size_t from);

/* Overwrites every hit with asterisks. */
void mask_overwrite(const struct masking *masking, char *text, size_t length);

/* Sets the signature from an Authorization value: what follows the last dot, if there are two. */
void masking_take_signature(struct masking *masking, const char *value, size_t length);

#endif
