#include "database/database_kinds.h"

#ifdef HM_STATE_REDIS
#include "database/redis.h"
#endif
#ifdef HM_STATE_SQLITE
#include "database/sqlite.h"
#endif
#include <stdio.h>
#include <string.h>

const struct database_kind *const database_kinds[] = {
#ifdef HM_STATE_SQLITE
    &database_sqlite,
#endif
#ifdef HM_STATE_REDIS
    &database_redis, &database_rediss,
#endif
    NULL
};

/* "memory", "sqlite:FILE" ... */
static void kinds_write(struct buf *out)
{
    buf_puts(out, "memory");
    for (const struct database_kind *const *kind = database_kinds; *kind != NULL; kind++)
        buf_printf(out, "%s%s", kind[1] == NULL ? " or " : ", ", (*kind)->spec);
}

enum hm_code database_open(struct database **database, const char *spec, struct hm_error *err)
{
    const size_t length = strcspn(spec, ":");
    struct buf kinds;

    *database = NULL;
    if (strcmp(spec, "memory") == 0)
        return HM_OK;
    for (const struct database_kind *const *kind = database_kinds; *kind != NULL; kind++) {
        if (spec[length] == ':' && strlen((*kind)->name) == length &&
            strncmp(spec, (*kind)->name, length) == 0)
            return (*kind)->open(database, spec, err);
    }
    buf_init(&kinds, DATABASE_WHY_BYTES);
    kinds_write(&kinds);
    /* What comes after the colon may have a password. */
    hm_error_set(err, HM_BAD_ARGUMENT, "--state %.*s: this program was built with %s",
                 (int)(length < 32 ? length : 32), spec, buf_text(&kinds));
    buf_fini(&kinds);
    return HM_BAD_ARGUMENT;
}
