#include "intercept/name_files.h"

#include "intercept/intercept_target.h"
#include "support/file.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char hosts[] = "/etc/hosts", name_switch[] = "/etc/nsswitch.conf",
                  resolver[] = "/etc/resolv.conf";

/* A short time, should there be nobody to answer. */
static const char resolver_text[] = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n";

/* Where nscd and systemd-resolved are asked. A socket with a path is reached from every network
 * namespace. */
static const char *const hidden[] = { "/run/nscd", "/var/run/nscd", "/run/systemd/resolve" };
enum { HIDDEN = sizeof hidden / sizeof hidden[0] };

/* Does a line of a hosts file name it? */
static bool line_has_name(const char *line, size_t length)
{
    size_t at = 0;

    while ((at += strspn(line + at, " \t\r")) < length && line[at] != '#') {
        size_t bytes = strcspn(line + at, " \t\r\n#");

        if (bytes == sizeof INTERCEPT_NAME - 1 &&
            strncasecmp(line + at, INTERCEPT_NAME, bytes) == 0)
            return true;
        at += bytes;
    }
    return false;
}

/* Appends the lines of @text, without those for which @leaves_out. */
static void lines_copy(struct buf *out, const char *text,
                       bool (*leaves_out)(const char *line, size_t length))
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        if (!leaves_out(text, length)) {
            buf_add(out, text, length);
            buf_putc(out, '\n');
        }
        text += length + (text[length] == '\n');
    }
}

void name_files_hosts(struct buf *out, const char *before)
{
    buf_puts(out, INTERCEPT_ADDRESS " " INTERCEPT_NAME "\n");
    lines_copy(out, before, line_has_name);
}

/* The address at the beginning of a line of a hosts file. */
static bool line_address(union address *out, const char *line)
{
    char text[ADDRESS_TEXT_SIZE] = "";
    size_t length;

    line += strspn(line, " \t");
    length = strcspn(line, " \t%");
    if (length >= sizeof text)
        return false;
    memcpy(text, line, length);
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &out->ip4.sin_addr) == 1)
        out->any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &out->ip6.sin6_addr) == 1)
        out->any.sa_family = AF_INET6;
    return out->any.sa_family != AF_UNSPEC;
}

size_t name_files_addresses(union address *out, size_t max, const char *text)
{
    size_t count = 0;

    while (*text != '\0' && count < max) {
        size_t length = strcspn(text, "\n");

        if (line_has_name(text, length) && line_address(&out[count], text))
            count++;
        text += length + (text[length] == '\n');
    }
    return count;
}

size_t name_files_addresses_here(union address *out, size_t max)
{
    struct hm_error ignored = { 0 };
    struct buf text;
    size_t count = 0;

    buf_init(&text, MOUNTS_FILE_BYTES_MAX);
    if (access(hosts, R_OK) == 0 && file_read(&text, hosts, &ignored) == HM_OK)
        count = name_files_addresses(out, max, buf_text(&text));
    buf_fini(&text);
    return count;
}

static bool is_of_hosts(const char *line, size_t length)
{
    size_t spaces = strspn(line, " \t");

    return spaces < length && strncmp(line + spaces, "hosts:", sizeof "hosts:" - 1) == 0;
}

void name_files_switch(struct buf *out, const char *before)
{
    lines_copy(out, before, is_of_hosts);
    buf_puts(out, "hosts: files dns\n");
}

static enum hm_code changed_mount(struct mounts *mounts, const char *path,
                                  void (*change)(struct buf *out, const char *before),
                                  struct hm_error *err)
{
    struct buf before, after;
    enum hm_code code = HM_OK;

    buf_init(&before, MOUNTS_FILE_BYTES_MAX);
    buf_init(&after, MOUNTS_FILE_BYTES_MAX);
    if (access(path, R_OK) != 0)
        goto out;
    TRY(file_read(&before, path, err));
    change(&after, buf_text(&before));
    TRY(mounts_file(mounts, path, &after, err));
out:
    buf_fini(&before);
    buf_fini(&after);
    return code;
}

static bool is_below(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return strncmp(path, directory, length) == 0 && path[length] == '/';
}

/* An empty directory in its place; but if resolv.conf is a link to a file in it, ours is there. */
static enum hm_code hide(struct mounts *mounts, const char *directory, const char *resolver_file,
                         const struct buf *text, struct hm_error *err)
{
    char *real = realpath(directory, NULL), path[MOUNTS_PATH_TEXT], file[MOUNTS_PATH_TEXT + 256];
    enum hm_code code = HM_OK;

    if (real == NULL) /* there is none, or this user cannot reach it */
        return HM_OK;
    if (!mounts_directory(path, mounts))
        code = mounts_complain(directory, err);
    if (code == HM_OK && resolver_file != NULL && is_below(resolver_file, real)) {
        snprintf(file, sizeof file, "%s%s", path, resolver_file + strlen(real));
        code = file_write_as(file, text->data, text->length, 0644, err);
    }
    if (code == HM_OK && !mounts_bind(path, real))
        code = mounts_complain(directory, err);
    free(real);
    return code;
}

static enum hm_code resolver_mount(struct mounts *mounts, struct hm_error *err)
{
    char *real = realpath(resolver, NULL);
    bool is_hidden = false;
    struct buf text;
    enum hm_code code;

    buf_init(&text, sizeof resolver_text);
    buf_puts(&text, resolver_text);
    for (size_t i = 0; i < HIDDEN; i++) {
        is_hidden = is_hidden || (real != NULL && is_below(real, hidden[i]));
        TRY(hide(mounts, hidden[i], real, &text, err));
    }
    if (real != NULL && !is_hidden)
        TRY(mounts_file(mounts, real, &text, err));
out:
    buf_fini(&text);
    free(real);
    return code;
}

enum hm_code name_files_mount_hosts(struct mounts *mounts, struct hm_error *err)
{
    return changed_mount(mounts, hosts, name_files_hosts, err);
}

enum hm_code name_files_mount(struct mounts *mounts, struct hm_error *err)
{
    enum hm_code code;

    TRY(name_files_mount_hosts(mounts, err));
    TRY(changed_mount(mounts, name_switch, name_files_switch, err));
    TRY(resolver_mount(mounts, err));
out:
    return code;
}

void name_files_list(struct buf *out)
{
    const char *const paths[] = { hosts, name_switch, resolver, hidden[0], hidden[1], hidden[2] };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (access(paths[i], F_OK) == 0)
            buf_printf(out, "%s%s", out->length > 0 ? ", " : "", paths[i]);
    }
}
