#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC; NOLINT(bugprone-reserved-identifier) */
#include "intercept/supervise_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* The second architecture is that of the 32-bit programs that the kernel runs as well. */
#if defined(__x86_64__)
static const uint32_t arch = AUDIT_ARCH_X86_64, arch_32 = AUDIT_ARCH_I386;
enum { X32_BIT = 0x40000000 };
enum {
    CONNECT_32 = 362,
    SENDTO_32 = 369,
    SENDMSG_32 = 370,
    SENDMMSG_32 = 345,
    SOCKETCALL_32 = 102
};
#elif defined(__aarch64__)
static const uint32_t arch = AUDIT_ARCH_AARCH64, arch_32 = AUDIT_ARCH_ARM;
enum { CONNECT_32 = 283, SENDTO_32 = 290, SENDMSG_32 = 296, SENDMMSG_32 = 374 };
#else
#error "the numbers of the system calls are known for x86_64 and aarch64 only"
#endif

enum { INSTRUCTIONS_MAX = 96, IO_URING_SETUP = 425 /* the same everywhere */ };

struct program {
    struct sock_filter at[INSTRUCTIONS_MAX];
    unsigned short length;
};

static void add(struct program *program, struct sock_filter instruction)
{
    program->at[program->length++] = instruction;
}

static void add_load(struct program *program, size_t offset)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void add_return(struct program *program, uint32_t action)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* If what was loaded is @value: @action. */
static void add_case(struct program *program, uint32_t value, uint32_t action)
{
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    add_return(program, action);
}

/* If the number of the call is @number: it is allowed when its argument is @value, else notified.
 * Both architectures have the low half of a word first. */
static void add_unless(struct program *program, uint32_t number, unsigned argument, uint64_t value)
{
    const size_t low = offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);

    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 6));
    add_load(program, low);
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)value, 0, 2));
    add_load(program, low + sizeof(uint32_t));
    add(program,
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value >> 32), 1, 0));
    add_return(program, SECCOMP_RET_USER_NOTIF);
    add_return(program, SECCOMP_RET_ALLOW);
}

/* Calls of 32-bit programs. The supervisor refuses them, and can say so. */
static void add_32_bit(struct program *program)
{
    static const uint32_t notified[] = { CONNECT_32, SENDTO_32, SENDMSG_32, SENDMMSG_32 };

    add_load(program, offsetof(struct seccomp_data, nr));
    add_case(program, IO_URING_SETUP, SECCOMP_RET_ERRNO | ENOSYS);
    for (size_t i = 0; i < sizeof notified / sizeof notified[0]; i++)
        add_case(program, notified[i], SECCOMP_RET_USER_NOTIF);
#ifdef __x86_64__
    /* One call for all of them, whose first argument says which: connect, sendto, sendmsg,
     * sendmmsg. */
    static const uint32_t socketcalls[] = { 3, 11, 16, 20 };

    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCKETCALL_32, 1, 0));
    add_return(program, SECCOMP_RET_ALLOW);
    add_load(program, offsetof(struct seccomp_data, args));
    for (size_t i = 0; i < sizeof socketcalls / sizeof socketcalls[0]; i++)
        add_case(program, socketcalls[i], SECCOMP_RET_USER_NOTIF);
#endif
    add_return(program, SECCOMP_RET_ALLOW);
}

static void program_make(struct program *program, uint64_t password)
{
    unsigned short jump;

    program->length = 0;
    add_load(program, offsetof(struct seccomp_data, arch));
    jump = program->length;
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch_32, 0, 0));
    add_32_bit(program);
    program->at[jump].jf = (unsigned char)(program->length - jump - 1);
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0));
    add_return(program, SECCOMP_RET_KILL_PROCESS);
    add_load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
    add_return(program, SECCOMP_RET_ERRNO | ENOSYS);
