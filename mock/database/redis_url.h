/* redis://[[USER]:PASSWORD@]HOST[:PORT][/N][?prefix=TEXT], or rediss:// for TLS. */
#ifndef MOCK_DATABASE_REDIS_URL_H
#define MOCK_DATABASE_REDIS_URL_H

#include "contract/private_text.h"
#include <heymarket/error.h>
#include <stdbool.h>

enum { REDIS_NAME_BYTES = 256, REDIS_PASSWORD_BYTES = 1024, REDIS_PREFIX_BYTES = 64 };

/* The variable that has the password if the URL has none: all users can see arguments. */
#define REDIS_PASSWORD_VARIABLE "HEYMARKET_MOCK_REDIS_PASSWORD"

struct redis_url {
    char host[REDIS_NAME_BYTES], port[8], number[8];
    char user[REDIS_NAME_BYTES];     /* "": the default one */
    struct private_text password;    /* a copy; not set: none */
    char prefix[REDIS_PREFIX_BYTES]; /* of all keys */
    bool is_secure;
    char shown[2 * REDIS_NAME_BYTES]; /* for messages: without user and password */
};

/* redis_url_fini() it, also after a failure. HM_BAD_ARGUMENT: err does not quote what may be a
 * password; HM_NO_MEMORY */
HM_MUST_USE enum hm_code redis_url_read(struct redis_url *url, const char *text,
                                        struct hm_error *err);
void redis_url_fini(struct redis_url *url);

/* Overwrites user and password of what redis_url_read() took, from the first ':' on, with '*'. */
void redis_url_hide(char *colon);

#endif
