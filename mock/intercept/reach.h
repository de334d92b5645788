/* After the command of `run --intercept`: did its calls reach the mock, and if not, why? */
#ifndef MOCK_INTERCEPT_REACH_H
#define MOCK_INTERCEPT_REACH_H

#include "exchange/mock.h"
#include "intercept/intercept.h"
#include "support/buf.h"
#include <jansson.h>

enum reach_kind {
    REACH_ARRIVED,
    REACH_DISTRUSTED,      /* connected, but no handshake was completed */
    REACH_IN_THE_CLEAR,    /* called http://, or another port */
    REACH_SILENT,          /* looked the name up or connected, and sent nothing */
    REACH_SUBDOMAIN,       /* asked for eu.api.heymarket.com or the like only */
    REACH_PROXY_UNUSED,    /* with --intercept=proxy, no connection came to the proxy */
    REACH_NEVER_CONNECTED, /* no call, or to a fixed address */
    REACH_KINDS
};

struct reach {
    enum reach_kind kind;
    struct buf why; /* why no request arrived, without a full stop; empty if one did */
    struct buf
        handshake;   /* the same of failed TLS handshakes, and what to do; empty: none failed */
    struct buf more; /* what else CMD asked for, a line each */
    struct intercept *intercept;
};

/* Call it when the mock serves no longer, before intercept's parts are freed. @given is the
 * environment that the command got. reach_fini() it. */
void reach_judge(struct reach *reach, struct intercept *intercept, const struct mock *mock,
                 const struct environment *given);
void reach_fini(struct reach *reach);

/* "arrived", "distrusted", ... */
const char *reach_word(enum reach_kind kind);

/* {"method":"namespace","reach":"distrusted","message":"...","hosts":[...],"hosts_more":0,
 * "allowed":[...],"distrusted":[...]}. A new reference. */
json_t *reach_json(const struct reach *reach);

#endif
