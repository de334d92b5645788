/* A step of a case with placeholders, as every format writes it: what is sent, and what is
 * expected. */
#ifndef SUITE_EXPORT_EXPORT_ENTRY_H
#define SUITE_EXPORT_EXPORT_ENTRY_H

#include "cases/case.h"
#include "recipe/marks.h"
#include "recipe/message.h"
#include "recipe/names.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum { EXPORT_FILE_BYTES_MAX = 16 * 1024 * 1024, EXPORT_BODY_BYTES_MAX = 16 * 1024 };

/* Why a case is not exported. */
enum export_reason {
    EXPORT_GOES, /* it is */
    EXPORT_CLOCK,
    EXPORT_MOCK,
    EXPORT_TOGETHER,
    EXPORT_TOKEN,
    EXPORT_CONTACT,
    EXPORT_REQUEST,
    EXPORT_REASON_COUNT
};

/* For the summary: "140 cases: <text>". Static. */
const char *export_reason_text(enum export_reason reason);

struct export_entry {
    const struct test_case *test;
    size_t number;                      /* index of the step */
    struct step bare;                   /* the step without its token */
    struct message message;             /* its URL begins with {{base_url}}; no Authorization */
    struct authorization authorization; /* with {{token}} */
    struct case_marks *marks;
    const struct clauses *clauses;
    bool is_documented; /* only what the documentation states is asserted */
};

/* The placeholders as contacts. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code export_names(struct names *names, struct hm_error *err);

/* What of the case itself cannot be exported, in any format. */
enum export_reason export_case_reason(const struct test_case *test, const struct names *names);

/* Makes the request of step @number of a case that export_case_reason() let pass. Always call
 * export_entry_fini() after it. returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code export_entry_make(struct export_entry *entry, const struct test_case *test,
                                           size_t number, const struct names *names,
                                           struct case_marks *marks, const struct clauses *clauses,
                                           struct hm_error *err);
void export_entry_fini(struct export_entry *entry);

/* Does a tool send the request as it is written? Tools refuse or change some URLs, header fields
 * and bodies. */
bool export_entry_is_plain(const struct export_entry *entry);

/* Is this expected where a server makes the contract's default choices? */
bool export_is_expected(const struct export_entry *entry, const struct expect *expect);

/* May a tool fail because of it? As with the suite, what is assumed, lenient or a choice is only
 * held against our mock. */
bool export_is_asserted(const struct export_entry *entry, const struct expect *expect);

/* Appends what is above a request: an empty line, "J5-swapped, step 2 of 3: key first" after
 * @prefix, and, where it is so, that a target that others use should not get it. */
void export_title(struct buf *out, const char *prefix, const struct export_entry *entry);

/* Appends "status 401" or "at /error, is unauthorized", on one line. */
void export_expectation(struct buf *out, const struct export_entry *entry,
                        const struct expect *expect);

/* Appends "[J5 S]". */
void export_clause(struct buf *out, const struct expect *expect);

/* Appends the comment at the head of a file: its title, and the variables that occur in
 * @entries. */
void export_head(struct buf *out, const struct case_file *file, const struct buf *entries,
                 const char *how);

#endif
