/* What list shows of the chosen cases. */
#ifndef SUITE_VERB_LISTING_H
#define SUITE_VERB_LISTING_H

#include "cases/catalog.h"
#include "play/plan.h"
#include "target/target.h"
#include <stdbool.h>
#include <stddef.h>

/* How a list is printed, and the target it is of. */
struct listing {
    const struct target *target; /* NULL: mocks would be started */
    const struct plan *plan;     /* NULL: all that can be run is */
    size_t budget;               /* of the plan */
    bool is_tap;
    const char *indent;   /* of what belongs to a case */
    const char *base_url; /* NULL: paths alone */
};

/* Appends the URL or path of a step, its contact by name: /v2/contact/{ada}/channel. */
void listing_path(struct buf *out, const struct step *step, const struct listing *listing);

/* Appends why the chosen case of that number would not be run; nothing where it would. */
void listing_reason(struct buf *out, const struct test_case *test, size_t number,
                    const struct listing *listing);

/* Prints the whole list as one JSON object. False: out of memory. */
bool list_print_json(const struct catalog *catalog, const struct listing *listing);

#endif
