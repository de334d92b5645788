#include "intercept/head_server.h"

#include "support/monotonic.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    HEAD_DEADLINE_MS = 10000,
    CLOSE_DEADLINE_MS = 1000,
    ANSWER_BYTES_MAX = 1024,
    BACKLOG = 1024,
    BURST = 64 /* connections that are taken before the others' turn */
};

size_t head_length(struct span bytes)
{
    size_t line = 0;

    for (size_t at = 0; at < bytes.length; at++) {
        if (bytes.at[at] != '\n')
            continue;
        if (line > 0 && (at == line || (at == line + 1 && bytes.at[line] == '\r')))
            return at + 1;
        line = at + 1;
    }
    return 0;
}

void head_line_read(struct span *method, struct span *target, struct span head)
{
    const char *end = memchr(head.at, '\n', head.length);
    const struct span line =
        span_trim((struct span){ head.at, end == NULL ? 0 : (size_t)(end - head.at) });
    const char *first = memchr(line.at, ' ', line.length);
    const char *last = first;

    *method = *target = (struct span){ line.at, 0 };
    for (const char *c = line.at; c < line.at + line.length; c++)
        last = *c == ' ' ? c : last;
    if (first == NULL || first == last ||
        !span_starts(span_skip(line, (size_t)(last + 1 - line.at)), "HTTP/1."))
        return;
    *method = (struct span){ line.at, (size_t)(first - line.at) };
    *target = (struct span){ first + 1, (size_t)(last - first - 1) };
}

static void on_bytes(struct loop *loop, struct watch *watch, short events)
{
    struct head_client *client = (void *)watch;
    ssize_t got = 0;

    if (client->is_answered)
        client->length = 0;
    if (events != 0)
        got = recv(watch->fd, client->bytes + client->length, sizeof client->bytes - client->length,
                   0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        loop_drop(watch);
        return;
    }
    client->length += (size_t)got;
    if (client->is_answered)
        return;
    client->head = head_length((struct span){ client->bytes, client->length });
    if (client->head > 0) {
        struct span method, target;

        head_line_read(&method, &target, (struct span){ client->bytes, client->head });
        client->server->on_head(client->server, loop, client, method, target);
    } else if (client->length == sizeof client->bytes) {
        head_client_answer(client, "431 Request Header Fields Too Large", "the head is too large");
    }
}

static void on_client_end(struct watch *watch)
{
    free(watch);
}

static void on_connection(struct loop *loop, struct watch *watch, short events)
{
    (void)events;
    for (int i = 0, fd; i < BURST && (fd = loop_accept(watch)) >= 0; i++) {
        struct head_client *client = malloc(sizeof *client);

        if (client == NULL) {
            close(fd);
            return;
        }
        client->watch = (struct watch){ .fd = fd,
                                        .events = POLLIN,
                                        .deadline_ms = monotonic_ms() + HEAD_DEADLINE_MS,
                                        .on_ready = on_bytes,
                                        .on_end = on_client_end };
        client->server = (struct head_server *)watch;
        client->is_answered = false;
        client->length = 0;
        loop_add(loop, &client->watch);
    }
}

enum hm_code head_server_listen(struct loop *loop, struct head_server *server,
                                const struct sockaddr_in *address, struct hm_error *err)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in here = *address;
    socklen_t bytes = sizeof here;
    char shown[INET_ADDRSTRLEN] = "";

    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0 ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, (struct sockaddr *)&here, &bytes) != 0) {
        const int why = errno;

        inet_ntop(AF_INET, &address->sin_addr, shown, sizeof shown);
        if (fd >= 0)
            close(fd);
        return hm_error_set(err, HM_BAD_INPUT, "cannot listen on %s:%d: %s", shown,
                            ntohs(address->sin_port), strerror(why));
    }
    server->port = ntohs(here.sin_port);
    server->watch = (struct watch){ .fd = fd, .events = POLLIN, .on_ready = on_connection };
    loop_add(loop, &server->watch);
    return HM_OK;
}

void head_client_answer(struct head_client *client, const char *status, const char *text)
{
    char answer[ANSWER_BYTES_MAX];
    const int length = snprintf(answer, sizeof answer,
                                "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                "Content-Length: %zu\r\nConnection: close\r\n\r\n%s\n",
                                status, strlen(text) + 1, text);

    /* Closed at once, what is still unread would reset the connection before the answer is read. */
    if (length < 0 || length >= (int)sizeof answer ||
        send(client->watch.fd, answer, (size_t)length, 0) < 0)
        loop_drop(&client->watch);
    shutdown(client->watch.fd, SHUT_WR);
    client->is_answered = true;
    client->watch.deadline_ms = monotonic_ms() + CLOSE_DEADLINE_MS;
}

int head_client_take(struct head_client *client)
{
    const int fd = client->watch.fd;

    client->watch.fd = -1;
    loop_drop(&client->watch);
    return fd;
}
