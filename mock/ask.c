#include "ask.h"

#include "contract/variables.h"
#include "http/listener.h"
#include "support/buf.h"
#include "support/environment.h"
#include "support/file.h"
#include "support/platform.h"
#include "tls/openssl.h"
#include <errno.h>
#include <jansson.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TIMEOUT_S = 2, PORT_FILE_BYTES_MAX = 64 * 1024, REQUEST_BYTES_MAX = 128 * 1024 };

/* "http://HOST:PORT" or "https://[HOST]:PORT" -> host and port. Returns what comes after them;
 * NULL: it does not begin so. */
static const char *url_split(struct listener *listener, const char *url)
{
    const bool is_tls = strncmp(url, "https://", 8) == 0;
    const char *start = url + (is_tls ? 8 : 7);
    size_t length;
    char address[LISTENER_ADDRESS_TEXT + 16];

    if (!is_tls && strncmp(url, "http://", 7) != 0)
        return NULL;
    length = strcspn(start, "/");
    if (length >= sizeof address)
        return NULL;
    snprintf(address, sizeof address, "%.*s", (int)length, start);
    return listener_parse(listener, address, is_tls, NULL) == HM_OK ? start + length : NULL;
}

const char ask_main_control[] = "/_mock";

bool ask_where_read(struct ask_where *where, const char *url)
{
    struct listener listener;
    const char *path = url_split(&listener, url);
    size_t length = path == NULL ? 0 : strlen(path);

    if (path == NULL || strlen(url) >= sizeof where->url)
        return false;
    while (length > 0 && path[length - 1] == '/')
        length--;
    snprintf(where->url, sizeof where->url, "%.*s", (int)(path - url), url);
    if (length == 0)
        snprintf(where->control, sizeof where->control, "%s", ask_main_control);
    else
        snprintf(where->control, sizeof where->control, "%.*s", (int)length, path);
    length = strlen(ask_main_control);
    return strncmp(where->control, ask_main_control, length) == 0 &&
           strchr("/", where->control[length]) != NULL &&
           where->control[strcspn(where->control, " ?#\r\n")] == '\0';
}

/* The first line that has no TLS, or else the first: one answer speaks for all listeners. */
static void url_choose(char url[ASK_URL_TEXT], const char *lines)
{
    const char *plain = strncmp(lines, "http://", 7) == 0 ? lines : strstr(lines, "\nhttp://");
    const char *line = plain == NULL ? lines : plain + (*plain == '\n');

    snprintf(url, ASK_URL_TEXT, "%.*s", (int)strcspn(line, "\r\n"), line);
}

static int port_file_read(char url[ASK_URL_TEXT], const struct program *program, const char *path)
{
    int exit_code = EXIT_GOOD;
    struct hm_error err;
    struct buf file;

    buf_init(&file, PORT_FILE_BYTES_MAX);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        exit_code = program_fail(program, EXIT_NOT_REACHABLE,
                                 "%s does not exist, so no mock is running", path);
    else if (file_read(&file, path, &err) != HM_OK)
        exit_code = program_fail_error(program, &err);
    else
        url_choose(url, buf_text(&file));
    buf_fini(&file);
    return exit_code;
}

/* What leads to the mock: a variable's name and its value. A control URL of another mock is left
 * from before HEYMARKET_MOCK_URL was set. */
static const char *variable_choose(const char **name)
{
    const char *control = environment_text(VARIABLE_MOCK_CONTROL_URL),
               *url = environment_text(VARIABLE_MOCK_URL);
    size_t length = url == NULL ? 0 : strlen(url);

    if (control != NULL &&
        (url == NULL || (strncmp(control, url, length) == 0 && control[length] == '/'))) {
        *name = VARIABLE_MOCK_CONTROL_URL;
        return control;
    }
    *name = VARIABLE_MOCK_URL;
    return url;
}

