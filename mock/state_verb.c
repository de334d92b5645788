#include "state_verb.h"

#include "database/database.h"
#include "database/database_kinds.h"
#include "store/world.h"
#include "store/world_kept.h"
#include "support/json_file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Opens what keeps a world. */
static enum hm_code kept_open(struct database **database, const char *spec, struct hm_error *err)
{
    enum hm_code code;

    TRY(database_open(database, spec, err));
    if (*database == NULL || (*database)->kind->world_read == NULL)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "%s keeps no world that could be exported or imported; expected "
                         "sqlite:FILE",
                         *database == NULL ? "memory" : (*database)->kind->name));
out:
    return code;
}

int state_export_run(const struct verb_call *call)
{
    struct database *database = NULL;
    struct hm_error err = { 0 };
    const char *path = strchr(call->argv[0], ':');
    json_t *world = NULL;
    bool is_kept = false;
    enum hm_code code;

    if (path != NULL && access(path + 1, F_OK) != 0) /* opening it would make it */
        TRY(hm_error_set(&err, HM_BAD_INPUT, "%s: %s", call->argv[0], strerror(errno)));
    TRY(kept_open(&database, call->argv[0], &err));
    TRY(world_is_kept(&is_kept, database, &err));
    if (!is_kept)
        TRY(hm_error_set(&err, HM_BAD_INPUT, "%s has no world yet: no mock has used it",
                         call->argv[0]));
    TRY(world_kept_export(&world, database, &err));
    if (json_dumpf(world, stdout, JSON_INDENT(2)) == 0)
        putchar('\n');
out:
    json_decref(world);
    database_close(database);
    return code == HM_OK ? EXIT_GOOD : program_fail_error(call->program, &err);
}

int state_import_run(const struct verb_call *call)
{
    struct database *database = NULL;
    struct hm_error err = { 0 };
    struct json_file file = { 0 }, faults = { 0 };
    struct world_changes changes;
    struct store *store = NULL;
    bool is_kept = false;
    enum hm_code code;

    TRY(json_file_load(&file, call->argv[0], WORLD_BYTES_MAX, &err));
    TRY(kept_open(&database, call->argv[1], &err));
    TRY(world_is_kept(&is_kept, database, &err));
    if (is_kept)
        TRY(hm_error_set(&err, HM_BAD_INPUT, "%s has a world already; import into a new file",
                         call->argv[1]));
    TRY(world_kept_read(&store, &faults, &changes, database, &file, &err));
out:
    store_free(store);
    json_file_fini(&file);
    json_file_fini(&faults);
    database_close(database);
    return code == HM_OK ? EXIT_GOOD : program_fail_error(call->program, &err);
}
