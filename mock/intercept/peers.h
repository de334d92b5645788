/* Which programs began TLS handshakes with the mock, and which of them failed: so that it can be
 * said whose certificates are to be changed, and how. Only where the system shows it (/proc);
 * otherwise no program is found. Safe for threads. */
#ifndef MOCK_INTERCEPT_PEERS_H
#define MOCK_INTERCEPT_PEERS_H

#include "support/environment.h"
#include "tls/handshake.h"
#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
    PEERS_MAX = 16, /* programs that are kept */
    PEER_NAME_TEXT = 64,
    PEER_HANDSHAKES_MAX = 64 /* that are under way at once, or were last */
};

/* A kind of program, and the variable by which it finds certificates. */
struct runtime {
    const char *start; /* of the file's name */
    const char *name;
    const char *variable;
    const char *hint; /* what else makes it trust the mock; NULL: nothing */
};

struct peer {
    char program[PEER_NAME_TEXT]; /* the name of its file; printable */
    const struct runtime *runtime;
    bool has_variable; /* in the environment that it was started with */
    unsigned long long failed;
};

struct peers {
    pthread_mutex_t lock; /* of what follows */
    struct peer at[PEERS_MAX];
    size_t count;
    struct {
        int fd;
        size_t peer;
    } handshakes[PEER_HANDSHAKES_MAX];
    size_t begun; /* handshakes whose program was looked for */
    struct handshake_watch watch;
};

void peers_init(struct peers *peers);
void peers_fini(struct peers *peers);

/* The one that failed most; NULL: it is not known. Call it when the mock serves no longer. */
const struct peer *peers_worst(const struct peers *peers);

/* Appends why the program does not trust the mock, and what to do; @given is the environment that
 * the command got. @has_files: --trust-file works, as the command's files are private. */
void peer_cure(struct buf *out, const struct peer *peer, const struct environment *given,
               bool has_files);

/* [{"program":"node","runtime":"Node.js","variable":"NODE_EXTRA_CA_CERTS","set":false,"failed":2}]
 * of those that failed. A new reference. */
json_t *peers_json(const struct peers *peers);

#endif
