/* Which queries are passed on, to whom, and what comes back. */
#include "intercept/name_forward.h"
#include "intercept/name_server.h"
#include "tests/unit.h"
#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

enum { WAIT_MS = 20000, HEAD = 12, QR = 0x80 };

static struct hm_error err;

/* @returns a socket on a free port of 127.0.0.1 */
static int server_make(struct sockaddr_storage *address)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t length = sizeof at;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &length), 0);
    memset(address, 0, sizeof *address);
    memcpy(address, &at, sizeof at);
    return fd;
}

/* A query for the address of a name. */
static size_t query_make(uint8_t *out, unsigned char id, const char *name)
{
    static const uint8_t tail[] = { 0, 0, 1, 0, 1 };
    size_t at = HEAD;

    memset(out, 0, HEAD);
    out[1] = id;
    out[2] = 1;
    out[5] = 1;
    while (*name != '\0') {
        size_t label = strcspn(name, ".");

        out[at++] = (uint8_t)label;
        memcpy(out + at, name, label);
        at += label;
        name += label + (name[label] == '.');
    }
    memcpy(out + at, tail, sizeof tail);
    return at + sizeof tail;
}

static bool has_come(int fd)
{
    struct pollfd ready = { .fd = fd, .events = POLLIN };

    return poll(&ready, 1, 0) == 1;
}

static size_t receive(int fd, uint8_t *out, size_t room, struct sockaddr_storage *from)
{
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    socklen_t length = sizeof *from;
    ssize_t got;

    assert_int_equal(poll(&ready, 1, WAIT_MS), 1);
    got = recvfrom(fd, out, room, 0, (struct sockaddr *)from, &length);
    assert_true(got > 0);
    return (size_t)got;
}

struct stage {
    struct name_forward forward;
    struct known_name known;
    struct asked asked;
    struct name_server *server;
    int upstream[2], client;
};

/* Two servers; the first can be closed. */
static void stage_make(struct stage *stage, int wait_ms)
{
    struct sockaddr_storage at;
    struct name_server_options options;

    memset(stage, 0, sizeof *stage);
    stage->known = (struct known_name){ .name = "api.heymarket.com", .result = ASKED_OURS };
    inet_pton(AF_INET, "192.0.2.1", &stage->known.address);
    asked_init(&stage->asked);
    for (int i = 0; i < 2; i++)
        stage->upstream[i] = server_make(&stage->forward.servers[i]);
    stage->forward.count = 2;
    stage->forward.wait_ms = wait_ms;
    options = (struct name_server_options){ .udp = server_make(&at),
                                            .tcp = -1,
                                            .known = &stage->known,
                                            .known_count = 1,
                                            .forward = &stage->forward,
                                            .asked = &stage->asked };
    assert_int_equal(name_server_start(&stage->server, &options, &err), HM_OK);
    stage->client = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(connect(stage->client, (struct sockaddr *)&at, sizeof(struct sockaddr_in)), 0);
}

static void stage_end(struct stage *stage)
{
    name_server_stop(stage->server);
    close(stage->client);
    close(stage->upstream[0]);
    close(stage->upstream[1]);
    asked_fini(&stage->asked);
}

static void asks(const struct stage *stage, unsigned char id, const char *name)
{
    uint8_t query[512];
    size_t length = query_make(query, id, name);

    assert_int_equal(send(stage->client, query, length, 0), length);
}

TEST(never_passes_the_intercepted_host_on)
{
    static const char *const ours[] = { "api.heymarket.com", "API.HeyMarket.COM",
                                        "eu.api.heymarket.com" };
    struct stage stage;
    struct sockaddr_storage from;
    uint8_t bytes[512];

    stage_make(&stage, WAIT_MS);
    for (unsigned char i = 0; i < 3; i++) {
        asks(&stage, i, ours[i]);
        assert_true(receive(stage.client, bytes, sizeof bytes, &from) > HEAD);
        assert_int_equal(bytes[1], i);
        assert_int_equal(bytes[3] & 0x0f, i < 2 ? 0 : 3); /* no such name */
        assert_int_equal(bytes[7], i < 2);                /* an address */
    }
    /* What is malformed could be read in another way elsewhere: two questions. */
    size_t length = query_make(bytes, 9, "example.com");

    bytes[5] = 2;
    assert_int_equal(send(stage.client, bytes, length, 0), length);
    receive(stage.client, bytes, sizeof bytes, &from);
    assert_int_equal(bytes[3] & 0x0f, 1); /* format error */
    assert_false(has_come(stage.upstream[0]));
    assert_false(has_come(stage.upstream[1]));
    stage_end(&stage);
}

TEST(passes_other_names_on)
{
    struct stage stage;
    struct sockaddr_storage first, second, from;
    uint8_t one[512], two[512], bytes[1024];
    size_t length;

    stage_make(&stage, WAIT_MS);
    asks(&stage, 7, "example.com");
    length = receive(stage.upstream[0], one, sizeof one, &first);
    asks(&stage, 8, "notapi.heymarket.com");
    receive(stage.upstream[0], two, sizeof two, &second);
    assert_memory_equal(two + HEAD, "\6notapi\11heymarket\3com", 22);
    /* An answer with another number, then the right one of more than 512 bytes, as it is. */
    one[2] |= QR;
    one[1] = 6;
    sendto(stage.upstream[0], one, length, 0, (struct sockaddr *)&first,
           sizeof(struct sockaddr_in));
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, one, length);
    bytes[1] = 7;
    sendto(stage.upstream[0], bytes, sizeof bytes, 0, (struct sockaddr *)&first,
           sizeof(struct sockaddr_in));
    uint8_t got[2048];

    assert_int_equal(receive(stage.client, got, sizeof got, &from), sizeof bytes);
    assert_memory_equal(got, bytes, sizeof bytes);
    assert_false(has_come(stage.upstream[1]));
    assert_int_equal(asked_times(&stage.asked, ASKED_ALLOWED), 2);
    stage_end(&stage);
}

TEST(asks_the_next_server)
{
    struct stage stage;
    struct sockaddr_storage from;
    uint8_t bytes[512];

    stage_make(&stage, 20); /* the first one is silent */
    asks(&stage, 1, "example.com");
    receive(stage.upstream[1], bytes, sizeof bytes, &from);
    assert_int_equal(bytes[1], 1);
    close(stage.upstream[0]); /* or is not there */
    stage.upstream[0] = -1;
    asks(&stage, 2, "example.org");
    do
        receive(stage.upstream[1], bytes, sizeof bytes, &from);
    while (bytes[1] != 2);
    stage_end(&stage);
}

TEST(reads_the_servers)
{
    static const struct {
        const char *text;
        size_t count;
        const char *first;
    } rows[] = {
        { "", 1, "127.0.0.1" },
        { "# nameserver 192.0.2.9\nsearch example\nnameserver\nnameserver  198.51.100.53 \n", 1,
          "198.51.100.53" },
        { "nameserver 198.51.100.1\r\nnameserver 2001:db8::53\nnameserver 198.51.100.3\nnameserver "
          "198.51.100.4",
          3, "198.51.100.1" },
        { "nameserver not-an-address\noptions ndots:1\n", 1, "127.0.0.1" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct name_forward forward;
        const struct sockaddr_in *first = (const struct sockaddr_in *)&forward.servers[0];
        char host[INET_ADDRSTRLEN];

        name_forward_init(&forward, rows[i].text);
        assert_int_equal(forward.count, rows[i].count);
        assert_int_equal(ntohs(first->sin_port), 53);
        assert_string_equal(inet_ntop(AF_INET, &first->sin_addr, host, sizeof host), rows[i].first);
    }
}
