/* The program that supervise_test supervises: one case of it. Exits with 0, or prints what failed.
 *
 * supervised_program CASE LOOPBACK_PORT */
#define _GNU_SOURCE /* sendmmsg(), MAP_32BIT; NOLINT(bugprone-reserved-identifier) */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(truth)                                                                               \
    do {                                                                                           \
        if (!(truth)) {                                                                            \
            fprintf(stderr, "line %d: %s; errno: %s\n", __LINE__, #truth, strerror(errno));        \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

enum { THREADS = 64, INTERRUPTED = 200, WAIT_MS = 20000 };

static int loopback_port;

static const struct sockaddr *ip4(const char *host, int port)
{
    static _Thread_local struct sockaddr_in address;

    address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((in_port_t)port) };
    inet_pton(AF_INET, host, &address.sin_addr);
    return (const struct sockaddr *)&address;
}

static const struct sockaddr *ip6(const char *host, int port)
{
    static _Thread_local struct sockaddr_in6 address;

    address = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((in_port_t)port) };
    inet_pton(AF_INET6, host, &address.sin6_addr);
    return (const struct sockaddr *)&address;
}

enum { BYTES4 = sizeof(struct sockaddr_in), BYTES6 = sizeof(struct sockaddr_in6) };

/* Each server says its name, and closes. */
static void reads(int fd, const char *expected)
{
    char text[16] = "";
    size_t length = 0;
    ssize_t got;

    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    CHECK(got == 0);
    CHECK(strcmp(text, expected) == 0);
}

static void connects(int family, const struct sockaddr *address, socklen_t length,
                     const char *expected)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0);
    CHECK(connect(fd, address, length) == 0);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
    reads(fd, expected);
    close(fd);
}

static void blocking(void)
{
    connects(AF_INET, ip4("192.0.2.1", 443), BYTES4, "https");
    connects(AF_INET, ip4("192.0.2.1", 80), BYTES4, "http");
    connects(AF_INET6, ip6("::ffff:192.0.2.1", 443), BYTES6, "https");
    connects(AF_INET, ip4("127.0.0.1", loopback_port), BYTES4, "loopback");
    connects(AF_INET, ip4("198.51.100.9", 53), BYTES4, "names");
    connects(AF_INET6, ip6("2001:db8::53", 53), BYTES6, "names");
}

static void nonblocking(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct pollfd ready = { .fd = fd, .events = POLLOUT };
    socklen_t length = sizeof(int);
    int why = -1;

    CHECK(connect(fd, ip4("192.0.2.1", 443), BYTES4) == 0 || errno == EINPROGRESS);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK(fcntl(fd, F_GETFD) == 0);
    CHECK(poll(&ready, 1, WAIT_MS) == 1);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &length) == 0 && why == 0);
    CHECK(connect(fd, ip4("192.0.2.1", 443), BYTES4) == 0 || errno == EISCONN);
    CHECK(connect(fd, ip4("192.0.2.1", 443), BYTES4) != 0 && errno == EISCONN);
    CHECK(fcntl(fd, F_SETFL, 0) == 0);
    reads(fd, "https");
}

static void is_unreachable(int family, int type, const struct sockaddr *address, socklen_t length)
{
    int fd = socket(family, type, 0);

    CHECK(connect(fd, address, length) != 0 && errno == ENETUNREACH);
    close(fd);
}

static void refused(void)
{
    is_unreachable(AF_INET, SOCK_STREAM, ip4("198.51.100.7", 443), BYTES4);
    is_unreachable(AF_INET, SOCK_STREAM, ip4("198.51.100.7", 443), BYTES4);
    is_unreachable(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, ip4("198.51.100.8", 80), BYTES4);
    is_unreachable(AF_INET6, SOCK_STREAM, ip6("2001:db8::1", 443), BYTES6);
    is_unreachable(AF_INET, SOCK_STREAM, ip4("192.0.2.1", 8443), BYTES4);
    is_unreachable(AF_INET, SOCK_DGRAM, ip4("192.0.2.1", 443), BYTES4);
}

