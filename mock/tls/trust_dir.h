/* A private directory for the files that a command's environment names: mode 0700, under the
 * temporary directory, gone when the command is. One whose owner was killed is removed when the
 * next is made: a lock tells, which the system gives up with the process. */
#ifndef MOCK_TLS_TRUST_DIR_H
#define MOCK_TLS_TRUST_DIR_H

#include "support/buf.h"
#include <heymarket/error.h>

enum { TRUST_PATH_TEXT = 1024 };

struct trust_dir {
    char path[TRUST_PATH_TEXT]; /* absolute, with letters alone that nobody need quote; "": none */
    int lock;                   /* held as long as it is there */
};

/* Removes what was left behind, and makes one under @parent, or under /tmp where that is NULL,
 * empty, or has letters in it that one of the files or variables would take for something else (a
 * blank, a colon, a quote). returns HM_OK; HM_BAD_INPUT (cannot be made) */
HM_MUST_USE enum hm_code trust_dir_make(struct trust_dir *dir, const char *parent,
                                        struct hm_error *err);

/* Makes a directory in it; @path is its path. */
HM_MUST_USE enum hm_code trust_dir_sub(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                                       const char *name, struct hm_error *err);

/* Writes a file in it, "ca.pem" or "php/ca.ini"; @path is its path. */
HM_MUST_USE enum hm_code trust_dir_write(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                                         const char *name, const struct buf *content,
                                         struct hm_error *err);

/* Removes it with all that is in it. One that was never made is fine. */
void trust_dir_remove(struct trust_dir *dir);

#endif
