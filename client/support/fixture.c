#include "support/fixture.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FIXTURE_BYTES_MAX = 16 * 1024 * 1024,
    FIXTURE_DEPTH_MAX = 16,  /* of folders below --fixtures DIR */
    FIXTURE_PATH_MAX = 4096, /* bytes */
    PATHS_FIRST = 64
};

/* Why a path could not be put together; HM_OK: it could. */
static enum hm_code path_check(const struct buf *path, struct hm_error *err)
{
    if (path->status == BUF_TOO_LONG)
        return hm_error_set(err, HM_BAD_INPUT, "found a path of more than %d bytes below fixtures",
                            FIXTURE_PATH_MAX);
    return buf_ok(path) ? HM_OK : no_memory(err);
}

const struct embedded_file *fixture_built_in(const char *path)
{
    const struct embedded_file *row = embedded_fixtures;

    while (row->path != NULL && strcmp(row->path, path) != 0)
        row++;
    return row->path != NULL ? row : NULL;
}

static enum hm_code load_built_in(struct json_file *file, const char *path, struct hm_error *err)
{
    const struct embedded_file *row = fixture_built_in(path);
    enum hm_code code;
    struct buf name;

    *file = (struct json_file){ 0 };
    buf_init(&name, FIXTURE_PATH_MAX);
    buf_printf(&name, "built-in:%s", path);
    TRY(path_check(&name, err));
    if (row != NULL)
        TRY(json_file_parse(file, buf_text(&name), (const char *)row->data, row->length, err));
    else
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s: there is no such fixture", buf_text(&name)));
out:
    buf_fini(&name);
    return code;
}

enum hm_code fixture_load(struct json_file *file, const struct fixtures *from, const char *path,
                          struct hm_error *err)
{
    enum hm_code code;
    struct buf name;

    if (from->dir == NULL)
        return load_built_in(file, path, err);
    *file = (struct json_file){ 0 };
    buf_init(&name, FIXTURE_PATH_MAX);
    buf_printf(&name, "%s/%s", from->dir, path);
    TRY(path_check(&name, err));
    TRY(json_file_load(file, buf_text(&name), FIXTURE_BYTES_MAX, err));
out:
    buf_fini(&name);
    return code;
}

struct path_list {
    char **at;
    size_t count, room; /* room for the closing NULL too */
};

static enum hm_code path_add(struct path_list *list, const char *path, struct hm_error *err)
{
    if (list->count + 1 >= list->room) {
        size_t room = list->room > 0 ? list->room * 2 : PATHS_FIRST;
        char **at = realloc(list->at, room * sizeof *at);

        if (at == NULL)
            return no_memory(err);
        list->at = at;
        list->room = room;
    }
    list->at[list->count] = strdup(path);
    if (list->at[list->count] == NULL)
        return no_memory(err);
    list->at[++list->count] = NULL;
    return HM_OK;
}

static bool is_json(const char *name)
{
    size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".json") == 0;
}

/* Folders are entered and files listed as CMake's GLOB_RECURSE does for the built-in ones: a link
 * to a file is a file, a link to a folder is nothing. */
enum entry { ENTRY_OTHER, ENTRY_FILE, ENTRY_FOLDER };

static enum entry entry_of(const char *path)
{
    struct stat is;
    bool is_link;

    if (lstat(path, &is) != 0)
        return ENTRY_OTHER;
    is_link = S_ISLNK(is.st_mode);
    if (is_link && stat(path, &is) != 0)
        return ENTRY_OTHER;
    if (S_ISREG(is.st_mode))
        return ENTRY_FILE;
    return S_ISDIR(is.st_mode) && !is_link ? ENTRY_FOLDER : ENTRY_OTHER;
}

/* @path is DIR/under..., of which the first @root bytes are not part of a fixture's name. It is
 * unchanged afterwards. */
static enum hm_code add_folder(struct path_list *list, struct buf *path, size_t root, int depth,
                               struct hm_error *err)
{
    size_t length = path->length;
    enum hm_code code = HM_OK;
    struct dirent *entry;
    DIR *dir;

    if (depth > FIXTURE_DEPTH_MAX)
        return hm_error_set(err, HM_BAD_INPUT, "%s: directories nested more than %d deep",
                            buf_text(path), FIXTURE_DEPTH_MAX);
    dir = opendir(buf_text(path));
    if (dir == NULL)
        return hm_error_set(err, HM_BAD_INPUT, "%s: cannot be opened: %s", buf_text(path),
                            strerror(errno));
    while ((entry = readdir(dir)) != NULL) {
        enum entry kind;

        if (entry->d_name[0] == '.')
            continue;
        buf_printf(path, "/%s", entry->d_name);
        TRY(path_check(path, err));
        kind = entry_of(buf_text(path));
        if (kind == ENTRY_FOLDER)
            TRY(add_folder(list, path, root, depth + 1, err));
        else if (kind == ENTRY_FILE && is_json(entry->d_name))
            TRY(path_add(list, buf_text(path) + root, err));
        path->length = length;
        path->data[length] = '\0';
    }
out:
    closedir(dir);
    return code;
}

static enum hm_code list_folder(struct path_list *list, const char *dir, const char *under,
                                struct hm_error *err)
{
    enum hm_code code;
    struct buf path;

    buf_init(&path, FIXTURE_PATH_MAX);
    buf_printf(&path, "%s%s%s", dir, *under != '\0' ? "/" : "", under);
    TRY(path_check(&path, err));
    TRY(add_folder(list, &path, strlen(dir) + 1, 0, err));
out:
    buf_fini(&path);
    return code;
}

static enum hm_code list_built_in(struct path_list *list, const char *under, struct hm_error *err)
{
    size_t length = strlen(under);

    for (const struct embedded_file *row = embedded_fixtures; row->path != NULL; row++) {
        bool is_below =
            length == 0 || (strncmp(row->path, under, length) == 0 && row->path[length] == '/');
        enum hm_code code = is_below ? path_add(list, row->path, err) : HM_OK;

        if (code != HM_OK)
            return code;
    }
    return HM_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum hm_code fixture_list(char ***paths, const struct fixtures *from, const char *under,
                          struct hm_error *err)
{
    struct path_list list = { 0 };
    enum hm_code code;

    *paths = NULL;
    list.at = calloc(1, sizeof *list.at);
    if (list.at == NULL)
        return no_memory(err);
    list.room = 1;
    if (from->dir != NULL)
        TRY(list_folder(&list, from->dir, under, err));
    else
        TRY(list_built_in(&list, under, err));
    qsort(list.at, list.count, sizeof *list.at, by_bytes);
    *paths = list.at;
    list.at = NULL;
out:
    fixture_list_free(list.at);
    return code;
}

void fixture_list_free(char **paths)
{
    for (size_t i = 0; paths != NULL && paths[i] != NULL; i++)
        free(paths[i]);
    free(paths);
}
