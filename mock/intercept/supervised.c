#define _GNU_SOURCE /* F_DUPFD_CLOEXEC; NOLINT(bugprone-reserved-identifier) */
#include "intercept/supervised.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void supervised_fini(struct supervised *supervised)
{
    for (size_t i = 0; i < MOVED_MAX && i < supervised->moved_count; i++) {
        if (supervised->moved[i].socket >= 0)
            close(supervised->moved[i].socket);
    }
    supervised->moved_count = 0;
}

void supervised_note(struct supervised *supervised, const char *what)
{
    if (supervised->asked != NULL)
        asked_note(supervised->asked, what, strlen(what), 0, ASKED_REFUSED);
}

int supervised_read_address(struct supervised *supervised, const struct notified *call,
                            uint64_t from, uint64_t length, union address *asked,
                            socklen_t *asked_length)
{
    const int given = (int)length; /* as the kernel reads it */
    int why;

    memset(asked, 0, sizeof *asked);
    if (given < 0 || (size_t)given > sizeof *asked)
        return EINVAL;
    *asked_length = (socklen_t)given;
    if (given == 0)
        return 0;
    why = notified_read(call, from, asked, (size_t)given);
    if (why == EPERM || why == EACCES || why == ENOSYS) {
        supervised_note(supervised, "(host-of-a-program-that-hides-its-memory)");
        return ENETUNREACH;
    }
    return why;
}

void supervised_refuse(struct supervised *supervised, const struct notified *call,
                       const union address *asked)
{
    char host[ADDRESS_TEXT_SIZE];
    int port = address_host(asked, host);

    if (supervised->asked != NULL)
        asked_note(supervised->asked, host, strlen(host), port, ASKED_REFUSED);
    notified_refuse(call, ENETUNREACH);
}

struct moved *moved_find(struct supervised *supervised, ino_t inode)
{
    for (size_t i = 0; i < MOVED_MAX && i < supervised->moved_count; i++) {
        if (supervised->moved[i].inode == inode)
            return &supervised->moved[i];
    }
    return NULL;
}

int supervised_fetch(struct supervised *supervised, struct notified *call)
{
    const struct moved *moved = moved_find(supervised, call->inode);
    int why;

    if (moved == NULL || moved->socket < 0)
        return notified_fetch(call);
    call->socket = fcntl(moved->socket, F_DUPFD_CLOEXEC, 0);
    if (call->socket < 0)
        return errno;
    why = fcntl(call->socket, F_GETFL);
    call->is_nonblocking = why >= 0 && (why & O_NONBLOCK) != 0;
    return why < 0 ? errno : 0;
}

/* A socket that took the place of theirs has another number. */
static ino_t number_now(const struct notified *call)
{
    struct stat status;

    return call->socket >= 0 && fstat(call->socket, &status) == 0 ? status.st_ino : call->inode;
}

void supervised_note_started(struct supervised *supervised, const struct notified *call)
{
    if (supervised->is_interruptible)
        supervised->started[supervised->started_count++ % STARTED_MAX] = number_now(call);
}

bool supervised_was_started(struct supervised *supervised, const struct notified *call)
{
    for (size_t i = 0; i < STARTED_MAX && i < supervised->started_count; i++) {
        if (supervised->started[i] == call->inode)
            return true;
    }
    return false;
}

int supervised_keep(struct supervised *supervised, struct notified *call, bool is_connected,
                    const union address *asked, const union address *peer)
{
    const bool was_new = call->is_new;
    struct moved *moved;
    struct stat status;
    int why = was_new ? notified_place(call) : 0;

    if (why != 0 || fstat(call->socket, &status) != 0)
        return why;
    moved = moved_find(supervised, status.st_ino);
    if (moved == NULL) {
        moved = &supervised->moved[supervised->moved_count % MOVED_MAX];
        if (supervised->moved_count++ >= MOVED_MAX && moved->socket >= 0)
            close(moved->socket);
        moved->inode = status.st_ino;
        /* A stream is not kept open: it would not end when CMD closes it. */
        moved->socket = was_new && call->protocol == PROTOCOL_UDP
                            ? fcntl(call->socket, F_DUPFD_CLOEXEC, 0)
                            : -1;
    }
    moved->is_connected = is_connected;
    moved->asked = *asked;
    moved->peer = *peer;
    return 0;
}
