/* A scripted server, a client of it, a clock that is set and a trace that is kept: what every test
 * of the call begins with. */
#ifndef CLIENT_BENCH_H
#define CLIENT_BENCH_H

#include "tests/test_server.h"
#include "transport/client_handle.h"
#include <heymarket/channel.h>

enum { CLIENT_BENCH_NOW = 1713225600, CLIENT_BENCH_TIMEOUT_MS = 60000 };

extern const char bench_id[], bench_key[], bench_contact[];

/* Answers of the contract, for scripts. */
#define REQUEST_ID "6f0c5a38-7f5e-4f6e-9a77-4c0a5d1c2b3a"
#define HEADERS    "Content-Type: application/json\r\nX-Request-Id: " REQUEST_ID "\r\n"
#define ELEMENT                                                                                    \
    "{\"id\":7,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"phone\","                         \
    "\"channel_id\":\"14155551234\",\"info_channel\":\"\",\"channel_handle\":\"\","                \
    "\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"
#define CREATED                                                                                    \
    {                                                                                              \
        .status = 200, .headers = HEADERS, .body = "[" ELEMENT "]"                                 \
    }

/* One test's. */
struct client_bench {
    struct test_server *server;
    struct hm_client *client;
    struct hm_channel_list list; /* of the last call */
    struct hm_error err;
    int64_t now;       /* the client's clock */
    char events[1024]; /* "request 1, answer 1 429, retry 1 (429), ..." */
};
extern struct client_bench client_bench;

/* Starts a server with a script, and a client of it that backs off for no more than a few
 * milliseconds. */
void client_bench_begin(const struct test_turn *turns, size_t count);

/* The client alone, of another URL or with another time limit. */
void client_bench_begin_at(const char *url, int64_t timeout_ms);

/* cmocka's teardown. */
int client_bench_end(void **state);

/* Adds the phone number of ELEMENT to bench_contact. */
enum hm_code client_bench_create(void);

/* Requests that the server has seen. */
size_t client_bench_requests(void);

/* The token of a request; good until the next call but one. */
const char *client_bench_token(size_t request);

#endif
