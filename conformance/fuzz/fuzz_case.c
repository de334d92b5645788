/* Fuzz target: a case file. A refusal says why. */
#define _GNU_SOURCE /* memfd_create(); NOLINT(bugprone-reserved-identifier) */
#include "case.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_TEXT = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fixtures built_in = { 0 }, open_files = { "/proc/self/fd" };
    static struct clauses clauses;
    struct hm_error err = { .code = HM_OK };
    struct case_file *file = NULL;
    char path[PATH_TEXT];
    int fd = memfd_create("case", MFD_CLOEXEC);

    if (clauses.at == NULL && clauses_load(&clauses, &built_in, NULL) != HM_OK)
        abort();
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "%d", fd);
    if (case_file_load(&file, &open_files, path, &clauses, &err) != HM_OK && err.text[0] == '\0')
        abort();
    case_file_free(file);
    close(fd);
    return 0;
}
