#include "tests/harness.h"
#include "support/platform.h"
#include "support/uuid.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <heymarket/token.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMEOUT_S = 60, LINE_BYTES = 512, HEAD_BYTES = 64 * 1024, HEAD_PIECE_BYTES = 1024 };

static void die(const char *what)
{
    fprintf(stderr, "harness: %s\n", what);
    abort();
}

/* Can a socket be bound to ::1 here? */
static bool has_ipv6(void)
{
    const struct sockaddr_in6 address = { .sin6_family = AF_INET6,
                                          .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    int fd = platform_stream_socket(AF_INET6);
    bool has = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;

    if (fd >= 0)
        close(fd);
    return has;
}

/* In the child: becomes the mock. */
static void become_mock(int threads, bool is_v6, bool is_tls, const char *world, int err_fd)
{
    const char *more[7] = { NULL };
    size_t count = 0;
    char now[24], most[16];

    snprintf(now, sizeof now, "@%d", HARNESS_NOW);
    snprintf(most, sizeof most, "%d", threads);
    if (is_v6) {
        more[count++] = "--listen";
        more[count++] = "[::1]:0";
    }
    if (is_tls) {
        more[count++] = "--tls-listen";
        more[count++] = "127.0.0.1:0";
    }
    if (world != NULL) {
        more[count++] = "--world";
        more[count++] = world;
    }
    dup2(err_fd, STDERR_FILENO);
    execl(HM_MOCK, HM_MOCK, "--log", "none", "--clock", now, "--threads", most, "--listen", "0",
          "--journal", "100000", more[0], more[1], more[2], more[3], more[4], more[5],
          (char *)NULL);
    _exit(127);
}

/* Reads one line of the program's stderr, byte by byte, so that nothing after it is lost. */
static bool line_read(int fd, char line[LINE_BYTES])
{
    size_t length = 0;

    while (length + 1 < LINE_BYTES && read(fd, line + length, 1) == 1 && line[length] != '\n')
        length++;
    line[length] = '\0';
    return length > 0;
}

static int port_of(const char *line, const char *host)
{
    const char *at = strstr(line, host);

    if (at == NULL) {
        fprintf(stderr, "the mock said: %s\n", line);
        die("no greeting");
    }
    return (int)strtol(at + strlen(host), NULL, 10);
}

static void start(struct harness *h, int threads, bool is_tls, const char *world)
{
    const bool is_v6 = has_ipv6();
    char line[LINE_BYTES];
    int fds[2];

    *h = (struct harness){ 0 };
    if (pipe(fds) != 0)
        die("no pipe");
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    h->pid = fork();
    if (h->pid < 0)
        die("no process");
    if (h->pid == 0)
        become_mock(threads, is_v6, is_tls, world, fds[1]);
    close(fds[1]);
    signal(SIGPIPE, SIG_IGN); /* the mock may close a connection */
    h->err_fd = fds[0];
    line_read(h->err_fd, line);
    h->port = port_of(line, "http://127.0.0.1:");
    if (is_v6) {
        line_read(h->err_fd, line);
        h->port_v6 = port_of(line, "http://[::1]:");
    }
    if (is_tls) {
        line_read(h->err_fd, line);
        h->port_tls = port_of(line, "https://localhost:");
    }
    if (hm_token_sign(&h->token, "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa",
                      "cPQku7lnSLbnK88UFOBg1a6Q3t1w1RgK", HARNESS_NOW, NULL) != HM_OK)
        die("no token");
}

void harness_start(struct harness *h, int threads)
{
    start(h, threads, false, NULL);
}

void harness_start_tls(struct harness *h, int threads)
{
    start(h, threads, true, NULL);
}

void harness_start_world(struct harness *h, int threads, const char *world)
{
    start(h, threads, false, world);
}

int harness_stop(struct harness *h, int signal_number)
{
    char rest[LINE_BYTES];
    int status;

    kill(h->pid, signal_number);
    /* Shows what a sanitizer has to say. */
    for (ssize_t got; (got = read(h->err_fd, rest, sizeof rest)) > 0;)
        fwrite(rest, 1, (size_t)got, stderr);
    waitpid(h->pid, &status, 0);
    close(h->err_fd);
    free(h->token);
    return status;
}

static int connected(int family, const struct sockaddr *address, socklen_t length)
{
    const struct timeval patience = { TIMEOUT_S, 0 };
    int fd = platform_stream_socket(family);

    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, address, length) == 0)
        return fd;
    close(fd);
    return -1;
}

static int connected_v4(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    return connected(AF_INET, (const struct sockaddr *)&address, sizeof address);
}

int harness_connect(const struct harness *h)
{
    return connected_v4(h->port);
}

int harness_connect_tls(const struct harness *h)
{
    return connected_v4(h->port_tls);
}

int harness_connect_v6(const struct harness *h)
{
    struct sockaddr_in6 address = { .sin6_family = AF_INET6,
                                    .sin6_port = htons((uint16_t)h->port_v6),
                                    .sin6_addr = IN6ADDR_LOOPBACK_INIT };

    return connected(AF_INET6, (const struct sockaddr *)&address, sizeof address);
}

