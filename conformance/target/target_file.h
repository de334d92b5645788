/* A target file: base URL, contacts and secrets by name, so that no key is on a command line. */
#ifndef SUITE_TARGET_TARGET_FILE_H
#define SUITE_TARGET_TARGET_FILE_H

#include "recipe/names.h"
#include <heymarket/error.h>

/* Reads @path. *base_url: free() it; NULL: the file has none. @names: only those of the file;
 * their origin keeps @path.
 * returns HM_OK, HM_BAD_INPUT with the place, HM_NO_MEMORY */
HM_MUST_USE enum hm_code target_file_read(struct names *names, char **base_url, const char *path,
                                          struct hm_error *err);

#endif
