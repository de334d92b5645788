#include "run/run_report.h"

#include "journal/counts.h"
#include "run/command_text.h"
#include "run/run_report_data.h"
#include "run/run_report_html.h"
#include "run/run_report_json.h"
#include "run/run_report_junit.h"
#include "run/run_report_md.h"
#include "store/store.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/report_dir.h"
#include "support/try.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMAND_BYTES_MAX = 8 * 1024 * 1024 };

/* Chosen by the extension. */
static const struct kind {
    const char *ending;
    void (*write)(struct buf *out, const struct report *report);
} kinds[] = { { ".json", report_json },
              { ".xml", report_junit },
              { ".html", report_html },
              { ".md", report_md } };

static const struct kind *kind_of(const char *path)
{
    size_t length = strlen(path);

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t ending = strlen(kinds[i].ending);

        if (length > ending && strcmp(path + length - ending, kinds[i].ending) == 0)
            return &kinds[i];
    }
    return NULL;
}

/* Before the tests run, which may take an hour. */
static enum hm_code directory_check(const char *path, struct hm_error *err)
{
    const char *slash = strrchr(path, '/');
    char *directory = slash == NULL   ? strdup(".")
                      : slash == path ? strdup("/")
                                      : strndup(path, (size_t)(slash - path));
    enum hm_code code = HM_OK;

    if (directory == NULL)
        return no_memory(err);
    if (access(directory, W_OK | X_OK) != 0)
        code = hm_error_set(err, HM_BAD_ARGUMENT, "--report %.200s: cannot be written: %s", path,
                            strerror(errno));
    free(directory);
    return code;
}

enum hm_code reports_check(const struct option_texts *paths, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < paths->count; i++) {
        if (kind_of(paths->at[i]) == NULL)
            return hm_error_set(
                err, HM_BAD_ARGUMENT,
                "--report %.200s: expected a name that ends in .json, .xml, .html or .md",
                paths->at[i]);
        TRY(directory_check(paths->at[i], err));
    }
out:
    return code;
}

static enum hm_code report_gather(struct report *report, const struct outcome *outcome,
                                  const struct store *store, struct hm_error *err)
{
    struct counts *counts = outcome->mock->counts;

    *report = (struct report){ .outcome = outcome };
    buf_init(&report->command, COMMAND_BYTES_MAX);
    command_write(&report->command, outcome->command, store_mask(store));
    report->finding_count = counts_findings(report->findings, counts);
    report->busiest = busiest_find(&counts->busiest);
    if (report->busiest.requests > 0)
        report->busiest_secret = hm_secrets_id(store_secrets(store), report->busiest.secret);
    if (!journal_view_take(&report->exchanges, outcome->mock->main.journal) ||
        !journal_view_add(&report->exchanges, outcome->mock->beside_journal))
        return no_memory(err);
    return HM_OK;
}

static enum hm_code report_write(const struct report *report, const char *path,
                                 struct hm_error *err)
{
    struct buf out;
    enum hm_code code;

    buf_init(&out, REPORT_BYTES_MAX);
    kind_of(path)->write(&out, report);
    if (buf_ok(&out))
        code = file_write_as(path, buf_text(&out), out.length,
                             report_file_mode(report->outcome->options->report_mode), err);
    else
        code = hm_error_set(err, HM_NO_MEMORY, "out of memory for %.200s", path);
    buf_fini(&out);
    return code;
}

enum hm_code reports_write(const struct outcome *outcome, struct hm_error *err)
{
    const struct option_texts *paths = &outcome->options->reports;
    struct state *state;
    struct report *report;
    struct hm_error other = { 0 };
    enum hm_code code = HM_OK;

    if (paths->count == 0)
        return HM_OK;
    report = malloc(sizeof *report);
    if (report == NULL)
        return no_memory(err);
    state = state_take(&outcome->mock->main.slot);
    code = report_gather(report, outcome, state->store, err);
    for (size_t i = 0; i < paths->count && code != HM_NO_MEMORY; i++) {
        enum hm_code written = report_write(report, paths->at[i], code == HM_OK ? err : &other);

        code = code == HM_OK ? written : code;
    }
    journal_view_fini(&report->exchanges);
    buf_fini(&report->command);
    state_release(state);
    free(report);
    return code;
}
