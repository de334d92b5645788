/* Many clients ask the control plane for what is long, and read nothing. */
#include "tests/harness.h"
#include "tests/temporary.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/need_proc.h"
#include "tests/unit.h"

/* With a sanitizer memory is not measured, because it needs several times as much. ci/test runs
 * this also without one. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

enum {
    READERS = IS_SANITIZED ? 30 : 300,
    READERS_BETWEEN = READERS / 6, /* while as many as WRITES_BETWEEN exchanges replace old ones */
    WRITES = 4200,                 /* more than the journal's 16 MiB */
    WRITES_BETWEEN = 100,
    TEXT_BYTES = 3900,
    LONG_BYTES = 50000, /* a body may have 64 KiB */
    RULES = 100,
    RULE_BYTES = 8000,
    CONTACTS = 1000,
    NAME_BYTES = 250,
    CHANNELS = 20,
    EXPECTATIONS = 10,
    ANSWER_BYTES_LEAST = 48 * 1024,
    MEMORY_KIB_MAX = 64 * 1024
};

#define ASK "GET /_mock/journal HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* What may be long. In @body, # stands for a text of LONG_BYTES. */
static const struct {
    const char *line, *body, *member;
    size_t count; /* of its list; 0: as many as it has */
} longest[] = {
    { "GET /_mock/faults", "", "faults", RULES },
    { "GET /_mock/contacts?limit=1000", "", "contacts", CONTACTS },
    { "GET /_mock/env", "", "contacts", CONTACTS },
    { "GET /_mock/expect", "", "expectations", EXPECTATIONS },
    { "POST /_mock/verify", "{\"where\":{\"body\":{\"x\":\"#\"}}}", "misses", 0 },
    { "POST /_mock/verify", "{\"channels\":{\"contact\":\"ada\",\"exactly\":0}}", "channels", 0 },
};
enum { LONGEST = sizeof longest / sizeof longest[0] };

/* Requests that the journal keeps with bodies of 3,939 bytes. */
static void write_many(const struct harness *mock, int count)
{
    char body[4096], request[8192]; /* sent at once: two pieces would wait for each other's ACK */
    int fd = harness_connect(mock);
    int length, answered = 0;

    length = snprintf(body, sizeof body, "{\"channel_type\":\"email\",\"channel_id\":\"%0*d\"}",
                      TEXT_BYTES, 7);
    length = snprintf(request, sizeof request,
                      "POST /v2/contact/" HARNESS_ADA "/channel HTTP/1.1\r\nHost: localhost\r\n"
                      "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
                      "Content-Length: %d\r\n\r\n%s",
                      mock->token, length, body);
    for (int i = 0; i < count; i++) {
        struct reply answer;

        harness_send(fd, request, (size_t)length);
        harness_read(fd, &answer, true);
        answered += answer.status != 0;
        reply_fini(&answer);
    }
    close(fd);
    assert_int_equal(answered, count);
}

