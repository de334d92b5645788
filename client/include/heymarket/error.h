/* Result codes and the error struct of libheymarket.
 *
 * The caller owns the struct. The library has no global state, so threads may call any function at
 * once as long as they do not share its arguments; client.h and token.h say which objects may be
 * shared. Every `struct hm_error *` argument may be NULL.
 */
#ifndef HEYMARKET_ERROR_H
#define HEYMARKET_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HM_MUST_USE __attribute__((warn_unused_result))
#define HM_API      __attribute__((visibility("default")))
#else
#define HM_MUST_USE
#define HM_API
#endif

enum hm_code {
    HM_OK = 0,
    HM_BAD_ARGUMENT,        /* the caller's value breaks the contract: nothing was sent */
    HM_BAD_INPUT,           /* a file, variable or text cannot be used; text says where */
    HM_NO_MEMORY,           /* an allocation failed; nothing else changed */
    HM_TOKEN_REFUSED,       /* the token breaks a clause of J; the verdict has the findings */
    HM_NOT_SENT,            /* no connection, or the time limit came before a byte was sent */
    HM_CREDENTIALS_REFUSED, /* the server answered 401 [E2] */
    HM_REFUSED, /* the server answered another 3xx or 4xx: repeating it does not help [E1 E3] */
    HM_RATE_LIMITED,    /* the server answered 429 until the retries were used up [E4] */
    HM_SERVER_ERROR,    /* the server answered 5xx [E5] */
    HM_OUTCOME_UNKNOWN, /* sent, no whole answer: the write may have been done [E7] */
    HM_BAD_ANSWER,      /* a 2xx that breaks a clause; a write was done */
    HM_INTERNAL         /* a fault of this library or of one that it uses */
};

/* Whether the write was done [E7]. */
enum hm_written { HM_WRITTEN_NO, HM_WRITTEN_YES, HM_WRITTEN_UNKNOWN };

enum { HM_ERROR_TEXT = 640, HM_REQUEST_ID_TEXT = 64, HM_CLAUSE_TEXT = 4, HM_MISTAKE_TEXT = 40 };

struct hm_error {
    enum hm_code code;
    enum hm_written written;
    int status;                  /* HTTP status of the last answer; 0: none */
    int attempts;                /* requests that were started; 0: none */
    bool is_untrusted;           /* with HM_NOT_SENT: the server's certificate is not trusted */
    int64_t server_time;         /* Date of the last answer, an error's, in Unix seconds; 0: none */
    char clause[HM_CLAUSE_TEXT]; /* of the contract, "J5"; "" if no clause is broken */
    char mistake[HM_MISTAKE_TEXT];       /* code of the finding, "iat-string"; "" where none */
    char request_id[HM_REQUEST_ID_TEXT]; /* X-Request-Id of the last answer [T4]; "" if none */
    char text[HM_ERROR_TEXT];            /* what was found, expected, to change; never a secret */
};

/* The code's name in lower case, "outcome_unknown"; "ok" for HM_OK. A static string, never NULL. */
HM_API const char *hm_code_name(enum hm_code code);

/* "no", "yes", "unknown". A static string. */
HM_API const char *hm_written_name(enum hm_written written);

/* Fills @err (NULL: nothing happens) with @code and a printf-style text, which is cut at
 * HM_ERROR_TEXT; all other members become "none". Returns @code. */
HM_API enum hm_code hm_error_set(struct hm_error *err, enum hm_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The version of the library, "0.1.0"; a static string. */
HM_API const char *hm_version(void);

#ifdef __cplusplus
}
#endif

#endif
