/* `run --intercept`: the command calls https://api.heymarket.com, and reaches the mock.
 *
 * The order of the calls is that of the functions here; the first four while there is one thread.
 * Nothing here looks the real host up or connects to it. */
#ifndef MOCK_INTERCEPT_INTERCEPT_H
#define MOCK_INTERCEPT_INTERCEPT_H

#include "intercept/beside.h"
#include "intercept/guard.h"
#include "intercept/intercept_target.h"
#include "intercept/method_connect.h"
#include "intercept/namespace_trial.h"
#include "intercept/trust_files.h"
#include "support/environment.h"
#include "support/options.h"
#include "support/spawn.h"
#include <heymarket/error.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/types.h>

/* In the order of the words of --intercept. ANY: the best that is possible here. */
enum intercept_wish {
    WISH_NONE,
    WISH_ANY,
    WISH_NAMESPACE,
    WISH_CONNECT,
    WISH_KEEP_NETWORK,
    WISH_PROXY,
    WISH_CHECK
};

extern const char *const intercept_words[]; /* ends with NULL */

enum intercept_method {
    INTERCEPT_NONE,
    INTERCEPT_NAMESPACE,    /* private network and mounts */
    INTERCEPT_CONNECT,      /* connect() is supervised */
    INTERCEPT_KEEP_NETWORK, /* private mounts, and connect() is supervised */
    INTERCEPT_PROXY         /* variables that name a proxy */
};

struct intercept_options {
    int wish;                        /* enum intercept_wish */
    struct option_texts allow_hosts; /* HOST:PORT */
    struct option_texts trust_files; /* PEM files that a program has of its own */
};

struct intercept {
    const struct intercept_options *options;
    enum intercept_method method;
    struct in_addr address; /* what the name means to the command */
    int https_port;         /* where the mock listens for it */
    int http_port;          /* and for calls in the clear */
    int name_udp, name_tcp; /* bound sockets of the name server; -1: none */
    struct beside beside;   /* what serves the command beside the mock */
    bool has_mounts;        /* files are private */
    bool has_other_users;   /* CMD may go on as another user, as with sudo */
    struct namespace_trial trial;
    struct guard guard; /* where they are */
    struct trust_mounting mounting;
    struct method_connect connect;
};

/* Reads the options and starts a trial of what they want, in another process.
 * returns HM_OK; HM_BAD_ARGUMENT; HM_NO_MEMORY */
HM_MUST_USE enum hm_code intercept_begin(struct intercept *intercept,
                                         const struct intercept_options *options,
                                         struct hm_error *err);

/* Selects the method, when the trial has ended, and says on stderr when it is not the first choice.
 * Nothing has changed afterwards.
 * returns HM_OK; HM_INTERNAL: no method works here, the text says why and what to do */
HM_MUST_USE enum hm_code intercept_choose(struct intercept *intercept, struct hm_error *err);

/* Are supervised connections possible here? HM_INTERNAL: the text says why not. */
HM_MUST_USE enum hm_code intercept_connect_try(struct hm_error *err);

/* Where the mock has to listen for this method, for HTTPS. */
const char *intercept_tls_listen(const struct intercept *intercept);

/* Makes the private namespaces of this process, with network, files and certificates. @environment
 * is the command's.
 * returns HM_OK; HM_INTERNAL: what is half done ends with this process */
HM_MUST_USE enum hm_code intercept_enter(struct intercept *intercept,
                                         const struct intercept_trust *trust,
                                         const struct environment *environment,
                                         struct hm_error *err);

/* Waits until the certificates are mounted, which a thread does. */
HM_MUST_USE enum hm_code intercept_wait(struct intercept *intercept, struct hm_error *err);

/* Starts what serves the command beside the mock, which listens at the port. */
HM_MUST_USE enum hm_code intercept_serve(struct intercept *intercept, int https_port,
                                         struct environment *environment, struct hm_error *err);

/* Starts the command as @spawn says, supervised where the method wants that. As spawn_start(). */
HM_MUST_USE enum hm_code intercept_spawn(struct intercept *intercept, pid_t *pid,
                                         const struct spawn *spawn, int *exit_code,
                                         struct hm_error *err);

/* The command has ended: ends what it left running, and what intercept_serve() started. One that
 * was never chosen is fine. The first only begins, if another process does it. */
void intercept_release(struct intercept *intercept);
void intercept_end(struct intercept *intercept);

#endif
