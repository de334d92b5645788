#include "trust_dir.h"

#include "file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORY_MODE = 0700, PARENT_TEXT_MAX = 512 };

static bool is_plain(const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789/._-+@";

    return path[strspn(path, plain)] == '\0' && strlen(path) < PARENT_TEXT_MAX;
}

enum hm_code trust_dir_make(struct trust_dir *dir, const char *parent, struct hm_error *err)
{
    char *real = parent == NULL || *parent == '\0' ? NULL : realpath(parent, NULL);
    bool is_usable = real != NULL && is_plain(real);

    snprintf(dir->path, sizeof dir->path, "%s/heymarket-mock-XXXXXX", is_usable ? real : "/tmp");
    free(real);
    if (mkdtemp(dir->path) == NULL) { /* mode 0700 */
        int number = errno;

        (void)hm_error_set(err, HM_BAD_INPUT, "cannot make a directory for certificates, %s: %s",
                           dir->path, strerror(number));
        dir->path[0] = '\0';
        return HM_BAD_INPUT;
    }
    return HM_OK;
}

static enum hm_code path_join(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                              const char *name, struct hm_error *err)
{
    int length = snprintf(path, TRUST_PATH_TEXT, "%.*s/%s", PARENT_TEXT_MAX + 32, dir->path, name);

    if (length > 0 && length < TRUST_PATH_TEXT)
        return HM_OK;
    return hm_error_set(err, HM_INTERNAL, "%s: the name is too long", name);
}

enum hm_code trust_dir_sub(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                           const char *name, struct hm_error *err)
{
    enum hm_code code = path_join(path, dir, name, err);

    if (code == HM_OK && mkdir(path, DIRECTORY_MODE) != 0)
        code = hm_error_set(err, HM_BAD_INPUT, "%s: cannot be made: %s", path, strerror(errno));
    return code;
}

enum hm_code trust_dir_write(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                             const char *name, const struct buf *content, struct hm_error *err)
{
    enum hm_code code = path_join(path, dir, name, err);

    if (code == HM_OK && !buf_ok(content))
        code = hm_error_set(err, HM_NO_MEMORY, "out of memory");
    return code == HM_OK ? file_write(path, content->data, content->length, err) : code;
}

/* Empties the directory behind @fd, which is closed. Links are removed, never followed. */
static void empty(int fd)
{
    DIR *entries = fdopendir(fd);
    const struct dirent *entry;

    if (entries == NULL) {
        close(fd);
        return;
    }
    while ((entry = readdir(entries)) != NULL) {
        const char *name = entry->d_name;
        int inner;

        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlinkat(fd, name, 0) == 0)
            continue;
        inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0)
            empty(inner);
        unlinkat(fd, name, AT_REMOVEDIR);
    }
    closedir(entries);
}

void trust_dir_remove(struct trust_dir *dir)
{
    int fd;

    if (dir->path[0] == '\0')
        return;
    fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        empty(fd);
    rmdir(dir->path);
    dir->path[0] = '\0';
}
