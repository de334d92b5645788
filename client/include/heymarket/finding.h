/* Findings: what is wrong with a token or a request, by clause and code.
 *
 * Every known mistake is a row of one table (mistakes.def): clause, code, severity, cure. The
 * mock's answers, `heymarket token verify`, `doctor` and the suite all use it, so a mistake has the
 * same name and cure everywhere. The functions may be called from any thread; a list of findings is
 * for one thread at a time.
 */
#ifndef HEYMARKET_FINDING_H
#define HEYMARKET_FINDING_H

#include <heymarket/error.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hm_severity { HM_REFUSES, HM_WARNS };

/* One constant for each row: HM_J5_SECRET_KEY_ALONE is the row J5, secret-key-alone. */
enum hm_mistake {
#define HM_MISTAKE(clause, name, code, severity, cure) HM_##clause##_##name,
#include <heymarket/mistakes.def>
#undef HM_MISTAKE
    HM_MISTAKE_COUNT
};

struct hm_mistake_row {
    const char *clause;        /* "J5" */
    const char *code;          /* "secret-key-alone" */
    enum hm_severity severity; /* unless a policy says otherwise */
    const char *cure;          /* what to change: a clause of a sentence, no full stop */
};

enum {
    HM_FINDING_TEXT = 480, /* bytes of a message, NUL included */
    HM_FINDINGS_MAX = 16   /* kept for one token or request; the first ones stay */
};

struct hm_finding {
    enum hm_mistake mistake;
    enum hm_severity severity;
    char message[HM_FINDING_TEXT]; /* found, expected, what to change; never a secret */
};

/* In the caller's storage; `findings.count = 0` makes it empty. */
struct hm_findings {
    size_t count;
    struct hm_finding at[HM_FINDINGS_MAX];
};

/* The row of a mistake, which must be less than HM_MISTAKE_COUNT. Static storage. */
HM_API const struct hm_mistake_row *hm_mistake_row(enum hm_mistake mistake);

/* Finds the mistake with a code ("iat-string") of a clause ("J4"; NULL: any). False: there is none,
 * and *mistake is unchanged. */
HM_API bool hm_mistake_find(enum hm_mistake *mistake, const char *clause, const char *code);

/* Adds a finding with the row's severity. The message is the printf-style text (what was found and
 * what was expected), then ": " and the row's cure. Nothing is added if the list is full or has
 * that mistake already. Control characters and bytes that are not UTF-8 are escaped as \xNN. */
HM_API void hm_findings_add(struct hm_findings *findings, enum hm_mistake mistake,
                            const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with another severity, where a policy decides [J4 J9 B4 B6]. */
HM_API void hm_findings_add_as(struct hm_findings *findings, enum hm_mistake mistake,
                               enum hm_severity severity, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Sorts findings as they are shown: refusals before warnings, each in the order of the table. */
HM_API void hm_findings_sort(struct hm_findings *findings);

/* The first finding that is a refusal; NULL: there is none. Borrowed. */
HM_API const struct hm_finding *hm_findings_refusal(const struct hm_findings *findings);

/* Turns a finding into an error: @code, and the finding's message, clause and code. @err may be
 * NULL. Returns @code. */
HM_API enum hm_code hm_finding_error(struct hm_error *err, enum hm_code code,
                                     const struct hm_finding *finding);

#ifdef __cplusplus
}
#endif

#endif
