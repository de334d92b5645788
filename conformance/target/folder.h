/* A folder of our own for files that programs beside us read and write, gone at the end. */
#ifndef SUITE_TARGET_FOLDER_H
#define SUITE_TARGET_FOLDER_H

#include <heymarket/error.h>

enum { FOLDER_TEXT = 1024 };

/* Makes one under TMPDIR, or /tmp, for us alone. A path that is not empty is left as it is. */
HM_MUST_USE enum hm_code folder_make(char path[FOLDER_TEXT], struct hm_error *err);

/* Removes it and all that was put into it, which is files; "" is fine. */
void folder_remove(const char *path);

#endif
