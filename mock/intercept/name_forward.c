#include "intercept/name_forward.h"

#include "intercept/tunnel.h"
#include "support/monotonic.h"
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAITING_MAX = 64, ANSWER_MAX = 65536, HEAD = 12, QR = 0x80, WORD_SIZE = 80 };

/* One query. It has a socket, so a port, of its own, so that nobody else can answer easily. */
struct forwarded {
    struct watch watch; /* first */
    struct name_forward *forward;
    struct sockaddr_storage client;
    int socket;    /* to the client */
    size_t server; /* which one was asked */
    size_t length;
    uint8_t query[];
};

static void server_add(struct name_forward *forward, const char *host)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_DGRAM,
                                    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found = NULL;

    if (forward->count < FORWARD_SERVERS_MAX && getaddrinfo(host, "53", &hints, &found) == 0)
        memcpy(&forward->servers[forward->count++], found->ai_addr, found->ai_addrlen);
    if (found != NULL)
        freeaddrinfo(found);
}

void name_forward_init(struct name_forward *forward, const char *text)
{
    static const char word[] = "nameserver";
    static const char spaces[] = " \t";

    *forward = (struct name_forward){ .wait_ms = FORWARD_WAIT_MS };
    while (*text != '\0') {
        const size_t line = strcspn(text, "\n");

        if (strncmp(text, word, sizeof word - 1) == 0) {
            const char *at = text + sizeof word - 1;
            const size_t gap = strspn(at, spaces);
            const size_t length = strcspn(at + gap, " \t\r\n");
            char host[WORD_SIZE];

            if (gap > 0 && length < sizeof host) {
                memcpy(host, at + gap, length);
                host[length] = '\0';
                server_add(forward, host);
            }
        }
        text += line + (text[line] == '\n');
    }
    if (forward->count == 0)
        server_add(forward, "127.0.0.1");
}

static void ask(struct forwarded *query, struct loop *loop);

/* Asks the next server, with a new socket. */
static void ask_next(struct forwarded *query, struct loop *loop)
{
    struct forwarded *next = malloc(sizeof *next + query->length);

    if (next == NULL)
        return;
    memcpy(next, query, sizeof *next + query->length);
    next->server++;
    next->forward->waiting++;
    ask(next, loop);
}

static void on_answer(struct loop *loop, struct watch *watch, short events)
{
    struct forwarded *query = (struct forwarded *)watch;
    uint8_t answer[ANSWER_MAX];
    ssize_t got = -1;

    if (events != 0)
        got = recv(watch->fd, answer, sizeof answer, 0);
    if (got >= HEAD && (memcmp(answer, query->query, 2) != 0 || (answer[2] & QR) == 0))
        return; /* not the answer to this */
    loop_drop(watch);
    if (got >= HEAD)
        sendto(query->socket, answer, (size_t)got, 0, (const struct sockaddr *)&query->client,
               tunnel_address_bytes(&query->client));
    else
        ask_next(query, loop);
}

static void on_end(struct watch *watch)
{
    struct forwarded *query = (struct forwarded *)watch;

    query->forward->waiting--;
    free(query);
}

/* Asks the server that it names, or one after it. Takes @query over. */
static void ask(struct forwarded *query, struct loop *loop)
{
    const struct name_forward *forward = query->forward;

    for (; query->server < forward->count; query->server++) {
        const struct sockaddr_storage *server = &forward->servers[query->server];
        const int fd = socket(server->ss_family, SOCK_DGRAM, 0);

        query->watch = (struct watch){ .fd = fd,
                                       .events = POLLIN,
                                       .deadline_ms = monotonic_ms() + forward->wait_ms,
                                       .on_ready = on_answer,
                                       .on_end = on_end };
        if (fd >= 0 &&
            connect(fd, (const struct sockaddr *)server, tunnel_address_bytes(server)) == 0 &&
            send(fd, query->query, query->length, 0) == (ssize_t)query->length) {
            loop_add(loop, &query->watch);
            return;
        }
        if (fd >= 0)
            close(fd);
    }
    on_end(&query->watch);
}

void name_forward(struct name_forward *forward, struct loop *loop, int socket,
                  const struct sockaddr_storage *client, const uint8_t *query, size_t length)
{
    struct forwarded *made;

    if (forward->waiting >= WAITING_MAX || length < HEAD)
        return;
    made = malloc(sizeof *made + length);
    if (made == NULL)
        return;
    *made = (struct forwarded){
        .forward = forward, .client = *client, .socket = socket, .length = length
    };
    memcpy(made->query, query, length);
    forward->waiting++;
    ask(made, loop);
}
