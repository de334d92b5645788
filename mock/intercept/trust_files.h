/* The certificates that programs of this system believe, as the command of `run --intercept` sees
 * them: the mock's root is among them. */
#ifndef MOCK_INTERCEPT_TRUST_FILES_H
#define MOCK_INTERCEPT_TRUST_FILES_H

#include "intercept/mounts.h"
#include "support/environment.h"
#include "support/options.h"
#include "tls/trust_dir.h"
#include <pthread.h>

/* What the certificates are made of that the command is to believe. */
struct intercept_trust {
    struct trust_dir *directory; /* of the variables; made here if there is none yet */
    const char *root_pem;        /* the mock's root; NULL: it has none that we know */
    const char *root_file;       /* its name in a directory of certificates, "5ed36f99.0" */
};

/* A thread that mounts them, while the mock starts. */
struct trust_mounting {
    pthread_t thread;
    bool is_running;
    struct mounts mounts; /* begun by the caller; ended by the thread */
    struct intercept_trust trust;
    const struct option_texts *files;
    const struct environment *environment;
    bool has_all_javas; /* every Java of the environment has our root now, or there is none */
    enum hm_code code;
    struct hm_error err;
};

/* Mounts directories and bundles of the usual systems, the stores of the Java installations that
 * are there, and the files of --trust-file. What does not exist is left out. The members from
 * mounts to environment are set; they are not changed before the end.
 * returns HM_OK; HM_INTERNAL (no thread) */
HM_MUST_USE enum hm_code trust_files_begin(struct trust_mounting *mounting, struct hm_error *err);

/* Waits for the thread, if there is one.
 * returns HM_OK; HM_BAD_INPUT (a --trust-file); HM_INTERNAL, HM_NO_MEMORY */
enum hm_code trust_files_end(struct trust_mounting *mounting, struct hm_error *err);

/* Those that exist here, for --intercept=check: appends their paths, with a comma and a space
 * between. */
void trust_files_list(struct buf *out, const struct environment *environment);

#endif
