#include "tests/temporary.h"
#include "tests/unit.h"
#include "tls/trust_dir.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char parent[TEMPORARY_PATH];

static int parent_make(void **state)
{
    return temporary_folder(parent) ? 0 : -1;
}

static int parent_remove(void **state)
{
    return rmdir(parent);
}

static bool is_there(const char *path)
{
    struct stat there;

    return lstat(path, &there) == 0;
}

/* A process that has made a directory with files in it, and waits to be killed. */
static pid_t owner_start(struct trust_dir *dir)
{
    int ends[2];
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        char path[TRUST_PATH_TEXT], link[2 * TRUST_PATH_TEXT];
        struct buf text;

        buf_init(&text, sizeof path);
        buf_puts(&text, "text");
        if (trust_dir_make(dir, parent, NULL) != HM_OK ||
            trust_dir_sub(path, dir, "php", NULL) != HM_OK ||
            trust_dir_write(path, dir, "php/a.ini", &text, NULL) != HM_OK ||
            snprintf(link, sizeof link, "%s.link", path) < 0 || symlink("/etc", link) != 0 ||
            write(ends[1], dir->path, sizeof dir->path) != sizeof dir->path)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], dir->path, sizeof dir->path), sizeof dir->path);
    close(ends[0]);
    return pid;
}

static void owner_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

TEST(what_a_killed_owner_left_goes_when_the_next_is_made)
{
    struct trust_dir left, own;
    pid_t pid = owner_start(&left);

    owner_kill(pid);
    assert_true(is_there(left.path));
    assert_int_equal(trust_dir_make(&own, parent, NULL), HM_OK);
    assert_false(is_there(left.path));
    assert_true(is_there("/etc"));
    trust_dir_remove(&own);
    assert_false(is_there(own.path));
}

TEST(what_is_in_use_stays)
{
    struct trust_dir other, own, next;
    pid_t pid = owner_start(&other);

    assert_int_equal(trust_dir_make(&own, parent, NULL), HM_OK);
    assert_int_equal(trust_dir_make(&next, parent, NULL), HM_OK); /* one of the same process */
    assert_true(is_there(other.path));
    assert_true(is_there(own.path));
    trust_dir_remove(&own);
    owner_kill(pid);
    trust_dir_remove(&next);
    assert_int_equal(trust_dir_make(&own, parent, NULL), HM_OK); /* takes the killed one's away */
    trust_dir_remove(&own);
}

/* A directory, and a file in it. */
static void stranger_make(char path[TRUST_PATH_TEXT], const char *name, mode_t mode,
                          const char *file)
{
    char inner[2 * TRUST_PATH_TEXT];
    int fd;

    snprintf(path, TRUST_PATH_TEXT, "%s/%s", parent, name);
    assert_int_equal(mkdir(path, mode), 0);
    snprintf(inner, sizeof inner, "%.*s/%s", TRUST_PATH_TEXT - 1, path, file);
    fd = open(inner, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
}

static void stranger_remove(const char *path, const char *file)
{
    char inner[2 * TRUST_PATH_TEXT];

    snprintf(inner, sizeof inner, "%.*s/%s", TRUST_PATH_TEXT - 1, path, file);
    assert_int_equal(unlink(inner), 0);
    assert_int_equal(rmdir(path), 0);
}

TEST(what_only_looks_like_one_stays)
{
    static const struct {
        const char *name;
        mode_t mode;
        const char *file;
    } rows[] = {
        { "heymarket-mock-abcdef", 0700, "notes" },
        { "heymarket-mock-ABCDEF", 0755, "heymarket-mock.lock" },
        { "heymarket-mock-1.2.34", 0700, "heymarket-mock.lock" },
        { "heymarket-mock-longer0", 0700, "heymarket-mock.lock" },
        { "elsewhere", 0700, "heymarket-mock.lock" },
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    char paths[ROWS][TRUST_PATH_TEXT], link[TRUST_PATH_TEXT];
    struct trust_dir own;

    umask(022);
    for (size_t i = 0; i < ROWS; i++)
        stranger_make(paths[i], rows[i].name, rows[i].mode, rows[i].file);
    snprintf(link, sizeof link, "%s/heymarket-mock-linked", parent);
    assert_int_equal(symlink("elsewhere", link), 0);
    assert_int_equal(trust_dir_make(&own, parent, NULL), HM_OK);
    trust_dir_remove(&own);
    assert_int_equal(unlink(link), 0);
    for (size_t i = 0; i < ROWS; i++)
        stranger_remove(paths[i], rows[i].file);
}

ALL_TESTS_WITHIN(parent_make, parent_remove)
