#define _GNU_SOURCE /* process_vm_readv(); NOLINT(bugprone-reserved-identifier) */
#include "intercept/notified.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PROC_PATH_SIZE = 64, PROC_TEXT_SIZE = 4096 };

/* Both structures may be longer in a later kernel. */
union request {
    struct seccomp_notif now;
    char later[512];
};
union answer {
    struct seccomp_notif_resp now;
    char later[512];
};

int notified_receive(struct notified *call, int listener)
{
    union request bytes;
    const struct seccomp_notif *request = &bytes.now;

    memset(&bytes, 0, sizeof bytes); /* or the kernel refuses */
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &bytes) != 0)
        return errno;
    *call = (struct notified){ .listener = listener,
                               .id = request->id,
                               .thread = (pid_t)request->pid,
                               .number = request->data.nr,
                               .arch = request->data.arch,
                               .their_fd = -1,
                               .socket = -1 };
    for (size_t i = 0; i < sizeof call->arguments / sizeof call->arguments[0]; i++)
        call->arguments[i] = request->data.args[i];
    return 0;
}

void notified_fini(struct notified *call)
{
    if (call->socket >= 0)
        close(call->socket);
    call->socket = -1;
}

bool notified_is_native(const struct notified *call)
{
#if defined(__x86_64__)
    return call->arch == AUDIT_ARCH_X86_64;
#else
    return call->arch == AUDIT_ARCH_AARCH64;
#endif
}

bool notified_is_waiting(const struct notified *call)
{
    return ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) == 0;
}

void *notified_pointer(uint64_t address)
{
    return (void *)(uintptr_t)address; /* NOLINT(performance-no-int-to-ptr) */
}

int notified_read(const struct notified *call, uint64_t from, void *to, size_t length)
{
    const struct iovec theirs = { notified_pointer(from), length };
    ssize_t got = notified_gather(call, &theirs, 1, to, length);

    return got < 0 ? (int)-got : (size_t)got < length ? EFAULT : 0;
}

int notified_write(const struct notified *call, uint64_t to, const void *from, size_t length)
{
    const struct iovec theirs = { notified_pointer(to), length };
    ssize_t put = notified_scatter(call, &theirs, 1, from, length);

    return put < 0 ? (int)-put : (size_t)put < length ? EFAULT : 0;
}

/* A process of the same number may have taken the place of a killed one, so what was read counts
 * only if the call still waits. */
ssize_t notified_gather(const struct notified *call, const struct iovec *theirs, size_t count,
                        void *to, size_t room)
{
    const struct iovec ours = { to, room };
    ssize_t got = process_vm_readv(call->thread, &ours, 1, theirs, count, 0);

    if (got < 0)
        return -errno;
    return notified_is_waiting(call) ? got : -ESRCH;
}

ssize_t notified_scatter(const struct notified *call, const struct iovec *theirs, size_t count,
                         const void *from, size_t length)
{
    const struct iovec ours = { notified_pointer((uintptr_t)from), length };
    ssize_t put;

    if (!notified_is_waiting(call))
        return -ESRCH;
    put = process_vm_writev(call->thread, &ours, 1, theirs, count, 0);
    return put < 0 ? -errno : put;
}

