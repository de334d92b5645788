/* For tests of the real program: starts it on a free port, and sends raw bytes to it. */
#ifndef HARNESS_H
#define HARNESS_H

#include "support/buf.h"
#include "support/uuid.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    HARNESS_NOW = 1713225600,
    HARNESS_THREADS = 512,
    HARNESS_ANSWER_BYTES_MAX = 64 * 1024 * 1024
};

#define HARNESS_ADA   "ada0ada0-1815-4000-8000-00000000ada0"
#define HARNESS_EMPTY "e0e0e0e0-0000-4000-8000-00000000e0e0"

struct harness {
    pid_t pid;
    int err_fd;        /* the program's stderr */
    int port, port_v6; /* port_v6 is 0 where there is no ::1 */
    int port_tls;      /* 0: none */
    char *token;       /* good at HARNESS_NOW */
};

/* Starts heymarket-mock on 127.0.0.1, and on ::1 where that exists, with its clock stopped at
 * HARNESS_NOW, and waits for its first line. Aborts the test when it does not start. */
void harness_start(struct harness *h, int threads);

/* The same, also with an HTTPS listener on 127.0.0.1. */
void harness_start_tls(struct harness *h, int threads);

/* The same as harness_start(), with a world file. */
void harness_start_world(struct harness *h, int threads, const char *world);

/* Sends @signal_number and returns the status of waitpid(). */
int harness_stop(struct harness *h, int signal_number);

/* A connection; -1: refused. Reads and writes time out after a minute. */
int harness_connect(const struct harness *h);
int harness_connect_v6(const struct harness *h);
int harness_connect_tls(const struct harness *h); /* the handshake is the caller's */

/* Sends all of it; false: the other side has closed. */
bool harness_send(int fd, const char *data, size_t length);

/* Replaces {TOKEN}, {ADA} and {EMPTY} in a request. free() it. */
char *harness_expand(const struct harness *h, const char *text, size_t length, size_t *out_length);

struct reply {
    int status; /* 0: no complete answer arrived */
    char request_id[UUID_TEXT];
    struct buf head;
    struct buf body;
};

/* Reads one answer; @has_body is false for HEAD. reply_fini() it. */
void harness_read(int fd, struct reply *answer, bool has_body);
void reply_fini(struct reply *answer);

/* The value of a header line; NULL: there is none. Case matters. */
const char *reply_header(const struct reply *answer, const char *name, size_t *length);
bool reply_has(const struct reply *answer, const char *header_line);

/* Is the connection closed, without another byte? */
bool harness_is_closed(int fd);

#endif
