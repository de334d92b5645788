/* A case file as a struct, checked. */
#ifndef SUITE_CASES_CASE_H
#define SUITE_CASES_CASE_H

#include "cases/case_operation.h"
#include "cases/clause.h"
#include "cases/expect.h"
#include "support/fixture.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The steps of a case with "by_date" from this one on (an index) are about the time. */
enum { BY_DATE_FIRST = 2 };

enum {
    NEED_CLOCK = 1,   /* the target's clock stands still, or can be stopped */
    NEED_MOCK = 2,    /* our mock */
    NEED_WORLD = 4,   /* our mock with the contacts of its own world */
    NEED_LOOPBACK = 8 /* a target on this machine, which may get more writes than a live one */
};

/* As case files write them, in the order of their bits; ends with NULL. */
extern const char *const case_need_names[];

/* One request and what is expected of its answer. */
struct step {
    json_t *request; /* all layers merged; owned */
    json_t *token;
    int64_t wait_s; /* seconds of the target's time that pass before this step */
    size_t expect_count;
    struct expect *expects;
};

struct test_case {
    const struct case_file *file;
    const char *id;
    const char *says;
    const char *excused_by; /* id of another case, or NULL */
    unsigned needs;         /* NEED_... */
    bool is_alone;          /* no other case is played at the same time */
    bool by_date;           /* each token is signed for a second of the target's Date [J6] */
    int64_t wait_s;         /* of all steps together */
    size_t together;        /* number of first steps that are sent at the same time; 0: none */
    size_t step_count;
    struct step *steps;
};

struct case_file {
    struct json_file json;
    char *stem; /* the file's name without folder and .json */
    const struct clause *clause;
    const char *title;
    const char *world;
    const char **mock_arguments; /* for the mock; ends with NULL */
    unsigned needs;
    size_t case_count;
    struct test_case *cases;
};

/* Loads fixture @path ("cases/token/J5-secret.json"); free it with case_file_free(). @clauses must
 * outlive it.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code case_file_load(struct case_file **file, const struct fixtures *from,
                                        const char *path, const struct clauses *clauses,
                                        struct hm_error *err);
void case_file_free(struct case_file *file);

/* The operation that the step is: its method on its path; NULL: something else. */
const struct operation *step_operation(const struct step *step);

/* A string member of the step's request; NULL: none. Borrowed. */
const char *step_text(const struct step *step, const char *member);

#endif
