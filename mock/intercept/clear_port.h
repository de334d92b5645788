/* Port 80 of the intercepted host: a request that comes there was sent in the clear. It is noted,
 * and answered with 403. POSIX only. */
#ifndef MOCK_INTERCEPT_CLEAR_PORT_H
#define MOCK_INTERCEPT_CLEAR_PORT_H

#include "intercept/asked.h"
#include <heymarket/error.h>
#include <netinet/in.h>

struct clear_port;

/* Listens on @address, whose port 0 means a free one, and serves in a thread. @asked is borrowed.
 * clear_port_stop() it. returns HM_OK; HM_BAD_INPUT (cannot listen); HM_NO_MEMORY; HM_INTERNAL */
HM_MUST_USE enum hm_code clear_port_start(struct clear_port **port,
                                          const struct sockaddr_in *address, struct asked *asked,
                                          struct hm_error *err);
void clear_port_stop(struct clear_port *port); /* NULL is fine */

int clear_port_number(const struct clear_port *port);

#endif
