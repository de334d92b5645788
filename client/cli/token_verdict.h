/* A token judged, and the verdict printed, for people and as JSON. */
#ifndef CLI_TOKEN_VERDICT_H
#define CLI_TOKEN_VERDICT_H

#include <heymarket/token.h>
#include <jansson.h>
#include <stdio.h>

/* Loads the secrets to judge by: from @secret_file, or from the environment if it is NULL (see
 * credentials.h). None at all is allowed if the signature is not checked. @secrets:
 * hm_secrets_free() it. */
HM_MUST_USE enum hm_code verdict_secrets(struct hm_secrets **secrets, const char *secret_file,
                                         bool is_unsigned, struct hm_error *err);

/* Judges a header's value (is_header) or a bare token. returns HM_OK whatever the verdict,
 * HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code verdict_reach(struct hm_verdict *verdict, const char *text, size_t length,
                                       bool is_header, const struct hm_secrets *secrets,
                                       bool is_unsigned, int64_t now, struct hm_error *err);

/* "good; signed 2024-04-16T00:00:00Z, 12 s ago", then the findings. In colour on a terminal, unless
 * NO_COLOR is set. */
void verdict_print(FILE *out, const struct hm_verdict *verdict, const struct hm_secrets *secrets);

/* Sets verdict, now, age_s, secret_id and findings of an object, and returns it; NULL, and the
 * object is freed: out of memory. */
json_t *verdict_json(json_t *object, const struct hm_verdict *verdict,
                     const struct hm_secrets *secrets);

#endif
