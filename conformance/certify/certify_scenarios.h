/* The scenarios of an integration test, and the judge of each. */
#ifndef SUITE_CERTIFY_CERTIFY_SCENARIOS_H
#define SUITE_CERTIFY_CERTIFY_SCENARIOS_H

#include "certify/certify_seen.h"
#include "certify/certify_world.h"
#include <stdbool.h>

enum { CERTIFY_ARGUMENTS_MAX = 8 };

struct scenario {
    const char *name;
    const char *clause;
    const char *title; /* what a client should do */
    void (*judge)(struct certify_verdict *verdict, const struct certify_seen *seen);
    const char *method; /* only for integrations that send such requests; NULL: for all */
    const char *arguments[CERTIFY_ARGUMENTS_MAX]; /* for the mock */
    enum certify_contact contact;
    bool is_of_first; /* judges what the first scenario showed; the command is not run */
    bool is_rotated;  /* the mock knows only the other secret */
    bool elapses;     /* 301 s pass after the first accepted request; the command is run twice */
};

/* Ends with a row without a name. */
extern const struct scenario scenarios[];

#endif
