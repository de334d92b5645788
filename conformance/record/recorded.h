/* One call of the application: what it sent, what the target answered, and how both were judged. */
#ifndef SUITE_RECORD_RECORDED_H
#define SUITE_RECORD_RECORDED_H

#include "judge/result.h"
#include "play/round_trip.h"
#include "record/recorded_operation.h"
#include "support/uuid.h"
#include <heymarket/token.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RECORDED_NAME_TEXT = 32, RECORDED_TYPE_TEXT = 128 };

struct recorded_contact; /* record/recorded_contacts.h */

struct recorded {
    size_t number; /* from 1, in the order of arrival */
    int64_t sent_at_ms;
    const char *method; /* borrowed from the connection, like the target and the header fields */
    struct span target; /* the path with its query */
    struct span path;
    struct operation_call call;
    char contact[UUID_TEXT];       /* "": the path has none, or one that is not a UUID */
    char type[RECORDED_TYPE_TEXT]; /* {type} of the path, decoded; "" */
    bool is_json;                  /* the request's media type [T2] */
    struct round_trip trip;
    bool was_refused_here; /* the recorder itself answered: nothing was forwarded */
    int status;            /* of the answer that the application got */

    /* About the request. */
    struct hm_findings token_findings;
    struct hm_findings body_findings;
    bool is_token_known;   /* its secret is among those that were given: J5 was checked */
    bool has_other_secret; /* its iss is none of those that were given */

    /* When it was sent. */
    json_t *known;  /* the contact's channels as last seen; NULL: unknown */
    size_t changes; /* of the contact, begun or ended */

    char name[RECORDED_NAME_TEXT]; /* "exchange 12" */
    struct test_case as_case;      /* for the result, which belongs to a case elsewhere */
    struct result result;
};

void recorded_fini(struct recorded *x);

/* Does it call that operation? */
bool recorded_calls(const struct recorded *x, enum operation_id id);

/* A 2xx that was read whole. */
bool recorded_is_accepted(const struct recorded *x);

/* Reads what the path and the body say: operation, contact, type, media type, the body as JSON. */
void recorded_read(struct recorded *x);

/* Judges the request by the contract: its token and its body. Call it once it is answered: the
 * target's Date is the time. @secrets may be empty: then only the token's form and times are
 * judged. returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code recorded_diagnose(struct recorded *x, const struct hm_secrets *secrets,
                                           struct hm_error *err);

/* The first refusal of the findings that the contract states [S D]; NULL: there is none. */
const struct hm_finding *stated_refusal(const struct hm_findings *findings,
                                        const struct clauses *clauses);

#endif
