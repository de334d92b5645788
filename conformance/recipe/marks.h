/* Marks in a case that become fresh values: $email a unique address hm-<run>-<n>@example.com,
 * $phone a fictional number 1NXX55501xx, $type a channel type hm-<run>-t<n>, which nobody else
 * uses, so that its channels may be changed and deleted. $email:1 is the same value wherever it
 * occurs in a case. */
#ifndef SUITE_RECIPE_MARKS_H
#define SUITE_RECIPE_MARKS_H

#include "support/buf.h"
#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MARK_RUN_TEXT = 9, MARK_TEXT = 48, MARKS_KEPT_MAX = 64 };

/* Of a run. */
struct marks {
    char run[MARK_RUN_TEXT];
    atomic_uint emails; /* counted by all threads */
    atomic_uint phones;
    atomic_uint types;
    unsigned first_phone; /* the number before the first */
};

/* Of a case: the values with a number. */
struct case_marks {
    struct marks *run;
    int64_t contact_number; /* $contact_id: the integer of an earlier answer [T3]; 0: none yet */
    size_t count;
    struct {
        char name[MARK_TEXT]; /* "$email:1" */
        char text[MARK_TEXT];
    } kept[MARKS_KEPT_MAX];
};

/* False: the system gave no random bytes. */
__attribute__((warn_unused_result)) bool marks_init(struct marks *marks);

/* Does @text contain an address or a number of this run, of whichever case? Also if letter case or
 * punctuation was changed, or the end was cut off. */
bool marks_made(const struct marks *marks, const char *text);

/* The first of the types of this run, which no case gets. */
void marks_first_type(char text[MARK_TEXT], const struct marks *marks);

/* Is @text a channel type that this run made from $type, perhaps with something after it? */
bool marks_made_type(const struct marks *marks, const char *text);

/* Is @text an address or a type of another run? */
bool marks_are_of_other_run(const struct marks *marks, const char *text);

/* Is @text a fictional number of whatever origin? */
bool marks_are_a_number(const char *text);

/* Does @text contain $email, $phone or $type? */
bool marks_are_in(const char *text);

/* Does @text contain $type? */
bool marks_have_type(const char *text);

/* Moves @text on to the next address of this run, or fictional number of whatever origin, before
 * @end. Returns its length; 0: none. */
size_t marks_find(const struct marks *marks, const char **text, const char *end);

/* The value of a mark with a number ("$email:1"); NULL: it has none yet. Borrowed. */
const char *marks_kept(const struct case_marks *marks, const char *name);

/* Appends @text with its marks replaced. */
void marks_expand(struct buf *out, const char *text, size_t length, struct case_marks *marks);

/* A copy of @value with the marks in its strings replaced, a new reference. NULL: out of memory. */
json_t *marks_expand_json(json_t *value, struct case_marks *marks);

#endif
