#define _GNU_SOURCE /* unshare(); NOLINT(bugprone-reserved-identifier) */
#include "intercept/allow.h"

#include "tests/intercept/echo_server.h"
#include "tests/unit.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77 };

/* In the process that has the private network, where cmocka must not run on. */
#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            _exit(EXIT_FAILURE);                                                                   \
        }                                                                                          \
    } while (0)

static struct echo_server echo;

/* A private network with an interface of its own. */
static void network_leave(void)
{
    struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd;

    /* Without a user namespace where it can be: a sanitizer's thread would forbid one. */
    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        _exit(SKIPPED);
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) != 0)
        _exit(SKIPPED);
    close(fd);
}

static void targets_read(struct allow_targets *targets, const char **texts, size_t count)
{
    struct option_texts options = { .count = count, .at = texts };
    struct hm_error err;

    must(allow_targets_read(targets, &options, &err) == HM_OK);
}

/* A target with these addresses, as if they had been looked up. */
static void target_add(struct allow_targets *targets, const char *name, int port,
                       const char *const *addresses)
{
    struct allow_target *target = &targets->at[targets->count++];

    *target = (struct allow_target){ .port = port };
    snprintf(target->name, sizeof target->name, "%s", name);
    for (; *addresses != NULL; addresses++) {
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
        struct sockaddr_storage *at = &target->outside.at[target->outside.count++];

        if (inet_pton(AF_INET, *addresses, &v4.sin_addr) == 1)
            memcpy(at, &v4, sizeof v4);
        else if (inet_pton(AF_INET6, *addresses, &v6.sin6_addr) == 1)
            memcpy(at, &v6, sizeof v6);
    }
}

/* The relay with two targets: localhost with the server's port, and one at which nobody is. */
static void allowed_start(struct allow *allow, struct allow_targets *targets)
{
    char open[32], again[32], closed[32];
    const char *texts[] = { open, again, closed };
    struct hm_error err;

    snprintf(open, sizeof open, "localhost:%d", echo.port);
    snprintf(again, sizeof again, "127.0.0.1:%d", echo.port);
    snprintf(closed, sizeof closed, "127.0.0.1:%d", echo.closed_port);
    targets_read(targets, texts, 3);
    must(allow_start(allow, targets, &err) == HM_OK);
    network_leave();
    must(echo_connect(echo.port, false) == -1 && errno == ECONNREFUSED);
    if (allow_listen(allow, &err) != HM_OK) {
        fprintf(stderr, "%s\n", err.text);
        _exit(EXIT_FAILURE);
    }
}

static void carry_all(int channel)
{
    enum { CLIENTS = 300, BYTES = 8 * 1024 * 1024 };
    struct allow_targets targets;
    struct allow allow;
    int fds[CLIENTS];
    char byte;
    ssize_t got;

    (void)channel;
    allowed_start(&allow, &targets);
    for (int i = 0; i < CLIENTS; i++)
        must((fds[i] = echo_connect(echo.port, false)) >= 0);
    for (int i = 0; i < CLIENTS; i++) {
        must(echo_is_whole(fds[i], i == 5 ? BYTES : 1000));
        close(fds[i]);
    }
    fds[0] = echo_connect(echo.closed_port, false);
    must(fds[0] >= 0); /* by the listener; then the relay knows better */
    got = echo_read(fds[0], &byte, 1);
    must(got == -1 && errno == ECONNRESET);
    must(echo_connect(1, false) == -1);
    allow_stop(&allow);
    must(atomic_load(&targets.at[0].counts.connected) == CLIENTS);
    must(atomic_load(&targets.at[2].counts.failed) == 1);
    must(atomic_load(&targets.at[2].counts.error) == ECONNREFUSED);
    must(echo_connect(echo.port, false) == -1); /* its listeners went with it */
    _exit(EXIT_SUCCESS);
}

/* The server has IPv4 only, so the relay's first address is refused. */
static void carry_ipv6(int channel)
{
    static const char *const both[] = { "::1", "127.0.0.1", NULL };
    struct allow_targets targets = { .count = 0 };
    struct allow allow;
    struct hm_error err;
    int fd;

    (void)channel;
    target_add(&targets, "db", echo.port, both);
    must(allow_start(&allow, &targets, &err) == HM_OK);
    network_leave();
    if (allow_listen(&allow, &err) != HM_OK) /* this kernel has no IPv6 */
        _exit(SKIPPED);
    for (int i = 0; i < 2; i++) {
        fd = echo_connect(echo.port, i == 0);
        must(fd >= 0 && echo_is_whole(fd, 1000));
    }
    allow_stop(&allow);
    _exit(EXIT_SUCCESS);
}

/* Ends without allow_stop(), with a connection open, and says who the relay is. */
static void leave(int channel)
{
    struct allow_targets targets;
    struct allow allow;

    allowed_start(&allow, &targets);
    must(echo_connect(echo.port, false) >= 0);
    must(write(channel, &allow.relay, sizeof allow.relay) == sizeof allow.relay);
    kill(getpid(), SIGKILL);
}

