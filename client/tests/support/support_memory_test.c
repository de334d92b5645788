/* Each allocation of support/ fails once: the first, then the second, until all succeed. Each time
 * the result is HM_NO_MEMORY and nothing leaks (AddressSanitizer checks). The linker option --wrap
 * redirects the allocations of our own code, json_set_alloc_funcs() those of jansson. */
#include "support/buf.h"
#include "support/file.h"
#include "support/fixture.h"
#include "support/json_node.h"
#include "tests/failing_memory.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <unistd.h>

static void *json_malloc(size_t bytes)
{
    return malloc(bytes);
}

static const struct fixtures built_in = { NULL };
static const struct fixtures folder = { HM_SOURCE "/fixtures" };

static enum hm_code load(const struct fixtures *from, struct hm_error *err)
{
    struct json_file file;
    enum hm_code code = fixture_load(&file, from, "schemas/profile.schema.json", err);

    json_file_fini(&file);
    return code;
}

static enum hm_code load_built_in(struct hm_error *err)
{
    return load(&built_in, err);
}

static enum hm_code load_from_folder(struct hm_error *err)
{
    return load(&folder, err);
}

static enum hm_code list(const struct fixtures *from, struct hm_error *err)
{
    char **paths;
    enum hm_code code = fixture_list(&paths, from, "", err);

    fixture_list_free(paths);
    return code;
}

static enum hm_code list_built_in(struct hm_error *err)
{
    return list(&built_in, err);
}

static enum hm_code list_folder(struct hm_error *err)
{
    return list(&folder, err);
}

static char written_path[TEMPORARY_PATH];

static enum hm_code write_file(struct hm_error *err)
{
    return file_write(written_path, "x", 1, err);
}

/* A complaint is made even when there is no memory to find its place. */
static enum hm_code complain(struct hm_error *err)
{
    static const char *const members[] = { "name", NULL };
    static const char text[] = "{\"n\\u0061mme\": 1}";
    struct json_file file;
    struct json_node root;
    enum hm_code code = json_file_parse(&file, "f", text, sizeof text - 1, err);

    root = json_node_root(&file);
    if (code == HM_OK)
        code = json_expect_object(&root, members, err) == HM_BAD_INPUT ? HM_OK : HM_INTERNAL;
    json_file_fini(&file);
    return code;
}

static enum hm_code complain_of_syntax(struct hm_error *err)
{
    struct json_file file;
    enum hm_code code = json_file_parse(&file, "f", "[1 2]", 5, err);

    json_file_fini(&file);
    return code == HM_BAD_INPUT ? HM_OK : code;
}

TEST(survives_the_failure_of_every_allocation)
{
    int loaded, loaded_from_folder, listed, listed_folder, written, complained,
        complained_of_syntax;

    assert_true(temporary_file(written_path));
    json_set_alloc_funcs(json_malloc, free);
    loaded = allocations_survived(load_built_in);
    loaded_from_folder = allocations_survived(load_from_folder);
    listed = allocations_survived(list_built_in);
    listed_folder = allocations_survived(list_folder);
    written = allocations_survived(write_file);
    complained = allocations_survived(complain);
    complained_of_syntax = allocations_survived(complain_of_syntax);
    unlink(written_path);
    assert_in_range(loaded, 10, 100 * 1000);
    assert_in_range(loaded_from_folder, 10, 100 * 1000);
    assert_in_range(listed, 3, 10 * 1000);
    assert_in_range(listed_folder, 3, 10 * 1000);
    assert_int_equal(written, 1);
    assert_in_range(complained, 5, 1000);
    assert_in_range(complained_of_syntax, 3, 1000);
}
