/* Cases as files for tools that people have already: which cases, and the folder. */
#ifndef SUITE_EXPORT_EXPORT_H
#define SUITE_EXPORT_EXPORT_H

#include "cases/catalog.h"
#include "export/export_entry.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum export_format { EXPORT_HURL, EXPORT_HTTP };

struct export_order {
    enum export_format format;
    bool is_documented; /* only what the documentation states is asserted */
    const char *dir;
};

/* The words of --format, in the order of enum export_format; ends with NULL. */
extern const char *const export_format_words[];

struct export_sum {
    size_t files;
    size_t cases;
    size_t requests;
    size_t left_out[EXPORT_REASON_COUNT];
};

/* Writes the chosen cases to the folder of @order, which is new, empty or ours: one file for each
 * case file of which a case can be exported. Removes those of an earlier export, of both formats.
 * returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code export_write(struct export_sum *sum, const struct catalog *catalog,
                                      const struct export_order *order, struct hm_error *err);

#endif
