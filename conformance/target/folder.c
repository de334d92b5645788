#include "target/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FOLDER_PATH_BYTES = FOLDER_TEXT + 256 };

static const char name[] = "/heymarket-XXXXXX";

enum hm_code folder_make(char path[FOLDER_TEXT], struct hm_error *err)
{
    const char *temporary = getenv("TMPDIR");

    if (path[0] != '\0')
        return HM_OK;
    if (temporary == NULL || temporary[0] == '\0' || strlen(temporary) + sizeof name > FOLDER_TEXT)
        temporary = "/tmp";
    (void)snprintf(path, FOLDER_TEXT, "%s%s", temporary, name);
    if (mkdtemp(path) != NULL)
        return HM_OK;
    path[0] = '\0';
    return hm_error_set(err, HM_INTERNAL, "cannot make a temporary folder: %s", strerror(errno));
}

void folder_remove(const char *path)
{
    DIR *folder = path[0] == '\0' ? NULL : opendir(path);
    const struct dirent *entry;
    char file[FOLDER_PATH_BYTES];

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.' &&
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name) < (int)sizeof file)
            (void)unlink(file);
    }
    if (folder != NULL)
        (void)closedir(folder);
    if (path[0] != '\0')
        (void)rmdir(path);
}
