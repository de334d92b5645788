/* A system call of CMD that waits in the kernel until the supervisor has answered it. Its memory
 * and its descriptors are reached from outside.
 *
 * CMD may be killed, or its call interrupted, at any time. Then nothing here does harm: what would
 * act checks first that the call still waits. */
#ifndef MOCK_INTERCEPT_NOTIFIED_H
#define MOCK_INTERCEPT_NOTIFIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

enum notified_protocol { PROTOCOL_OTHER, PROTOCOL_TCP, PROTOCOL_UDP };

struct notified {
    int listener;
    uint64_t id;
    pid_t thread;
    int number; /* of the system call */
    uint32_t arch;
    uint64_t arguments[6];

    /* The socket that it is about, after notified_look(). */
    int their_fd;
    ino_t inode;
    enum notified_protocol protocol;
    bool is_ip6;

    /* After notified_fetch(). */
    int socket;  /* ours to close; -1: none */
    bool is_new; /* made here, and still to be put into the place of theirs */
    bool is_nonblocking, closes_at_exec;
};

/* Takes the next call, if @listener says that there is one.
 * @returns 0 or errno: ENOENT, CMD was killed meanwhile */
int notified_receive(struct notified *call, int listener);
void notified_fini(struct notified *call);

/* Is the program of the same kind as this one? Else its numbers and structures are others. */
bool notified_is_native(const struct notified *call);

bool notified_is_waiting(const struct notified *call);

/* For a list of its buffers. */
void *notified_pointer(uint64_t address);

/* Copies from and to its memory. Only all of @length. @returns 0 or errno */
int notified_read(const struct notified *call, uint64_t from, void *to, size_t length);
int notified_write(const struct notified *call, uint64_t to, const void *from, size_t length);

/* Copies from or to a list of its buffers, as much as fits.
 * @returns the number of bytes, or -errno */
ssize_t notified_gather(const struct notified *call, const struct iovec *theirs, size_t count,
                        void *to, size_t room);
ssize_t notified_scatter(const struct notified *call, const struct iovec *theirs, size_t count,
                         const void *from, size_t length);

/* Looks at descriptor @fd of it. @returns 0 or errno: ENOTSOCK */
int notified_look(struct notified *call, int fd);

/* Makes `socket`: theirs, or where that is forbidden a new one of the same kind, which does not
 * block. @returns 0 or errno */
int notified_fetch(struct notified *call);

/* Puts a new socket into the place of theirs, with their flags. @returns 0 or errno */
int notified_place(struct notified *call);

/* The end of the call: what it returns, an errno, or that the kernel does it unchanged. */
void notified_answer(const struct notified *call, int64_t value);
void notified_refuse(const struct notified *call, int error);
void notified_pass(const struct notified *call);

#endif
