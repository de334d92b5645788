#include "intercept/name_server.h"

#include "support/loop.h"
#include "support/monotonic.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    QUERY_MAX = 4096,     /* longer ones are not answered */
    CONNECTIONS_MAX = 64, /* further ones wait */
    SILENCE_MS = 10000,   /* after which a connection is closed */
    BURST = 64            /* datagrams that are answered before the others' turn */
};

struct name_server {
    struct loop loop;
    struct name_server_options options;
    struct watch udp, tcp;
    size_t connections;
};

/* A query over TCP comes after two bytes with its length. */
struct name_connection {
    struct watch watch; /* first */
    struct name_server *server;
    size_t length; /* of what was read */
    uint8_t query[2 + QUERY_MAX];
};

static bool is_foreign(const struct name_server *server, const uint8_t *query, size_t length)
{
    return server->options.forward != NULL &&
           name_is_foreign(query, length, server->options.known, server->options.known_count,
                           server->options.asked);
}

static size_t answer(const struct name_server *server, uint8_t out[NAME_ANSWER_MAX],
                     const uint8_t *query, size_t length)
{
    return name_answer(out, query, length, server->options.known, server->options.known_count,
                       server->options.asked);
}

static void on_datagram(struct loop *loop, struct watch *watch, short events)
{
    struct name_server *server = (void *)((char *)loop - offsetof(struct name_server, loop));
    uint8_t query[QUERY_MAX], out[NAME_ANSWER_MAX];

    (void)events;
    for (int i = 0; i < BURST; i++) {
        struct sockaddr_storage from;
        socklen_t from_bytes = sizeof from;
        const ssize_t got =
            recvfrom(watch->fd, query, sizeof query, 0, (struct sockaddr *)&from, &from_bytes);
        size_t length;

        if (got < 0)
            return;
        if (is_foreign(server, query, (size_t)got)) {
            name_forward(server->options.forward, loop, watch->fd, &from, query, (size_t)got);
            continue;
        }
        length = answer(server, out, query, (size_t)got);
        if (length > 0) /* one that is lost is asked for again */
            sendto(watch->fd, out, length, 0, (struct sockaddr *)&from, from_bytes);
    }
}

/* Answers the queries that are complete. False: the connection is to be closed. */
static bool queries_answer(struct name_connection *connection)
{
    for (;;) {
        uint8_t out[2 + NAME_ANSWER_MAX];
        const uint8_t *bytes = connection->query;
        const size_t asked = (size_t)bytes[0] << 8 | bytes[1];
        size_t length;

        if (connection->length < 2 || (asked <= QUERY_MAX && connection->length < 2 + asked))
            return true;
        length = asked <= QUERY_MAX && !is_foreign(connection->server, bytes + 2, asked)
                     ? answer(connection->server, out + 2, bytes + 2, asked)
                     : 0;
        if (length == 0)
            return false;
        out[0] = (uint8_t)(length >> 8);
        out[1] = (uint8_t)length;
        /* A client that does not read its answers gets no more of them. */
        if (send(connection->watch.fd, out, 2 + length, 0) != (ssize_t)(2 + length))
            return false;
        connection->length -= 2 + asked;
        memmove(connection->query, bytes + 2 + asked, connection->length);
    }
}

static void on_stream(struct loop *loop, struct watch *watch, short events)
{
    struct name_connection *connection = (void *)watch;
    ssize_t got = 0;

    (void)loop;
    if (events != 0)
        got = recv(watch->fd, connection->query + connection->length,
                   sizeof connection->query - connection->length, 0);
    if (got > 0)
        connection->length += (size_t)got;
    if (got <= 0 || !queries_answer(connection))
        loop_drop(watch);
    watch->deadline_ms = monotonic_ms() + SILENCE_MS;
}

static void on_stream_end(struct watch *watch)
{
    struct name_connection *connection = (void *)watch;
    struct name_server *server = connection->server;

    if (server->connections-- == CONNECTIONS_MAX)
        server->tcp.events = POLLIN;
    free(connection);
}

static void on_connection(struct loop *loop, struct watch *watch, short events)
{
    struct name_server *server = (void *)((char *)loop - offsetof(struct name_server, loop));
    const int fd = loop_accept(watch);
    struct name_connection *connection = fd >= 0 ? malloc(sizeof *connection) : NULL;

    (void)events;
    if (connection == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    *connection = (struct name_connection){ .server = server };
    connection->watch = (struct watch){ .fd = fd,
                                        .events = POLLIN,
                                        .deadline_ms = monotonic_ms() + SILENCE_MS,
                                        .on_ready = on_stream,
                                        .on_end = on_stream_end };
    loop_add(loop, &connection->watch);
    if (++server->connections == CONNECTIONS_MAX)
        watch->events = 0;
}

enum hm_code name_server_start(struct name_server **server,
                               const struct name_server_options *options, struct hm_error *err)
{
    struct name_server *made = calloc(1, sizeof *made);
    enum hm_code code;

    *server = made;
    if (made == NULL) {
        close(options->udp);
        if (options->tcp >= 0)
            close(options->tcp);
        return no_memory(err);
    }
    made->options = *options;
    made->udp = (struct watch){ .fd = options->udp, .events = POLLIN, .on_ready = on_datagram };
    made->tcp = (struct watch){ .fd = options->tcp, .events = POLLIN, .on_ready = on_connection };
    code = loop_init(&made->loop, err);
    loop_add(&made->loop, &made->udp);
    if (options->tcp >= 0)
        loop_add(&made->loop, &made->tcp);
    if (code == HM_OK)
        code = loop_start(&made->loop, err);
    if (code != HM_OK) {
        name_server_stop(made);
        *server = NULL;
    }
    return code;
}

void name_server_stop(struct name_server *server)
{
    if (server == NULL)
        return;
    loop_fini(&server->loop);
    free(server);
}
