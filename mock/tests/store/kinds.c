#include "tests/store/kinds.h"

#include "database/database.h"
#include "database/database_kinds.h"
#include "store/store.h"
#include "tests/database/redis_server.h"
#include <stdatomic.h>
#include <unistd.h>

static struct database *database;
static struct database *second; /* of another mock that shares its state; NULL: none can */
static struct redis_server redis;
static char file[256];

struct database *kinds_database(void)
{
    return database;
}

int kinds_share(int count)
{
    return database == NULL ? count : count / 5;
}

struct store *kinds_keep_as(struct store *store, const char *world)
{
    static atomic_uint stores;
    const bool is_second = second != NULL && atomic_fetch_add(&stores, 1) % 2 == 1;

    if (store_keep(store, is_second ? second : database, world, 1, NULL) != HM_OK)
        abort();
    return store;
}

struct store *kinds_keep(struct store *store)
{
    static atomic_int worlds;
    char world[32];

    snprintf(world, sizeof world, "world-%d", atomic_fetch_add(&worlds, 1));
    return kinds_keep_as(store, world);
}

static void sqlite_begin(void)
{
    const char *folder = getenv("TMPDIR");
    struct hm_error err = { 0 };
    char spec[sizeof file + 16];
    int fd;

    snprintf(file, sizeof file, "%s/kinds-XXXXXX", folder == NULL ? "/tmp" : folder);
    fd = mkstemp(file);
    if (fd < 0)
        abort();
    close(fd);
    snprintf(spec, sizeof spec, "sqlite:%s", file);
    if (database_open(&database, spec, &err) != HM_OK)
        fail_msg("%s", err.text);
}

static void sqlite_end(void)
{
    char other[sizeof file + 8];

    database_close(database);
    database = NULL;
    unlink(file);
    snprintf(other, sizeof other, "%s-wal", file);
    unlink(other);
}

/* False: there is no Redis here. */
static bool redis_begin(void)
{
    struct hm_error err = { 0 };

    if (!redis_server_start(&redis, false))
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (database_open(i == 0 ? &database : &second, redis.url, &err) != HM_OK)
            fail_msg("%s", err.text);
    }
    return true;
}

static void redis_end(void)
{
    database_close(database);
    database_close(second);
    database = second = NULL;
    redis_server_end(&redis);
}

int kinds_run(const struct CMUnitTest *tests, size_t count)
{
    /* cmocka's macro wants an array. */
    int failed = _cmocka_run_group_tests("memory", tests, count, NULL, NULL);

    for (size_t i = 0; database_kinds[i] != NULL; i++) {
        if (strcmp(database_kinds[i]->name, "sqlite") == 0) {
            sqlite_begin();
            failed += _cmocka_run_group_tests("sqlite", tests, count, NULL, NULL);
            sqlite_end();
        } else if (strcmp(database_kinds[i]->name, "redis") == 0 && redis_begin()) {
            failed += _cmocka_run_group_tests("redis", tests, count, NULL, NULL);
            redis_end();
        }
    }
    return failed;
}
