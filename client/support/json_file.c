#include "support/json_file.h"
#include "support/buf.h"
#include "support/escape.h"
#include "support/file.h"
#include "support/json_fault.h"
#include "support/json_scan.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum {
    NAME_SHOWN_BYTES = 200,    /* of a path: its end */
    MESSAGE_BYTES = 16 * 1024, /* before it is cut to HM_ERROR_TEXT */
    WRITTEN_BYTES_MAX = 256 * 1024 * 1024
};

enum hm_code json_complain_at(const struct json_file *file, size_t offset, struct hm_error *err,
                              const char *text)
{
    struct json_place place = json_place_at(file->text, offset);
    size_t name_length = strlen(file->name);
    const char *name = file->name;
    struct buf out;

    buf_init(&out, MESSAGE_BYTES);
    if (name_length > NAME_SHOWN_BYTES) {
        buf_puts(&out, "...");
        name += name_length - NAME_SHOWN_BYTES;
        name_length = NAME_SHOWN_BYTES;
    }
    escape_terminal(&out, name, name_length);
    buf_printf(&out, ":%zu:%zu: ", place.line, place.column);
    escape_terminal(&out, text, strlen(text));
    hm_error_set(err, HM_BAD_INPUT, "%s", buf_ok(&out) ? buf_text(&out) : text);
    buf_fini(&out);
    return HM_BAD_INPUT;
}

static enum hm_code complain_of_syntax(const struct json_file *file, json_error_t *fault,
                                       struct hm_error *err)
{
    if (json_fault_is_memory(fault, file->text, file->length))
        return hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", file->name);
    return json_complain_at(file, json_fault_token(fault, file->text, file->length).at, err,
                            json_fault_unquote(fault));
}

/* Takes @text over, also after a failure. */
static enum hm_code parse(struct json_file *file, const char *name, char *text, size_t length,
                          struct hm_error *err)
{
    const char *nul = memchr(text, '\0', length);
    enum hm_code code = HM_OK;
    json_error_t fault = { .text = "" };

    *file = (struct json_file){ .name = strdup(name), .text = text, .length = length };
    if (file->name == NULL) {
        code = hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", name);
        goto out;
    }
    if (strspn(text, " \t\r\n") == length) {
        code = json_complain_at(file, 0, err, "found an empty file, expected JSON");
        goto out;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        code =
            json_complain_at(file, 0, err, "found a byte order mark, expected UTF-8 without one");
        goto out;
    }
    /* jansson accepts one after a number or a literal. */
    if (nul != NULL) {
        code = json_complain_at(file, (size_t)(nul - text), err,
                                "found a NUL byte, expected JSON in UTF-8");
        goto out;
    }
    file->root =
        json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &fault);
    if (file->root == NULL)
        code = complain_of_syntax(file, &fault, err);
out:
    if (code != HM_OK)
        json_file_fini(file);
    return code;
}

enum hm_code json_file_load(struct json_file *file, const char *path, size_t ceiling_bytes,
                            struct hm_error *err)
{
    enum hm_code code;
    struct buf text;
    size_t length;
    char *taken;

    *file = (struct json_file){ 0 };
    buf_init(&text, ceiling_bytes);
    TRY(file_read(&text, path, err));
    length = text.length;
    taken = buf_take(&text);
    if (taken == NULL)
        code = hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", path);
    else
        code = parse(file, strcmp(path, "-") == 0 ? "standard input" : path, taken, length, err);
out:
    buf_fini(&text);
    return code;
}

enum hm_code json_file_parse(struct json_file *file, const char *name, const char *text,
                             size_t length, struct hm_error *err)
{
    char *copy = length < SIZE_MAX ? malloc(length + 1) : NULL;

    *file = (struct json_file){ 0 };
    if (copy == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", name);
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return parse(file, name, copy, length, err);
}

void json_file_fini(struct json_file *file)
{
    json_decref(file->root);
    if (file->text != NULL)
        platform_erase(file->text, file->length); /* it may be a file of secrets */
    free(file->text);
    free(file->name);
    *file = (struct json_file){ 0 };
}

enum hm_code json_file_write(const char *path, json_t *tree, struct hm_error *err)
{
    enum hm_code code;
    struct buf text;

    buf_init(&text, WRITTEN_BYTES_MAX);
    json_text_tree(&text, tree, JSON_INDENT(2));
    buf_putc(&text, '\n');
    code = buf_ok(&text) ? file_write(path, buf_text(&text), text.length, err) : no_memory(err);
    buf_fini(&text);
    json_decref(tree);
    return code;
}
