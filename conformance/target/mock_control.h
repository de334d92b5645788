/* The control plane of our mock. */
#ifndef SUITE_TARGET_MOCK_CONTROL_H
#define SUITE_TARGET_MOCK_CONTROL_H

#include "transport/http.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* GETs a path of the control plane at @url. *body: the object of the answer, a new reference;
 * NULL: none. HM_NOT_SENT: nothing listens there. */
HM_MUST_USE enum hm_code mock_control_get(json_t **body, struct http_session *session,
                                          const char *url, const char *path, struct hm_error *err);

/* The same for its health; a signal ends the request, as it may not be our mock. */
HM_MUST_USE enum hm_code mock_control_health(json_t **body, struct http_session *session,
                                             const char *url, struct hm_error *err);

/* Merges values of A clauses into those of the mock. *is_done: it accepted them. */
HM_MUST_USE enum hm_code mock_control_set_policy(bool *is_done, struct http_session *session,
                                                 const char *url, json_t *policy,
                                                 struct hm_error *err);

/* How the clock is set: stopped at that Unix time; running that many seconds ahead of real time;
 * that many seconds have passed for tokens that are already signed (returns once the next second
 * has begun). */
#define MOCK_CLOCK_NOW    "now"
#define MOCK_CLOCK_AHEAD  "offset_s"
#define MOCK_CLOCK_ELAPSE "elapse_s"

HM_MUST_USE enum hm_code mock_control_set_clock(bool *is_done, struct http_session *session,
                                                const char *url, const char *how, int64_t seconds,
                                                struct hm_error *err);

#endif
