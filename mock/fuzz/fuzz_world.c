/* Fuzz target: a world file, its faults included. A refusal says why. */
#include "world.h"

#include "fault.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum hm_code world_load(const char *text, size_t size, struct hm_error *err)
{
    struct json_file file = { 0 };
    struct faults *faults = NULL;
    struct store *store = NULL;
    enum hm_code code = json_file_parse(&file, "world.json", text, size, err);

    if (code == HM_OK)
        code = world_read(&store, &file, err);
    if (code == HM_OK)
        code = faults_new(&faults, err);
    if (code == HM_OK)
        code = world_faults_read(faults, store, &file, err);
    faults_free(faults);
    store_free(store);
    json_file_fini(&file);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hm_error err = { .code = HM_OK };

    if (world_load((const char *)data, size, &err) != HM_OK && err.text[0] == '\0')
        abort();
    return 0;
}
