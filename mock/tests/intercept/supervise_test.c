/* A program whose connect() is supervised, with its own sockets and with sockets that take their
 * places. The cases are those of supervised_program.c. */
#include "intercept/supervise.h"
#include "intercept/supervise_connect.h"
#include "intercept/supervise_filter.h"
#include "intercept/supervise_trial.h"
#include "support/spawn.h"
#include "tests/unit.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum server { HTTPS, HTTP, LOOPBACK, NAMES_TCP, NAMES_UDP, SERVERS };

enum { BACKLOG = 512 };

static const char *const says[SERVERS] = { "https", "http", "loopback", "names" };

static struct {
    int fds[SERVERS];
    in_port_t ports[SERVERS];
    int wake[2];
    pthread_t thread;
} servers;

static struct hm_error err;

/* What pidfd_getfd() answers; 0: what the kernel does. The same for seccomp(). */
static atomic_int forbidden, no_filter;

/* A kernel before 5.19, in which signals interrupt calls that wait for their answer. */
static atomic_bool is_old;
enum { WAIT_KILLABLE_RECV = 1 << 5 };

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
/* NOLINTEND(bugprone-reserved-identifier) */

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    if (number == SYS_pidfd_getfd && atomic_load(&forbidden) != 0) {
        errno = atomic_load(&forbidden);
        return -1;
    }
    if (number == SYS_seccomp && atomic_load(&no_filter) != 0) {
        errno = atomic_load(&no_filter);
        return -1;
    }
    if (number == SYS_seccomp && atomic_load(&is_old) && (b & WAIT_KILLABLE_RECV) != 0) {
        errno = EINVAL;
        return -1;
    }
    return __real_syscall(number, a, b, c, d, e, f);
}

static int listen_at(int type, in_port_t *port, int backlog)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, type, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_true(type == SOCK_DGRAM || listen(fd, backlog) == 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void serve(int fd, enum server which)
{
    if (which == NAMES_UDP) {
        char bytes[64];
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);

        sendto(fd, bytes, got < 0 ? 0 : (size_t)got, 0, (struct sockaddr *)&from, length);
    } else {
        int client = accept(fd, NULL, NULL);

        if (client >= 0 && write(client, says[which], strlen(says[which])) > 0)
            shutdown(client, SHUT_WR);
        close(client);
    }
}

static void *serve_all(void *nothing)
{
    struct pollfd polls[SERVERS + 1];

    for (int i = 0; i < SERVERS; i++)
        polls[i] = (struct pollfd){ .fd = servers.fds[i], .events = POLLIN };
    polls[SERVERS] = (struct pollfd){ .fd = servers.wake[0], .events = POLLIN };
    while (poll(polls, SERVERS + 1, -1) >= 0 && polls[SERVERS].revents == 0) {
        for (int i = 0; i < SERVERS; i++) {
            if (polls[i].revents != 0)
                serve(servers.fds[i], (enum server)i);
        }
    }
    return nothing;
}

static int servers_start(void **state)
{
    for (int i = 0; i < SERVERS; i++)
        servers.fds[i] =
            listen_at(i == NAMES_UDP ? SOCK_DGRAM : SOCK_STREAM, &servers.ports[i], BACKLOG);
    return pipe(servers.wake) != 0 || pthread_create(&servers.thread, NULL, serve_all, NULL) != 0;
}

static int servers_stop(void **state)
{
    close(servers.wake[1]);
    pthread_join(servers.thread, NULL);
    for (int i = 0; i < SERVERS; i++)
        close(servers.fds[i]);
    close(servers.wake[0]);
    return 0;
}

static struct address_map map_make(void)
{
    struct address_map map = { .https_port = servers.ports[HTTPS],
                               .http_port = servers.ports[HTTP],
                               .names_udp = servers.ports[NAMES_UDP],
                               .names_tcp = servers.ports[NAMES_TCP] };

    inet_pton(AF_INET, "192.0.2.1", &map.address);
    return map;
}

struct program {
    char path[sizeof HM_SUPERVISED], name[32], port[16];
    char *argv[4];
    int streams[3];
    struct spawn spawn;
};

static void program_make(struct program *program, const char *name)
{
    *program = (struct program){ .path = HM_SUPERVISED,
                                 .argv = { program->path, program->name, program->port, NULL },
                                 .streams = { open("/dev/null", O_RDONLY), -1, -1 } };
    snprintf(program->name, sizeof program->name, "%s", name);
    snprintf(program->port, sizeof program->port, "%u", servers.ports[LOOPBACK]);
    program->spawn = (struct spawn){ .argv = program->argv,
                                     .streams = program->streams,
                                     .closes_others = true,
                                     .death_signal = SIGKILL };
}

static void run(const char *name, const struct address_map *map, struct asked *asked)
{
    struct supervise *supervise;
    struct program program;
    int status = -1;
    pid_t pid;

    program_make(&program, name);
    assert_int_equal(supervise_spawn(&supervise, &pid, &program.spawn, map, asked, NULL, &err),
                     HM_OK);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    supervise_stop(supervise);
    close(program.streams[0]);
    if (status != 0)
        fail_msg("%s: exit code %d", name, spawn_exit_code(status));
}

/* Both ways: with their sockets, and where those cannot be had. */
static void run_twice(const char *name)
{
    const struct address_map map = map_make();

    run(name, &map, NULL);
    atomic_store(&forbidden, EPERM);
    run(name, &map, NULL);
    atomic_store(&forbidden, 0);
}

