/* Many clients ask for the whole journal and read nothing. */
#include "tests/harness.h"

#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum {
    READERS = 300,
    READERS_BETWEEN = 50, /* while as many as WRITES_BETWEEN exchanges replace old ones */
    WRITES = 4200,        /* more than the journal's 16 MiB */
    WRITES_BETWEEN = 100,
    TEXT_BYTES = 3900,
    MEMORY_KIB_MAX = 64 * 1024
};

#define ASK "GET /_mock/journal HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* A sanitizer needs several times as much memory. */
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
static int ask_and_read_nothing(const struct harness *mock)
{
    int fd = harness_connect(mock);
    char first;

    harness_send(fd, ASK, strlen(ASK));
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

static void readers_that_do_not_read_hold_no_copies(void **state)
{
    struct harness mock;
    int fds[READERS];
    long kib;
    bool is_new_whole, is_last_whole;

    (void)state;
    harness_start(&mock, 2 * READERS);
    write_many(&mock, WRITES);
    for (int i = 0; i < READERS; i++) {
        if (i % READERS_BETWEEN == 0)
            write_many(&mock, WRITES_BETWEEN);
        fds[i] = ask_and_read_nothing(&mock);
    }
    kib = memory_kib(&mock);
    write_many(&mock, WRITES_BETWEEN);
    is_last_whole = is_whole(fds[READERS - 1]);
    close(fds[0]);
    fds[0] = ask_and_read_nothing(&mock);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_that_do_not_read_hold_no_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