/* Runs @part in a process of its own. Returns its status; @said is what it wrote. */
static int process_run(void (*part)(int channel), void *said, size_t bytes)
{
    int channel[2], status = 0;
    pid_t pid;

    assert_int_equal(pipe(channel), 0);
    pid = fork();
    if (pid == 0) {
        close(channel[0]);
        part(channel[1]);
        _exit(EXIT_FAILURE);
    }
    close(channel[1]);
    assert_true(pid > 0);
    if (bytes > 0 && read(channel[0], said, bytes) != (ssize_t)bytes)
        memset(said, 0, bytes);
    close(channel[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
        print_message("skipped: this kernel or container refuses a private network\n");
        skip();
    }
    return status;
}

TEST(what_is_allowed_is_carried)
{
    assert_int_equal(process_run(carry_all, NULL, 0), 0);
}

TEST(each_address_is_tried)
{
    assert_int_equal(process_run(carry_ipv6, NULL, 0), 0);
}

TEST(the_relay_ends_with_the_mock)
{
    pid_t relay = 0;
    int status;

    prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that we can wait for it */
    status = process_run(leave, &relay, sizeof relay);
    assert_true(WIFSIGNALED(status));
    assert_true(relay > 0);
    assert_int_equal(waitpid(relay, &status, 0), relay);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(what_is_no_target_is_refused)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "expected HOST:PORT" },
        { "localhost", "expected HOST:PORT" },
        { ":5432", "expected HOST:PORT" },
        { "localhost:", "expected HOST:PORT" },
        { "localhost:0", "expected HOST:PORT" },
        { "localhost:65536", "expected HOST:PORT" },
        { "localhost: 1", "expected HOST:PORT" },
        { "local host:1", "expected HOST:PORT" },
        { "-a:1", "expected HOST:PORT" },
        { "::1:5432", "expected HOST:PORT" },
        { "[fe80::1%lo]:5432", "expected HOST:PORT" },
        { "http://localhost:1", "expected HOST:PORT" },
        { "api.heymarket.com:443", "must not reach it" },
        { "API.heymarket.com.:80", "must not reach it" },
        { "eu.api.heymarket.com:443", "must not reach it" },
        { "256.256.256.256.invalid.:1", "cannot be resolved" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *texts[] = { rows[i].text };
        struct allow_targets targets;
        struct hm_error err = { 0 };

        assert_int_equal(
            allow_targets_read(&targets, &(struct option_texts){ .count = 1, .at = texts }, &err),
            HM_BAD_ARGUMENT);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s: %s", rows[i].text, err.text);
    }
}

TEST(a_target_has_an_address_inside)
{
    static const char *const db[] = { "10.1.2.3", "2001:db8::1", "10.1.2.4", NULL };
    static const char *const local[] = { "::1", "127.0.0.1", NULL };
    static const char *const six[] = { "2001:db8::2", NULL };
    static const char names[] = "db 10.1.2.3, db 10.1.2.4, localhost 127.0.0.1, new 192.0.2.5, ";
    struct allow_targets *targets = calloc(1, sizeof *targets);
    struct known_name known[ALLOW_ADDRESSES_MAX];
    struct in_addr at[ALLOW_ADDRESSES_MAX];
    char shown[256] = "";
    size_t count;

    assert_non_null(targets);
    target_add(targets, "db", 5432, db);
    target_add(targets, "db", 5433, db);
    target_add(targets, "localhost", 6379, local);
    target_add(targets, "new", 80, six);
    assert_int_equal(allow_addresses(at, targets), 3);
    assert_int_equal(at[2].s_addr, inet_addr("192.0.2.5"));
    count = allow_names(known, targets);
    for (size_t i = 0; i < count; i++)
        snprintf(shown + strlen(shown), sizeof shown - strlen(shown), "%s %s, ", known[i].name,
                 inet_ntoa(known[i].address));
    assert_string_equal(shown, names);
    assert_non_null(allow_target_find(targets, (struct span){ "DB.", 3 }, 5433));
    assert_null(allow_target_find(targets, (struct span){ "db", 2 }, 80));
    free(targets);
}

TEST(an_ipv6_address_is_refused_in_a_private_network)
{
    static const char *const six[] = { "2001:db8::2", NULL };
    struct allow_targets *targets = calloc(1, sizeof *targets);
    struct hm_error err;
    struct allow allow;

    assert_non_null(targets);
    target_add(targets, "2001:db8::2", 80, six);
    assert_int_equal(allow_start(&allow, targets, &err), HM_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "use the name of the host"));
    allow_stop(&allow);
    free(targets);
}

static int server_set(void **state)
{
    echo_server_start(&echo);
    return 0;
}

static int server_clear(void **state)
{
    echo_server_stop(&echo);
    return 0;
}

ALL_TESTS_WITHIN(server_set, server_clear)