static void datagrams_refused(void)
{
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    int tcp = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in far = *(const struct sockaddr_in *)ip4("198.51.100.7", 443);
    struct sockaddr_in nameless = *(const struct sockaddr_in *)ip4("198.51.100.7", 123);
    char byte = 'x';
    struct iovec bytes = { &byte, 1 };
    struct msghdr message = {
        .msg_name = &far, .msg_namelen = BYTES4, .msg_iov = &bytes, .msg_iovlen = 1
    };
    struct mmsghdr two[2] = { { .msg_hdr = message }, { .msg_hdr = message } };

    CHECK(sendto(udp, "x", 1, 0, ip4("198.51.100.7", 443), BYTES4) < 0 && errno == ENETUNREACH);
    CHECK(sendto(udp, "x", 1, 0, ip4("192.0.2.1", 443), BYTES4) < 0 && errno == ENETUNREACH);
    nameless.sin_family = AF_UNSPEC;
    CHECK(sendto(udp, "x", 1, 0, (struct sockaddr *)&nameless, BYTES4) < 0);
    CHECK(errno == ENETUNREACH);
    CHECK(sendmsg(udp, &message, 0) < 0 && errno == ENETUNREACH);
    CHECK(sendmmsg(udp, two, 2, 0) < 0 && errno == ENETUNREACH);
    /* TCP fast open */
    CHECK(sendto(tcp, "x", 1, MSG_FASTOPEN, ip4("198.51.100.7", 443), BYTES4) < 0);
    CHECK(errno == EOPNOTSUPP);
    CHECK(sendmsg(tcp, &message, MSG_FASTOPEN) < 0 && errno == EOPNOTSUPP);
    CHECK(sendmmsg(tcp, two, 2, MSG_FASTOPEN) < 0 && errno == EOPNOTSUPP);
}

/* The server of names sends back what it got. */
static void echoes(int fd, const char *text, const struct sockaddr *expected, socklen_t length)
{
    struct sockaddr_in6 from = { .sin6_family = 0 };
    socklen_t from_length = sizeof from;
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    char bytes[64] = "";

    CHECK(poll(&ready, 1, WAIT_MS) == 1);
    CHECK(recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &from_length) ==
          (ssize_t)strlen(text));
    CHECK(strcmp(bytes, text) == 0);
    CHECK(from_length == length);
    CHECK(memcmp(&from, expected, length) == 0);
}

static void echoes_message(int fd, const char *text, const struct sockaddr *expected)
{
    struct sockaddr_in from = { .sin_family = 0 };
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    char head[2], rest[64] = "", control[64];
    struct iovec bytes[] = { { head, sizeof head }, { rest, sizeof rest } };
    struct msghdr message = { .msg_name = &from,
                              .msg_namelen = sizeof from,
                              .msg_iov = bytes,
                              .msg_iovlen = 2,
                              .msg_control = control,
                              .msg_controllen = sizeof control };

    CHECK(poll(&ready, 1, WAIT_MS) == 1);
    CHECK(recvmsg(fd, &message, 0) == (ssize_t)strlen(text));
    CHECK(memcmp(head, text, 2) == 0 && strcmp(rest, text + 2) == 0);
    CHECK(message.msg_namelen == sizeof from && message.msg_controllen == 0);
    CHECK(message.msg_flags == 0);
    CHECK(memcmp(&from, expected, sizeof from) == 0);
}

static void names_of_sendto(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int six = socket(AF_INET6, SOCK_DGRAM, 0);
    char byte;

    CHECK(recvfrom(fd, &byte, 1, 0, NULL, NULL) < 0 && errno == EAGAIN);
    CHECK(sendto(fd, "one", 3, 0, ip4("198.51.100.9", 53), BYTES4) == 3);
    echoes(fd, "one", ip4("198.51.100.9", 53), BYTES4);
    CHECK(sendto(fd, "two", 3, 0, ip4("127.0.0.53", 53), BYTES4) == 3);
    echoes_message(fd, "two", ip4("127.0.0.53", 53));
    CHECK(recv(fd, &byte, 1, 0) < 0 && errno == EAGAIN);
    {
        struct sockaddr_in from;
        socklen_t length = sizeof from;

        CHECK(recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &length) < 0);
        CHECK(errno == EAGAIN);
        CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    }
    CHECK(sendto(six, "three", 5, 0, ip6("2001:db8::53", 53), BYTES6) == 5);
    echoes(six, "three", ip6("2001:db8::53", 53), BYTES6);
    CHECK((fcntl(six, F_GETFL) & O_NONBLOCK) == 0);
}

