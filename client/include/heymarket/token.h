/* Tokens: sign, inspect, verify [J1-J10 J13].
 *
 * A token is a JWS compact serialization (RFC 7515 §7.1) of JWT claims (RFC 7519), signed with
 * HMAC-SHA256 and the secret ID||KEY [J5]. No function reads a clock: the caller passes the time,
 * in Unix seconds.
 */
#ifndef HEYMARKET_TOKEN_H
#define HEYMARKET_TOKEN_H

#include <heymarket/error.h>
#include <heymarket/finding.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    HM_TOKEN_LIFE_S = 300,     /* a token expires at iat + 300 [J6] */
    HM_FUTURE_IAT_S = 60,      /* default leeway for a clock that is ahead [J7] */
    HM_TOKEN_BYTES_MAX = 8192, /* a longer token is refused without reading it */
    HM_SECRET_BYTES_MAX = 1024 /* of an ID, and of a key */
};

/* Signs a token that is valid for HM_TOKEN_LIFE_S from @iat on. Thread-safe.
 *
 * token    receives a new NUL-terminated string: free() it. NULL after a failure
 * id, key  the API secret's two halves [J3 J5]; neither is changed, trimmed or decoded
 * iat      Unix time in seconds [J4]
 * returns  HM_OK, HM_BAD_ARGUMENT (an empty or over-long half, or an ID that is not UTF-8),
 *          HM_NO_MEMORY, HM_INTERNAL
 * clauses  [J2] [J3] [J4] [J5]
 */
HM_API HM_MUST_USE enum hm_code hm_token_sign(char **token, const char *id, const char *key,
                                              int64_t iat, struct hm_error *err);

/* A token taken apart and not judged. */
struct hm_token {
    char *header; /* decoded JSON text, NUL-terminated; may contain NULs */
    size_t header_bytes;
    char *claims;
    size_t claims_bytes;
    unsigned char *signature;
    size_t signature_bytes;
};

/* Splits a compact serialization and decodes its parts. Needs no secret and checks only the form:
 * three base64url segments, of which the first two are JSON objects. Thread-safe.
 *
 * token    filled on HM_OK: hm_token_fini() it. Zeroed after a failure
 * text     @length bytes; need not be NUL-terminated
 * returns  HM_OK, HM_BAD_INPUT (the form is broken; err->clause is J2), HM_NO_MEMORY
 * clauses  [J2]
 */
HM_API HM_MUST_USE enum hm_code hm_token_inspect(struct hm_token *token, const char *text,
                                                 size_t length, struct hm_error *err);

/* Frees the three parts. A zeroed struct is fine. */
HM_API void hm_token_fini(struct hm_token *token);

/* The secrets that tokens are judged by. One thread adds; after that any number of threads may
 * judge by the set at once. */
struct hm_secrets;

/* Makes an empty set. @secrets: hm_secrets_free() it; NULL after a failure. returns HM_OK,
 * HM_NO_MEMORY */
HM_API HM_MUST_USE enum hm_code hm_secrets_new(struct hm_secrets **secrets, struct hm_error *err);

/* Wipes and frees all keys. NULL is fine. */
HM_API void hm_secrets_free(struct hm_secrets *secrets);

/* Adds a secret, of which both strings are copied; its index is the number of secrets before it.
 * returns HM_OK, HM_BAD_ARGUMENT (an empty half, one of more than HM_SECRET_BYTES_MAX bytes, or an
 * ID that was added before), HM_NO_MEMORY [J3 J5 J10] */
HM_API HM_MUST_USE enum hm_code hm_secrets_add(struct hm_secrets *secrets, const char *id,
                                               const char *key, struct hm_error *err);

/* Adds a team's legacy API key [J13], which is copied. Legacy keys are counted from 0, apart from
 * the secrets. returns HM_OK, HM_BAD_ARGUMENT (empty), HM_NO_MEMORY */
HM_API HM_MUST_USE enum hm_code hm_secrets_add_legacy_key(struct hm_secrets *secrets,
                                                          const char *key, struct hm_error *err);

/* The number of secrets, without legacy keys. */
HM_API size_t hm_secrets_count(const struct hm_secrets *secrets);

/* The ID at an index, borrowed from the set. NULL: there is no such index. */
HM_API const char *hm_secrets_id(const struct hm_secrets *secrets, size_t index);

/* What the contract leaves open (its A clauses), and the contract's defaults. */
struct hm_token_policy {
    int64_t future_iat_s;            /* [J7] 0 or more; 60 */
    enum hm_severity fractional_iat; /* [J4] HM_WARNS */
    enum hm_severity typ;            /* [J9] HM_WARNS */
    bool accepts_legacy_key;         /* [J13] false */
    bool skips_signature; /* judge everything except J5, which becomes a warning; false */
};
#define HM_TOKEN_POLICY_DEFAULT                                                                    \
    {                                                                                              \
        HM_FUTURE_IAT_S, HM_WARNS, HM_WARNS, false, false                                          \
    }

enum { HM_NO_SECRET = -1 };

struct hm_verdict {
    bool is_good;
    bool has_iat;   /* the token has an iat that is a number */
    bool is_legacy; /* judged as a legacy key [J13]; secret is then the legacy key's index */
    int64_t now;    /* the time that it was judged by, Unix seconds */
    double iat;     /* Unix seconds, as in the token; 0 without has_iat */
    double age_s;   /* now - iat; 0 without has_iat */
    int secret;     /* index of the secret that iss names, or HM_NO_SECRET */
    struct hm_findings findings; /* sorted; a good token may have warnings */
};

/* Judges a bare token. Thread-safe.
 *
 * verdict  filled on HM_OK and on HM_TOKEN_REFUSED
 * token    the bare token, @length bytes; need not be NUL-terminated
 * secrets  those of one or more teams; may be empty
 * policy   NULL: the contract's defaults
 * now      Unix time in seconds, rounded down; the caller's clock
 * returns  HM_OK (good, maybe with warnings), HM_TOKEN_REFUSED (err->clause and err->mistake name
 *          the first refusal), HM_NO_MEMORY, HM_INTERNAL
 * clauses  [J2] [J3] [J4] [J5] [J6] [J7] [J8] [J9] [J10] [J13]
 */
HM_API HM_MUST_USE enum hm_code hm_token_verify(struct hm_verdict *verdict, const char *token,
                                                size_t length, const struct hm_secrets *secrets,
                                                const struct hm_token_policy *policy, int64_t now,
                                                struct hm_error *err);

/* The same for the value of an Authorization header, "Bearer ..." (RFC 9110, section 11.4; RFC
 * 6750, section 2.1). NULL: there is no such header. Adds [J1]. */
HM_API HM_MUST_USE enum hm_code hm_authorization_verify(struct hm_verdict *verdict,
                                                        const char *value, size_t length,
                                                        const struct hm_secrets *secrets,
                                                        const struct hm_token_policy *policy,
                                                        int64_t now, struct hm_error *err);

#ifdef __cplusplus
}
#endif

#endif