int ask_find(struct ask_where *where, const struct program *program,
             const struct ask_options *options)
{
    char text[ASK_URL_TEXT];
    const char *from, *url = variable_choose(&from);

    if (options->url != NULL) {
        from = "--url";
        url = options->url;
    } else if (options->port_file != NULL) {
        int exit_code = port_file_read(text, program, options->port_file);

        if (exit_code != EXIT_GOOD)
            return exit_code;
        from = options->port_file;
        url = text;
    } else if (url == NULL) {
        snprintf(text, sizeof text, "http://127.0.0.1:%d", LISTENER_DEFAULT_PORT);
        url = text;
    }
    if (ask_where_read(where, url))
        return EXIT_GOOD;
    return program_fail(program, EXIT_USAGE,
                        "%s: found no base URL with a port, expected one such as "
                        "http://127.0.0.1:8580",
                        from);
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
    fd = platform_stream_socket(address->ai_family);
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

/* Reads the answer to its end, or as much as fits. */
static size_t exchange_bytes(int fd, bool is_tls, const char *request, char *answer, size_t size)
{
    size_t got = 0;
    ssize_t part;

    if (is_tls)
        return openssl_request(fd, request, answer, size);
    if (send(fd, request, strlen(request), 0) == (ssize_t)strlen(request)) {
        while (got < size - 1 && (part = recv(fd, answer + got, size - 1 - got, 0)) > 0)
            got += (size_t)part;
    }
    answer[got] = '\0';
    return got;
}

/* Fills the members from the text of the answer. */
static void answer_read(struct ask_answer *answer)
{
    static const char version[] = "HTTP/1.";
    const char *status = answer->text + sizeof version; /* after the digit */
    const char *end = strstr(answer->text, "\r\n\r\n");

    answer->status = *answer->text == '\0' ? 0 : -1;
    answer->body = end != NULL ? end + 4 : "";
    if (strncmp(answer->text, version, sizeof version - 1) == 0 && end != NULL && *status == ' ')
        answer->status = (int)strtol(status + 1, NULL, 10);
}

int ask(struct ask_answer *answer, const struct program *program, const struct ask_where *where,
        const char *method, const char *path, const char *body)
{
    struct listener listener;
    struct buf request;
    int exit_code = EXIT_GOOD;
    int fd = -1;

    *answer = (struct ask_answer){ .text = malloc(ASK_ANSWER_BYTES_MAX) };
    buf_init(&request, REQUEST_BYTES_MAX);
    buf_printf(&request, "%s %s%s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n", method,
               where->control, path);
    if (body != NULL)
        buf_printf(&request, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                   strlen(body), body);
    else
        buf_puts(&request, "\r\n");
    if (answer->text == NULL || !buf_ok(&request) || url_split(&listener, where->url) == NULL) {
        exit_code =
            program_fail(program, EXIT_OUR_FAULT, "out of memory, or the request is too long");
        goto out;
    }
    answer->text[0] = '\0';
    signal(SIGPIPE, SIG_IGN);
    fd = connect_to_any(&listener);
    if (fd >= 0)
        (void)exchange_bytes(fd, listener.is_tls, buf_text(&request), answer->text,
                             ASK_ANSWER_BYTES_MAX);
    answer_read(answer);
    if (answer->status == 0)
        exit_code = program_fail(program, EXIT_NOT_REACHABLE,
                                 "%s does not answer: start heymarket-mock there, or give the URL "
                                 "of the one that runs with --url",
                                 where->url);
    else if (answer->status < 0)
        exit_code =
            program_fail(program, EXIT_FELL_SHORT, "%s answers, but not in HTTP", where->url);
out:
    if (fd >= 0)
        close(fd);
    buf_fini(&request);
    return exit_code;
}

int ask_refused(const struct program *program, const struct ask_where *where,
                const struct ask_answer *answer)
{
    json_t *tree = json_loads(answer->body, 0, NULL);
    const char *message = json_string_value(json_object_get(tree, "message"));

    program_fail(program, EXIT_FELL_SHORT, "%s%s answers %d%s%s", where->url,
                 strcmp(where->control, ask_main_control) != 0 ? where->control : "",
                 answer->status, message != NULL ? ": " : "",
                 message != NULL ? message : ", so it is not a mock or the mock has a problem");
    json_decref(tree);
    return EXIT_FELL_SHORT;
}

void ask_fini(struct ask_answer *answer)
{
    free(answer->text);
    *answer = (struct ask_answer){ 0 };
}
