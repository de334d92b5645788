/* A soak test for ci/soak: soak REQUESTS. Eight clients send good requests, wrong tokens, and bad,
 * chunked and large bodies, some of which meet faults; every answer is checked. Some close the
 * connection early, reset the mock, change rules, policy or clock, read the journal, or reload the
 * files (SIGHUP). At the end memory, descriptors and threads must not have grown since the first
 * tenth (or 5,000 requests), and a good request is answered. */
#include "tests/harness.h"

#include "store/clock.h"
#include "support/monotonic.h"
#include "support/text.h"
#include "support/uuid.h"
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Threads that start to serve late still grow their stack and arena. A sanitizer uses much memory
 * itself, but reports leaks when the mock ends. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { GROWTH_KIB_MAX = 1024 * 1024 };
#else
enum { GROWTH_KIB_MAX = 6 * 1024 };
#endif

enum {
    CLIENTS = 8,
    CONNECTION_REQUESTS = 100, /* then a new one */
    RUDE = 50,                 /* every 50th request is closed early */
    RARE = 1000,               /* every 1000th changes the mock */
    GROWTH_DESCRIPTORS_MAX = CLIENTS,
    GROWTH_THREADS_MAX = 2 * CLIENTS,
    FIRST_PART = 10,
    FIRST_LEAST = 5000, /* by then most threads have served */
    LARGE_BYTES = 60000,
    TOO_LARGE_BYTES = 66000, /* [T7] */
    IDLE_US_MAX = 2000000,   /* the mock closes after five seconds */
    COMPLAINTS_MAX = 20
};

#define BODY  "{\"channel_type\":\"email\",\"channel_id\":\"s@example.com\"}"
#define FAULT "{\"channel_type\":\"email\",\"channel_id\":\"f@example.com\"}"
#define POST(contact, token, length, body)                                                         \
    "POST /v2/contact/" contact                                                                    \
    "/channel HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " token                         \
    "\r\nContent-Type: application/json\r\n" length "\r\n\r\n" body
#define LENGTH(length) "Content-Length: " length
#define CONTROL(call, length, body)                                                                \
    call " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "                                          \
         "application/json\r\nContent-Length: " length "\r\n\r\n" body

/* What is sent, and what the answer is. Status 0: a fault may swallow it. */
struct exchange_row {
    const char *request;
    int status;       /* 200 stands for 201, too: the policy changes */
    const char *says; /* is in the body */
};

static const struct exchange_row usual[] = {
    { POST("{EMPTY}", "{TOKEN}", LENGTH("53"), BODY), 200, "\"channel_id\":\"s@example.com\"" },
    { POST("{EMPTY}", "{TOKEN}x", LENGTH("53"), BODY), 401, "\"error\":\"unauthorized\"" },
    { POST("{EMPTY}", "not.a.token", LENGTH("53"), BODY), 401, "\"clause\":\"J2\"" },
    { POST("{EMPTY}", "{TOKEN}", LENGTH("9"), "{\"a\":[1,2"), 400, "\"error\":\"bad_data\"" },
    { POST("{EMPTY}", "{TOKEN}", LENGTH("53"), FAULT), 0, "" },
    { POST("00000000-0000-4000-8000-000000000000", "{TOKEN}", LENGTH("53"), BODY), 404,
      "contact-unknown" },
    { CONTROL("GET /nope", "0", ""), 404, "path-unknown" },
    { POST("{ADA}", "{TOKEN}", LENGTH("53"), BODY), 200, "\"channel_id\":\"s@example.com\"" },
    { POST("{ADA}", "{TOKEN}", "Transfer-Encoding: chunked", "35\r\n" BODY "\r\n0\r\n\r\n"), 200,
      "\"channel_id\":\"s@example.com\"" },
};

