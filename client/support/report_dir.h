/* A directory that reports are written to: new, empty, or ours from an earlier run. */
#ifndef SUPPORT_REPORT_DIR_H
#define SUPPORT_REPORT_DIR_H

#include "support/buf.h"
#include <heymarket/error.h>

/* Makes the directory (its parent must be there), or takes one that is empty or ours, for which a
 * hidden file is left in it; mode 0700. Removes the files @names (ends with NULL) of an earlier
 * run; other files are left alone. returns HM_OK; HM_BAD_INPUT ("DIR: found ..., expected ...");
 * HM_NO_MEMORY */
HM_MUST_USE enum hm_code report_dir_claim(const char *dir, const char *const *names,
                                          struct hm_error *err);

/* Writes one file into a directory that was claimed, as file_write() does: whole or not at all.
 * returns HM_OK; HM_INTERNAL: it can no longer be written; HM_NO_MEMORY: also where @text is cut */
HM_MUST_USE enum hm_code report_dir_write(const char *dir, const char *name, const struct buf *text,
                                          struct hm_error *err);

#endif