static long memory_kib(const struct harness *mock)
{
    char path[64], line[256];
    long kib = 0;
    FILE *status;

    snprintf(path, sizeof path, "/proc/%d/status", (int)mock->pid);
    status = fopen(path, "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    }
    if (status != NULL)
        fclose(status);
    return kib;
}

/* Asks, and waits until the answer has begun. */
static int ask_and_read_nothing(const struct harness *mock, const char *request)
{
    int fd = harness_connect(mock);
    char first;

    harness_send(fd, request, strlen(request));
    recv(fd, &first, 1, MSG_PEEK);
    return fd;
}

/* Is the answer a whole journal, with every exchange of one moment? */
static bool is_whole(int fd)
{
    struct reply answer;
    json_t *tree;
    size_t kept, shown;

    harness_read(fd, &answer, true);
    tree = json_loadb(buf_text(&answer.body), answer.body.length, 0, NULL);
    kept = (size_t)json_integer_value(json_object_get(tree, "kept"));
    shown = json_array_size(json_object_get(tree, "exchanges"));
    json_decref(tree);
    reply_fini(&answer);
    return answer.status == 200 && kept > 3000 && shown == kept;
}

TEST(readers_that_do_not_read_hold_no_copies)
{
    struct harness mock;
    int fds[READERS];
    long kib;
    bool is_new_whole, is_last_whole;

    NEED_PROC();
    harness_start(&mock, 2 * READERS);
    write_many(&mock, WRITES);
    for (int i = 0; i < READERS; i++) {
        if (i % READERS_BETWEEN == 0)
            write_many(&mock, WRITES_BETWEEN);
        fds[i] = ask_and_read_nothing(&mock, ASK);
    }
    kib = memory_kib(&mock);
    write_many(&mock, WRITES_BETWEEN);
    is_last_whole = is_whole(fds[READERS - 1]);
    close(fds[0]);
    fds[0] = ask_and_read_nothing(&mock, ASK);
    is_new_whole = is_whole(fds[0]);
    for (int i = 0; i < READERS; i++)
        close(fds[i]);
    assert_int_equal(harness_stop(&mock, SIGTERM), 0);
    assert_true(is_last_whole);
    assert_true(is_new_whole);
    if (!IS_SANITIZED)
        assert_in_range(kib, 1, MEMORY_KIB_MAX);
    print_message("%d readers: %ld KiB\n", READERS, kib);
}

static void world_write(const char *path)
{
    FILE *file = fopen(path, "we");

    fprintf(file, "{\"v\":1,\"teams\":[{\"team_id\":1,\"name\":\"t\",\"secrets\":["
                  "{\"id\":\"74f80a77-9b3f-44ac-b3ad-ab68cfb548fa\","
                  "\"key\":\"cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK\"}],\"contacts\":["
                  "{\"name\":\"ada\",\"uuid\":\"" HARNESS_ADA "\",\"contact_id\":1}");
    for (int i = 2; i <= CONTACTS; i++)
        fprintf(file,
                ",{\"name\":\"%0*d\",\"uuid\":\"%08x-0000-4000-8000-000000000000\","
                "\"contact_id\":%d}",
                NAME_BYTES, i, (unsigned)i, i);
    fprintf(file, "]}],\"faults\":[");
    for (int i = 0; i < RULES; i++)
        fprintf(file, "%s{\"channel_id\":\"%0*d\",\"status\":500}", i == 0 ? "" : ",", RULE_BYTES,
                i);
    fprintf(file, "]}");
    assert_int_equal(fclose(file), 0);
}

/* A request, with # in its body replaced. free() it. */
static char *request_make(const struct harness *mock, const char *line, const char *body)
{
    const size_t before = strcspn(body, "#"), added = body[before] == '#' ? LONG_BYTES : 0;
    struct buf out;

    buf_init(&out, HARNESS_ANSWER_BYTES_MAX);
    buf_printf(&out,
               "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
               line, mock->token, strlen(body) + added - (added > 0));
    buf_add(&out, body, before);
    for (size_t i = 0; i < added; i++)
        buf_putc(&out, '.');
    buf_puts(&out, body + before + (added > 0));
    return buf_take(&out);
}

/* Sends it @count times. */
static void send_many(const struct harness *mock, int count, const char *line, const char *body)
{
    char *request = request_make(mock, line, body);
    int fd = harness_connect(mock), good = 0;

    for (int i = 0; i < count; i++) {
        struct reply answer;

        harness_send(fd, request, strlen(request));
        harness_read(fd, &answer, true);
        good += answer.status == 200;
        reply_fini(&answer);
    }
    close(fd);
    free(request);
    assert_int_equal(good, count);
}

/* Is it JSON, long, and has the list as many entries as it should have? */
static bool is_right(int fd, size_t which)
{
    struct reply answer;
    json_t *tree;
    size_t shown, length;

    harness_read(fd, &answer, true);
    length = answer.body.length;
    tree = json_loadb(buf_text(&answer.body), length, 0, NULL);
    tree = json_is_object(tree) ? tree : json_object();
    shown = json_array_size(json_object_get(tree, longest[which].member)) +
            json_object_size(json_object_get(tree, longest[which].member));
    json_decref(tree);
    reply_fini(&answer);
    return length > ANSWER_BYTES_LEAST &&
           (longest[which].count == 0 ? shown > 0 : shown == longest[which].count);
}

TEST(nothing_that_is_long_is_held_for_each_reader)
{
    char path[TEMPORARY_PATH];
    struct harness mock;
    bool are_right[LONGEST];
    long kib_before, kib[LONGEST];

    NEED_PROC();
    assert_true(temporary_file(path));
    world_write(path);
    harness_start_world(&mock, 2 * READERS, path);
    unlink(path);
    send_many(&mock, CHANNELS, "POST /v2/contact/" HARNESS_ADA "/channel",
              "{\"channel_type\":\"email\",\"channel_id\":\"#\"}");
    send_many(&mock, EXPECTATIONS, "POST /_mock/expect", "{\"where\":{\"body\":{\"x\":\"#\"}}}");
    kib_before = memory_kib(&mock);
    for (size_t k = 0; k < LONGEST; k++) {
        char *request = request_make(&mock, longest[k].line, longest[k].body);
        int fds[READERS];

        for (int i = 0; i < READERS; i++)
            fds[i] = ask_and_read_nothing(&mock, request);
        kib[k] = memory_kib(&mock) - kib_before;
        are_right[k] = is_right(fds[READERS - 1], k);
        for (int i = 0; i < READERS; i++)
            close(fds[i]);
        free(request);
    }
    assert_int_equal(harness_stop(&mock, SIGTERM), 0);
    for (size_t k = 0; k < LONGEST; k++) {
        print_message("%s: %d readers: %ld KiB\n", longest[k].line, READERS, kib[k]);
        assert_true(are_right[k]);
        if (!IS_SANITIZED)
            assert_in_range(kib[k], 1, MEMORY_KIB_MAX);
    }
}
