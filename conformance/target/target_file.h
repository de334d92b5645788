/* A target as a file: where it is, and the names of its contacts and secrets, so that those of
 * several targets lie side by side and no key stands on a command line. */
#ifndef SUITE_TARGET_TARGET_FILE_H
#define SUITE_TARGET_TARGET_FILE_H

#include "recipe/names.h"
#include <heymarket/error.h>

/* Reads @path: *base_url is what it says, or NULL where it says nothing (free() it); names are the
 * file's alone. @path is kept, as their origin.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code target_file_read(struct names *names, char **base_url, const char *path,
                                          struct hm_error *err);

#endif
