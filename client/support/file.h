/* Whole files in, whole files out. */
#ifndef SUPPORT_FILE_H
#define SUPPORT_FILE_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <stdbool.h>
#include <sys/types.h>

/* Appends the file's bytes to @out, whose ceiling bounds them; "-" is standard input.
 * What may be read, and what a signal does meanwhile: support/reader.h.
 * returns HM_OK, HM_BAD_INPUT ("NAME: why"), HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code file_read(struct buf *out, const char *path, struct hm_error *err);

/* The same for a path that may also be a folder: then its entries, each ended by NUL. Neither a
 * pipe nor "-". */
HM_MUST_USE enum hm_code file_or_folder_read(struct buf *out, bool *is_folder, const char *path,
                                             struct hm_error *err);

/* Writes a file whole or not at all: a temporary one beside it, mode 0600, then rename. */
HM_MUST_USE enum hm_code file_write(const char *path, const char *data, size_t length,
                                    struct hm_error *err);

/* The same with the given mode. */
HM_MUST_USE enum hm_code file_write_as(const char *path, const char *data, size_t length,
                                       mode_t mode, struct hm_error *err);

#endif