/* Requests that change the mock; NULL: SIGHUP. */
static const struct exchange_row rare[] = {
    { CONTROL("POST /_mock/reset", "2", "{}"), 200, "" },
    { CONTROL("PUT /_mock/faults", "56",
              "{\"faults\":[{\"channel_id\":\"f@example.com\",\"status\":503}]}"),
      200, "" },
    { CONTROL("PUT /_mock/faults", "59",
              "{\"faults\":[{\"channel_id\":\"f@example.com\",\"abort\":\"reset\"}]}"),
      200, "" },
    { CONTROL("PUT /_mock/policy", "33", "{\"policy\":{\"success-status\":201}}"), 200, "201" },
    { NULL, 0, NULL },
    { CONTROL("PUT /_mock/clock", "18", "{\"now\":1713225700}"), 200, "1713225700" },
    { CONTROL("GET /_mock/journal?limit=100", "0", ""), 200, "\"exchanges\":[" },
    { CONTROL("POST /_mock/verify", "24", "{\"where\":{\"status\":401}}"), 200, "" },
    { CONTROL("PUT /_mock/faults", "62",
              "{\"faults\":[{\"channel_id\":\"f@example.com\",\"abort\":\"truncate\"}]}"),
      200, "" },
    { CONTROL("GET /_mock/contacts/{ADA}", "0", ""), 200, "" },
    { CONTROL("DELETE /_mock/journal", "0", ""), 200, "" },
};
enum { USUAL_COUNT = sizeof usual / sizeof usual[0], RARE_COUNT = sizeof rare / sizeof rare[0] };

/* After how many bytes of a good request the connection is closed. */
static const size_t rude_bytes[] = { 0, 1, 30, 400, SIZE_MAX };
enum { RUDE_COUNT = sizeof rude_bytes / sizeof rude_bytes[0] };

static struct harness mock;
static struct {
    char *text;
    size_t length;
} large[2]; /* one that is read, and one that is too large */
static atomic_long left;
static atomic_int wrong;

struct link {
    int fd; /* -1: none */
    int64_t used_us;
};

static void complain(const struct exchange_row *row, const struct reply *answer)
{
    if (atomic_fetch_add(&wrong, 1) < COMPLAINTS_MAX)
        fprintf(stderr, "soak: %d, expected %d and %s: %.300s\nto %.60s\n", answer->status,
                row->status, row->says, buf_text(&answer->body), row->request);
}

static bool is_as_expected(const struct exchange_row *row, struct reply *answer)
{
    const int status = answer->status == 201 ? 200 : answer->status;

    return row->status == 0 ||
           (status == row->status && strlen(answer->request_id) == UUID_TEXT - 1 &&
            strstr(buf_text(&answer->body), row->says) != NULL);
}

static void link_close(struct link *link)
{
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
}

/* Opens a new connection if the mock may have closed this one as idle. */
static void link_open(struct link *link)
{
    if (monotonic_us() - link->used_us > IDLE_US_MAX)
        link_close(link);
    if (link->fd < 0)
        link->fd = harness_connect(&mock);
}

static void ask_bytes(struct link *link, const struct exchange_row *row, const char *text,
                      size_t length)
{
    struct reply answer;

    link_open(link);
    harness_send(link->fd, text, length);
    harness_read(link->fd, &answer, true);
    link->used_us = monotonic_us();
    if (!is_as_expected(row, &answer))
        complain(row, &answer);
    if (answer.status == 0 || reply_has(&answer, "Connection: close"))
        link_close(link);
    reply_fini(&answer);
}

static void ask(struct link *link, const struct exchange_row *row)
{
    size_t length;
    char *text = harness_expand(&mock, row->request, strlen(row->request), &length);

    ask_bytes(link, row, text, length);
    free(text);
}

/* A good body after many spaces. */
static char *large_request(size_t bytes, size_t *length)
{
    struct buf text;
    char *request;

    buf_init(&text, (size_t)2 * TOO_LARGE_BYTES);
    buf_printf(&text, POST("{EMPTY}", "{TOKEN}", LENGTH("%zu"), "%*s"), bytes, (int)bytes, BODY);
    request = harness_expand(&mock, buf_text(&text), text.length, length);
    buf_fini(&text);
    return request;
}

static void ask_large(struct link *link, bool is_too_large)
{
    static const struct exchange_row rows[] = {
        { "(a large body)", 200, "\"channel_id\":\"s@example.com\"" },
        { "(a body that is too large)", 413, "body-too-large" },
    };

    ask_bytes(link, &rows[is_too_large], large[is_too_large].text, large[is_too_large].length);
}

