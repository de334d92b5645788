#include "support/file.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fails if anything is left, such as a temporary file. */
static int remove_place(void **state)
{
    const struct place *place = *state;

    unlink(place->path);
    return place_teardown(state);
}

static bool reads(const char *path, size_t ceiling, const char *expected)
{
    struct buf out;
    struct hm_error err;
    bool same;

    buf_init(&out, ceiling);
    same = file_read(&out, path, &err) == HM_OK && strcmp(buf_text(&out), expected) == 0;
    buf_fini(&out);
    return same;
}

static bool refuses(const char *path, size_t ceiling, const char *expected)
{
    struct buf out;
    struct hm_error err = { 0 };
    bool same;

    buf_init(&out, ceiling);
    same = file_read(&out, path, &err) == HM_BAD_INPUT && strcmp(err.text, expected) == 0;
    if (!same)
        print_error("found    %s\nexpected %s\n", err.text, expected);
    buf_fini(&out);
    return same;
}

TEST_WITHIN(writes_and_reads_a_whole_file, place_setup, remove_place)
{
    const struct place *place = *state;
    struct stat is;

    assert_int_equal(file_write(place->path, "text\n", 5, NULL), HM_OK);
    assert_true(reads(place->path, 5, "text\n"));
    assert_int_equal(stat(place->path, &is), 0);
    assert_int_equal(is.st_mode & 0777, 0600);
}

TEST_WITHIN(replaces_a_file, place_setup, remove_place)
{
    const struct place *place = *state;

    assert_int_equal(file_write(place->path, "a long text", 11, NULL), HM_OK);
    assert_int_equal(file_write(place->path, "short", 5, NULL), HM_OK);
    assert_true(reads(place->path, 100, "short"));
    assert_int_equal(file_write(place->path, NULL, 0, NULL), HM_OK);
    assert_true(reads(place->path, 100, ""));
}

TEST_WITHIN(keeps_the_old_file_when_the_new_one_cannot_be_written, place_setup, remove_place)
{
    const struct place *place = *state;
    struct hm_error err = { 0 };
    char path[TEMPORARY_PATH + 16];

    snprintf(path, sizeof path, "%s/absent/file", place->dir);
    assert_int_equal(file_write(path, "x", 1, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "/absent/file: cannot be written: No such file or directory"));
    assert_int_equal(access(path, F_OK), -1);
}

TEST_WITHIN(does_not_replace_folders_and_devices, place_setup, remove_place)
{
    const struct place *place = *state;
    struct hm_error err = { 0 };
    struct stat is;

    assert_int_equal(file_write(place->dir, "x", 1, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, ": found a directory, expected a file to replace"));
    assert_int_equal(file_write("/dev/null", "x", 1, &err), HM_BAD_INPUT);
    assert_int_equal(stat("/dev/null", &is), 0);
    assert_true(S_ISCHR(is.st_mode));
}

TEST_WITHIN(refuses_a_file_past_the_ceiling, place_setup, remove_place)
{
    const struct place *place = *state;
    char expected[TEMPORARY_PATH + 64];

    assert_int_equal(file_write(place->path, "123456", 6, NULL), HM_OK);
    assert_true(reads(place->path, 6, "123456"));
    snprintf(expected, sizeof expected, "%s: found more than 5 bytes, which is the limit",
             place->path);
    assert_true(refuses(place->path, 5, expected));
}

TEST(says_why_a_file_cannot_be_read)
{
    assert_true(refuses("/", 10, "/: found a directory, expected a file"));
    assert_true(
        refuses("/nonexistent", 10, "/nonexistent: cannot be opened: No such file or directory"));
    assert_true(refuses("/dev/zero", 100000,
                        "/dev/zero: found a device or socket, expected a file or a pipe"));
    assert_true(refuses("", 10, ": cannot be opened: No such file or directory"));
}

TEST_WITHIN(appends_to_what_is_there, place_setup, remove_place)
{
    const struct place *place = *state;
    enum hm_code code;
    struct buf out;
    bool same;

    assert_int_equal(file_write(place->path, "two", 3, NULL), HM_OK);
    buf_init(&out, 100);
    buf_puts(&out, "one ");
    code = file_read(&out, place->path, NULL);
    same = strcmp(buf_text(&out), "one two") == 0;
    buf_fini(&out);
    assert_int_equal(code, HM_OK);
    assert_true(same);
}

TEST(dash_is_standard_input)
{
    int ends[2], saved = dup(STDIN_FILENO);
    bool same = false;

    if (pipe(ends) == 0 && write(ends[1], "piped", 5) == 5 && close(ends[1]) == 0 &&
        dup2(ends[0], STDIN_FILENO) >= 0)
        same = reads("-", 100, "piped");
    close(ends[0]);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_true(same);
}