/* Reads a small file of the thread below /proc. @returns false: it cannot be read */
static bool proc_read(const struct notified *call, const char *name, char text[PROC_TEXT_SIZE])
{
    char path[PROC_PATH_SIZE];
    ssize_t got = -1;

    snprintf(path, sizeof path, "/proc/%d/%s", (int)call->thread, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file >= 0) {
        got = read(file, text, PROC_TEXT_SIZE - 1);
        close(file);
    }
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* The number after @label in such a file; -1: there is none. */
static long number_after(const char *text, const char *label, int base)
{
    const char *at = strstr(text, label);

    return at == NULL ? -1 : strtol(at + strlen(label), NULL, base);
}

/* Whether the descriptor blocks and whether exec closes it. */
static bool flags_look(struct notified *call)
{
    char name[PROC_PATH_SIZE], text[PROC_TEXT_SIZE];
    long flags;

    snprintf(name, sizeof name, "fdinfo/%d", call->their_fd);
    if (!proc_read(call, name, text))
        return false;
    flags = number_after(text, "flags:", 8);
    call->is_nonblocking = flags >= 0 && (flags & O_NONBLOCK) != 0;
    call->closes_at_exec = flags >= 0 && (flags & O_CLOEXEC) != 0;
    return flags >= 0;
}

int notified_look(struct notified *call, int fd)
{
    static const struct {
        const char *name; /* the kernel's */
        enum notified_protocol protocol;
        bool is_ip6;
    } protocols[] = { { "TCP", PROTOCOL_TCP, false },     { "TCPv6", PROTOCOL_TCP, true },
                      { "MPTCP", PROTOCOL_TCP, false },   { "MPTCPv6", PROTOCOL_TCP, true },
                      { "UDP", PROTOCOL_UDP, false },     { "UDPv6", PROTOCOL_UDP, true },
                      { "UDP-Lite", PROTOCOL_UDP, false } };
    char path[PROC_PATH_SIZE], name[PROC_PATH_SIZE] = "";
    struct stat status;

    call->their_fd = fd;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)call->thread, fd);
    if (stat(path, &status) != 0)
        return errno == ENOENT ? EBADF : errno;
    if (!S_ISSOCK(status.st_mode))
        return ENOTSOCK;
    if (getxattr(path, "system.sockprotoname", name, sizeof name - 1) < 0)
        return errno;
    call->inode = status.st_ino;
    call->protocol = PROTOCOL_OTHER;
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        if (strcmp(name, protocols[i].name) == 0) {
            call->protocol = protocols[i].protocol;
            call->is_ip6 = protocols[i].is_ip6;
        }
    }
    return notified_is_waiting(call) ? 0 : ESRCH;
}

/* A pidfd is of a whole process, but a call can come from any of its threads. */
static int process_open(const struct notified *call)
{
    char text[PROC_TEXT_SIZE];
    int process = (int)syscall(SYS_pidfd_open, call->thread, 0);

    if (process < 0 && proc_read(call, "status", text))
        process = (int)syscall(SYS_pidfd_open, number_after(text, "Tgid:", 10), 0);
    return process;
}

/* Their own socket. It is not ours alone: its flags are theirs, too. */
static int theirs_fetch(const struct notified *call)
{
    int process = process_open(call);
    struct stat status;
    int fd;

    if (process < 0)
        return -1;
    fd = (int)syscall(SYS_pidfd_getfd, process, call->their_fd, 0);
    close(process);
    /* A thread can have descriptors that are not those of its process. */
    if (fd >= 0 &&
        (fstat(fd, &status) != 0 || status.st_ino != call->inode || !notified_is_waiting(call))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

int notified_fetch(struct notified *call)
{
    call->socket = theirs_fetch(call);
    call->is_new = call->socket < 0;
    if (!call->is_new) {
        call->is_nonblocking = (fcntl(call->socket, F_GETFL) & O_NONBLOCK) != 0;
        return 0;
    }
    if (call->protocol == PROTOCOL_OTHER || !flags_look(call))
        return EPERM;
    call->socket = socket(call->is_ip6 ? AF_INET6 : AF_INET,
                          (call->protocol == PROTOCOL_TCP ? SOCK_STREAM : SOCK_DGRAM) |
                              SOCK_NONBLOCK | SOCK_CLOEXEC,
                          0);
    return call->socket < 0 ? errno : 0;
}

int notified_place(struct notified *call)
{
    struct seccomp_notif_addfd addition = { .id = call->id,
                                            .flags = SECCOMP_ADDFD_FLAG_SETFD,
                                            .srcfd = (uint32_t)call->socket,
                                            .newfd = (uint32_t)call->their_fd,
                                            .newfd_flags = call->closes_at_exec ? O_CLOEXEC : 0 };
    int flags = fcntl(call->socket, F_GETFL);

    if (flags < 0 ||
        (!call->is_nonblocking && fcntl(call->socket, F_SETFL, flags & ~O_NONBLOCK) != 0))
        return errno;
    if (ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addition) < 0)
        return errno;
    call->is_new = false;
    return 0;
}

/* ENOENT: CMD does not wait any more. There is nobody to tell. */
static void answer_send(const struct notified *call, int64_t value, int error, uint32_t flags)
{
    union answer bytes;

    memset(&bytes, 0, sizeof bytes);
    bytes.now.id = call->id;
    bytes.now.val = value;
    bytes.now.error = -error;
    bytes.now.flags = flags;
    ioctl(call->listener, SECCOMP_IOCTL_NOTIF_SEND, &bytes);
}

void notified_answer(const struct notified *call, int64_t value)
{
    answer_send(call, value, 0, 0);
}

void notified_refuse(const struct notified *call, int error)
{
    answer_send(call, 0, error, 0);
}

void notified_pass(const struct notified *call)
{
    answer_send(call, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}
