#include "export/export.h"
#include "export/export_http.h"
#include "export/export_hurl.h"
#include "support/no_memory.h"
#include "support/report_dir.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum { FORMAT_COUNT = 2 };

const char *const export_format_words[] = { "hurl", "http", NULL };

static const struct {
    bool (*append)(struct buf *out, const struct export_entry *entry);
    const char *how;
} formats[FORMAT_COUNT] = {
    { export_hurl, export_hurl_how },
    { export_http, export_http_how },
};

/* What an export is made with. */
struct export
{
    const struct catalog *catalog;
    const struct export_order *order;
    struct report_place place;
    struct names names;
    struct marks marks;
    struct export_sum *sum;
};

static char *name_make(const char *stem, size_t format)
{
    struct buf name;

    buf_init(&name, HM_ERROR_TEXT);
    buf_printf(&name, "%s.%s", stem, export_format_words[format]);
    char *text = buf_take(&name);

    buf_fini(&name);
    return text;
}

/* Claims the folder, and removes every file that an export could have written to it. */
static enum hm_code dir_claim(const struct export *export, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct catalog *catalog = export->catalog;
    size_t count = 0;
    char **names = calloc(catalog->file_count * FORMAT_COUNT + 1, sizeof *names);

    for (size_t i = 0; names != NULL && i < catalog->file_count; i++) {
        for (size_t format = 0; format < FORMAT_COUNT; format++) {
            names[count] = name_make(catalog->files[i]->stem, format);
            if (names[count++] == NULL)
                TRY(no_memory(err));
        }
    }
    code = names != NULL ? report_dir_claim(&export->place, (const char *const *)names, err)
                         : no_memory(err);
out:
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return code;
}

/* Appends all steps of a case to @out, or nothing. */
static enum hm_code case_append(struct buf *out, struct export *export,
                                const struct test_case *test, enum export_reason *reason,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct case_marks marks = { .run = &export->marks };
    struct export_entry entry = { .test = NULL };
    struct buf text;

    buf_init(&text, EXPORT_FILE_BYTES_MAX);
    *reason = export_case_reason(test, &export->names);
    for (size_t i = 0; i < test->step_count && *reason == EXPORT_GOES; i++) {
        TRY(export_entry_make(&entry, test, i, &export->names, &marks, &export->catalog->clauses,
                              err));
        entry.is_documented = export->order->is_documented;
        if (!export_entry_is_plain(&entry) || !formats[export->order->format].append(&text, &entry))
            *reason = EXPORT_REQUEST;
        export_entry_fini(&entry);
        entry = (struct export_entry){ .test = NULL };
    }
    if (!buf_ok(&text))
        TRY(no_memory(err));
    if (*reason == EXPORT_GOES)
        buf_add(out, buf_text(&text), text.length);
out:
    export_entry_fini(&entry);
    buf_fini(&text);
    return code;
}

/* Writes the chosen cases of @file; *next is the first of them, and is moved on. */
static enum hm_code file_write_cases(struct export *export, const struct case_file *file,
                                     size_t *next, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct catalog *catalog = export->catalog;
    struct export_sum *sum = export->sum;
    enum export_reason reason;
    struct buf entries;
    struct buf text;
    char *name = name_make(file->stem, (size_t) export->order->format);

    buf_init(&entries, EXPORT_FILE_BYTES_MAX);
    buf_init(&text, EXPORT_FILE_BYTES_MAX);
    if (name == NULL)
        TRY(no_memory(err));
    for (; *next < catalog->chosen_count && catalog->chosen[*next]->file == file; (*next)++) {
        const struct test_case *test = catalog->chosen[*next];

        TRY(case_append(&entries, export, test, &reason, err));
        sum->left_out[reason]++;
        if (reason != EXPORT_GOES)
            continue;
        sum->cases++;
        sum->requests += test->step_count;
    }
    if (entries.length == 0)
        goto out;
    export_head(&text, file, &entries, formats[export->order->format].how);
    buf_add(&text, buf_text(&entries), entries.length);
    if (!buf_ok(&entries))
        TRY(no_memory(err));
    TRY(report_dir_write(&export->place, name, &text, err));
    sum->files++;
out:
    free(name);
    buf_fini(&entries);
    buf_fini(&text);
    return code;
}

enum hm_code export_write(struct export_sum *sum, const struct catalog *catalog,
                          const struct export_order *order, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    size_t next = 0;
    struct export export = {
        .catalog = catalog,
        .order = order,
        .place = { .dir = order->dir, .mode = REPORT_PUBLIC }, /* there are no secrets in it */
        .sum = sum,
    };

    *sum = (struct export_sum){ .files = 0 };
    if (!marks_init(&export.marks))
        TRY(hm_error_set(err, HM_NO_MEMORY, "the system gave no random bytes"));
    TRY(export_names(&export.names, err));
    TRY(dir_claim(&export, err));
    while (next < catalog->chosen_count)
        TRY(file_write_cases(&export, catalog->chosen[next]->file, &next, err));
out:
    names_fini(&export.names);
    return code;
}
