#define _GNU_SOURCE /* syscall(); NOLINT(bugprone-reserved-identifier) */
#include "intercept/guard.h"

#include "support/monotonic.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    GRACE_MS = 200,    /* between TERM and KILL */
    GIVE_UP_MS = 5000, /* a process that waits for a device does not end */
    PAUSE_NS = 2000000,
    NAMESPACE_TEXT = 64,
    STAT_TEXT = 512
};

/* Our mount namespace, and our network if that is private: a process may have made a mount
 * namespace in turn. */
static const char *const kinds[] = { "mnt", "net" };
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct inside {
    struct stat namespaces[KINDS];
    int count;
};

static bool namespace_of(struct stat *out, const char *process, const char *kind)
{
    char path[NAMESPACE_TEXT];

    snprintf(path, sizeof path, "/proc/%.32s/ns/%s", process, kind);
    return stat(path, out) == 0;
}

static bool is_inside(const char *process, const void *data)
{
    const struct inside *inside = data;
    struct stat theirs;

    for (int i = 0; i < KINDS && i < inside->count; i++) {
        if (namespace_of(&theirs, process, kinds[i]) &&
            theirs.st_ino == inside->namespaces[i].st_ino &&
            theirs.st_dev == inside->namespaces[i].st_dev)
            return true;
    }
    return false;
}

/* Sends a signal to all processes but us and @spared for which @is_meant. True: there are some. */
static bool all_kill(int number, pid_t spared,
                     bool (*is_meant)(const char *process, const void *data), const void *data)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    bool is_any = false;

    while (processes != NULL && (entry = readdir(processes)) != NULL) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

        if (pid <= 0 || pid == spared || pid == getpid() || !is_meant(entry->d_name, data))
            continue;
        kill(pid, number);
        is_any = true;
    }
    if (processes != NULL)
        closedir(processes);
    return is_any;
}

/* All but 0: a reader of what the mock and the command write waits until all copies are closed. */
static void descriptors_close(void)
{
    if (syscall(SYS_close_range, 1U, ~0U, 0U) != 0) { /* a kernel before 5.9 */
        for (long fd = sysconf(_SC_OPEN_MAX); fd > 0; fd--)
            close((int)fd);
    }
}

/* In the guard. It has a session of its own, so that no signal for the command's group or from its
 * terminal ends it; nor does another, for the mock has blocked all. */
static void guard_run(pid_t mock, bool has_network, struct trust_dir *directory)
{
    struct inside inside = { .count = 0 };
    int64_t started_ms, now_ms;
    int number = SIGTERM;
    char none;

    setsid();
    descriptors_close();
    directory->lock = -1;
    while (inside.count < (has_network ? KINDS : 1) &&
           namespace_of(&inside.namespaces[inside.count], "self", kinds[inside.count]))
        inside.count++;
    while (read(STDIN_FILENO, &none, sizeof none) < 0 && errno == EINTR)
        ;
    started_ms = now_ms = monotonic_ms();
    while (all_kill(number, mock, is_inside, &inside) && now_ms - started_ms < GIVE_UP_MS) {
        nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
        now_ms = monotonic_ms();
        number = now_ms - started_ms < GRACE_MS ? 0 : SIGKILL; /* 0: are there any? */
    }
    trust_dir_remove(directory);
    _exit(0);
}

void guard_adopt(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* From "PID (NAME) STATE PARENT ...", where the name may have parentheses. */
static bool is_child(const char *process, const void *none)
{
    char path[NAMESPACE_TEXT], text[STAT_TEXT] = "";
    const char *name_end;
    ssize_t length;
    int fd;

    (void)none;
    snprintf(path, sizeof path, "/proc/%.32s/stat", process);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    length = read(fd, text, sizeof text - 1);
    close(fd);
    name_end = length > 0 ? strrchr(text, ')') : NULL;
    return name_end != NULL && strlen(name_end) > sizeof ") S" - 1 &&
           strtol(name_end + sizeof ") S" - 1, NULL, 10) == getpid();
}

void guard_end_children(void)
{
    const int64_t started_ms = monotonic_ms();
    int64_t now_ms = started_ms;
    int number = SIGTERM;
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 && now_ms - started_ms < GIVE_UP_MS) {
        if (pid > 0)
            continue;
        if (number != 0)
            all_kill(number, 0, is_child, NULL);
        nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
        now_ms = monotonic_ms();
        number = now_ms - started_ms < GRACE_MS ? 0 : SIGKILL; /* also for what they left */
    }
}

enum hm_code guard_start(struct guard *guard, bool has_network, const struct trust_dir *directory,
                         struct hm_error *err)
{
    struct trust_dir copy = *directory;
    const pid_t mock = getpid();
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0)
        return hm_error_set(err, HM_INTERNAL, "cannot create a pipe: %s", strerror(errno));
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid = fork();
    if (pid == 0) {
        if (dup2(ends[0], STDIN_FILENO) == STDIN_FILENO)
            guard_run(mock, has_network, &copy);
        _exit(1);
    }
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return hm_error_set(err, HM_INTERNAL, "cannot start a process: %s", strerror(errno));
    }
    *guard = (struct guard){ .pid = pid, .our_end = ends[1] };
    return HM_OK;
}

void guard_release(struct guard *guard)
{
    if (guard->pid != 0 && guard->our_end >= 0)
        close(guard->our_end);
    guard->our_end = -1;
}

void guard_end(struct guard *guard)
{
    guard_release(guard);
    while (guard->pid != 0 && waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    guard->pid = 0;
}
