/* Files and directories that only this process and what it starts see: they are written to a file
 * system in memory and mounted over others, which stay as they are. Only in a mount namespace of
 * our own. */
#ifndef MOCK_INTERCEPT_MOUNTS_H
#define MOCK_INTERCEPT_MOUNTS_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>

enum { MOUNTS_PATH_TEXT = 4096, MOUNTS_FILE_BYTES_MAX = 16 * 1024 * 1024 };

struct mounts {
    const char *at; /* where the file system is mounted for the moment */
    unsigned count; /* of names in it */
};

/* Cuts the mounts here off from those of others, and mounts an empty file system over @directory.
 * False: errno says why. */
bool mounts_begin(struct mounts *mounts, const char *directory);

/* Takes it from @directory again. What was bound stays, as long as there is a process that sees it.
 */
void mounts_end(struct mounts *mounts);

/* Makes a directory, whose path is @path. False: errno. */
bool mounts_directory(char path[MOUNTS_PATH_TEXT], struct mounts *mounts);

/* Mounts @source, a file or a directory, over @target of the same kind. False: errno. */
bool mounts_bind(const char *source, const char *target);

/* Writes a file that everybody may read and mounts it over @target, which exists.
 * returns HM_OK; HM_INTERNAL (the text says what was refused); HM_NO_MEMORY */
HM_MUST_USE enum hm_code mounts_file(struct mounts *mounts, const char *target,
                                     const struct buf *content, struct hm_error *err);

/* Is the file at @path one of ours already? */
bool mounts_has(const struct mounts *mounts, const char *path);

/* Fills @err for a directory or file that could not be mounted. Returns HM_INTERNAL. */
enum hm_code mounts_complain(const char *target, struct hm_error *err);

#endif
