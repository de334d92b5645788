#include "intercept/mounts.h"

#include "support/file.h"
#include "support/no_memory.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { FILE_MODE = 0644, DIRECTORY_MODE = 0755 };

bool mounts_begin(struct mounts *mounts, const char *directory)
{
    *mounts = (struct mounts){ .at = directory };
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("heymarket-mock", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") == 0;
}

void mounts_end(struct mounts *mounts)
{
    umount2(mounts->at, MNT_DETACH);
}

/* A name that was not used yet. */
static void path_new(char path[MOUNTS_PATH_TEXT], struct mounts *mounts)
{
    snprintf(path, MOUNTS_PATH_TEXT, "%s/%u", mounts->at, mounts->count++);
}

bool mounts_directory(char path[MOUNTS_PATH_TEXT], struct mounts *mounts)
{
    path_new(path, mounts);
    return mkdir(path, DIRECTORY_MODE) == 0 && chmod(path, DIRECTORY_MODE) == 0;
}

bool mounts_bind(const char *source, const char *target)
{
    return mount(source, target, NULL, MS_BIND | MS_REC, NULL) == 0;
}

bool mounts_has(const struct mounts *mounts, const char *path)
{
    struct stat ours, there;

    return stat(mounts->at, &ours) == 0 && stat(path, &there) == 0 && ours.st_dev == there.st_dev;
}

enum hm_code mounts_complain(const char *target, struct hm_error *err)
{
    return hm_error_set(err, HM_INTERNAL, "--intercept: cannot mount over %s: %s", target,
                        strerror(errno));
}

enum hm_code mounts_file(struct mounts *mounts, const char *target, const struct buf *content,
                         struct hm_error *err)
{
    char path[MOUNTS_PATH_TEXT];

    if (!buf_ok(content))
        return no_memory(err);
    path_new(path, mounts);
    if (file_write_as(path, buf_text(content), content->length, FILE_MODE, err) != HM_OK)
        return err->code = HM_INTERNAL;
    return mounts_bind(path, target) ? HM_OK : mounts_complain(target, err);
}
