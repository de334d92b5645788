/* The ways in which integrations make the wrong key of the right credentials: tables, one row a
 * mistake. A new mistake is a new row. */
#ifndef CONTRACT_KEY_MISTAKES_H
#define CONTRACT_KEY_MISTAKES_H

#include <heymarket/finding.h>
#include <stdbool.h>
#include <stddef.h>

/* Stands for "no mistake" in a row. */
#define NO_MISTAKE HM_MISTAKE_COUNT

enum {
    KEY_BYTES_MAX = 8 * 1024 /* of a key made in any way: two halves, encoded twice, and to spare */
};

/* How a key is put together: {I} stands for the ID, {K} for the key. The first row is the right
 * one. */
struct key_row {
    const char *pattern;
    enum hm_mistake mistake;
    enum hm_mistake also; /* a second mistake in the same row, or NO_MISTAKE */
    bool is_common;       /* tried with every wrap, hash and signing input, too */
    const char *made;     /* "the ID alone": what it was signed with */
    const char *usual;    /* "as ... does": who makes it so; "" where that is plain */
};
extern const struct key_row key_rows[];
extern const size_t key_row_count;

/* What stands around a key by accident: {} stands for the key. */
struct key_wrap {
    const char *pattern;
    enum hm_mistake mistake;
    enum hm_mistake also;
    bool is_common; /* tried around every row, not only the common ones */
    const char *made;
};
extern const struct key_wrap key_wraps[];
extern const size_t key_wrap_count;

/* Placeholders that were left in place: every pair of names, in every style ('@' stands for the
 * name). */
extern const char *const placeholder_names[][2];
extern const size_t placeholder_name_count;
extern const char *const placeholder_styles[];
extern const size_t placeholder_style_count;

/* What is done to a text before it becomes the key. Writes at most KEY_BYTES_MAX bytes, returns
 * their number; 0: the text cannot be treated so, or nothing would change. */
typedef size_t key_change_fn(unsigned char *out, const unsigned char *in, size_t length);

struct key_change {
    key_change_fn *change;
    const char *source; /* a pattern with {I} {K}; what is changed */
    const char *before; /* pattern of what stands before the changed text; "" */
    enum hm_mistake mistake;
    enum hm_mistake also;
    const char *made;
    const char *usual;
};
extern const struct key_change key_changes[];
extern const size_t key_change_count;

/* Expands a pattern. Returns the length, 0 when it does not fit. */
size_t key_expand(unsigned char out[KEY_BYTES_MAX], const char *pattern, const char *id,
                  const char *key);

/* The same with @joiner in place of each '@'. */
size_t key_expand_with(unsigned char out[KEY_BYTES_MAX], const char *pattern, const char *id,
                       const char *key, int joiner);

#endif
