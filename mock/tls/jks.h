/* Java's own key store format, JKS version 2, with nothing but trusted certificates in it. Java
 * reads such a store without a password; keytool, which checks the digest, with JKS_PASSWORD. */
#ifndef MOCK_TLS_JKS_H
#define MOCK_TLS_JKS_H

#include "support/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JKS_PASSWORD "changeit"

/* A store being written into @out, from @start on. */
struct jks {
    struct buf *out;
    size_t start;
    uint32_t count;
    int64_t now_ms; /* Unix time; the date of every entry */
};

void jks_begin(struct jks *jks, struct buf *out, int64_t now_ms);

/* One certificate in DER. An alias is at most 64 KiB - 1 of lower-case ASCII, and used once. */
void jks_add(struct jks *jks, const char *alias, const void *der, size_t length);

/* Completes the store. False: out of memory, or past the buffer's ceiling. */
__attribute__((warn_unused_result)) bool jks_end(struct jks *jks);

#endif
