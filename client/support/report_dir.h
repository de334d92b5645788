/* A directory that reports are written to: new, empty, or ours from an earlier run. */
#ifndef SUPPORT_REPORT_DIR_H
#define SUPPORT_REPORT_DIR_H

#include "support/buf.h"
#include <heymarket/error.h>
#include <sys/types.h>

/* --report-mode: who may read reports. Automatic: everyone where CI=true says that a machine
 * collects them, else the user alone. They contain no secrets. */
enum report_mode { REPORT_AUTO, REPORT_PRIVATE, REPORT_PUBLIC };

/* The words of the option, in the order of enum report_mode, and its help. */
extern const char *const report_mode_words[];
extern const char report_mode_help[];

/* Where reports go; the members are those of --report and --report-mode. */
struct report_place {
    const char *dir; /* NULL: nowhere */
    int mode;        /* enum report_mode */
};

/* The mode of a report's file: 0600 or 0644. */
mode_t report_file_mode(int mode);

/* Makes the directory (its parent must be there), or takes one that is empty or ours, for which a
 * hidden file is left in it; mode 0700, or 0755 if others may read the reports. Removes the files
 * @names (ends with NULL) of an earlier run; other files are left alone. returns HM_OK;
 * HM_BAD_INPUT ("DIR: found ..., expected ..."); HM_NO_MEMORY */
HM_MUST_USE enum hm_code report_dir_claim(const struct report_place *place,
                                          const char *const *names, struct hm_error *err);

/* Writes one file into a directory that was claimed, as file_write() does: whole or not at all.
 * returns HM_OK; HM_BAD_INPUT: it can no longer be written, as on a full disk; HM_NO_MEMORY: also
 * where @text is cut */
HM_MUST_USE enum hm_code report_dir_write(const struct report_place *place, const char *name,
                                          const struct buf *text, struct hm_error *err);

#endif
