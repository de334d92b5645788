#include "targets.h"
#include "buf.h"
#include "file.h"
#include "mock_process.h"
#include "no_memory.h"
#include "try.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 4096 };

struct started_mock {
    struct target target;
    struct mock_process *process;
    const char *world;            /* borrowed from the case file */
    const char *const *arguments; /* the same */
};

const char *targets_base_url(const char *given)
{
    return given ? given : environment_text("HEYMARKET_API_BASE_URL");
}

enum hm_code world_load(struct json_file *world, const struct fixtures *from, const char *name,
                        struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf path;

    buf_init(&path, PATH_BYTES_MAX);
    buf_printf(&path, "worlds/%s.json", name);
    if (!buf_ok(&path))
        TRY(hm_error_set(err, HM_BAD_INPUT, "no world has a name so long"));
    TRY(fixture_load(world, from, buf_text(&path), err));
out:
    buf_fini(&path);
    return code;
}

/* Our own program's neighbour, else the name alone, which is then looked for on PATH. */
static enum hm_code mock_program_find(char **program, const char *given, struct hm_error *err)
{
    static const char name[] = "heymarket-mock";
    char self[PATH_BYTES_MAX + sizeof name];
    ssize_t length;
    char *slash;

    *program = NULL;
    if (given) {
        *program = strdup(given);
        return *program ? HM_OK : no_memory(err);
    }
    length = readlink("/proc/self/exe", self, PATH_BYTES_MAX);
    self[length > 0 ? length : 0] = '\0';
    slash = strrchr(self, '/');
    if (slash) {
        memcpy(slash + 1, name, sizeof name);
        if (access(self, X_OK) == 0)
            *program = strdup(self);
    }
    if (!*program)
        *program = strdup(name);
    return *program ? HM_OK : no_memory(err);
}

static enum hm_code named_init(struct targets *targets, const char *base_url, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_file world = { .root = NULL };
    char *url = NULL;
    bool is_loopback = false;
    bool is_plaintext = false;

    TRY(world_load(&world, &targets->from, "default", err));
    TRY(http_base_url(&url, &is_loopback, &is_plaintext, base_url, err));
    if (!is_loopback && !targets->is_live)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "%s is not loopback: real data would be written to; add --live if that is "
                         "meant",
                         url));
    targets->is_named = true;
    TRY(target_look(&targets->named, targets->session, url, is_loopback, &world, err));
    url = NULL;
out:
    free(url);
    json_file_fini(&world);
    return code;
}

enum hm_code targets_init(struct targets *targets, struct http_session *session,
                          const struct targets_options *options, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *base_url = targets_base_url(options->base_url);

    memset(targets, 0, sizeof *targets);
    targets->from = options->from;
    targets->session = session;
    targets->is_live = options->is_live;
    targets->now = (int64_t)time(NULL);
    if (base_url && options->mock)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--mock is for a run without a target, and %s is given", base_url));
    if (!base_url && options->is_live)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT, "--live is for a target: give it by --base-url"));
    if (base_url)
        TRY(named_init(targets, base_url, err));
    else
        TRY(mock_program_find(&targets->mock_program, options->mock, err));
out:
    return code;
}

static enum hm_code folder_make(struct targets *targets, struct hm_error *err)
{
    const char *temporary = environment_text("TMPDIR");
    int length;

    if (targets->folder[0])
        return HM_OK;
    length = snprintf(targets->folder, sizeof targets->folder, "%s/heymarket-XXXXXX",
                      temporary && strlen(temporary) < 40 ? temporary : "/tmp");
    if (length < 0 || !mkdtemp(targets->folder)) {
        targets->folder[0] = '\0';
        return hm_error_set(err, HM_INTERNAL, "cannot make a temporary folder: %s",
                            strerror(errno));
    }
    return HM_OK;
}

