/* Fuzz target: a fault rule, as on the command line. One that is taken is written as JSON that is
 * taken again and comes out the same. [design 6] */
#include "fault.h"

#include "world.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RULES_BYTES_MAX = 1024 * 1024 };

static const char world[] =
    "{\"teams\":[{\"team_id\":1,\"name\":\"t\",\"secrets\":[{\"id\":"
    "\"11111111-1111-4111-8111-111111111111\",\"key\":\"k\"}],\"contacts\":[{\"name\":\"ada\","
    "\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\",\"contact_id\":7}]}]}";

static struct store *store_of_one(void)
{
    struct json_file file = { 0 };
    struct store *store = NULL;

    if (json_file_parse(&file, "world", world, sizeof world - 1, NULL) != HM_OK ||
        world_read(&store, &file, NULL) != HM_OK)
        abort();
    json_file_fini(&file);
    return store;
}

/* What is written is read, and written the same. */
static void there_and_back(const struct faults *faults, const struct store *store)
{
    struct json_file file = { 0 };
    struct faults *again = NULL;
    struct json_node root;
    struct buf first, second;

    buf_init(&first, RULES_BYTES_MAX);
    buf_init(&second, RULES_BYTES_MAX);
    faults_write(&first, faults);
    if (json_file_parse(&file, "rules", first.data, first.length, NULL) != HM_OK ||
        faults_new(&again, NULL) != HM_OK)
        abort();
    root = json_node_root(&file);
    if (faults_read(again, store, &root, NULL) != HM_OK)
        abort();
    faults_write(&second, again);
    if (strcmp(buf_text(&first), buf_text(&second)) != 0)
        abort();
    faults_free(again);
    json_file_fini(&file);
    buf_fini(&first);
    buf_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *store;
    struct faults *faults = NULL;
    char *rule = malloc(size + 1);

    if (store == NULL)
        store = store_of_one();
    if (rule == NULL || faults_new(&faults, NULL) != HM_OK)
        abort();
    memcpy(rule, data, size);
    rule[size] = '\0';
    if (faults_add(faults, store, rule, NULL) == HM_OK)
        there_and_back(faults, store);
    faults_free(faults);
    free(rule);
    return 0;
}
