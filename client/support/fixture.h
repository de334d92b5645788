/* The files of fixtures/: built into the programs, replaced as a whole by --fixtures DIR. */
#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

#include "support/json_file.h"
#include <heymarket/error.h>
#include <stddef.h>

/* Where fixtures come from: a directory, or (dir == NULL) the built-in ones. */
struct fixtures {
    const char *dir;
};

/* Loads fixture @path, such as "worlds/default.json". Complaints name it DIR/worlds/default.json or
 * "built-in:worlds/default.json".
 * returns HM_OK, HM_BAD_INPUT (no such fixture, or not JSON), HM_NO_MEMORY */
HM_MUST_USE enum hm_code fixture_load(struct json_file *file, const struct fixtures *from,
                                      const char *path, struct hm_error *err);

/* The paths of all *.json below folder @under ("cases"), sorted, as a NULL-terminated array.
 * Free it with fixture_list_free(). */
HM_MUST_USE enum hm_code fixture_list(char ***paths, const struct fixtures *from, const char *under,
                                      struct hm_error *err);
void fixture_list_free(char **paths);

/* The table that ci/cmake/EmbedFiles.cmake generates from fixtures/; ends with a NULL path. */
struct embedded_file {
    const char *path;
    const unsigned char *data;
    size_t length;
};
extern const struct embedded_file embedded_fixtures[];

/* The built-in fixture @path, as it was when the program was built; NULL: there is none. */
const struct embedded_file *fixture_built_in(const char *path);

#endif
