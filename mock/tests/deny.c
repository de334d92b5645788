/* Runs a command in which the kernel refuses some system calls, as in a container:
 *   deny NAME[=ERROR][,NAME[=ERROR]...] COMMAND [ARG...]
 * ERROR is a number of errno.h; without it EPERM. Exit code 125: the filter could not be set. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    int number;
} calls[] = {
    { "unshare", SYS_unshare },
    { "clone3", SYS_clone3 },
    { "mount", SYS_mount },
    { "seccomp", SYS_seccomp },
    { "pidfd_open", SYS_pidfd_open },
    { "pidfd_getfd", SYS_pidfd_getfd },
    { "process_vm_readv", SYS_process_vm_readv },
};

enum { CALLS = sizeof calls / sizeof *calls };

static int number_of(const char *name)
{
    for (size_t i = 0; i < CALLS; i++) {
        if (strcmp(name, calls[i].name) == 0)
            return calls[i].number;
    }
    fprintf(stderr, "deny: unknown system call %s\n", name);
    exit(125);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: deny NAME[=ERROR][,NAME[=ERROR]...] COMMAND [ARG...]\n", stderr);
        return 125;
    }
    struct sock_filter filter[2 + 2 * CALLS] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                                          offsetof(struct seccomp_data, nr)) };
    unsigned short length = 1;
    char *rest = NULL;
    for (char *name = strtok_r(argv[1], ",", &rest); name != NULL && length <= 2 * CALLS;
         name = strtok_r(NULL, ",", &rest)) {
        char *error = strchr(name, '=');
        unsigned int code = EPERM;
        if (error != NULL) {
            *error = '\0';
            code = (unsigned int)strtoul(error + 1, NULL, 10) & SECCOMP_RET_DATA;
        }
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                        (unsigned int)number_of(name), 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { .len = length, .filter = filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("deny");
        return 125;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return errno == ENOENT ? 127 : 126;
}
