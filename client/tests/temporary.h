/* Temporary files and folders of tests, under TMPDIR or /tmp. The caller removes what it creates.
 */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>

enum { TEMPORARY_PATH = 192 };

/* Makes an empty one and writes its path, which has no character that a shell would need quoted.
 * false: it cannot be made. */
bool temporary_file(char path[TEMPORARY_PATH]);
bool temporary_folder(char path[TEMPORARY_PATH]);

#endif
