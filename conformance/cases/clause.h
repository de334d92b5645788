/* The index of the contract, fixtures/clauses.json: each clause and where it is stated. */
#ifndef SUITE_CASES_CLAUSE_H
#define SUITE_CASES_CLAUSE_H

#include "support/fixture.h"
#include "support/json_file.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <stddef.h>

enum clause_source {
    SOURCE_STATED,    /* S: stated by the endpoint's own reference page */
    SOURCE_SECONDARY, /* D: stated by another page of the vendor's documentation */
    SOURCE_ASSUMED,   /* A: stated nowhere; the mock's choice */
    SOURCE_COUNT
};

struct clause {
    const char *id;       /* "J5" */
    const char *sentence; /* the clause in one line */
    const char *policy;   /* name of the choice that the clause leaves open, "typ"; NULL: none */
    const char *policy_default;
    enum clause_source source;
    bool binds_servers; /* false: it binds only clients */
    bool is_skipped;    /* --skip names it: nothing is judged by it, in no case */
    bool is_strict;     /* --strict names it: its warnings are failures */
};

struct clauses {
    struct json_file file;
    size_t count;
    struct clause *at;
};

/* returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code clauses_load(struct clauses *clauses, const struct fixtures *from,
                                      struct hm_error *err);
void clauses_fini(struct clauses *clauses);

/* NULL: no such clause. Borrowed, like its strings. */
const struct clause *clause_find(const struct clauses *clauses, const char *id);

/* The clause that leaves @policy open ("typ" -> J9); NULL: none. */
const struct clause *clause_find_policy(const struct clauses *clauses, const char *policy);

/* The default value of each choice, a new reference; NULL: out of memory. */
json_t *clauses_defaults(const struct clauses *clauses);

/* 'S', 'D', 'A'. */
char clause_source_letter(enum clause_source source);

#endif
