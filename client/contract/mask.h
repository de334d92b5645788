/* Finds what must not be shown in any text: a known key in any form and any spelling, whole or from
 * its beginning; anything that looks like a token; the signature of the request's own token.
 *
 * Mask a text before it is cut. It may be escaped already: percent-encoding, JSON escapes and \xNN
 * are seen through, also two of them one over the other. */
#ifndef CONTRACT_MASK_H
#define CONTRACT_MASK_H

#include "contract/mask_forms.h"
#include "support/buf.h"
#include "support/span.h"
#include <heymarket/token.h>
#include <stdbool.h>
#include <stddef.h>

/* The keys and legacy keys of a set, and of earlier sets. Never changes; safe for threads. */
struct mask;

/* NULL: out of memory. */
struct mask *mask_new(const struct hm_secrets *secrets);

/* Of keys alone; one may be NULL. NULL: out of memory. */
struct mask *mask_new_of(const char *const *keys, size_t count);
void mask_free(struct mask *mask);

/* A number that no other mask of this process has: identifies it to caches. */
unsigned long long mask_serial(const struct mask *mask);

/* The keys of one set, for those who keep what was masked while the set was current. As long as
 * they hold it, masks that are made later know its keys. */
struct mask_keys;
struct mask_keys *mask_keys_hold(const struct mask *mask);
void mask_keys_release(struct mask_keys *keys); /* NULL is accepted */

/* The same keys, those of @earlier, and of the sets before it all that are still held. NULL: out of
 * memory. */
struct mask *mask_new_after(const struct mask *mask, const struct mask *earlier);

/* What to look for in one request's texts. */
struct masking {
    const struct mask *mask; /* NULL: no key is known */
    const char *signature;   /* of the request's own token; NULL: none */
    size_t signature_length;
    const struct span *words; /* others, found only as they are, from 16 first or 24 other bytes */
    size_t word_count;
};

enum mask_kind { MASK_NOTHING, MASK_KEY, MASK_TOKEN, MASK_SIGNATURE };

struct mask_hit {
    enum mask_kind kind;
    size_t at;
    size_t length;
};

enum {
    MASK_WAYS = 9,    /* to look for something, mask.c has their table */
    MASK_REACH = 1024 /* bytes after a place by which a key that begins before it is recognised */
};

/* A search through one text, hit by hit. */
struct mask_search {
    const struct masking *masking;
    const char *text;
    size_t length;
    size_t at;                       /* everything before was searched */
    size_t no_token_before;          /* no token begins before this offset */
    struct mask_hit next[MASK_WAYS]; /* of each way, not before @at */
};

/* @masking NULL: there is nothing to look for. */
void mask_search_begin(struct mask_search *search, const struct masking *masking, const char *text,
                       size_t length);

/* The next hit; hits do not overlap. MASK_NOTHING, at the text's end: there is none. */
struct mask_hit mask_search_next(struct mask_search *search);

/* Is there nothing to mask? */
bool mask_is_clean(const struct masking *masking, const char *text, size_t length);

/* The first hit at @from or later; MASK_NOTHING: none. */
struct mask_hit mask_find(const struct masking *masking, const char *text, size_t length,
                          size_t from);

/* Overwrites every hit with asterisks. */
void mask_overwrite(const struct masking *masking, char *text, size_t length);

/* The words of an Authorization value that must not be shown: a token's segments, or what is there
 * instead. Borrowed from @value. Returns how many there are, of which @most are stored. */
size_t mask_words_of(struct span *words, size_t most, const char *value);

/* Sets the signature from an Authorization value: what follows the last dot, if there are two. */
void masking_take_signature(struct masking *masking, const char *value, size_t length);

#endif
