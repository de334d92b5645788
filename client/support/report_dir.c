#include "support/report_dir.h"
#include "support/file.h"
#include "support/try.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PRIVATE_DIRECTORY = 0700, PUBLIC_DIRECTORY = 0755, PRIVATE_FILE = 0600, PUBLIC_FILE = 0644 };

const char *const report_mode_words[] = { "auto", "0600", "0644", NULL };
const char report_mode_help[] = "The mode of the reports: 0600, 0644, or auto (the default), which "
                                "is 0644 if the variable CI is "
                                "true, so that a CI system can collect them, and 0600 otherwise.";

mode_t report_file_mode(int mode)
{
    const char *ci = getenv("CI");

    return mode == REPORT_PUBLIC || (mode == REPORT_AUTO && ci != NULL && strcmp(ci, "true") == 0)
               ? PUBLIC_FILE
               : PRIVATE_FILE;
}

static const char marker[] = ".heymarket-report";
static const char marker_text[] = "heymarket writes reports here, and replaces them.\n";

static enum hm_code complain(struct hm_error *err, const char *dir, const char *what, int number)
{
    return hm_error_set(err, HM_BAD_INPUT, "%s: %s: %s", dir, what, strerror(number));
}

/* Is nothing in it, or our marker? *number is the errno of what failed, else 0. */
static bool is_ours(const char *dir, int *number)
{
    DIR *open_dir = opendir(dir);
    const struct dirent *entry;
    bool is_empty = true, has_marker = false;

    *number = open_dir == NULL ? errno : 0;
    if (open_dir == NULL)
        return false;
    while ((entry = readdir(open_dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        is_empty = false;
        has_marker = has_marker || strcmp(entry->d_name, marker) == 0;
    }
    closedir(open_dir);
    return is_empty || has_marker;
}

/* DIR/NAME in @path. */
static enum hm_code path_join(char path[PATH_MAX], const char *dir, const char *name,
                              struct hm_error *err)
{
    struct buf text;
    bool fits;

    buf_init(&text, PATH_MAX - 1);
    buf_printf(&text, "%s/%s", dir, name);
    fits = buf_ok(&text);
    memcpy(path, buf_text(&text), text.length + 1);
    buf_fini(&text);
    return fits ? HM_OK : hm_error_set(err, HM_BAD_INPUT, "%s: the name is too long", dir);
}

enum hm_code report_dir_claim(const struct report_place *place, const char *const *names,
                              struct hm_error *err)
{
    const char *dir = place->dir;
    const bool is_public = report_file_mode(place->mode) == PUBLIC_FILE;
    const mode_t directory_mode = is_public ? PUBLIC_DIRECTORY : PRIVATE_DIRECTORY;
    enum hm_code code = HM_OK;
    char path[PATH_MAX];
    int number;

    if (mkdir(dir, directory_mode) != 0) {
        if (errno != EEXIST)
            return complain(err, dir, "cannot be created", errno);
        if (!is_ours(dir, &number))
            return number != 0 ? complain(err, dir, "cannot be used for reports", number)
                               : hm_error_set(err, HM_BAD_INPUT,
                                              "%s: found other files, expected a directory that "
                                              "is new, empty, or from an earlier report",
                                              dir);
        if (chmod(dir, directory_mode) != 0 && errno != EPERM) /* EPERM: another's, lent to us */
            return complain(err, dir, "the mode cannot be set", errno);
    }
    for (; *names != NULL; names++) {
        TRY(path_join(path, dir, *names, err));
        if (unlink(path) != 0 && errno != ENOENT)
            TRY(complain(err, path, "cannot be replaced", errno));
    }
    TRY(path_join(path, dir, marker, err));
    TRY(file_write_as(path, marker_text, sizeof marker_text - 1, report_file_mode(place->mode),
                      err));
out:
    return code;
}

enum hm_code report_dir_write(const struct report_place *place, const char *name,
                              const struct buf *text, struct hm_error *err)
{
    char path[PATH_MAX];
    struct hm_error why;
    enum hm_code code = path_join(path, place->dir, name, &why);

    if (!buf_ok(text))
        return hm_error_set(err, HM_NO_MEMORY, "%s: too large, or out of memory", name);
    if (code == HM_OK)
        code =
            file_write_as(path, buf_text(text), text->length, report_file_mode(place->mode), &why);
    return code == HM_OK ? HM_OK : hm_error_set(err, code, "%s", why.text);
}
