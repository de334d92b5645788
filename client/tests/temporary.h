/* Temporary files and folders of tests, under TMPDIR or /tmp. The caller removes what it creates.
 */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>

enum { TEMPORARY_PATH = 192 };

/* Makes an empty one and writes its path, which has no character that a shell would need quoted.
 * false: it cannot be created. */
bool temporary_file(char path[TEMPORARY_PATH]);
bool temporary_folder(char path[TEMPORARY_PATH]);

/* An empty folder, and the path of a file or folder in it that does not exist yet. */
struct place {
    char dir[TEMPORARY_PATH];
    char path[TEMPORARY_PATH + 16];
};

/* A cmocka setup: *state is a new struct place. Returns 0 or -1. */
int place_setup(void **state);

/* Frees it and removes its folder. Returns -1 if the folder is not empty. */
int place_teardown(void **state);

#endif
