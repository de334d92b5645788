#include "tests/intercept/echo_server.h"

#include "support/monotonic.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static const char bye[] = "bye";

static _Noreturn void broken(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t put = write(fd, bytes, length);

        if (put <= 0)
            return false;
        bytes += put;
        length -= (size_t)put;
    }
    return true;
}

static void *connection_run(void *data)
{
    char *piece = malloc(PIECE);
    const int fd = *(int *)data;
    ssize_t got = -1;

    while (piece != NULL && (got = read(fd, piece, PIECE)) > 0 && write_all(fd, piece, (size_t)got))
        ;
    if (got == 0)
        write_all(fd, bye, sizeof bye - 1);
    free(piece);
    free(data);
    close(fd);
    return NULL;
}

static int port_take(int *fd)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t bytes = sizeof here;

    *fd = socket(AF_INET, SOCK_STREAM, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&here, sizeof here) != 0 ||
        getsockname(*fd, (struct sockaddr *)&here, &bytes) != 0)
        broken("a port of 127.0.0.1");
    return ntohs(here.sin_port);
}

static _Noreturn void server_run(int listener)
{
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int *fd = malloc(sizeof *fd);
        pthread_t thread;

        if (fd == NULL || (*fd = accept(listener, NULL, NULL)) < 0 ||
            pthread_create(&thread, NULL, connection_run, fd) != 0)
            broken("a connection");
        pthread_detach(thread);
    }
}

void echo_server_start(struct echo_server *server)
{
    int listener;

    signal(SIGPIPE, SIG_IGN);
    server->port = port_take(&listener);
    server->closed_port = port_take(&server->held);
    if (listen(listener, SOMAXCONN) != 0)
        broken("listen");
    server->pid = fork();
    if (server->pid < 0)
        broken("fork");
    if (server->pid == 0)
        server_run(listener);
    close(listener);
}

void echo_server_stop(struct echo_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    close(server->held);
}

int echo_connect(int port, bool is_ipv6)
{
    const struct sockaddr_in v4 = { .sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                    .sin_port = htons((uint16_t)port) };
    const struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
                                     .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                                     .sin6_port = htons((uint16_t)port) };
    const int fd = socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, is_ipv6 ? (const struct sockaddr *)&v6 : (const struct sockaddr *)&v4,
                is_ipv6 ? sizeof v6 : sizeof v4) == 0)
        return fd;
    close(fd);
    return -1;
}

ssize_t echo_read(int fd, void *out, size_t capacity)
{
    size_t length = 0;

    while (length < capacity) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        ssize_t got;

        if (poll(&ready, 1, ECHO_WAIT_MS) != 1)
            return (ssize_t)length;
        got = read(fd, (char *)out + length, capacity - length);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

/* The byte at a place of the stream: no period of it is a power of two. */
static char byte_at(size_t at)
{
    return (char)(at * 7 + at / 251);
}

bool echo_is_whole(int fd, size_t bytes)
{
    const size_t whole = bytes + sizeof bye - 1;
    size_t sent = 0, came = 0;
    char *piece = malloc(PIECE);
    bool is_right = piece != NULL;

    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (is_right && came < whole) {
        struct pollfd ready = { .fd = fd,
                                .events = (short)(POLLIN | (sent < bytes ? POLLOUT : 0)) };
        size_t length = bytes - sent < PIECE ? bytes - sent : PIECE;
        ssize_t moved;

        if (poll(&ready, 1, ECHO_WAIT_MS) != 1)
            break;
        for (size_t i = 0; i < length; i++)
            piece[i] = byte_at(sent + i);
        moved = length > 0 ? write(fd, piece, length) : 0;
        if (moved > 0 && (sent += (size_t)moved) == bytes)
            shutdown(fd, SHUT_WR);
        moved = read(fd, piece, PIECE);
        if (moved == 0)
            break;
        for (ssize_t i = 0; i < moved && is_right; i++, came++)
            is_right = piece[i] == (came < bytes ? byte_at(came) : bye[(came - bytes) % 3]);
    }
    free(piece);
    return is_right && came == whole;
}
