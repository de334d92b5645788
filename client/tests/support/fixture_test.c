#include "support/buf.h"
#include "support/fixture.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <sys/stat.h>
#include <unistd.h>

static const struct fixtures built_in = { NULL };
static const struct fixtures from_source = { HM_SOURCE "/fixtures" };

/* The list as one text, a path a line; "error: ..." after a failure. */
static void list_text(struct buf *out, const struct fixtures *from, const char *under)
{
    struct hm_error err = { 0 };
    char **paths;

    buf_init(out, (size_t)1024 * 1024);
    if (fixture_list(&paths, from, under, &err) != HM_OK)
        buf_printf(out, "error: %s", err.text);
    for (size_t i = 0; paths != NULL && paths[i] != NULL; i++)
        buf_printf(out, "%s\n", paths[i]);
    fixture_list_free(paths);
}

static bool lists(const struct fixtures *from, const char *under, const char *expected)
{
    struct buf found;
    bool same;

    list_text(&found, from, under);
    same = strcmp(buf_text(&found), expected) == 0;
    if (!same)
        print_error("found    %s\nexpected %s\n", buf_text(&found), expected);
    buf_fini(&found);
    return same;
}

TEST(the_folder_lists_as_the_built_in_ones)
{
    static const char *const folders[] = { "", "worlds", "schemas" };

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct buf here;
        bool same;

        list_text(&here, &from_source, folders[i]);
        same = here.length > 0 && lists(&built_in, folders[i], buf_text(&here));
        buf_fini(&here);
        assert_true(same);
    }
}

TEST(built_in_and_folder_hold_the_same)
{
    struct json_file inside = { 0 }, outside = { 0 };
    enum hm_code in_code = fixture_load(&inside, &built_in, "worlds/default.json", NULL);
    enum hm_code out_code = fixture_load(&outside, &from_source, "worlds/default.json", NULL);
    bool same = in_code == HM_OK && out_code == HM_OK && inside.length == outside.length &&
                memcmp(inside.text, outside.text, inside.length) == 0 &&
                strcmp(inside.name, "built-in:worlds/default.json") == 0 &&
                strcmp(outside.name, HM_SOURCE "/fixtures/worlds/default.json") == 0;

    json_file_fini(&inside);
    json_file_fini(&outside);
    assert_true(same);
}

static bool load_complains(const struct fixtures *from, const char *path, const char *expected)
{
    struct json_file file;
    struct hm_error err = { 0 };
    bool same =
        fixture_load(&file, from, path, &err) == HM_BAD_INPUT && strcmp(err.text, expected) == 0;

    if (!same)
        print_error("found    %s\nexpected %s\n", err.text, expected);
    json_file_fini(&file);
    return same;
}

TEST(a_fixture_that_is_not_there_is_named)
{
    assert_true(load_complains(&built_in, "worlds/absent.json",
                               "built-in:worlds/absent.json: there is no such fixture"));
    assert_true(load_complains(&from_source, "worlds/absent.json",
                               HM_SOURCE "/fixtures/worlds/absent.json: cannot be opened: No such "
                                         "file or directory"));
    assert_true(lists(&built_in, "absent", ""));
    assert_true(lists(&from_source, "absent",
                      "error: " HM_SOURCE
                      "/fixtures/absent: cannot be opened: No such file or directory"));
}

TEST(a_prefix_of_a_folder_is_no_folder)
{
    assert_true(lists(&built_in, "world", ""));
}

/* A folder of its own, made and removed by the shell's tools. */
static int shell(const char *script, const char *dir)
{
    char command[1024];

    snprintf(command, sizeof command, "cd %s && { %s; }", dir, script);
    return system(command); /* NOLINT(cert-env33-c): a test's own folder */
}

TEST(lists_folders_in_the_order_of_bytes)
{
    char dir[TEMPORARY_PATH];
    struct fixtures from = { dir };
    struct json_file file = { 0 };
    enum hm_code code;
    bool listed, nothing;

    assert_true(temporary_folder(dir));
    assert_int_equal(
        shell("mkdir -p cases/a/b cases/a-b cases/.git cases/empty cases/x.json && "
              "for f in cases/a/b/z cases/a/2 cases/a/10 cases/a-b/x cases/B cases/.hidden "
              "cases/.git/c;"
              "do echo '{}' > $f.json; done; echo no > cases/a/note.txt; echo no > cases/json;"
              "ln -s . cases/loop; ln -s ../other cases/dangling.json; ln -s a/2.json "
              "cases/link.json",
              dir),
        0);
    listed = lists(&from, "cases",
                   "cases/B.json\ncases/a-b/x.json\ncases/a/10.json\ncases/a/2.json\n"
                   "cases/a/b/z.json\ncases/link.json\n");
    nothing = lists(&from, "cases/empty", "");
    code = fixture_load(&file, &from, "cases/link.json", NULL);
    json_file_fini(&file);
    assert_int_equal(shell("rm -r cases", dir), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_true(listed);
    assert_true(nothing);
    assert_int_equal(code, HM_OK);
}

TEST(refuses_folders_nested_too_deeply)
{
    char dir[TEMPORARY_PATH];
    struct fixtures from = { dir };
    struct buf found;
    bool refused;

    assert_true(temporary_folder(dir));
    assert_int_equal(shell("mkdir -p c/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", dir), 0);
    list_text(&found, &from, "c");
    refused = strstr(buf_text(&found), "/16/17: directories nested more than 16 deep") != NULL;
    buf_fini(&found);
    assert_int_equal(shell("rm -r c", dir), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_true(refused);
}
