#include "support/file.h"
#include "support/reader.h"
#include "support/try.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 16 * 1024 };

/* "NAME: why", for a file that cannot be read or written. */
static enum hm_code complain(struct hm_error *err, const char *path, const char *what, int number)
{
    return hm_error_set(err, HM_BAD_INPUT, "%s: %s: %s", path, what, strerror(number));
}

/* Appends what the reader delivers. */
static enum hm_code read_all(struct buf *out, struct reader *reader, const char *path,
                             struct hm_error *err)
{
    char piece[READ_BYTES];
    size_t got = 0;
    enum hm_code code;

    do {
        TRY(reader_next(reader, piece, sizeof piece, &got, err));
        buf_add(out, piece, got);
        if (out->status == BUF_TOO_LONG)
            TRY(hm_error_set(err, HM_BAD_INPUT, "%s: found more than %zu bytes, which is the limit",
                             strcmp(path, "-") == 0 ? "standard input" : path, out->ceiling));
        if (!buf_ok(out))
            TRY(hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", path));
    } while (got > 0);
out:
    return code;
}

enum hm_code file_read(struct buf *out, const char *path, struct hm_error *err)
{
    struct reader *reader;
    enum hm_code code;

    TRY(reader_open(&reader, path, err));
    TRY(read_all(out, reader, path, err));
out:
    reader_close(reader);
    return code;
}

enum hm_code file_or_folder_read(struct buf *out, bool *is_folder, const char *path,
                                 struct hm_error *err)
{
    struct reader *reader;
    enum hm_code code;

    *is_folder = false;
    TRY(reader_open_any(&reader, path, err));
    TRY(read_all(out, reader, path, err));
    *is_folder = reader_had_folder(reader);
out:
    reader_close(reader);
    return code;
}

/* 0, or the errno of what failed; @fd is closed either way. */
static int write_all(int fd, const char *data, size_t length)
{
    int number = 0;

    while (length > 0 && number == 0) {
        ssize_t put = write(fd, data, length);

        if (put >= 0) {
            data += put;
            length -= (size_t)put;
        } else if (errno != EINTR) {
            number = errno;
        }
    }
    if (close(fd) != 0 && number == 0)
        number = errno;
    return number;
}

enum hm_code file_write(const char *path, const char *data, size_t length, struct hm_error *err)
{
    return file_write_as(path, data, length, S_IRUSR | S_IWUSR, err);
}

enum hm_code file_write_as(const char *path, const char *data, size_t length, mode_t mode,
                           struct hm_error *err)
{
    static const char suffix[] = ".XXXXXX";
    size_t path_length = strlen(path);
    char *temporary = NULL;
    enum hm_code code = HM_OK;
    struct stat there;
    int fd, number;

    /* A rename onto /dev/null or a pipe would replace it. */
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return hm_error_set(err, HM_BAD_INPUT, "%s: found %s, expected a file to replace", path,
                            S_ISDIR(there.st_mode) ? "a directory" : "a device or pipe");
    temporary = malloc(path_length + sizeof suffix);
    if (temporary == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", path);
    memcpy(temporary, path, path_length);
    memcpy(temporary + path_length, suffix, sizeof suffix);
    fd = mkstemp(temporary); /* mode 0600 */
    if (fd < 0) {
        code = complain(err, path, "cannot be written", errno);
        goto out;
    }
    number = fchmod(fd, mode) != 0 ? errno : 0;
    if (number == 0)
        number = write_all(fd, data, length);
    else
        close(fd);
    if (number == 0 && rename(temporary, path) != 0)
        number = errno;
    if (number != 0) {
        code = complain(err, path, "cannot be written", number);
        unlink(temporary);
    }
out:
    free(temporary);
    return code;
}
