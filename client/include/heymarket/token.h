/* Tokens: sign, inspect, verify [J1-J10 J13].
 *
 * A token is a JWS compact serialization (RFC 7515 §7.1) of JWT claims (RFC 7519), signed with
 * HMAC-SHA256 under the unusual secret ID||KEY [J5]. Nothing here reads a clock: the caller says
 * what time it is, in Unix seconds.
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
    HM_TOKEN_LIFE_S = 300,     /* dead from iat + 300 on [J6] */
    HM_FUTURE_IAT_S = 60,      /* default leeway for a clock that is ahead [J7] */
    HM_TOKEN_BYTES_MAX = 8192, /* a longer token is refused unread */
    HM_SECRET_BYTES_MAX = 1024 /* of an ID, and of a key */
};

/* Signs a token that is good from @iat on, for 300 seconds.
 *
 * token    receives a NUL-terminated string of its own: free() it. NULL after a failure
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
    char *header; /* decoded JSON text, NUL-terminated; may hold NULs of its own */
    size_t header_bytes;
    char *claims;
    size_t claims_bytes;
    unsigned char *signature;
    size_t signature_bytes;
};

/* Takes a compact serialization apart; needs no secret, and finds nothing right or wrong but its
 * form: three base64url segments of which the first two are JSON objects.
 *
 * token    zeroed or filled; hm_token_fini() it after HM_OK
 * returns  HM_OK, HM_BAD_INPUT (the form is broken; err->clause is J2), HM_NO_MEMORY
 * clauses  [J2]
 */
HM_API HM_MUST_USE enum hm_code hm_token_inspect(struct hm_token *token, const char *text,
                                                 size_t length, struct hm_error *err);
HM_API void hm_token_fini(struct hm_token *token);

/* The secrets that tokens are judged by. Adding is for one thread; judging by a set that no longer
 * changes is for any number of threads at once. Keys are wiped when it is freed. */
struct hm_secrets;

HM_API HM_MUST_USE enum hm_code hm_secrets_new(struct hm_secrets **secrets, struct hm_error *err);
HM_API void hm_secrets_free(struct hm_secrets *secrets);

/* Adds a secret; its index is the number of those before it. Two halves of at least one and at most
 * HM_SECRET_BYTES_MAX bytes; an ID that is there already is HM_BAD_ARGUMENT.  [J3 J5 J10] */
HM_API HM_MUST_USE enum hm_code hm_secrets_add(struct hm_secrets *secrets, const char *id,
                                               const char *key, struct hm_error *err);

/* Adds a team's legacy API key [J13]; legacy keys have an index of their own. */
HM_API HM_MUST_USE enum hm_code hm_secrets_add_legacy_key(struct hm_secrets *secrets,
                                                          const char *key, struct hm_error *err);

HM_API size_t hm_secrets_count(const struct hm_secrets *secrets);

/* The ID at an index; borrowed. NULL past the end. */
HM_API const char *hm_secrets_id(const struct hm_secrets *secrets, size_t index);

/* What the contract leaves open (its A clauses), with the contract's defaults. */
struct hm_token_policy {
    int64_t future_iat_s;            /* [J7] 0 or more; 60 */
    enum hm_severity fractional_iat; /* [J4] HM_WARNS */
    enum hm_severity typ;            /* [J9] HM_WARNS */
    bool accepts_legacy_key;         /* [J13] false */
    bool skips_signature;            /* judge all but J5, which becomes a warning; false */
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
    int64_t now;    /* what it was judged by, Unix seconds */
    double iat;     /* as it stands in the token; 0 without has_iat */
    double age_s;   /* now - iat; 0 without has_iat */
    int secret;     /* index of the secret that iss names, or HM_NO_SECRET */
    struct hm_findings findings; /* in the order to show them; also warnings on a good token */
};

/* Judges a compact JWS.
 *
 * verdict  filled on HM_OK and on HM_TOKEN_REFUSED
 * token    the bare token, @length bytes; need not be NUL-terminated
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

/* The same for the value of an Authorization header, "Bearer ..." (RFC 9110 §11.1, RFC 6750 §2.1);
 * NULL stands for a header that is not there. Adds [J1]. */
HM_API HM_MUST_USE enum hm_code hm_authorization_verify(struct hm_verdict *verdict,
                                                        const char *value, size_t length,
                                                        const struct hm_secrets *secrets,
                                                        const struct hm_token_policy *policy,
                                                        int64_t now, struct hm_error *err);

#ifdef __cplusplus
}
#endif

#endif
