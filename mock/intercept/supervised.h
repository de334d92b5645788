/* What the answers to CMD's calls share: where addresses lead, and the sockets that were led
 * elsewhere. */
#ifndef MOCK_INTERCEPT_SUPERVISED_H
#define MOCK_INTERCEPT_SUPERVISED_H

#include "intercept/address_map.h"
#include "intercept/asked.h"
#include "intercept/notified.h"
#include <stdbool.h>
#include <stddef.h>

enum {
    MOVED_MAX = 64,
    STARTED_MAX = 64,
    DATAGRAM_BYTES_MAX = 65536,
    VECTORS_MAX = 1024 /* the kernel's */
};

/* A socket whose peer is not the one that CMD asked for. */
struct moved {
    ino_t inode; /* its number in all of the machine */
    int socket;  /* a datagram socket that was made here; -1: not kept */
    bool is_connected;
    union address asked, peer;
};

struct supervised {
    struct address_map map;
    struct asked *asked;           /* where refused addresses are noted; borrowed. NULL: nowhere */
    struct moved moved[MOVED_MAX]; /* the newest ones, as a ring */
    size_t moved_count;            /* ever */
    bool is_interruptible; /* before Linux 5.19: a signal interrupts a call, which is made again */
    ino_t started[STARTED_MAX]; /* there: sockets whose connect() was answered, as a ring */
    size_t started_count;       /* ever */
    char datagram[DATAGRAM_BYTES_MAX];
    struct iovec vectors[VECTORS_MAX]; /* of CMD */
};

void supervised_fini(struct supervised *supervised);

/* Reads an address of CMD. @length is a system call's argument. @returns 0 or errno, with which the
 * call is to be refused. */
int supervised_read_address(struct supervised *supervised, const struct notified *call,
                            uint64_t from, uint64_t length, union address *asked,
                            socklen_t *asked_length);

/* Ends a call to an address that is refused, and notes it. */
void supervised_refuse(struct supervised *supervised, const struct notified *call,
                       const union address *asked);

/* Notes a call whose address is unknown: @what is one word, since it stands for a host. */
void supervised_note(struct supervised *supervised, const char *what);

/* Makes the socket of a call ready to be led elsewhere: theirs, one that was made here for an
 * earlier call, or a new one. @returns 0 or errno */
int supervised_fetch(struct supervised *supervised, struct notified *call);

/* The one with this number; NULL: it was not moved. */
struct moved *moved_find(struct supervised *supervised, ino_t inode);

/* Where calls can be interrupted: notes that the call, a connect(), is answered. And was the one
 * before it, of the same socket? That answer may have been missed. */
void supervised_note_started(struct supervised *supervised, const struct notified *call);
bool supervised_was_started(struct supervised *supervised, const struct notified *call);

/* Puts a new socket into the place of theirs, if there is one, and remembers that the call's socket
 * leads to @peer. @returns 0 or errno */
int supervised_keep(struct supervised *supervised, struct notified *call, bool is_connected,
                    const union address *asked, const union address *peer);

#endif
