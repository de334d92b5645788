/* A mock with everything that it needs to serve, made from its options. The verbs `serve` and `run`
 * have one each. */
#ifndef MOCK_HOST_H
#define MOCK_HOST_H

#include "exchange/mock.h"
#include "http/listener.h"
#include "http/server.h"
#include "journal/counts.h"
#include "load.h"
#include "mock_options.h"
#include "support/buf.h"
#include "tls/trust.h"
#include <heymarket/error.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct host {
    const struct serve_options *options;
    struct mock mock;
    struct counts counts;
    struct state_source source;
    struct listener *listeners;
    size_t listener_count;
    int threads;               /* as many as asked for, unless there are too few descriptors */
    struct trust_chain *chain; /* NULL: no TLS */
    char **urls;               /* base URLs, none twice, NULL-terminated */
    struct server *server;
    struct buf url_lines;
    bool has_port_file;
};

/* Blocks every signal that can be blocked without harm, and fills @to_wait_for with those that a
 * verb waits for: TERM, INT, QUIT, HUP. Call it before any thread starts, so that no thread of the
 * server takes one. */
void host_block_signals(sigset_t *to_wait_for);

/* After a start that failed: if one of @signals that end a program came meanwhile, it ends this
 * one.
 */
void host_end_by_signal(const sigset_t *signals);

/* Loads what the options name and makes the certificate; host_serve() listens and serves.
 * @by_default is where it listens when the options say nothing, not even --tls-listen.
 * host_stop() it, whatever is returned.
 * returns HM_OK; HM_BAD_INPUT, HM_BAD_ARGUMENT (what is wrong and where); HM_NO_MEMORY */
HM_MUST_USE enum hm_code host_load(struct host *host, const struct serve_options *options,
                                   struct hm_error *err);
HM_MUST_USE enum hm_code host_serve(struct host *host, const char *by_default,
                                    struct hm_error *err);

/* Both. */
HM_MUST_USE enum hm_code host_start(struct host *host, const struct serve_options *options,
                                    const char *by_default, struct hm_error *err);
void host_stop(struct host *host);

/* To stderr, if what --state keeps differs from the world file. */
void host_warn_world(const struct host *host);

/* Warnings, one line each to stderr: others can reach it, it has too few
 * descriptors, it misbehaves. */
void host_warn(const struct host *host);

/* Says on stderr where the page is, if there is one. */
void host_show_page(const struct host *host);

/* Ends serving; counts and journal stay for the reports, until host_stop(). */
void host_end(struct host *host);

/* Reads the world and the profile again, all or nothing; requests in progress finish with the old
 * ones. Certificates stay. */
HM_MUST_USE enum hm_code host_reload(struct host *host, struct hm_error *err);

#endif