static void names_of_messages(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in server = *(const struct sockaddr_in *)ip4("198.51.100.9", 53);
    char a[] = "abc", b[] = "defg";
    struct iovec parts[] = { { a, 3 }, { b, 4 } };
    struct msghdr both = {
        .msg_name = &server, .msg_namelen = BYTES4, .msg_iov = parts, .msg_iovlen = 2
    };
    struct mmsghdr two[2] = { { .msg_hdr = both }, { .msg_hdr = both } };

    CHECK(sendmsg(fd, &both, 0) == 7);
    echoes_message(fd, "abcdefg", (struct sockaddr *)&server);
    two[0].msg_hdr.msg_iovlen = 1;
    CHECK(sendmmsg(fd, two, 2, 0) == 2);
    CHECK(two[0].msg_len == 3 && two[1].msg_len == 7);
    echoes(fd, "abc", (struct sockaddr *)&server, BYTES4);
    echoes(fd, "abcdefg", (struct sockaddr *)&server, BYTES4);
}

/* As glibc does. */
static void names_of_connected(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    char a[] = "abc";
    struct iovec part = { a, 3 };
    struct mmsghdr two[2] = { { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } },
                              { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } } };

    for (int i = 0; i < 2; i++) { /* a second time: the same socket */
        CHECK(connect(fd, ip4("198.51.100.9", 53), BYTES4) == 0);
        CHECK(send(fd, "one", 3, 0) == 3);
        echoes(fd, "one", ip4("198.51.100.9", 53), BYTES4);
        CHECK(sendmmsg(fd, two, 2, 0) == 2);
        echoes(fd, "abc", ip4("198.51.100.9", 53), BYTES4);
        echoes(fd, "abc", ip4("198.51.100.9", 53), BYTES4);
    }
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
}

static void files(void)
{
    struct sockaddr_un nscd = { .sun_family = AF_UNIX, .sun_path = "/var/run/nscd/socket" };
    struct sockaddr_un nobody = { .sun_family = AF_UNIX, .sun_path = "no-such-socket" };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un abstract = { .sun_family = AF_UNIX };
    socklen_t length = sizeof abstract;

    CHECK(connect(fd, (struct sockaddr *)&nscd, sizeof nscd) < 0 && errno == ENOENT);
    CHECK(connect(fd, (struct sockaddr *)&nobody, sizeof nobody) < 0 && errno == ENOENT);
    CHECK(bind(listener, (struct sockaddr *)&abstract, sizeof(sa_family_t)) == 0);
    CHECK(listen(listener, 1) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&abstract, &length) == 0);
    CHECK(connect(fd, (struct sockaddr *)&abstract, length) == 0);
}

static void *connect_and_read(void *barrier)
{
    pthread_barrier_wait(barrier);
    for (int i = 0; i < 3; i++)
        connects(AF_INET, ip4("192.0.2.1", i == 1 ? 80 : 443), BYTES4, i == 1 ? "http" : "https");
    return NULL;
}

static void threads(void)
{
    pthread_t all[THREADS];
    pthread_barrier_t barrier;

    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&all[i], NULL, connect_and_read, &barrier) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(all[i], NULL);
}

static void grandchild(void)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        child = fork();
        if (child == 0) {
            connects(AF_INET, ip4("192.0.2.1", 443), BYTES4, "https");
            is_unreachable(AF_INET, SOCK_STREAM, ip4("198.51.100.7", 443), BYTES4);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        _exit(status != 0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

/* A process whose parents have ended belongs to the supervisor, which may read its memory still. */
static void orphan(void)
{
    const pid_t supervisor = getppid();
    int ends[2];
    char byte = 0;
    pid_t child;

    CHECK(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        if (fork() == 0) {
            while (getppid() != supervisor)
                usleep(1000);
            connects(AF_INET, ip4("192.0.2.1", 443), BYTES4, "https");
            CHECK(write(ends[1], "x", 1) == 1);
        }
        _exit(0);
    }
    close(ends[1]);
    CHECK(waitpid(child, NULL, 0) == child);
    CHECK(read(ends[0], &byte, 1) == 1 && byte == 'x');
}

/* Processes that are killed while they connect, again and again. */
static void killed(void)
{
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();

        if (child == 0) {
            for (;;)
                connects(AF_INET, ip4("192.0.2.1", 443), BYTES4, "https");
        }
        usleep((useconds_t)(i * 37 % 1500));
        CHECK(kill(child, SIGKILL) == 0);
        CHECK(waitpid(child, NULL, 0) == child);
    }
    blocking();
}

static void on_alarm(int number)
{
    (void)number;
}

static void interrupted(void)
{
    const struct itimerval often = { { 0, 100 }, { 0, 100 } };
    struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };

    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    for (int i = 0; i < INTERRUPTED; i++)
        connects(AF_INET, ip4("192.0.2.1", 443), BYTES4, "https");
}