/* The world as a file that the mock can read, so that its names are surely ours. */
static enum hm_code world_file_make(struct buf *path, struct targets *targets,
                                    const struct json_file *world, const char *name,
                                    struct hm_error *err)
{
    if (targets->from.dir) {
        buf_printf(path, "%s/worlds/%s.json", targets->from.dir, name);
        return buf_ok(path) ? HM_OK : no_memory(err);
    }
    buf_printf(path, "%s/%s.json", targets->folder, name);
    return buf_ok(path) ? file_write(buf_text(path), world->text, world->length, err)
                        : no_memory(err);
}

static enum hm_code started_init(struct started_mock *mock, struct targets *targets,
                                 const struct case_file *file, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_file world = { .root = NULL };
    struct buf path;
    struct mock_options options = {
        .program = targets->mock_program,
        .arguments = file->mock_arguments,
        .now = targets->now,
        .folder = targets->folder,
        .number = targets->started_count,
    };

    buf_init(&path, PATH_BYTES_MAX);
    mock->world = file->world;
    mock->arguments = file->mock_arguments;
    TRY(world_load(&world, &targets->from, file->world, err));
    TRY(names_from_world(&mock->target.names, &world, "its world", err));
    TRY(world_file_make(&path, targets, &world, file->world, err));
    options.world_file = buf_text(&path);
    TRY(mock_start(&mock->process, &options, err));
    mock->target.kind = TARGET_STARTED;
    mock->target.stands_still = true;
    mock->target.is_local = true;
    mock->target.has_world_names = true;
    mock->target.clock_s = targets->now;
    mock->target.base_url = strdup(mock_base_url(mock->process));
    if (!mock->target.base_url)
        TRY(no_memory(err));
    TRY(target_read_policy(&mock->target, targets->session, err));
out:
    json_file_fini(&world);
    buf_fini(&path);
    return code;
}

static bool is_for(const struct started_mock *mock, const struct case_file *file)
{
    size_t i;

    if (strcmp(mock->world, file->world) != 0)
        return false;
    for (i = 0; mock->arguments[i] && file->mock_arguments[i]; i++) {
        if (strcmp(mock->arguments[i], file->mock_arguments[i]) != 0)
            return false;
    }
    return !mock->arguments[i] && !file->mock_arguments[i];
}

enum hm_code targets_find(const struct target **target, struct targets *targets,
                          const struct case_file *file, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct started_mock *mock = NULL;
    size_t i;

    *target = &targets->named;
    if (targets->is_named)
        return HM_OK;
    for (i = 0; i < targets->started_count; i++) {
        *target = &targets->started[i]->target;
        if (is_for(targets->started[i], file))
            return HM_OK;
    }
    if (targets->started_count == STARTED_MAX)
        return hm_error_set(err, HM_INTERNAL, "the case files want more than %d mocks",
                            STARTED_MAX);
    TRY(folder_make(targets, err));
    mock = calloc(1, sizeof *mock);
    if (!mock)
        TRY(no_memory(err));
    TRY(started_init(mock, targets, file, err));
    targets->started[targets->started_count++] = mock;
    *target = &mock->target;
    mock = NULL;
out:
    if (mock) {
        mock_stop(mock->process);
        (void)mock_free(mock->process, NULL);
        target_fini(&mock->target);
        free(mock);
    }
    return code;
}

/* The folder, and all that was put into it. */
static void folder_remove(const char *folder)
{
    DIR *dir = *folder ? opendir(folder) : NULL;
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL)
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        (void)closedir(dir);
    if (*folder)
        (void)rmdir(folder);
}

enum hm_code targets_fini(struct targets *targets, struct hm_error *err)
{
    enum hm_code worst = HM_OK;
    enum hm_code code;
    size_t i;

    for (i = 0; i < targets->started_count; i++)
        mock_stop(targets->started[i]->process);
    for (i = 0; i < targets->started_count; i++) {
        code = mock_free(targets->started[i]->process, worst == HM_OK ? err : NULL);
        worst = worst == HM_OK ? code : worst;
        target_fini(&targets->started[i]->target);
        free(targets->started[i]);
    }
    folder_remove(targets->folder);
    target_fini(&targets->named);
    free(targets->mock_program);
    memset(targets, 0, sizeof *targets);
    return worst;
}
