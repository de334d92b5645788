/* A real redis-server for tests: on a free port of 127.0.0.1, with a folder of its own; it ends
 * with the test. */
#ifndef MOCK_TESTS_DATABASE_REDIS_SERVER_H
#define MOCK_TESTS_DATABASE_REDIS_SERVER_H

#include "tests/temporary.h"
#include <stdbool.h>
#include <sys/types.h>

struct redis_server {
    pid_t pid;
    int port;
    bool is_durable; /* what was answered survives the end of the server */
    char folder[TEMPORARY_PATH];
    char url[64]; /* redis://127.0.0.1:PORT */
};

/* False: there is no redis-server on this machine, and standard error says so. Aborts where it does
 * not start. */
bool redis_server_start(struct redis_server *server, bool is_durable);

/* Ends it by SIGKILL; starts it again on the same port, with what it has kept. */
void redis_server_kill(struct redis_server *server);
void redis_server_again(struct redis_server *server);

/* Ends it, and removes its folder. */
void redis_server_end(struct redis_server *server);

#endif
