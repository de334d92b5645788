#include "tests/database/redis_server.h"

#include "support/monotonic.h"
#include "support/platform.h"
#include "support/spawn.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 20000, PAUSE_MS = 5, PORT_TRIES = 20 };

static struct sockaddr_in address_of(int port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons((unsigned short)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

/* Another program may take it before the server does: then another one is tried. */
static int free_port(void)
{
    struct sockaddr_in address = address_of(0);
    socklen_t size = sizeof address;
    int fd = platform_stream_socket(AF_INET);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    close(fd);
    return ntohs(address.sin_port);
}

/* Does it answer PING on a new connection? It does not while it reads what it has kept. */
static bool is_up(int port)
{
    const struct sockaddr_in address = address_of(port);
    const struct timeval patience = { 1, 0 };
    int fd = platform_stream_socket(AF_INET);
    char answer[8] = "";
    bool is = false;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, "PING\r\n", 6, 0) == 6 && recv(fd, answer, sizeof answer - 1, 0) > 0)
        is = strncmp(answer, "+PONG", 5) == 0;
    close(fd);
    return is;
}

static void settings_write(const struct redis_server *server, const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        abort();
    fprintf(file,
            "port %d\nbind 127.0.0.1\ndir %s\nlogfile redis.log\nloglevel warning\n"
            "save \"\"\nappendfsync always\nappendonly %s\n",
            server->port, server->folder, server->is_durable ? "yes" : "no");
    if (fclose(file) != 0)
        abort();
}

/* False: the server ended, since the port is taken; or *is_missing. */
static bool try_start(struct redis_server *server, bool *is_missing)
{
    char program[] = "redis-server", settings[TEMPORARY_PATH + 16];
    char *argv[] = { program, settings, NULL };
    const struct spawn spawn = { .argv = argv, .death_signal = SIGKILL };
    const int64_t end_ms = monotonic_ms() + START_MS;
    struct hm_error err;
    int exit_code = 0;

    snprintf(settings, sizeof settings, "%s/redis.conf", server->folder);
    settings_write(server, settings);
    if (spawn_start(&server->pid, &spawn, &exit_code, &err) != HM_OK) {
        *is_missing = exit_code == SPAWN_NOT_FOUND;
        if (!*is_missing)
            abort();
        fprintf(stderr, "skipped: %s\n", err.text);
        unlink(settings);
        return false;
    }
    while (!is_up(server->port)) {
        if (waitpid(server->pid, NULL, WNOHANG) == server->pid)
            return false;
        if (monotonic_ms() > end_ms)
            abort();
        monotonic_sleep_until(monotonic_ms() + PAUSE_MS);
    }
    return true;
}

bool redis_server_start(struct redis_server *server, bool is_durable)
{
    bool is_missing = false;

    signal(SIGPIPE, SIG_IGN);
    *server = (struct redis_server){ .is_durable = is_durable };
    if (!temporary_folder(server->folder))
        abort();
    for (int i = 0; i < PORT_TRIES; i++) {
        server->port = free_port();
        snprintf(server->url, sizeof server->url, "redis://127.0.0.1:%d", server->port);
        if (try_start(server, &is_missing))
            return true;
        if (is_missing)
            break;
    }
    rmdir(server->folder);
    if (!is_missing)
        abort();
    return false;
}

void redis_server_kill(struct redis_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
}

void redis_server_again(struct redis_server *server)
{
    bool is_missing = false;

    while (!try_start(server, &is_missing)) {
        if (is_missing)
            abort();
    }
}

void redis_server_end(struct redis_server *server)
{
    char command[TEMPORARY_PATH + 16];

    redis_server_kill(server);
    snprintf(command, sizeof command, "rm -r %s", server->folder);
    if (system(command) != 0)
        abort();
}