#endif
    add_case(program, SYS_connect, SECCOMP_RET_USER_NOTIF);
    add_case(program, SYS_sendmmsg, SECCOMP_RET_USER_NOTIF);
    add_case(program, SYS_recvmsg, SECCOMP_RET_USER_NOTIF);
    /* Its connections would not be seen. Programs have another way. */
    add_case(program, IO_URING_SETUP, SECCOMP_RET_ERRNO | ENOSYS);
    add_unless(program, SYS_sendto, 4, 0);   /* no address: the usual send() */
    add_unless(program, SYS_recvfrom, 4, 0); /* asks not for the sender: the usual recv() */
    add_unless(program, SYS_sendmsg, 3, password);
    add_return(program, SECCOMP_RET_ALLOW);
}

enum hm_code supervise_filter_init(struct supervise_filter *filter, struct hm_error *err)
{
    int ends[2];

    *filter = (struct supervise_filter){ .parents_end = -1, .childs_end = -1 };
    if (getrandom(&filter->password, sizeof filter->password, 0) !=
        (ssize_t)sizeof filter->password)
        return hm_error_set(err, HM_INTERNAL, "no random number: %s", strerror(errno));
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return hm_error_set(err, HM_INTERNAL, "cannot create a socket: %s", strerror(errno));
    filter->parents_end = ends[0];
    filter->childs_end = ends[1];
    return HM_OK;
}

/* A message of one byte that carries a descriptor. The byte says whether calls are interruptible.
 */
struct parcel {
    char byte;
    struct iovec bytes;
    alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    struct msghdr message;
};

static void parcel_init(struct parcel *parcel)
{
    *parcel = (struct parcel){ 0 };
    parcel->bytes = (struct iovec){ &parcel->byte, 1 };
    parcel->message = (struct msghdr){ .msg_iov = &parcel->bytes,
                                       .msg_iovlen = 1,
                                       .msg_control = parcel->control,
                                       .msg_controllen = sizeof parcel->control };
}

/* sendmsg() is notified like any other, and nobody answers yet. The fourth argument, which the
 * kernel ignores, is what the filter lets pass; CMD does not know it. */
static int listener_send(const struct supervise_filter *filter, int listener, bool is_interruptible)
{
    struct parcel parcel;
    struct cmsghdr *header;

    parcel_init(&parcel);
    parcel.byte = is_interruptible ? 1 : 0;
    header = CMSG_FIRSTHDR(&parcel.message);
    header->cmsg_len = CMSG_LEN(sizeof listener);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(header), &listener, sizeof listener);
    return syscall(SYS_sendmsg, filter->childs_end, &parcel.message, 0L, filter->password) == 1
               ? 0
               : errno;
}

int supervise_filter_install(void *context)
{
    /* With the second one, CMD's signals do not interrupt a call that is being answered. */
    static const unsigned long flags[] = { SECCOMP_FILTER_FLAG_NEW_LISTENER |
                                               SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                                           SECCOMP_FILTER_FLAG_NEW_LISTENER };
    const struct supervise_filter *filter = context;
    struct program program;
    struct sock_fprog code;
    bool is_interruptible = false;
    long listener = -1;

    program_make(&program, filter->password);
    code = (struct sock_fprog){ program.length, program.at };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
        return errno;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0] && listener < 0; i++) {
        listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[i], &code);
        if (listener < 0 && errno != EINVAL)
            return errno;
        is_interruptible = i > 0;
    }
    return listener < 0 ? EINVAL : listener_send(filter, (int)listener, is_interruptible);
}

int supervise_filter_take(struct supervise_filter *filter)
{
    struct parcel parcel;
    const struct cmsghdr *header;
    int listener = -1;

    close(filter->childs_end); /* so that the child's end is the end */
    filter->childs_end = -1;
    parcel_init(&parcel);
    if (recvmsg(filter->parents_end, &parcel.message, MSG_CMSG_CLOEXEC) == 1) {
        header = CMSG_FIRSTHDR(&parcel.message);
        if (header != NULL && header->cmsg_type == SCM_RIGHTS)
            memcpy(&listener, CMSG_DATA(header), sizeof listener);
        filter->is_interruptible = parcel.byte != 0;
    }
    return listener;
}

void supervise_filter_fini(struct supervise_filter *filter)
{
    if (filter->parents_end >= 0)
        close(filter->parents_end);
    if (filter->childs_end >= 0)
        close(filter->childs_end);
    filter->parents_end = filter->childs_end = -1;
}
