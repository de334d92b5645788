#include "intercept/namespace_trial.h"

#include "intercept/intercept_target.h"
#include "intercept/mounts.h"
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the process for it: every step, but with no more than one directory. */
static void all_try(struct refusal *refusal, bool has_network)
{
    static const char directory[] = "/tmp";
    struct namespaces namespaces;
    struct in_addr address;
    char path[MOUNTS_PATH_TEXT];
    struct mounts mounts;

    inet_pton(AF_INET, INTERCEPT_ADDRESS, &address);
    if (!namespaces_make(&namespaces, &address, has_network ? 1 : 0, refusal))
        return;
    if (has_network && namespace_bind(SOCK_STREAM, address, INTERCEPTED_PORT) < 0)
        refuse(refusal, STEP_LISTEN);
    else if (!mounts_begin(&mounts, directory) || !mounts_directory(path, &mounts) ||
             !mounts_bind(path, path))
        refuse(refusal, STEP_MOUNT);
}

void namespace_trial_begin(struct namespace_trial *trial, bool has_network)
{
    struct refusal refusal = { .step = STEP_NONE };
    int ends[2];

    *trial = (struct namespace_trial){ .pid = -1, .from = -1 };
    if (pipe(ends) != 0)
        return;
    trial->pid = fork();
    if (trial->pid == 0) {
        all_try(&refusal, has_network);
        _exit(write(ends[1], &refusal, sizeof refusal) == (ssize_t)sizeof refusal ? 0 : 1);
    }
    close(ends[1]);
    trial->from = ends[0];
}

void namespace_trial_end(struct namespace_trial *trial, struct refusal *refusal)
{
    *refusal = (struct refusal){ .step = STEP_NONE };
    if (trial->pid == 0)
        return;
    if (trial->pid < 0 || read(trial->from, refusal, sizeof *refusal) != (ssize_t)sizeof *refusal)
        refuse(refusal, STEP_PROCESS);
    if (trial->from >= 0)
        close(trial->from);
    while (trial->pid > 0 && waitpid(trial->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *trial = (struct namespace_trial){ .pid = 0 };
}
