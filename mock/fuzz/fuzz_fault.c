/* Fuzz target: a fault rule as on the command line, or JSON rules if the input starts with a
 * bracket. Accepted rules are written as JSON, which is accepted again and written the same.
 * Refused ones have a reason. */
#include "fuzz/fuzz.h"

#include "fault/fault_read.h"
#include "store/world.h"
#include <stdlib.h>
#include <string.h>

enum { RULES_BYTES_MAX = 1024 * 1024 };

static const char world[] =
    "{\"teams\":[{\"team_id\":1,\"name\":\"t\",\"secrets\":[{\"id\":"
    "\"11111111-1111-4111-8111-111111111111\",\"key\":\"k\"}],\"contacts\":[{\"name\":\"ada\","
    "\"uuid\":\"ada0ada0-1815-4000-8000-00000000ada0\",\"contact_id\":7}]}]}";

static struct store *store_of_one(void)
{
    struct json_file file = { 0 };
    struct store *store = NULL;

    must(json_file_parse(&file, "world", world, sizeof world - 1, NULL) == HM_OK &&
         world_read(&store, &file, NULL) == HM_OK);
    json_file_fini(&file);
    return store;
}

static enum hm_code rules_read(struct faults *faults, const struct store *store, const char *text,
                               size_t length, struct hm_error *err)
{
    struct json_file file = { 0 };
    struct json_node root;
    enum hm_code code = json_file_parse(&file, "rules", text, length, err);

    root = json_node_root(&file);
    if (code == HM_OK)
        code = faults_read(faults, store, &root, err);
    json_file_fini(&file);
    return code;
}

static void rules_write(struct buf *out, const struct faults *faults)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < faults->count; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        fault_write_counted(out, faults->at[i], NULL);
    }
    buf_putc(out, ']');
}

/* What is written is read, and written the same. */
static void there_and_back(const struct faults *faults, const struct store *store)
{
    struct faults *again = NULL;
    struct buf first, second;

    buf_init(&first, RULES_BYTES_MAX);
    buf_init(&second, RULES_BYTES_MAX);
    rules_write(&first, faults);
    must(faults_new(&again, NULL) == HM_OK &&
         rules_read(again, store, first.data, first.length, NULL) == HM_OK);
    rules_write(&second, again);
    must(strcmp(buf_text(&first), buf_text(&second)) == 0);
    faults_free(again);
    buf_fini(&first);
    buf_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct store *store;
    struct hm_error err = { .code = HM_OK };
    struct faults *faults = NULL;
    char *text = malloc(size + 1);
    enum hm_code code;

    if (store == NULL)
        store = store_of_one();
    must(text != NULL && faults_new(&faults, NULL) == HM_OK);
    memcpy(text, data, size);
    text[size] = '\0';
    code = text[0] == '[' ? rules_read(faults, store, text, size, &err)
                          : faults_add(faults, store, text, &err);
    must(code == HM_OK || err.text[0] != '\0');
    if (code == HM_OK)
        there_and_back(faults, store);
    faults_free(faults);
    free(text);
    return 0;
}
