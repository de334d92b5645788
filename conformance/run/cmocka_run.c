#include "run/cmocka_run.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SAYS_BYTES_MAX = 16 * 1024 * 1024 };

static void item_test(void **state)
{
    const struct cmocka_item *item = *state;

    assert_true(item->run(item->context));
}

/* Standard output and standard error, turned into one file for a while. */
struct diversion {
    FILE *file;
    int saved[2];
};

static enum hm_code divert(struct diversion *diversion, struct hm_error *err)
{
    diversion->file = tmpfile();
    diversion->saved[0] = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    diversion->saved[1] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (diversion->file == NULL || diversion->saved[0] < 0 || diversion->saved[1] < 0)
        return hm_error_set(err, HM_INTERNAL, "cannot keep cmocka's output: %s", strerror(errno));
    int fd = fileno(diversion->file);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fflush(stdout);
    (void)dup2(fd, STDOUT_FILENO);
    (void)dup2(fd, STDERR_FILENO);
    return HM_OK;
}

static void restore(struct diversion *diversion)
{
    fflush(stdout);
    fflush(stderr);
    for (size_t i = 0; i < 2; i++) {
        if (diversion->saved[i] < 0)
            continue;
        (void)dup2(diversion->saved[i], i == 0 ? STDOUT_FILENO : STDERR_FILENO);
        close(diversion->saved[i]);
    }
}

static char *read_back(FILE *file)
{
    struct buf says;
    char block[4096];
    size_t got;

    buf_init(&says, SAYS_BYTES_MAX);
    buf_puts(&says, "");
    rewind(file);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&says, block, got);
    return buf_take(&says);
}

enum hm_code cmocka_run(char **says, struct cmocka_item *items, size_t count, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct diversion diversion = { NULL, { -1, -1 } };
    struct CMUnitTest *tests = calloc(count + 1, sizeof *tests);

    *says = NULL;
    if (tests == NULL)
        return no_memory(err);
    for (size_t i = 0; i < count; i++) {
        tests[i].name = items[i].name;
        tests[i].test_func = item_test;
        tests[i].initial_state = &items[i];
    }
    code = divert(&diversion, err);
    if (code == HM_OK)
        _cmocka_run_group_tests("cases", tests, count, NULL, NULL);
    restore(&diversion);
    if (code == HM_OK)
        *says = read_back(diversion.file);
    if (diversion.file != NULL)
        fclose(diversion.file);
    free(tests);
    return code;
}
