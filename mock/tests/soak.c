/* A soak: soak REQUESTS. Eight clients send good requests, wrong tokens and bad bodies, some of
 * which meet faults; now and then one resets the mock, replaces its fault rules, reads the journal,
 * or has the files read again (SIGHUP). Afterwards memory and descriptors must be where they were
 * after the first tenth (or 5,000
 * requests), and a good request is answered. For ci/soak. */
#include "harness.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Stacks and arenas of threads that had served less than others. A sanitizer's own memory is not
 * counted: it tells of leaks when the mock ends. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { GROWTH_KIB_MAX = 1024 * 1024 };
#else
enum { GROWTH_KIB_MAX = 12 * 1024 };
#endif

enum {
    CLIENTS = 8,
    CONNECTION_REQUESTS = 100, /* then a new one */
    RARE = 2000,               /* once in so many requests the mock is steered */
    GROWTH_DESCRIPTORS_MAX = CLIENTS,
    FIRST_PART = 10,
    FIRST_LEAST = 5000 /* by then most threads have served */
};

#define BODY  "{\"channel_type\":\"email\",\"channel_id\":\"s@example.com\"}"
#define FAULT "{\"channel_type\":\"email\",\"channel_id\":\"f@example.com\"}"
#define POST(contact, token, length, body)                                                         \
    "POST /v2/contact/" contact                                                                    \
    "/channel HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " token                         \
    "\r\nContent-Type: application/json\r\nContent-Length: " length "\r\n\r\n" body
#define CONTROL(call, length, body)                                                                \
    call " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "                                          \
         "application/json\r\nContent-Length: " length "\r\n\r\n" body

/* What is sent, and the status that is expected; 0: a fault may swallow the answer. */
static const struct {
    const char *request;
    int status;
} usual[] = {
    { POST("{EMPTY}", "{TOKEN}", "53", BODY), 200 },
    { POST("{EMPTY}", "{TOKEN}x", "53", BODY), 401 },
    { POST("{EMPTY}", "not.a.token", "53", BODY), 401 },
    { POST("{EMPTY}", "{TOKEN}", "9", "{\"a\":[1,2"), 400 },
    { POST("{EMPTY}", "{TOKEN}", "53", FAULT), 0 },
    { POST("00000000-0000-4000-8000-000000000000", "{TOKEN}", "53", BODY), 404 },
    { CONTROL("GET /nope", "0", ""), 404 },
    { POST("{ADA}", "{TOKEN}", "53", BODY), 200 },
};
static const char *const rare[] = {
    CONTROL("POST /_mock/reset", "2", "{}"),
    CONTROL("PUT /_mock/faults", "60",
            "{\"faults\":[{\"channel_id\":\"f@example.com\",\"status\":503} ]}   "),
    CONTROL("PUT /_mock/faults", "59",
            "{\"faults\":[{\"channel_id\":\"f@example.com\",\"abort\":\"reset\"}]}"),
    CONTROL("GET /_mock/journal?limit=100", "0", ""),
    CONTROL("DELETE /_mock/journal", "0", ""),
};
enum { USUAL_COUNT = sizeof usual / sizeof usual[0], RARE_COUNT = sizeof rare / sizeof rare[0] };

static struct harness mock;
static atomic_long left;
static atomic_int wrong;

static int ask(int *fd, const char *request)
{
    size_t length;
    char *text = harness_expand(&mock, request, strlen(request), &length);
    struct answer answer;
    int status;

    if (*fd < 0)
        *fd = harness_connect(&mock);
    harness_send(*fd, text, length);
    harness_read(*fd, &answer, true);
    status = answer.status;
    if (status == 0 || answer_has(&answer, "Connection: close")) {
        close(*fd);
        *fd = -1;
    }
    answer_fini(&answer);
    free(text);
    return status;
}

static void steer(int *fd, long at)
{
    size_t which = (size_t)(at / RARE) % (RARE_COUNT + 1);

    if (which == RARE_COUNT)
        kill(mock.pid, SIGHUP);
    else if (ask(fd, rare[which]) != 200)
        atomic_fetch_add(&wrong, 1);
}

static void *client_run(void *unused)
{
    int fd = -1, sent = 0;
    long at;

    (void)unused;
    while ((at = atomic_fetch_sub(&left, 1)) > 0) {
        size_t which = (size_t)at % USUAL_COUNT;
        int status = ask(&fd, usual[which].request);

        if (usual[which].status != 0 && status != usual[which].status) {
            fprintf(stderr, "soak: %zu: status %d, expected %d\n", which, status,
                    usual[which].status);
            atomic_fetch_add(&wrong, 1);
        }
        if (at % RARE == 0)
            steer(&fd, at);
        if (++sent % CONNECTION_REQUESTS == 0 && fd >= 0) {
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0)
        close(fd);
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
    int descriptors;
};

static struct size size_now(void)
{
    struct size size = { 0, 0 };
    char path[64], line[256];
    FILE *status;
    DIR *folder;

    snprintf(path, sizeof path, "/proc/%d/status", (int)mock.pid);
    status = fopen(path, "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            size.resident_kib = strtol(line + 6, NULL, 10);
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

int main(int argc, char **argv)
{
    int64_t count, first;
    struct size before, after;
    int fd = -1, status;
    bool is_served;

    if (argc != 2 || !text_to_int64(&count, argv[1], FIRST_LEAST, 1000000000)) {
        fprintf(stderr, "usage: soak REQUESTS\n");
        return 2;
    }
    harness_start(&mock, HARNESS_THREADS);
    first = count / FIRST_PART < FIRST_LEAST ? FIRST_LEAST : count / FIRST_PART;
    requests_send((long)first);
    before = size_now();
    requests_send((long)(count - first));
    after = size_now();
    is_served = ask(&fd, CONTROL("POST /_mock/reset", "2", "{}")) == 200 &&
                ask(&fd, usual[0].request) == 200;
    close(fd);
    status = harness_stop(&mock, SIGTERM);
    printf("%lld requests: resident %ld KiB, then %ld; descriptors %d, then %d; %d wrong answers\n",
           (long long)count, before.resident_kib, after.resident_kib, before.descriptors,
           after.descriptors, atomic_load(&wrong));
    return is_served && WIFEXITED(status) && WEXITSTATUS(status) == 0 && atomic_load(&wrong) == 0 &&
                   after.resident_kib <= before.resident_kib + GROWTH_KIB_MAX &&
                   after.descriptors <= before.descriptors + GROWTH_DESCRIPTORS_MAX
               ? 0
               : 1;
}
