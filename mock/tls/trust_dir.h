/* A private directory (mode 0700) for the files that a command's environment names. It is removed
 * when the command has ended. After SIGKILL the next call removes it: its lock is free then. */
#ifndef MOCK_TLS_TRUST_DIR_H
#define MOCK_TLS_TRUST_DIR_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <sys/stat.h>

enum { TRUST_PATH_TEXT = 1024 };

struct trust_dir {
    char path[TRUST_PATH_TEXT]; /* absolute, with no character that needs quotes; "": none */
    int lock;                   /* held as long as the directory exists */
    struct buf bundle; /* what is in bundle.pem: the certificates of a file, and our root */
    struct stat base;  /* that file; st_ino 0: there is none */
};

/* Removes directories of processes that were killed, and makes one under @parent; under /tmp if
 * @parent is NULL, empty, or has a character that means something in one of the files or variables
 * (a space, a colon, a quote). returns HM_OK; HM_BAD_INPUT (cannot be made) */
HM_MUST_USE enum hm_code trust_dir_make(struct trust_dir *dir, const char *parent,
                                        struct hm_error *err);

/* Makes a directory in it; @path is its path. */
HM_MUST_USE enum hm_code trust_dir_sub(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                                       const char *name, struct hm_error *err);

/* Writes a file in it, "ca.pem" or "php/ca.ini"; @path is its path. */
HM_MUST_USE enum hm_code trust_dir_write(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                                         const char *name, const struct buf *content,
                                         struct hm_error *err);

/* Lets other users read the files, except what one of the user's may hold a password of: wgetrc. */
void trust_dir_share(const struct trust_dir *dir);

/* Removes the directory and its files. One that was never made is fine. */
void trust_dir_remove(struct trust_dir *dir);

#endif
