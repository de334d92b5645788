#include "tests/client_bench.h"
#include "tests/unit.h"

const char bench_id[] = "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa";
const char bench_key[] = "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK";
const char bench_contact[] = "0E5C2F70-5C5B-4D57-9C3B-1B6C2E1D9A10";

struct client_bench client_bench;

static int64_t bench_now(void *context)
{
    return ((struct client_bench *)context)->now;
}

static void bench_trace(void *context, const struct hm_trace *event)
{
    struct client_bench *bench = context;
    size_t length = strlen(bench->events);

    snprintf(bench->events + length, sizeof bench->events - length, "%s%s %d",
             length > 0 ? ", " : "", event->event, event->attempt);
    length = strlen(bench->events);
    if (strcmp(event->event, "answer") == 0)
        snprintf(bench->events + length, sizeof bench->events - length, " %d%s%s", event->status,
                 event->request_id[0] != '\0' ? " " : "", event->request_id);
    else if (strcmp(event->event, "retry") == 0)
        snprintf(bench->events + length, sizeof bench->events - length, " (%s)", event->reason);
}

void client_bench_begin_at(const char *url, int64_t timeout_ms)
{
    struct hm_client_options options = {
        .base_url = url,
        .secret_id = bench_id,
        .secret_key = bench_key,
        .timeout_ms = timeout_ms,
        .now = bench_now,
        .now_context = &client_bench,
        .trace = bench_trace,
        .trace_context = &client_bench,
    };

    client_bench.now = CLIENT_BENCH_NOW;
    assert_int_equal(hm_client_new(&client_bench.client, &options, &client_bench.err), HM_OK);
    client_bench.client->pace.first_ms = 1;
    client_bench.client->pace.most_ms = 4;
}

void client_bench_begin(const struct test_turn *turns, size_t count)
{
    client_bench.server = test_server_start(turns, count);
    client_bench_begin_at(test_server_url(client_bench.server), CLIENT_BENCH_TIMEOUT_MS);
}

int client_bench_end(void **state)
{
    hm_channel_list_fini(&client_bench.list);
    hm_client_free(client_bench.client);
    test_server_stop(client_bench.server);
    memset(&client_bench, 0, sizeof client_bench);
    return 0;
}

enum hm_code client_bench_create(void)
{
    hm_channel_list_fini(&client_bench.list);
    memset(&client_bench.err, 0, sizeof client_bench.err);
    return hm_channel_create(&client_bench.list, client_bench.client, bench_contact, "phone",
                             "14155551234", &client_bench.err);
}

size_t client_bench_requests(void)
{
    return test_server_requests(client_bench.server);
}

const char *client_bench_token(size_t request)
{
    static const char name[] = "Authorization: Bearer ";
    static char tokens[2][512];
    static size_t turn;
    const char *text = strstr(test_server_request(client_bench.server, request), name);
    char *out = tokens[turn = 1 - turn];

    assert_non_null(text);
    text += sizeof name - 1;
    snprintf(out, sizeof tokens[0], "%.*s", (int)strcspn(text, "\r"), text);
    return out;
}
