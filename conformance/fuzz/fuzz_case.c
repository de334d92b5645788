/* Fuzz target: a case file. It is refused with a message, or every recipe of it can be followed, or
 * gives a message. */
#define _GNU_SOURCE /* memfd_create(); NOLINT(bugprone-reserved-identifier) */
#include "fuzz/fuzz.h"

#include "cases/case.h"
#include "recipe/recipe.h"
#include "target/targets.h"
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATH_TEXT = 32 };

/* What the cases are judged by, and what they call by name; made once. */
static struct clauses clauses;
static struct names names;

static void surroundings_make(void)
{
    static const struct fixtures built_in = { 0 };
    struct json_file world = { .root = NULL };

    must(clauses_load(&clauses, &built_in, NULL) == HM_OK &&
         world_load(&world, &built_in, "default", NULL) == HM_OK &&
         names_from_world(&names, &world, "its world", NULL) == HM_OK);
    json_file_fini(&world);
}

static void recipes_follow(const struct test_case *test)
{
    for (size_t i = 0; i < test->step_count; i++) {
        struct authorization authorization = { 0 };
        struct hm_error err = { .code = HM_OK };
        enum hm_code code =
            recipe_make(&authorization, test->steps[i].token, &names, FUZZ_NOW, &err);

        must(code == HM_OK || (code == HM_BAD_INPUT && err.text[0] != '\0'));
        authorization_fini(&authorization);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fixtures open_files = { "/proc/self/fd" };
    struct hm_error err = { .code = HM_OK };
    struct case_file *file = NULL;
    char path[PATH_TEXT];
    int fd = memfd_create("case", MFD_CLOEXEC);

    if (clauses.at == NULL)
        surroundings_make();
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "%d", fd);
    if (case_file_load(&file, &open_files, path, &clauses, &err) == HM_OK) {
        for (size_t i = 0; i < file->case_count; i++)
            recipes_follow(&file->cases[i]);
    } else {
        must(err.text[0] != '\0');
    }
    case_file_free(file);
    close(fd);
    return 0;
}
