/* Reads the head of the first request of each connection, and leaves the rest to its owner. */
#ifndef MOCK_INTERCEPT_HEAD_SERVER_H
#define MOCK_INTERCEPT_HEAD_SERVER_H

#include "support/loop.h"
#include "support/span.h"
#include <netinet/in.h>

enum { HEAD_BYTES_MAX = 16 * 1024 };

struct head_server;

/* A connection whose first request has come. */
struct head_client {
    struct watch watch; /* first */
    struct head_server *server;
    bool is_answered; /* what still comes is thrown away, until the client closes */
    size_t head;      /* bytes of the head, with its empty line */
    size_t length;    /* of what was read: the head, and perhaps more */
    char bytes[HEAD_BYTES_MAX];
};

struct head_server {
    struct watch watch; /* first; its descriptor is a listening socket */
    int port;
    /* Calls head_client_answer() or head_client_take(). Method and target are empty if it is no
     * HTTP request. */
    void (*on_head)(struct head_server *server, struct loop *loop, struct head_client *client,
                    struct span method, struct span target);
};

/* Bytes up to the end of the empty line that ends a head; 0: it has not come yet. */
size_t head_length(struct span bytes);

/* Splits the request line; both are empty if it is none of HTTP/1. Borrowed. */
void head_line_read(struct span *method, struct span *target, struct span head);

/* Listens on @address, whose port 0 means a free one, and joins the loop.
 * returns HM_OK; HM_BAD_INPUT: cannot listen */
HM_MUST_USE enum hm_code head_server_listen(struct loop *loop, struct head_server *server,
                                            const struct sockaddr_in *address,
                                            struct hm_error *err);

/* Answers with a status such as "403 Forbidden" and a text, and closes. */
void head_client_answer(struct head_client *client, const char *status, const char *text);

/* Gives the connection away; what was read is the caller's until on_head() returns. */
int head_client_take(struct head_client *client);

#endif