bool harness_send(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, 0);

        if (sent <= 0)
            return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

char *harness_expand(const struct harness *h, const char *text, size_t length, size_t *out_length)
{
    const struct {
        const char *name, *value;
    } names[] = { { "{TOKEN}", h->token }, { "{ADA}", HARNESS_ADA }, { "{EMPTY}", HARNESS_EMPTY } };
    struct buf out;

    buf_init(&out, HARNESS_ANSWER_BYTES_MAX);
    buf_reserve(&out, length);
    for (size_t i = 0; i < length;) {
        size_t n = 0;

        while (n < 3 && (length - i < strlen(names[n].name) ||
                         memcmp(text + i, names[n].name, strlen(names[n].name)) != 0))
            n++;
        if (n < 3) {
            buf_puts(&out, names[n].value);
            i += strlen(names[n].name);
        } else {
            buf_putc(&out, text[i++]);
        }
    }
    *out_length = out.length;
    return buf_take(&out);
}

static bool has_ended(const struct buf *head)
{
    return head->length >= 4 && memcmp(head->data + head->length - 4, "\r\n\r\n", 4) == 0;
}

/* Reads up to and including the empty line, and nothing after it. */
static bool head_read(int fd, struct buf *head)
{
    char piece[HEAD_PIECE_BYTES];

    while (head->length < HEAD_BYTES && !has_ended(head)) {
        ssize_t seen = recv(fd, piece, sizeof piece, MSG_PEEK);
        size_t taken = 0;

        if (seen <= 0)
            return false;
        while (taken < (size_t)seen && !has_ended(head))
            buf_putc(head, piece[taken++]);
        recv(fd, piece, taken, 0);
    }
    return has_ended(head);
}

const char *reply_header(const struct reply *answer, const char *name, size_t *length)
{
    size_t name_length = strlen(name);
    const char *at = buf_text(&answer->head);

    while ((at = strstr(at, "\r\n")) != NULL) {
        at += 2;
        if (strncmp(at, name, name_length) == 0 && at[name_length] == ':') {
            at += name_length + 1;
            at += strspn(at, " ");
            *length = strcspn(at, "\r");
            return at;
        }
    }
    return NULL;
}

bool reply_has(const struct reply *answer, const char *header_line)
{
    const char *at = strstr(buf_text(&answer->head), header_line);

    return at != NULL && at[strlen(header_line)] == '\r';
}

/* A line without its line break; "" also after a failure. */
static void socket_line_read(int fd, char line[LINE_BYTES])
{
    size_t length = 0;

    while (length + 1 < LINE_BYTES && recv(fd, line + length, 1, 0) == 1 && line[length] != '\n')
        length++;
    line[length > 0 && line[length - 1] == '\r' ? length - 1 : length] = '\0';
}

static bool bytes_read(struct buf *out, int fd, size_t length)
{
    char piece[16 * 1024];

    while (length > 0) {
        ssize_t got = recv(fd, piece, length < sizeof piece ? length : sizeof piece, 0);

        if (got <= 0)
            return false;
        buf_add(out, piece, (size_t)got);
        length -= (size_t)got;
    }
    return true;
}

/* False: it has no end. */
static bool chunks_read(struct buf *out, int fd)
{
    char line[LINE_BYTES];
    size_t length;

    do {
        socket_line_read(fd, line);
        length = strtoul(line, NULL, 16);
        if (line[0] == '\0' || !bytes_read(out, fd, length))
            return false;
        socket_line_read(fd, line);
    } while (length > 0);
    return true;
}

void harness_read(int fd, struct reply *answer, bool has_body)
{
    const char *value;
    size_t length = 0;
    bool is_whole;

    *answer = (struct reply){ 0 };
    buf_init(&answer->head, HEAD_BYTES);
    buf_init(&answer->body, HARNESS_ANSWER_BYTES_MAX);
    if (!head_read(fd, &answer->head))
        return;
    value = reply_header(answer, "X-Request-Id", &length);
    if (value != NULL && length == UUID_TEXT - 1) {
        memcpy(answer->request_id, value, length);
        answer->request_id[length] = '\0';
    }
    value = reply_header(answer, "Content-Length", &length);
    length = value == NULL || !has_body ? 0 : strtoul(value, NULL, 10);
    is_whole = has_body && reply_has(answer, "Transfer-Encoding: chunked")
                   ? chunks_read(&answer->body, fd)
                   : bytes_read(&answer->body, fd, length);
    if (!is_whole)
        return;
    answer->status = (int)strtol(buf_text(&answer->head) + strlen("HTTP/1.1 "), NULL, 10);
}

void reply_fini(struct reply *answer)
{
    buf_fini(&answer->head);
    buf_fini(&answer->body);
}

bool harness_is_closed(int fd)
{
    char c;
    ssize_t got = recv(fd, &c, 1, 0);

    return got == 0 || (got < 0 && errno == ECONNRESET);
}
