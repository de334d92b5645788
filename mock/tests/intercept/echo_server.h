/* A server for tests of what carries connections: sends back all that it gets, and "bye" when its
 * client has nothing more to say. A process of its own, with a thread for each connection. */
#ifndef MOCK_TESTS_INTERCEPT_ECHO_SERVER_H
#define MOCK_TESTS_INTERCEPT_ECHO_SERVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { ECHO_WAIT_MS = 30000 };

struct echo_server {
    pid_t pid;
    int port;        /* on 127.0.0.1 */
    int closed_port; /* at which nobody listens */
    int held;        /* keeps that port */
};

/* Ends the program with a message if it cannot start. */
void echo_server_start(struct echo_server *server);
void echo_server_stop(struct echo_server *server);

/* Connects to a port of 127.0.0.1 or, @is_ipv6, of ::1; -1: refused. */
int echo_connect(int port, bool is_ipv6);

/* Reads up to @capacity bytes, to the end or for ECHO_WAIT_MS; -1: reset. */
ssize_t echo_read(int fd, void *out, size_t capacity);

/* Sends @bytes bytes while it reads, and says whether they come back, and "bye" after them. */
bool echo_is_whole(int fd, size_t bytes);

#endif
