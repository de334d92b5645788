/* What --allow-host names: hosts outside that the command of `run --intercept` may reach. */
#ifndef MOCK_INTERCEPT_ALLOW_TARGET_H
#define MOCK_INTERCEPT_ALLOW_TARGET_H

#include "intercept/asked.h"
#include "intercept/intercept_target.h"
#include "intercept/tunnel.h"
#include "support/options.h"
#include "support/span.h"
#include <heymarket/error.h>
#include <jansson.h>
#include <stddef.h>

enum { ALLOW_MAX = 32 };

/* Is it the host that is intercepted, with or without a last dot? Or one below it? */
bool host_is_intercepted(struct span host);
bool host_is_subdomain(struct span host);

/* Reads "HOST:PORT" or "[V6]:PORT"; @host is borrowed. False: it is neither. */
bool host_port_read(struct span *host, int *port, struct span text);

struct allow_target {
    char name[ASKED_NAME_TEXT]; /* lower case, without brackets */
    int port;
    struct tunnel_target outside;
    struct tunnel_counts counts;
};

struct allow_targets {
    struct allow_target at[ALLOW_MAX];
    size_t count;
};

/* Reads and resolves them, with the resolver of the system: call it before the network is private.
 * The intercepted host and those below it are refused.
 * returns HM_OK; HM_BAD_ARGUMENT (also: no such host); HM_NO_MEMORY */
HM_MUST_USE enum hm_code allow_targets_read(struct allow_targets *targets,
                                            const struct option_texts *texts, struct hm_error *err);

/* The target with this host, in any case, and port; NULL: it is not allowed. */
struct allow_target *allow_target_find(struct allow_targets *targets, struct span host, int port);

/* [{"host":"db","port":5432,"connected":3,"failed":0,"error":null},...]. A new reference. */
json_t *allow_targets_json(const struct allow_targets *targets);

#endif
