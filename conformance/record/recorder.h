/* A recording: judges each call once it is answered, writes its line, and keeps what the world, the
 * profile and the summary are made of. Memory is bounded whatever the number of calls. */
#ifndef SUITE_RECORD_RECORDER_H
#define SUITE_RECORD_RECORDER_H

#include "cases/clause.h"
#include "judge/findings.h"
#include "judge/judge.h"
#include "learn/learn.h"
#include "record/recorded.h"
#include "record/recorded_contacts.h"
#include "record/stand_ins.h"
#include "target/target.h"
#include "transport/http.h"
#include <heymarket/token.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* FINDINGS: different ones; MISTAKES: of the application. */
enum { RECORDER_FINDINGS_MAX = 200 };

/* A result that a finding shows. */
struct recorded_kept;

struct recorder {
    /* Set by the caller before recorder_init(). */
    const char *base_url;
    const struct hm_secrets *secrets;
    struct http_tls tls;
    int64_t timeout_ms;
    int line_fd; /* where lines go; -1: nowhere */

    atomic_bool is_cancelled; /* ends the requests that are on their way */

    pthread_mutex_t lock; /* of all below */
    size_t begun, ended, accepted, refused, unanswered, not_sent, others;
    struct names names; /* for the mask */
    struct clauses clauses;
    struct target target; /* foreign */
    struct request_ids ids;
    struct recorded_contacts contacts;
    struct stand_ins stand_ins;
    struct learning learning;
    struct findings findings;
    size_t findings_left_out;
    struct recorded_kept *kept;
    size_t mistakes[HM_MISTAKE_COUNT];                     /* of the application, by their number */
    char mistake_texts[HM_MISTAKE_COUNT][HM_FINDING_TEXT]; /* the first of each */
    int write_error; /* errno of the first line that could not be written; 0: none */
    bool is_out_of_memory;
};

/* returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY. Always call recorder_fini() after it. */
HM_MUST_USE enum hm_code recorder_init(struct recorder *recorder, const struct fixtures *from,
                                       struct hm_error *err);
void recorder_fini(struct recorder *recorder);

/* A call has come: gives it its number. From any thread. */
void recorder_begin(struct recorder *recorder, struct recorded *x);

/* Its answer is there: judges, takes and writes it. From any thread. */
void recorder_end(struct recorder *recorder, struct recorded *x);

#endif
