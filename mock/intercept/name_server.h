/* A DNS server for the command of `run --intercept`, on sockets that it is given. Unless it is to
 * forward, it asks no other server, so no name of the outside is ever found. */
#ifndef MOCK_INTERCEPT_NAME_SERVER_H
#define MOCK_INTERCEPT_NAME_SERVER_H

#include "intercept/asked.h"
#include "intercept/name_answer.h"
#include "intercept/name_forward.h"
#include <heymarket/error.h>

struct name_server;

struct name_server_options {
    int udp;                        /* a bound datagram socket */
    int tcp;                        /* a bound stream socket that listens; -1: none */
    const struct known_name *known; /* borrowed until the stop */
    size_t known_count;
    /* Where other names are asked for; borrowed until the stop. NULL: nowhere. Over TCP they are
     * not: the connection is closed. */
    struct name_forward *forward;
    struct asked *asked; /* where names are noted; borrowed. NULL: nowhere */
};

/* Starts a thread, with all signals blocked, that answers. Takes the sockets over, also after a
 * failure. name_server_stop() it. returns HM_OK; HM_NO_MEMORY; HM_INTERNAL (no thread) */
HM_MUST_USE enum hm_code name_server_start(struct name_server **server,
                                           const struct name_server_options *options,
                                           struct hm_error *err);

/* Ends the thread and closes the sockets. NULL is fine. */
void name_server_stop(struct name_server *server);

#endif
