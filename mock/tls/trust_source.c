#include "tls/trust_source.h"

#include "support/file.h"
#include "support/text.h"
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_TEXT = 4096, HASH_DIGITS = 8 };

const char *trust_source_system(void)
{
    static const char *const files[] = {
        "/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Gentoo */
        "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, RHEL */
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem", /* SUSE */
        "/etc/ssl/cert.pem",      /* Alpine */
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (access(files[i], R_OK) == 0)
            return files[i];
    }
    return NULL;
}

static enum hm_code file_append(struct buf *out, const char *path, struct hm_error *err)
{
    enum hm_code code = file_read(out, path, err);

    if (code != HM_OK && buf_ok(out))
        code = HM_OK; /* the program cannot read it either */
    if (code == HM_OK && out->length > 0 && out->data[out->length - 1] != '\n')
        buf_putc(out, '\n');
    return code;
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

static enum hm_code directory_append(struct buf *out, const char *path, struct hm_error *err)
{
    DIR *entries = opendir(path);
    const struct dirent *entry;
    char file[PATH_TEXT];
    enum hm_code code = HM_OK;

    while (code == HM_OK && entries != NULL && (entry = readdir(entries)) != NULL) {
        if (is_hash_name(entry->d_name) &&
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name) < (int)sizeof file)
            code = file_append(out, file, err);
    }
    if (entries != NULL)
        closedir(entries);
    return code;
}

enum hm_code trust_source_read(struct buf *out, const char *path, struct hm_error *err)
{
    struct stat there;

    /* To file_read(), "-" is standard input. */
    if (path == NULL || strcmp(path, "-") == 0 || stat(path, &there) != 0)
        return HM_OK;
    if (S_ISDIR(there.st_mode))
        return directory_append(out, path, err);
    return S_ISREG(there.st_mode) ? file_append(out, path, err) : HM_OK;
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
