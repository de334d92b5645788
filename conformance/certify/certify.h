/* client: plays the mock at somebody else's integration, one scenario after the other, and judges
 * what it sends: signs, renews, repeats, waits, copes, prints. */
#ifndef SUITE_CERTIFY_CERTIFY_H
#define SUITE_CERTIFY_CERTIFY_H

#include "support/buf.h"
#include "support/options.h"
#include "support/text.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CERTIFY_RUNS_MAX = 2,
    CERTIFY_KEY_BYTES = 32, /* as the vendor's own keys */
    CERTIFY_SAYS_BYTES = 600,
    CERTIFY_ARGUMENTS_MAX = 8
};

/* Made for the occasion: what is printed of it was printed by the integration. */
struct certify_secret {
    char id[UUID_TEXT];
    char key[CERTIFY_KEY_BYTES + 1];
};

/* False: the system gave no random bytes. */
bool certify_secret_make(struct certify_secret *secret);

/* What one scenario saw. */
struct observation {
    json_t *exchanges;   /* an array of the journal's, the oldest first; "run" was added: 0, 1 */
    size_t elapsed_from; /* those from here on came after time had passed; the rest, before */
    bool has_elapsed;
    size_t runs;
    int exit_codes[CERTIFY_RUNS_MAX];
    bool is_late; /* a run was ended by us */

    /* Of the first scenario, in which nothing goes wrong. */
    size_t usual_writes; /* how often the same write came at most */
    int usual_exit_code;
};

/* In the order of severity. */
enum certify_result {
    CERTIFY_PASSED,
    CERTIFY_UNSEEN, /* it did nothing that could be judged */
    CERTIFY_WARNED,
    CERTIFY_FAILED
};

struct certify_verdict {
    enum certify_result result;
    char says[CERTIFY_SAYS_BYTES]; /* what was seen; never a secret */
};

enum certify_contact { CONTACT_WITH_ONE, CONTACT_WITH_NONE, CONTACT_WITH_MANY };

struct scenario {
    const char *name;
    const char *clause;
    const char *title;                            /* what is asked of a client */
    const char *arguments[CERTIFY_ARGUMENTS_MAX]; /* of the mock */
    enum certify_contact contact;
    bool is_rotated; /* the other secret is the only one that verifies */
    bool elapses;    /* 301 s pass after the first accepted request; the command runs twice */
    void (*judge)(struct certify_verdict *verdict, const struct observation *seen);
};

/* Ends with a row without a name. */
extern const struct scenario scenarios[];

/* Writes a world with that secret alone, and contacts of each kind, to a file.
 * returns HM_OK, HM_NO_MEMORY, HM_BAD_INPUT: it cannot be written */
HM_MUST_USE enum hm_code certify_world_write(const char *path, const struct certify_secret *secret,
                                             struct hm_error *err);

/* The UUIDs in it. */
const char *certify_contact_uuid(enum certify_contact contact);
const char *certify_other_team_uuid(void);

/* How often a credential of ours stands in what the integration printed: a key, plain, in hex or in
 * base64, or a token that was made with it.
 * returns HM_OK, HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_leaks(size_t *leaks, const char *text, size_t length,
                                       const struct certify_secret *secret, struct hm_error *err);

struct certify_row {
    const struct scenario *scenario; /* NULL: of all of them, what it prints */
    struct certify_verdict verdict;
    size_t requests;
    int64_t time_ms;
};

enum { CERTIFY_ROWS_MAX = 32 };

struct certify_report {
    char *const *argv;
    size_t row_count;
    struct certify_row rows[CERTIFY_ROWS_MAX];
    bool is_strict;
    int exit_code;
    int64_t started_s; /* Unix time */
};

/* What a row is called, is about, cites. Borrowed. */
const char *certify_row_name(const struct certify_row *row);
const char *certify_row_title(const struct certify_row *row);
const char *certify_row_clause(const struct certify_row *row);

enum certify_format { CERTIFY_TEXT, CERTIFY_TAP, CERTIFY_JSON };

/* Each appends a whole document; ask buf_ok() whether it is one. */
void certify_json(struct buf *out, const struct certify_report *report);
void certify_junit(struct buf *out, const struct certify_report *report);

/* Takes a directory for reports before anything is run, and takes those of an earlier run away.
 * returns HM_OK, HM_BAD_INPUT, HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_reports_prepare(const char *dir, struct hm_error *err);

/* Writes results.json, as --format json prints it, and junit.xml.
 * returns HM_OK, HM_INTERNAL (it cannot be written any more), HM_NO_MEMORY */
HM_MUST_USE enum hm_code certify_reports_write(const char *dir, const struct certify_report *report,
                                               struct hm_error *err);

/* Prints the report. False: out of memory. */
bool certify_print(const struct certify_report *report, enum certify_format format);

struct client_options {
    struct option_texts scenarios;
    const char *mock;
    const char *report;
    int format;
    int64_t timeout_s;
    bool is_strict;
};
extern const struct option client_options_table[];
void client_defaults(void *options);
void client_options_fini(void *options);
int cmd_client(const struct verb_call *call);

#endif
