#include "health.h"

#include "http/listener.h"
#include "mock_options.h"
#include "support/buf.h"
#include "support/file.h"
#include "tls/openssl.h"
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TIMEOUT_S = 2, PORT_FILE_BYTES_MAX = 64 * 1024, ANSWER_BYTES = 2048 };

/* "http://HOST:PORT" or "https://[HOST]:PORT", as the port file has it -> host and port. */
static bool url_split(struct listener *listener, const char *url)
{
    static const char plain[] = "http://", tls[] = "https://";

    if (strncmp(url, plain, sizeof plain - 1) == 0)
        return listener_parse(listener, url + sizeof plain - 1, false, NULL) == HM_OK;
    return strncmp(url, tls, sizeof tls - 1) == 0 &&
           listener_parse(listener, url + sizeof tls - 1, true, NULL) == HM_OK;
}

/* The first line that has no TLS, or else the first: one answer speaks for all listeners. */
static void url_choose(char url[LISTENER_URL_TEXT], const char *lines)
{
    const char *plain = strncmp(lines, "http://", 7) == 0 ? lines : strstr(lines, "\nhttp://");
    const char *line = plain == NULL ? lines : plain + (*plain == '\n');

    snprintf(url, LISTENER_URL_TEXT, "%.*s", (int)strcspn(line, "\r\n"), line);
}

static int connect_to(const struct listener *listener)
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM };
    const struct timeval patience = { TIMEOUT_S, 0 };
    struct addrinfo *address;
    char port[8];
    int fd;

    snprintf(port, sizeof port, "%d", listener->port);
    if (getaddrinfo(listener->host, port, &hints, &address) != 0)
        return -1;
    fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(address);
    return fd;
}

/* `localhost` may stand for either; listener_parse() says 127.0.0.1. */
static int connect_to_any(const struct listener *listener)
{
    struct listener second = *listener;
    int fd = connect_to(listener);

    if (fd >= 0 || !listener->is_by_name)
        return fd;
    snprintf(second.host, sizeof second.host, "::1");
    return connect_to(&second);
}

/* Bytes of the answer, to its end or as much as fits. Nothing is proved by it, so no certificate is
 * asked for. */
static size_t request_send(int fd, bool is_tls, const char *request, char answer[ANSWER_BYTES])
{
    size_t got = 0;
    ssize_t part;

    if (is_tls)
        return openssl_request(fd, request, answer, ANSWER_BYTES);
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request)) {
        while (got < ANSWER_BYTES - 1 &&
               (part = recv(fd, answer + got, ANSWER_BYTES - 1 - got, 0)) > 0)
            got += (size_t)part;
    }
    answer[got] = '\0';
    return got;
}

/* Fills @answer, "" when there is none. */
static void ask(const struct listener *listener, char answer[ANSWER_BYTES])
{
    static const char request[] = "GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n"
                                  "Connection: close\r\n\r\n";
    int fd = connect_to_any(listener);

    answer[0] = '\0';
    if (fd < 0)
        return;
    (void)request_send(fd, listener->is_tls, request, answer);
    close(fd);
}

/* Says what is wrong, if anything, and returns the exit code. */
static int judge(const struct program *program, const char *url, const char *answer)
{
    static const char version[] = "HTTP/1.", healthy[] = "\r\n\r\n{\"v\":1,\"status\":\"ok\"";
    const char *status = answer + sizeof version; /* after the digit */

    if (*answer == '\0')
        return program_fail(program, EXIT_NOT_REACHABLE, "%s does not answer", url);
    if (strncmp(answer, version, sizeof version - 1) != 0 || strlen(answer) < sizeof version + 4)
        return program_fail(program, EXIT_FELL_SHORT, "%s answers, but not in HTTP", url);
    if (strncmp(status, " 200", 4) != 0)
        return program_fail(program, EXIT_FELL_SHORT,
                            "%s answers %.3s, so it is not a mock or the mock has a problem", url,
                            status + 1);
    if (strstr(answer, healthy) == NULL)
        return program_fail(program, EXIT_FELL_SHORT,
                            "%s answers 200, but the body is not that of a mock", url);
    return EXIT_GOOD;
}

int health_run(const struct verb_call *call)
{
    const struct health_options *options = call->options;
    struct listener listener;
    struct hm_error err = { 0 };
    struct buf file;
    char url[LISTENER_URL_TEXT] = "http://127.0.0.1:8580";
    int exit_code = EXIT_GOOD;
    char answer[ANSWER_BYTES];

    buf_init(&file, PORT_FILE_BYTES_MAX);
    if (options->port_file != NULL) {
        if (access(options->port_file, F_OK) != 0 && errno == ENOENT) {
            exit_code =
                program_fail(call->program, EXIT_NOT_REACHABLE,
                             "%s does not exist, so no mock is running", options->port_file);
            goto out;
        }
        if (file_read(&file, options->port_file, &err) != HM_OK) {
            exit_code = program_fail_error(call->program, &err);
            goto out;
        }
        url_choose(url, buf_text(&file));
    }
    if (!url_split(&listener, url)) {
        exit_code = program_fail(call->program, EXIT_USAGE,
                                 "%s: found no base URL, expected one such as "
                                 "http://127.0.0.1:8580",
                                 options->port_file);
        goto out;
    }
    signal(SIGPIPE, SIG_IGN);
    ask(&listener, answer);
    exit_code = judge(call->program, url, answer);
out:
    buf_fini(&file);
    return exit_code;
}
