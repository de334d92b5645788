/* A directory that reports are written to: new, empty, or ours from an earlier run. */
#ifndef SUPPORT_REPORT_DIR_H
#define SUPPORT_REPORT_DIR_H

#include <heymarket/error.h>
#include <stddef.h>

/* Makes the directory (its parent must be there), or takes one that is empty or ours, for which a
 * hidden file is left in it; mode 0700. Files of other names in one of ours are left alone.
 * returns HM_OK; HM_BAD_INPUT ("DIR: found ..., expected ..."); HM_NO_MEMORY */
HM_MUST_USE enum hm_code report_dir_claim(const char *dir, struct hm_error *err);

/* Writes one file of it as file_write() does: whole or not at all, mode 0600. */
HM_MUST_USE enum hm_code report_dir_write(const char *dir, const char *name, const char *data,
                                          size_t length, struct hm_error *err);

/* Removes a file of it that would else be left from an earlier run. None there is fine. */
HM_MUST_USE enum hm_code report_dir_remove(const char *dir, const char *name, struct hm_error *err);

#endif
