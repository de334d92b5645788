#define _GNU_SOURCE /* unshare(); NOLINT(bugprone-reserved-identifier) */
#include "intercept/namespace.h"

#include "support/monotonic.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_WAIT_US = 2000000, BACKLOG = 16 };

bool refuse(struct refusal *refusal, enum namespace_step step)
{
    *refusal = (struct refusal){ .step = step, .number = errno };
    return false;
}

static bool is_in(const uint32_t *set, int capability)
{
    return (set[CAP_TO_INDEX(capability)] & CAP_TO_MASK(capability)) != 0;
}

static void capabilities_get(uint32_t effective[CAPABILITY_WORDS])
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[CAPABILITY_WORDS] = { 0 };

    syscall(SYS_capget, &header, data);
    for (int i = 0; i < CAPABILITY_WORDS; i++)
        effective[i] = data[i].effective;
}

static bool file_put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool is_written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    int number = errno;

    if (fd >= 0)
        close(fd);
    errno = number;
    return is_written;
}

/* Files are read by threads that may still be about to end; the kernel moves no process of several
 * threads to a user namespace. */
static void threads_wait(void)
{
    enum { LINKS_OF_NONE = 2, PAUSE_NS = 50000 };
    const int64_t end_us = monotonic_us() + THREADS_WAIT_US;
    struct stat tasks;

    while (stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink > LINKS_OF_NONE + 1 &&
           monotonic_us() < end_us)
        nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
}

/* An unprivileged process may only map its own ids. A kernel before 3.19 has no "setgroups". */
static bool identity_keep(uid_t uid, gid_t gid)
{
    char map[64];

    if (!file_put("/proc/self/setgroups", "deny") && errno != ENOENT)
        return false;
    snprintf(map, sizeof map, "%ju %ju 1", (uintmax_t)gid, (uintmax_t)gid);
    if (!file_put("/proc/self/gid_map", map))
        return false;
    snprintf(map, sizeof map, "%ju %ju 1", (uintmax_t)uid, (uintmax_t)uid);
    return file_put("/proc/self/uid_map", map);
}

/* One request about an address of lo that has a label of its own. */
static bool address_set(int fd, unsigned long request, size_t label, struct in_addr address)
{
    const struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = address };
    struct ifreq alias = { 0 };

    snprintf(alias.ifr_name, sizeof alias.ifr_name, "lo:%hu", (unsigned short)label);
    memcpy(&alias.ifr_addr, &in, sizeof in);
    return ioctl(fd, request, &alias) == 0;
}

/* With 127.0.0.1 alone, programs that look names up with AI_ADDRCONFIG find none. */
static bool loopback_raise(const struct in_addr *addresses, size_t count)
{
    const struct in_addr one_host = { .s_addr = INADDR_NONE };
    struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), number;
    bool is_up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;

    for (size_t i = 0; is_up && i < count; i++)
        is_up = address_set(fd, SIOCSIFADDR, i + 1, addresses[i]) &&
                address_set(fd, SIOCSIFNETMASK, i + 1, one_host);
    number = errno;
    if (fd >= 0)
        close(fd);
    errno = number;
    return is_up;
}

bool namespaces_make(struct namespaces *namespaces, const struct in_addr *addresses, size_t count,
                     struct refusal *refusal)
{
    const bool has_network = count > 0;
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    int flags = CLONE_NEWNS | (has_network ? CLONE_NEWNET : 0);

    capabilities_get(namespaces->capabilities);
    namespaces->has_network = has_network;
    namespaces->has_users = !is_in(namespaces->capabilities, CAP_SYS_ADMIN) ||
                            (has_network && !is_in(namespaces->capabilities, CAP_NET_ADMIN));
    if (namespaces->has_users)
        flags |= CLONE_NEWUSER;
    threads_wait();
    if (unshare(flags) != 0)
        return refuse(refusal, STEP_UNSHARE);
    if (namespaces->has_users && !identity_keep(uid, gid))
        return refuse(refusal, STEP_IDENTITY);
    if (has_network && !loopback_raise(addresses, count))
        return refuse(refusal, STEP_NETWORK);
    namespaces->is_any_port_free =
        has_network && file_put("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    return true;
}

/* A program that is run by another user than root gets none anyway; the bounding set is for root.
 * The mock may keep the one for low ports: its listeners follow. */
void namespaces_settle(const struct namespaces *namespaces)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[CAPABILITY_WORDS] = { 0 };

    if (!namespaces->has_users)
        return;
    for (int i = 0; i <= CAP_LAST_CAP; i++) {
        if (!is_in(namespaces->capabilities, i))
            prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    }
    for (int i = 0; i < CAPABILITY_WORDS; i++)
        data[i].effective = data[i].permitted = namespaces->capabilities[i];
    if (!namespaces->is_any_port_free) {
        data[CAP_TO_INDEX(CAP_NET_BIND_SERVICE)].effective |= CAP_TO_MASK(CAP_NET_BIND_SERVICE);
        data[CAP_TO_INDEX(CAP_NET_BIND_SERVICE)].permitted |= CAP_TO_MASK(CAP_NET_BIND_SERVICE);
    }
    syscall(SYS_capset, &header, data);
}

int namespace_bind(int type, struct in_addr address, int port)
{
    const struct sockaddr_in at = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port),
                                    .sin_addr = address };
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), number;

    if (fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 &&
        (type != SOCK_STREAM || listen(fd, BACKLOG) == 0))
        return fd;
    number = errno;
    if (fd >= 0)
        close(fd);
    errno = number;
    return -1;
}
