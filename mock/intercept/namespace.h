/* The private namespaces of `run --intercept`: what the process that calls this sees of users,
 * mounts and the network from then on, and what it starts. */
#ifndef MOCK_INTERCEPT_NAMESPACE_H
#define MOCK_INTERCEPT_NAMESPACE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The steps that a system may refuse, in their order. */
enum namespace_step {
    STEP_NONE,
    STEP_PROCESS,  /* a process for the trial */
    STEP_UNSHARE,  /* the namespaces themselves */
    STEP_IDENTITY, /* uid and gid in them: the same as outside */
    STEP_NETWORK,  /* lo, with its address */
    STEP_LISTEN,   /* ports 80, 443 and 53 */
    STEP_MOUNT
};

struct refusal {
    enum namespace_step step; /* STEP_NONE: nothing was refused */
    int number;               /* errno */
};

/* For one-line functions: notes a step that failed, with errno. False. */
bool refuse(struct refusal *refusal, enum namespace_step step);

enum { CAPABILITY_WORDS = 2 };

struct namespaces {
    bool has_network, has_users;             /* which were made, beside that of mounts */
    bool is_any_port_free;                   /* everybody may listen at ports below 1024 there */
    uint32_t capabilities[CAPABILITY_WORDS]; /* that this process had before */
};

/* Moves this process, which has one thread, into namespaces of its own: of mounts; of the network,
 * where lo is up and has @addresses, unless there are none; of users only where it lacks the
 * capabilities for these. It keeps its uid and gid. Afterwards it may mount and listen at any port.
 */
bool namespaces_make(struct namespaces *namespaces, const struct in_addr *addresses, size_t count,
                     struct refusal *refusal);

/* Gives up the capabilities that this process did not have before, for what it starts, too. */
void namespaces_settle(const struct namespaces *namespaces);

/* Binds an IPv4 socket of @type; a stream socket listens. -1: errno. */
int namespace_bind(int type, struct in_addr address, int port);

#endif
