#include "support/file.h"
#include "support/report_dir.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0777 };

/* Fails if anything is left but what the tests write. */
static int remove_place(void **state)
{
    static const char *const names[] = { "a.json", "mine.txt", ".heymarket-report" };
    const struct place *place = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[TEMPORARY_PATH + 64];

        snprintf(path, sizeof path, "%s/%s", place->path, names[i]);
        unlink(path);
    }
    rmdir(place->path);
    return place_teardown(state);
}

static enum hm_code claim(const char *dir, const char *const *names, struct hm_error *err)
{
    return report_dir_claim(&(struct report_place){ dir, REPORT_PRIVATE }, names, err);
}

static const char *const no_names[] = { NULL };
static const char *const a_json[] = { "a.json", NULL };

static enum hm_code put(const char *dir, const char *name, const char *text)
{
    struct buf buf;
    enum hm_code code;

    buf_init(&buf, 64);
    buf_puts(&buf, text);
    code = report_dir_write(&(struct report_place){ dir, REPORT_PRIVATE }, name, &buf, NULL);
    buf_fini(&buf);
    return code;
}

static mode_t mode_of(const char *dir, const char *name)
{
    char path[TEMPORARY_PATH + 64];
    struct stat is = { 0 };

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return stat(path, &is) == 0 ? is.st_mode & MODE : 0;
}

TEST_WITHIN(makes_a_private_directory_and_private_files, place_setup, remove_place)
{
    const struct place *place = *state;

    assert_int_equal(claim(place->path, no_names, NULL), HM_OK);
    assert_int_equal(put(place->path, "a.json", "{}\n"), HM_OK);
    assert_int_equal(mode_of(place->path, "."), 0700);
    assert_int_equal(mode_of(place->path, "a.json"), 0600);
}

TEST_WITHIN(lets_others_read_them_where_that_is_asked_for, place_setup, remove_place)
{
    const struct place *place = *state;
    const struct report_place open_place = { place->path, REPORT_PUBLIC };
    struct buf buf;

    buf_init(&buf, 64);
    buf_puts(&buf, "{}");
    assert_int_equal(report_dir_claim(&open_place, no_names, NULL), HM_OK);
    assert_int_equal(report_dir_write(&open_place, "a.json", &buf, NULL), HM_OK);
    buf_fini(&buf);
    assert_int_equal(mode_of(place->path, "."), 0755);
    assert_int_equal(mode_of(place->path, "a.json"), 0644);
}

TEST(lets_others_read_them_in_ci)
{
    assert_int_equal(setenv("CI", "true", 1), 0);
    assert_int_equal(report_file_mode(REPORT_AUTO), 0644);
    assert_int_equal(report_file_mode(REPORT_PRIVATE), 0600);
    assert_int_equal(setenv("CI", "false", 1), 0);
    assert_int_equal(report_file_mode(REPORT_AUTO), 0600);
    assert_int_equal(report_file_mode(REPORT_PUBLIC), 0644);
    assert_int_equal(unsetenv("CI"), 0);
    assert_int_equal(report_file_mode(REPORT_AUTO), 0600);
}

TEST_WITHIN(takes_an_empty_directory_and_makes_it_private, place_setup, remove_place)
{
    const struct place *place = *state;

    assert_int_equal(mkdir(place->path, 0755), 0);
    assert_int_equal(claim(place->path, no_names, NULL), HM_OK);
    assert_int_equal(mode_of(place->path, "."), 0700);
}

TEST_WITHIN(takes_its_own_again_and_leaves_what_is_not_its_own, place_setup, remove_place)
{
    const struct place *place = *state;

    assert_int_equal(claim(place->path, no_names, NULL), HM_OK);
    assert_int_equal(put(place->path, "a.json", "old"), HM_OK);
    assert_int_equal(put(place->path, "mine.txt", "mine"), HM_OK);
    assert_int_equal(claim(place->path, a_json, NULL), HM_OK);
    assert_int_equal(claim(place->path, a_json, NULL), HM_OK);
    assert_int_equal(mode_of(place->path, "a.json"), 0);
    assert_int_equal(mode_of(place->path, "mine.txt"), 0600);
}

TEST_WITHIN(refuses_a_directory_with_other_files, place_setup, remove_place)
{
    const struct place *place = *state;
    struct hm_error err = { 0 };

    assert_int_equal(mkdir(place->path, 0755), 0);
    assert_int_equal(put(place->path, "mine.txt", ""), HM_OK);
    assert_int_equal(claim(place->path, no_names, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "/new: found other files, expected a directory that is"));
    assert_int_equal(mode_of(place->path, "."), 0755);
}

TEST_WITHIN(says_why_it_cannot_be_made, place_setup, remove_place)
{
    const struct place *place = *state;
    struct hm_error err = { 0 };
    char path[TEMPORARY_PATH + 64];

    snprintf(path, sizeof path, "%s/absent/reports", place->dir);
    assert_int_equal(claim(path, no_names, &err), HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "cannot be created: No such file or directory"));
    assert_int_equal(claim("/dev/null", no_names, &err), HM_BAD_INPUT);
    assert_string_equal(err.text, "/dev/null: cannot be used for reports: Not a directory");
}