#define CASE(name)                                                                                 \
    TEST(name)                                                                                     \
    {                                                                                              \
        run_twice(#name);                                                                          \
    }

CASE(blocking)
CASE(nonblocking)
CASE(datagrams_refused)
CASE(names_of_sendto)
CASE(names_of_messages)
CASE(names_of_connected)
CASE(files)
CASE(threads)
CASE(grandchild)
CASE(killed)
CASE(interrupted)
CASE(orphan)
CASE(errors)

TEST(interrupted_on_an_old_kernel)
{
    atomic_store(&is_old, true);
    run_twice("interrupted");
    run_twice("killed");
    atomic_store(&is_old, false);
}

TEST(refused)
{
    const struct address_map map = map_make();
    struct asked asked;

    asked_init(&asked);
    run("refused", &map, &asked);
    assert_int_equal(asked.count, 5);
    assert_string_equal(asked.at[0].name, "198.51.100.7");
    assert_int_equal(asked.at[0].port, 443);
    assert_int_equal(asked.at[0].times, 2);
    assert_string_equal(asked.at[2].name, "2001:db8::1");
    assert_string_equal(asked.at[3].name, "192.0.2.1");
    assert_int_equal(asked.at[3].port, 8443);
    assert_int_equal(asked_times(&asked, ASKED_REFUSED), 6);
    asked_fini(&asked);
}

TEST(goes_on_while_a_server_is_full)
{
    enum { FILLERS = 4 };
    struct address_map map = map_make();
    int fillers[FILLERS];
    in_port_t port = 0;
    int full = listen_at(SOCK_STREAM, &port, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < FILLERS; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(fillers[i], F_SETFL, O_NONBLOCK);
        assert_int_not_equal(connect(fillers[i], (struct sockaddr *)&address, sizeof address), 0);
    }
    map.https_port = port;
    run("full", &map, NULL);
    for (int i = 0; i < FILLERS; i++)
        close(fillers[i]);
    close(full);
}

/* The program is killed when its call has come, and before it is answered. */
TEST(answers_nobody_without_harm)
{
    struct supervised supervised = { .map = map_make() };
    struct notified call;

    for (int way = 0; way < 2; way++) {
        struct supervise_filter filter;
        struct program program;
        int listener;
        pid_t pid;

        program_make(&program, "blocking");
        assert_int_equal(supervise_filter_init(&filter, &err), HM_OK);
        program.spawn.prepare = supervise_filter_install;
        program.spawn.context = &filter;
        assert_int_equal(spawn_start(&pid, &program.spawn, NULL, &err), HM_OK);
        listener = supervise_filter_take(&filter);
        assert_true(listener >= 0);
        atomic_store(&forbidden, way == 0 ? 0 : EPERM);
        assert_int_equal(notified_receive(&call, listener), 0);
        assert_true(notified_is_waiting(&call));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        assert_false(notified_is_waiting(&call));
        connect_answer(&supervised, &call);
        assert_int_equal(call.socket, -1);
        notified_fini(&call);
        close(listener);
        close(program.streams[0]);
        supervise_filter_fini(&filter);
    }
    atomic_store(&forbidden, 0);
    supervised_fini(&supervised);
}

/* What has not ended gets an error, and nothing waits. */
TEST(ends_while_calls_are_made)
{
    const struct address_map map = map_make();
    struct supervise *supervise;
    struct program program;
    pid_t pid;

    program_make(&program, "blocking");
    assert_int_equal(supervise_spawn(&supervise, &pid, &program.spawn, &map, NULL, NULL, &err),
                     HM_OK);
    supervise_stop(supervise);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    close(program.streams[0]);
    supervise_stop(NULL);
}

TEST(runs_nothing_that_is_not_supervised)
{
    const struct address_map map = map_make();
    struct supervise *supervise;
    struct program program;
    int exit_code = 0;
    pid_t pid;

    program_make(&program, "blocking");
    atomic_store(&no_filter, EINVAL);
    assert_int_equal(
        supervise_spawn(&supervise, &pid, &program.spawn, &map, NULL, &exit_code, &err),
        HM_INTERNAL);
    atomic_store(&no_filter, 0);
    assert_int_equal(pid, -1);
    assert_null(supervise);
    assert_int_equal(exit_code, 0);
    snprintf(program.path, sizeof program.path, "no-such-program");
    assert_int_equal(
        supervise_spawn(&supervise, &pid, &program.spawn, &map, NULL, &exit_code, &err),
        HM_BAD_INPUT);
    assert_int_equal(exit_code, SPAWN_NOT_FOUND);
    close(program.streams[0]);
}

TEST(tells_whether_it_is_possible)
{
    assert_int_equal(supervise_try(&err), HM_OK);
    atomic_store(&forbidden, EPERM);
    assert_int_equal(supervise_try(&err), HM_OK);
    atomic_store(&forbidden, 0);
    atomic_store(&no_filter, EINVAL);
    assert_int_equal(supervise_try(&err), HM_INTERNAL);
    assert_non_null(strstr(err.text, "Linux 5.9"));
    atomic_store(&no_filter, EBUSY);
    assert_int_equal(supervise_try(&err), HM_INTERNAL);
    assert_non_null(strstr(err.text, "already"));
    atomic_store(&no_filter, EPERM);
    assert_int_equal(supervise_try(&err), HM_INTERNAL);
    assert_non_null(strstr(err.text, "forbidden"));
    atomic_store(&no_filter, 0);
}

ALL_TESTS_WITHIN(servers_start, servers_stop)