/* Closes the connection early, with a reset every other time. */
static void be_rude(long number)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    size_t length, bytes = rude_bytes[(size_t)number % RUDE_COUNT];
    char *text = harness_expand(&mock, usual[0].request, strlen(usual[0].request), &length);
    int fd = harness_connect(&mock);

    harness_send(fd, text, bytes < length ? bytes : length);
    if (number % 2 == 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
    free(text);
}

static void change_mock(struct link *link, long number)
{
    const struct exchange_row *row = &rare[(size_t)number % RARE_COUNT];

    if (row->request == NULL)
        kill(mock.pid, SIGHUP);
    else
        ask(link, row);
}

static void *client_run(void *unused)
{
    struct link link = { -1, 0 };
    int sent = 0;
    long at;

    (void)unused;
    while ((at = atomic_fetch_sub(&left, 1)) > 0) {
        if (at % RARE == 0)
            change_mock(&link, at / RARE);
        else if (at % RUDE == 0)
            be_rude(at / RUDE);
        else if (at % RUDE == 1)
            ask_large(&link, at % 3 == 0);
        else
            ask(&link, &usual[(size_t)at % USUAL_COUNT]);
        if (++sent % CONNECTION_REQUESTS == 0)
            link_close(&link);
    }
    link_close(&link);
    return NULL;
}

static void requests_send(long count)
{
    pthread_t clients[CLIENTS];

    atomic_store(&left, count);
    for (int i = 0; i < CLIENTS; i++)
        pthread_create(&clients[i], NULL, client_run, NULL);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
}

struct size {
    long resident_kib;
    long threads;
    int descriptors;
};

static struct size size_now(void)
{
    struct size size = { 0, 0, 0 };
    char path[64], line[256];
    FILE *status;
    DIR *folder;

    snprintf(path, sizeof path, "/proc/%d/status", (int)mock.pid);
    status = fopen(path, "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            size.resident_kib = strtol(line + 6, NULL, 10);
        if (strncmp(line, "Threads:", 8) == 0)
            size.threads = strtol(line + 8, NULL, 10);
    }
    if (status != NULL)
        (void)fclose(status);
    snprintf(path, sizeof path, "/proc/%d/fd", (int)mock.pid);
    folder = opendir(path);
    while (folder != NULL && readdir(folder) != NULL)
        size.descriptors++;
    if (folder != NULL)
        closedir(folder);
    return size;
}

static bool is_flat(const struct size *before, const struct size *after)
{
    return after->resident_kib <= before->resident_kib + GROWTH_KIB_MAX &&
           after->descriptors <= before->descriptors + GROWTH_DESCRIPTORS_MAX &&
           after->threads <= before->threads + GROWTH_THREADS_MAX;
}

int main(int argc, char **argv)
{
    int64_t count, first, began_us = monotonic_us();
    struct size before, after;
    struct link link = { -1, 0 };
    int status;

    if (argc != 2 || !text_to_int64(&count, argv[1], FIRST_LEAST, 1000000000)) {
        fprintf(stderr, "usage: soak REQUESTS\n");
        return 2;
    }
    harness_start(&mock, HARNESS_THREADS);
    large[0].text = large_request(LARGE_BYTES, &large[0].length);
    large[1].text = large_request(TOO_LARGE_BYTES, &large[1].length);
    first = count / FIRST_PART < FIRST_LEAST ? FIRST_LEAST : count / FIRST_PART;
    requests_send((long)first);
    before = size_now();
    requests_send((long)(count - first));
    after = size_now();
    ask(&link, &rare[0]);
    ask(&link, &usual[0]);
    link_close(&link);
    free(large[0].text);
    free(large[1].text);
    status = harness_stop(&mock, SIGTERM);
    printf("%lld requests in %lld s: resident %ld KiB, then %ld; descriptors %d, then %d; threads "
           "%ld, then %ld; %d wrong answers; exit %d\n",
           (long long)count, (long long)(monotonic_us() - began_us) / 1000000, before.resident_kib,
           after.resident_kib, before.descriptors, after.descriptors, before.threads, after.threads,
           atomic_load(&wrong), status);
    if (before.resident_kib == 0)
        printf("nothing was measured: there is no /proc, as Linux has it\n");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && atomic_load(&wrong) == 0 &&
                   is_flat(&before, &after)
               ? 0
               : 1;
}
