/* A server that does what a script says, right or wrong: for tests of the client. On a loopback
 * port of its own, one thread for each connection, everything bounded by a deadline. */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include <stdbool.h>
#include <stddef.h>

enum test_reads { TEST_READS_ALL, TEST_READS_HEAD };
enum test_then {
    TEST_KEEPS,  /* the next turn may come over this connection */
    TEST_CLOSES, /* without a word before */
    TEST_RESETS,
    TEST_STALLS /* says nothing more until the server stops */
};

/* What is done with one request. The turns are taken in order, over all connections; the last one
 * is used for all that follow. */
struct test_turn {
    enum test_reads reads;
    int status;          /* 0: no answer, unless raw */
    const char *headers; /* "Name: value\r\n", any number; NULL: Content-Type: application/json */
    const char *body;    /* NULL: "" */
    const char *raw;     /* the whole answer instead */
    size_t held_back;    /* bytes of the answer's end that are not sent */
    int drip_ms;         /* pause after each byte */
    enum test_then then;
};

struct test_server;

/* Starts it; never NULL: a server that cannot start ends the test program. */
struct test_server *test_server_start(const struct test_turn *turns, size_t count);

/* The same over TLS, with a certificate for 127.0.0.1 that is its own root. */
struct test_server *test_server_start_tls(const struct test_turn *turns, size_t count);

/* Ends all connections and threads, and frees it. NULL is fine. */
void test_server_stop(struct test_server *server);

/* "http://127.0.0.1:PORT"; of a TLS server also the PEM file of its root. Borrowed. */
const char *test_server_url(const struct test_server *server);
const char *test_server_ca_file(const struct test_server *server);

/* How many requests were read so far, in whole or as far as the turn says, and how many connections
 * were taken. */
size_t test_server_requests(struct test_server *server);
size_t test_server_connections(struct test_server *server);

/* The bytes of a request, from 0; borrowed until the server stops. */
const char *test_server_request(struct test_server *server, size_t index);

/* Waits, for 10 s at most, until that many connections have been closed by us. */
void test_server_await_closed(struct test_server *server, size_t count);

/* A URL at which nobody listens. */
const char *test_server_nobody(void);

#endif
