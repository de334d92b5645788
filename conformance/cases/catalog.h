/* The clauses, the case files of the fixtures, and which cases are chosen. */
#ifndef SUITE_CASES_CATALOG_H
#define SUITE_CASES_CATALOG_H

#include "cases/case.h"
#include "cases/clause.h"
#include "support/fixture.h"
#include "support/offers.h"
#include "support/options.h"
#include <heymarket/error.h>
#include <stddef.h>

struct catalog {
    struct fixtures from;
    struct clauses clauses;
    size_t file_count;
    struct case_file **files;
    size_t chosen_count;
    const struct test_case **chosen; /* in the order of files and of cases within them */
};

/* Loads everything. Ids must be unique over all files, and "excused_by" must be the id of a
 * case.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code catalog_load(struct catalog *catalog, const struct fixtures *from,
                                      struct hm_error *err);
void catalog_fini(struct catalog *catalog);

/* Chooses the cases that match a pattern of @only (none: all cases) and no pattern of @skip. A
 * pattern is a glob for case ids, a clause's id, or the name of a case file without .json; a text
 * may have several, separated by commas. A clause in @skip is judged in no other case either.
 * returns HM_OK; HM_BAD_ARGUMENT: a pattern matches nothing, or no case is left; HM_NO_MEMORY */
HM_MUST_USE enum hm_code catalog_choose(struct catalog *catalog, const struct option_texts *only,
                                        const struct option_texts *skip, struct hm_error *err);

/* Adds a case of the catalog to those that are chosen, if it is not one of them. */
void catalog_choose_also(struct catalog *catalog, const struct test_case *test);

/* Marks the clauses in these comma-separated lists as strict. An empty list is left out.
 * returns HM_OK; HM_BAD_ARGUMENT: there is no such clause; HM_NO_MEMORY */
HM_MUST_USE enum hm_code catalog_be_strict(struct catalog *catalog,
                                           const struct option_texts *lists, struct hm_error *err);

/* Offers these parts of the catalog that --fixtures names; nothing if it cannot be read. */
enum { CATALOG_CLAUSES = 1, CATALOG_FILES = 2, CATALOG_CASES = 4 };
void catalog_offer(struct offers *offers, unsigned parts);

/* The cases of all files, chosen or not. */
size_t catalog_case_total(const struct catalog *catalog);

/* NULL: there is no such case. Borrowed. */
const struct test_case *catalog_find(const struct catalog *catalog, const char *id);

/* The id that is most like @id, for "did you mean"; NULL: no id is similar. Borrowed. */
const char *catalog_nearest(const struct catalog *catalog, const char *id);

#endif