static void *wait_for_full_server(void *nothing)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    CHECK(connect(fd, ip4("192.0.2.1", 443), BYTES4) == 0);
    return nothing;
}

/* The server of https takes no connection: the others go on. */
static void full(void)
{
    const struct timeval limit = { 0, 100000 };
    int slow = socket(AF_INET, SOCK_STREAM, 0);
    int fast = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, wait_for_full_server, NULL) == 0);
    CHECK(setsockopt(slow, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0);
    CHECK(connect(slow, ip4("192.0.2.1", 443), BYTES4) != 0);
    CHECK(errno == EINPROGRESS || errno == EALREADY);
    CHECK(connect(fast, ip4("192.0.2.1", 443), BYTES4) != 0 && errno == EINPROGRESS);
    CHECK(connect(fast, ip4("192.0.2.1", 443), BYTES4) != 0 && errno == EALREADY);
    connects(AF_INET, ip4("192.0.2.1", 80), BYTES4, "http");
    _exit(0);
}

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
/* Some kernels end a program that makes a call as 32-bit programs make it, here getpid(). */
static bool has_32_bit_calls(void)
{
    int status = -1;
    const pid_t pid = fork();

    CHECK(pid >= 0);
    if (pid == 0) {
        long result;

        CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(20L)
                         : "memory", "r8", "r9", "r10", "r11");
        _exit(result == 0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    return status == 0;
}
#endif

static void errors(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    const struct sockaddr *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(connect(-1, ip4("192.0.2.1", 443), BYTES4) != 0 && errno == EBADF);
    CHECK(connect(STDIN_FILENO, ip4("192.0.2.1", 443), BYTES4) != 0 && errno == ENOTSOCK);
    CHECK(connect(fd, bad, BYTES4) != 0 && errno == EFAULT);
    CHECK(connect(fd, ip4("192.0.2.1", 443), 1) != 0 && errno == EINVAL);
    CHECK(connect(fd, ip4("192.0.2.1", 443), 4096) != 0 && errno == EINVAL);
    CHECK(sendto(fd, "x", 1, 0, bad, BYTES4) < 0 && errno == EFAULT);
    CHECK(syscall(SYS_io_uring_setup, 1, NULL) < 0 && errno == ENOSYS);
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
    if (has_32_bit_calls()) {
        struct sockaddr_in *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
        unsigned *arguments = (unsigned *)(low + 1);
        long result;

        CHECK(low != MAP_FAILED);
        *low = *(const struct sockaddr_in *)ip4("198.51.100.7", 443);
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(362L), "b"((long)fd), "c"(low), "d"((long)BYTES4)
                         : "memory", "r8", "r9", "r10", "r11");
        CHECK(result == -ENETUNREACH || result == -ENOSYS); /* ENOSYS: a kernel without them */
        arguments[0] = (unsigned)fd;
        arguments[1] = (unsigned)(uintptr_t)low;
        arguments[2] = BYTES4;
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(102L), "b"(3L), "c"(arguments)
                         : "memory", "r8", "r9", "r10", "r11");
        CHECK(result == -ENETUNREACH || result == -ENOSYS);
    }
#endif
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        { "blocking", blocking },
        { "nonblocking", nonblocking },
        { "refused", refused },
        { "datagrams_refused", datagrams_refused },
        { "names_of_sendto", names_of_sendto },
        { "names_of_messages", names_of_messages },
        { "names_of_connected", names_of_connected },
        { "files", files },
        { "threads", threads },
        { "grandchild", grandchild },
        { "killed", killed },
        { "interrupted", interrupted },
        { "orphan", orphan },
        { "full", full },
        { "errors", errors },
    };

    CHECK(argc == 3);
    loopback_port = (int)strtol(argv[2], NULL, 10);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    CHECK(false);
}
