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

/* Merges values of A clauses into those of the mock. *is_done: it accepted them. */
HM_MUST_USE enum hm_code mock_control_set_policy(bool *is_done, struct http_session *session,
                                                 const char *url, json_t *policy,
                                                 struct hm_error *err);

/* Stops the clock at @now_s, Unix seconds. */
HM_MUST_USE enum hm_code mock_control_freeze(bool *is_done, struct http_session *session,
                                             const char *url, int64_t now_s, struct hm_error *err);

/* Lets the clock run @ahead_s seconds ahead of real time. */
HM_MUST_USE enum hm_code mock_control_run(bool *is_done, struct http_session *session,
                                          const char *url, int64_t ahead_s, struct hm_error *err);

/* Makes @seconds pass for tokens that are already signed; returns once the next second has
 * begun. */
HM_MUST_USE enum hm_code mock_control_elapse(bool *is_done, struct http_session *session,
                                             const char *url, int64_t seconds,
                                             struct hm_error *err);

#endif
