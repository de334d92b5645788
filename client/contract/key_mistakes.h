/* The ways in which integrations make the wrong key of the right credentials: tables, one row a
 * mistake. A new mistake is a new row. */
#ifndef CONTRACT_KEY_MISTAKES_H
#define CONTRACT_KEY_MISTAKES_H

#include "contract/key_codecs.h"
#include <heymarket/finding.h>

/* Stands for "no mistake" in a row. */
#define NO_MISTAKE HM_MISTAKE_COUNT

/* In how many combinations a row is tried: ONCE alone, the others as key_recovery.c says. */
enum key_reach { ONCE, RARE, COMMON, CORE };

/* A way to make a key, and the words for it. The members are in the order in which a row is read.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct key_row {
    const char *pattern; /* {I} stands for the ID, {K} for the key; {} in a wrap for the whole */
    enum hm_mistake mistake; /* that it proves */
    enum hm_mistake also;    /* a second one in the same row, or NO_MISTAKE */
    enum key_reach reach;
    const char *made;      /* "the ID alone": what was used as the key */
    const char *usual;     /* "as ... does": who makes it so; "" where that is plain */
    key_change_fn *change; /* done to the expanded pattern, or NULL */
    int how;               /* for the change */
    const char *before;    /* pattern of what is put before the changed text */
};

/* How ID and key are put together. The first row is the right one. */
extern const struct key_row key_rows[];
extern const size_t key_row_count;

/* What surrounds a key by accident. */
extern const struct key_row key_wraps[];
extern const size_t key_wrap_count;

/* What is done to a text before it becomes the key. */
extern const struct key_row key_changes[];
extern const size_t key_change_count;

/* Is called with a possible key, the mistake that it would prove, and the words for it. False: the
 * search is over. */
typedef bool key_try_fn(void *context, const unsigned char *key, size_t length,
                        enum hm_mistake mistake, const char *made);

/* Expands a pattern. Returns the length; 0: it does not fit. */
size_t key_expand(unsigned char out[KEY_BYTES_MAX], const char *pattern, const char *id,
                  const char *key);

#endif
