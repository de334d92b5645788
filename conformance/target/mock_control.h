/* The control plane of a mock of ours that somebody else started: what it is, and how it is made
 * ready for a case and put back afterwards. */
#ifndef SUITE_TARGET_MOCK_CONTROL_H
#define SUITE_TARGET_MOCK_CONTROL_H

#include "transport/http.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* GETs a path of the control plane at @url. *body: the answer's object, a new reference; NULL:
 * there is none. HM_NOT_SENT: nothing answers. */
HM_MUST_USE enum hm_code mock_control_get(json_t **body, struct http_session *session,
                                          const char *url, const char *path, struct hm_error *err);

/* PUTs the values of A clauses, merged into those in force. *is_done: it took them; one that cannot
 * change them answers otherwise. */
HM_MUST_USE enum hm_code mock_control_set_policy(bool *is_done, struct http_session *session,
                                                 const char *url, json_t *policy,
                                                 struct hm_error *err);

/* Lets the clock stand still at @now_s, */
HM_MUST_USE enum hm_code mock_control_freeze(bool *is_done, struct http_session *session,
                                             const char *url, int64_t now_s, struct hm_error *err);

/* or run, so many seconds ahead of the real time. */
HM_MUST_USE enum hm_code mock_control_run(bool *is_done, struct http_session *session,
                                          const char *url, int64_t ahead_s, struct hm_error *err);

/* Lets so many seconds pass for what is signed already; returns once the next second has begun. */
HM_MUST_USE enum hm_code mock_control_elapse(bool *is_done, struct http_session *session,
                                             const char *url, int64_t seconds,
                                             struct hm_error *err);

#endif
