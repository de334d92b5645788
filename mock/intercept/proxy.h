/* `run --intercept=proxy`: a proxy on loopback that carries what is for the intercepted host to the
 * mock, and refuses the rest. POSIX only. A client that ignores the variables of proxies calls the
 * real service. */
#ifndef MOCK_INTERCEPT_PROXY_H
#define MOCK_INTERCEPT_PROXY_H

#include "intercept/allow_target.h"
#include "intercept/asked.h"
#include "support/environment.h"
#include <heymarket/error.h>

struct proxy;

struct proxy_options {
    int mock_port;                 /* on 127.0.0.1, with TLS */
    struct allow_targets *allowed; /* these are carried, too; borrowed */
    struct asked *asked;           /* where targets are noted; borrowed */
};

/* Listens on a free port of 127.0.0.1, and serves in a thread. proxy_stop() it.
 * returns HM_OK; HM_BAD_INPUT (cannot listen); HM_NO_MEMORY; HM_INTERNAL */
HM_MUST_USE enum hm_code proxy_start(struct proxy **proxy, const struct proxy_options *options,
                                     struct hm_error *err);
void proxy_stop(struct proxy *proxy); /* NULL is fine */

/* The host and port that a request to a proxy is for: of CONNECT HOST:PORT, or of an http URL.
 * Borrowed. False: it names none. */
bool proxy_target_read(struct span *host, int *port, struct span method, struct span target);

int proxy_port(const struct proxy *proxy);

/* Sets the variables by which clients find a proxy, and those that keep calls of loopback away from
 * it. Java gets its own options where JAVA_TOOL_OPTIONS is set already: trust_env_set_java() sets
 * it where there is a Java. */
void proxy_environment_set(struct environment *environment, int port);

#endif
