/* One handle for many threads: every call has a connection of its own, the token is shared. */
#include <heymarket/channel.h>

#include "tests/test_server.h"
#include "tests/unit.h"
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 16, CALLS = 20, START = 1713225600 };

#define ELEMENT                                                                                    \
    "{\"id\":7,\"team_id\":2,\"contact_id\":3,\"channel_type\":\"phone\","                         \
    "\"channel_id\":\"14155551234\",\"info_channel\":\"\",\"channel_handle\":\"\","                \
    "\"created\":\"2024-04-16T00:00:00Z\",\"updated\":\"2024-04-16T00:00:00Z\"}"

struct worker {
    pthread_t thread;
    struct hm_client *client;
    int failures;
};

static atomic_int_least64_t now_s = START;

/* Time passes with every call, so that a new token is signed during the test. */
static int64_t passing_now(void *context)
{
    (void)context;
    return atomic_fetch_add(&now_s, 7);
}

static void *work(void *argument)
{
    struct worker *worker = argument;

    for (int i = 0; i < CALLS; i++) {
        struct hm_channel_list list;
        struct hm_error err;
        enum hm_code code =
            hm_channel_create(&list, worker->client, "0e5c2f70-5c5b-4d57-9c3b-1b6c2e1d9a10",
                              "phone", "14155551234", &err);

        worker->failures += code != HM_OK || list.count != 1;
        hm_channel_list_fini(&list);
    }
    return NULL;
}

TEST(many_threads_share_one_handle)
{
    static const struct test_turn turns[] = { { .status = 200, .body = "[" ELEMENT "]" },
                                              { .status = 401, .body = "{}" },
                                              { .status = 200, .body = "[" ELEMENT "]" } };
    struct test_server *server = test_server_start(turns, 3);
    struct hm_client_options options = { .base_url = test_server_url(server),
                                         .secret_id = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
                                         .secret_key = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK",
                                         .now = passing_now };
    struct worker workers[THREADS];
    struct hm_client *client = NULL;
    enum hm_code code = hm_client_new(&client, &options, NULL);
    size_t requests, connections;
    int failures = 0;

    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .client = client };
        failures += pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        failures += workers[i].failures;
    }
    hm_client_free(client);
    requests = test_server_requests(server);
    connections = test_server_connections(server);
    test_server_stop(server);
    assert_int_equal(code, HM_OK);
    assert_in_range(failures, 0, 1); /* the 401 is an error only to a token just signed */
    assert_in_range(requests, THREADS * CALLS, THREADS * CALLS + 1);
    assert_in_range(connections, 1, THREADS);
}
