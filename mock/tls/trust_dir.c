#include "tls/trust_dir.h"

#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DIRECTORY_MODE = 0700,
    SHARED_MODE = 0711, /* of the directory: rare, so it is a sign of ours like the other */
    SHARED_INNER_MODE = 0755,
    SHARED_FILE_MODE = 0644,
    PARENT_TEXT_MAX = 512
};

/* A directory is named "heymarket-mock-a1B2c3"; its owner has locked the file in it. */
static const char prefix[] = "heymarket-mock-", lock_name[] = "heymarket-mock.lock";
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
enum { RANDOM_LETTERS = 6 };

static bool is_plain(const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789/._-+@";

    return path[strspn(path, plain)] == '\0' && strlen(path) < PARENT_TEXT_MAX;
}

/* Closes @fd, which is -1 or a directory. */
static void each_entry(int fd, void (*visit)(int directory, const char *name))
{
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(fd, entry->d_name);
    }
    if (entries != NULL)
        closedir(entries);
    else if (fd >= 0)
        close(fd);
}

static int directory_open(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* With all that is in it. A link is removed, never followed. */
static void entry_remove(int directory, const char *name)
{
    if (unlinkat(directory, name, 0) == 0)
        return;
    each_entry(directory_open(directory, name), entry_remove);
    unlinkat(directory, name, AT_REMOVEDIR);
}

/* Does the name look like one of ours? */
static bool is_ours(const char *name)
{
    size_t length = sizeof prefix - 1;

    return strncmp(name, prefix, length) == 0 && strlen(name + length) == RANDOM_LETTERS &&
           strspn(name + length, letters) == RANDOM_LETTERS;
}

/* Removes a directory whose owner has ended. Others are not of this user, or have no lock file. */
static void abandoned_remove(int parent, const char *name)
{
    int fd = is_ours(name) ? directory_open(parent, name) : -1, lock = -1;
    struct stat there;

    if (fd >= 0 && fstat(fd, &there) == 0 && there.st_uid == geteuid() &&
        ((there.st_mode & ~(mode_t)S_IFMT) == DIRECTORY_MODE ||
         (there.st_mode & ~(mode_t)S_IFMT) == SHARED_MODE))
        lock = openat(fd, lock_name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        entry_remove(parent, name);
    if (fd >= 0)
        close(fd);
    if (lock >= 0)
        close(lock);
}

static enum hm_code path_join(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                              const char *name, struct hm_error *err)
{
    int length = snprintf(path, TRUST_PATH_TEXT, "%.*s/%s", PARENT_TEXT_MAX + 32, dir->path, name);

    if (length > 0 && length < TRUST_PATH_TEXT)
        return HM_OK;
    return hm_error_set(err, HM_INTERNAL, "%s: the path is too long", name);
}

/* The lock file gets its name once it is locked, so that no other process takes the directory for
 * an abandoned one. If the file system has no locks, there is no such file. */
static enum hm_code lock_take(struct trust_dir *dir, struct hm_error *err)
{
    char unlocked[TRUST_PATH_TEXT], locked[TRUST_PATH_TEXT];
    enum hm_code code;

    TRY(path_join(unlocked, dir, ".lock", err));
    TRY(path_join(locked, dir, lock_name, err));
    dir->lock = open(unlocked, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (dir->lock < 0 || (flock(dir->lock, LOCK_EX | LOCK_NB) == 0 ? rename(unlocked, locked)
                                                                   : unlink(unlocked)) != 0)
        TRY(hm_error_set(err, HM_BAD_INPUT, "cannot lock a directory for certificates, %s: %s",
                         dir->path, strerror(errno)));
out:
    return code;
}

enum hm_code trust_dir_make(struct trust_dir *dir, const char *parent, struct hm_error *err)
{
    char *real = parent == NULL || *parent == '\0' ? NULL : realpath(parent, NULL);
    const char *under = real != NULL && is_plain(real) ? real : "/tmp";
    enum hm_code code;

    each_entry(open(under, O_RDONLY | O_DIRECTORY | O_CLOEXEC), abandoned_remove);
    *dir = (struct trust_dir){ .lock = -1 };
    snprintf(dir->path, sizeof dir->path, "%s/%sXXXXXX", under, prefix);
    if (mkdtemp(dir->path) == NULL) { /* mode 0700 */
        code = hm_error_set(err, HM_BAD_INPUT, "cannot make a directory for certificates, %s: %s",
                            dir->path, strerror(errno));
        dir->path[0] = '\0';
    } else {
        code = lock_take(dir, err);
        if (code != HM_OK)
            trust_dir_remove(dir);
    }
    free(real);
    return code;
}

enum hm_code trust_dir_sub(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                           const char *name, struct hm_error *err)
{
    enum hm_code code = path_join(path, dir, name, err);

    if (code == HM_OK && mkdir(path, DIRECTORY_MODE) != 0)
        code = hm_error_set(err, HM_BAD_INPUT, "%s: cannot be created: %s", path, strerror(errno));
    return code;
}

enum hm_code trust_dir_write(char path[TRUST_PATH_TEXT], const struct trust_dir *dir,
                             const char *name, const struct buf *content, struct hm_error *err)
{
    enum hm_code code = path_join(path, dir, name, err);

    if (code == HM_OK && !buf_ok(content))
        code = no_memory(err);
    return code == HM_OK ? file_write(path, content->data, content->length, err) : code;
}

static void entry_share(int directory, const char *name)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat there = { 0 };

    if (fd < 0)
        return;
    if (fstat(fd, &there) == 0 && S_ISREG(there.st_mode) && strcmp(name, "wgetrc") != 0)
        fchmod(fd, SHARED_FILE_MODE);
    if (S_ISDIR(there.st_mode)) {
        fchmod(fd, SHARED_INNER_MODE);
        each_entry(fd, entry_share);
    } else {
        close(fd);
    }
}

void trust_dir_share(const struct trust_dir *dir)
{
    int fd = directory_open(AT_FDCWD, dir->path);

    if (fd >= 0)
        fchmod(fd, SHARED_MODE);
    each_entry(fd, entry_share);
}

void trust_dir_remove(struct trust_dir *dir)
{
    buf_fini(&dir->bundle);
    if (dir->path[0] == '\0')
        return;
    each_entry(directory_open(AT_FDCWD, dir->path), entry_remove);
    rmdir(dir->path);
    if (dir->lock >= 0)
        close(dir->lock);
    dir->path[0] = '\0';
}
