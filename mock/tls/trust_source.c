#include "tls/trust_source.h"

#include "support/file.h"
#include "support/text.h"
#include "support/try.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_TEXT = 4096, HASH_DIGITS = 8 };

/* What cannot be read is left out: the program cannot read it either. */
static enum hm_code readable(enum hm_code code, const struct buf *out)
{
    return code == HM_BAD_INPUT && buf_ok(out) ? HM_OK : code;
}

static void line_end(struct buf *out)
{
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        buf_putc(out, '\n');
}

/* "5ed36f99.0" */
static bool is_hash_name(const char *name)
{
    for (size_t i = 0; i < HASH_DIGITS; i++) {
        if (hex_value(name[i]) < 0)
            return false;
    }
    return name[HASH_DIGITS] == '.' && name[HASH_DIGITS + 1] >= '0' && name[HASH_DIGITS + 1] <= '9';
}

/* The certificates of @names, the entries of the directory. */
static enum hm_code directory_append(struct buf *out, const char *path, const struct buf *names,
                                     struct hm_error *err)
{
    const char *end = names->data + names->length;
    char file[PATH_TEXT];
    enum hm_code code = HM_OK;

    for (const char *name = names->data; code == HM_OK && name < end; name += strlen(name) + 1) {
        if (is_hash_name(name) &&
            snprintf(file, sizeof file, "%s/%s", path, name) < (int)sizeof file)
            code = readable(file_read(out, file, err), out);
        line_end(out);
    }
    return code;
}

enum hm_code trust_source_read(struct buf *out, const char *path, struct hm_error *err)
{
    struct buf found;
    bool is_folder;
    enum hm_code code = HM_OK;

    if (path == NULL)
        return HM_OK;
    buf_init(&found, out->ceiling - out->length);
    TRY(readable(file_or_folder_read(&found, &is_folder, path, err), &found));
    if (is_folder) {
        TRY(directory_append(out, path, &found, err));
    } else {
        buf_add(out, buf_text(&found), found.length);
        line_end(out);
    }
out:
    buf_fini(&found);
    return code;
}

bool trust_source_java(char *path, size_t size, const struct environment *environment)
{
    const char *at = environment_find(environment, "PATH");

    for (; at != NULL; at = strchr(at, ':') == NULL ? NULL : strchr(at, ':') + 1) {
        int length = snprintf(path, size, "%.*s/java", (int)strcspn(at, ":"), at);

        if (length < (int)size && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

/* wget ignores letter case, hyphens and underscores in a name. */
static bool is_ca_certificate(const char *line, size_t length)
{
    char name[sizeof "cacertificate"];
    size_t used = 0;

    for (size_t i = 0; i < length && used < sizeof name; i++) {
        if (strchr("-_ \t", line[i]) == NULL)
            name[used++] = line[i];
    }
    if (used == sizeof name)
        return false;
    name[used] = '\0';
    return text_equal_nocase(name, "cacertificate");
}

const char *trust_source_of_wgetrc(const char *text, size_t *length)
{
    const char *found = "";

    *length = 0;
    for (const char *line = text; *line != '\0';) {
        size_t whole = strcspn(line, "\n"), name = strcspn(line, "=\n");

        if (name < whole && is_ca_certificate(line, name)) {
            found = line + name + 1;
            *length = whole - name - 1;
            for (; *length > 0 && strchr(" \t", *found) != NULL; found++)
                (*length)--;
            while (*length > 0 && strchr(" \t\r", found[*length - 1]) != NULL)
                (*length)--;
        }
        line += whole + (line[whole] == '\n');
    }
    return found;
}
