/* A temporary folder for files that the suite shares with other programs. */
#ifndef SUITE_TARGET_FOLDER_H
#define SUITE_TARGET_FOLDER_H

#include <heymarket/error.h>

enum { FOLDER_TEXT = 1024 };

/* Makes one in TMPDIR or /tmp, mode 0700. A path that is not empty is left as it is. */
HM_MUST_USE enum hm_code folder_make(char path[FOLDER_TEXT], struct hm_error *err);

/* Removes it and the files in it; @path may be "". */
void folder_remove(const char *path);

#endif
