#include "judge/baseline.h"
#include "cases/shape.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASELINE_BYTES_MAX = 4 * 1024 * 1024, DATE_BYTES = 10, TEXT_BYTES_MAX = 4096 };

static const struct shape file_shape[] = {
    { .member = "$schema", .types = SHAPE_STRING },
    { .member = "v", .types = SHAPE_INTEGER, .is_required = true },
    { .member = "known", .types = SHAPE_ARRAY, .is_required = true },
    { .member = NULL },
};

static const struct shape entry_shape[] = {
    { .member = "case", .types = SHAPE_STRING, .is_required = true },
    { .member = "clause", .types = SHAPE_STRING, .is_required = true },
    { .member = "reason", .types = SHAPE_STRING, .is_required = true },
    { .member = "until", .types = SHAPE_STRING, .is_required = true },
    { .member = NULL },
};

/* A date that exists, YYYY-MM-DD. */
static bool is_date(const char *text)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    static const char form[] = "0000-00-00";

    for (size_t i = 0; i < DATE_BYTES; i++) {
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    }
    int year = (int)strtol(text, NULL, 10);
    int month = (int)strtol(text + 5, NULL, 10);
    int day = (int)strtol(text + 8, NULL, 10);
    return text[DATE_BYTES] == '\0' && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] &&
           (month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)));
}

static bool is_listed(const struct baseline *baseline, const struct known_failure *entry)
{
    for (size_t i = 0; i < baseline->count; i++) {
        const struct known_failure *other = &baseline->at[i];

        if (other->clause == entry->clause && other->pattern != NULL &&
            strcmp(other->pattern, entry->pattern) == 0)
            return true;
    }
    return false;
}

static bool is_glob(const char *pattern)
{
    return strpbrk(pattern, "*?") != NULL;
}

static bool matches_any(const struct catalog *catalog, const char *pattern)
{
    for (size_t i = 0; i < catalog->file_count; i++) {
        const struct case_file *file = catalog->files[i];

        for (size_t j = 0; j < file->case_count; j++) {
            if (text_matches_glob(file->cases[j].id, pattern))
                return true;
        }
    }
    return false;
}

static enum hm_code case_find(struct known_failure *entry, const struct json_node *node,
                              const struct catalog *catalog, struct hm_error *err)
{
    entry->pattern = json_string_value(node->value);
    entry->test = catalog_find(catalog, entry->pattern);
    if (entry->test != NULL || (is_glob(entry->pattern) && matches_any(catalog, entry->pattern)))
        return HM_OK;
    const char *near = catalog_nearest(catalog, entry->pattern);
    return json_complain(node, err, "there is no case %s%s%s%s", entry->pattern,
                         near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                         near != NULL ? "?" : "");
}

static enum hm_code entry_read(struct baseline *baseline, const struct json_node *node,
                               const struct catalog *catalog, const char *today,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct known_failure entry = { .test = NULL };
    struct json_node clause;
    struct json_node reason;
    struct json_node until;

    TRY(shape_check(node, entry_shape, NULL, err));
    struct json_node test = json_node_member(node, "case");
    clause = json_node_member(node, "clause");
    reason = json_node_member(node, "reason");
    until = json_node_member(node, "until");
    TRY(case_find(&entry, &test, catalog, err));
    entry.clause = clause_find(&catalog->clauses, json_string_value(clause.value));
    entry.reason = json_string_value(reason.value);
    entry.until = json_string_value(until.value);
    if (entry.clause == NULL)
        TRY(json_complain(&clause, err, "there is no clause %s", json_string_value(clause.value)));
    if (!*entry.reason)
        TRY(json_complain(&reason, err, "found an empty string, expected the reason"));
    if (!is_date(entry.until))
        TRY(json_complain(&until, err, "found \"%s\", expected a date, YYYY-MM-DD", entry.until));
    if (is_listed(baseline, &entry))
        TRY(json_complain(node, err, "found %s and %s twice, expected them once",
                          json_string_value(test.value), json_string_value(clause.value)));
    entry.is_past = strcmp(today, entry.until) > 0;
    baseline->at[baseline->count++] = entry;
out:
    return code;
}

enum hm_code baseline_load(struct baseline *baseline, const char *path,
                           const struct catalog *catalog, int64_t now, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf today;

    memset(baseline, 0, sizeof *baseline);
    buf_init(&today, HM_ERROR_TEXT);
    append_utc(&today, now);
    if (!buf_ok(&today))
        TRY(no_memory(err));
    today.data[DATE_BYTES] = '\0';
    TRY(json_file_load(&baseline->file, path, BASELINE_BYTES_MAX, err));
    struct json_node root = json_node_root(&baseline->file);
    TRY(shape_check(&root, file_shape, NULL, err));
    struct json_node version = json_node_member(&root, "v");
    if (json_integer_value(version.value) != 1)
        TRY(json_complain(&version, err, "found %lld, expected 1",
                          (long long)json_integer_value(version.value)));
    struct json_node list = json_node_member(&root, "known");
    size_t count = json_array_size(list.value);
    baseline->at = calloc(count + 1, sizeof *baseline->at);
    if (baseline->at == NULL)
        TRY(no_memory(err));
    for (size_t i = 0; i < count; i++) {
        struct json_node entry = json_node_element(&list, i);

        TRY(entry_read(baseline, &entry, catalog, today.data, err));
    }
out:
    buf_fini(&today);
    return code;
}

void baseline_fini(struct baseline *baseline)
{
    free(baseline->at);
    json_file_fini(&baseline->file);
    memset(baseline, 0, sizeof *baseline);
}

static bool is_for(const struct known_failure *entry, const struct result *result)
{
    return entry->test != NULL ? entry->test == result->test
                               : text_matches_glob(result->test->id, entry->pattern);
}

/* The entry that accepts a failure today; one for this case alone before one for many. */
static const struct known_failure *
entry_for(const struct baseline *baseline, const struct result *result, const struct clause *clause)
{
    const struct known_failure *found = NULL;

    for (size_t i = 0; i < baseline->count; i++) {
        const struct known_failure *entry = &baseline->at[i];

        if (entry->clause == clause && !entry->is_past && is_for(entry, result) &&
            (found == NULL || entry->test != NULL))
            found = entry;
    }
    return found;
}

static bool fails_of(const struct result *result, const struct clause *clause, enum grade least)
{
    for (size_t i = 0; i < result->remark_count; i++) {
        if (result->remarks[i].grade >= least && result->remarks[i].clause == clause &&
            !result->remarks[i].is_stale)
            return true;
    }
    return false;
}

/* Adds a failure of the baseline entry itself. */
static void stale_add(struct result *result, const struct baseline *baseline,
                      const struct known_failure *entry, const char *expected, const char *actual)
{
    const struct remark remark = { .grade = GRADE_FAILED,
                                   .clause = entry->clause,
                                   .is_stale = true };
    char text[TEXT_BYTES_MAX];

    snprintf(text, sizeof text, "%s, accepted until %s (%s: %s)", expected, entry->until,
             baseline->file.name, entry->reason);
    result_add(result, &remark, text, actual);
}

static const char *const no_longer = "it no longer fails for this clause: remove the entry";
static const char *const still = "it still fails";

static void past_add(struct result *result, const struct baseline *baseline,
                     const struct known_failure *entry)
{
    stale_add(result, baseline, entry, "no failure after its date", still);
}

/* "J5: <reason> (until 2027-01-31); ..." */
static void known_set(struct result *result)
{
    const struct known_failure *last = NULL;
    struct buf reasons;

    buf_init(&reasons, TEXT_BYTES_MAX);
    for (size_t i = 0; i < result->remark_count; i++) {
        const struct known_failure *entry = result->remarks[i].known;

        if (entry != NULL && entry != last)
            buf_printf(&reasons, "%s%s: %s (until %s)", reasons.length > 0 ? "; " : "",
                       entry->clause->id, entry->reason, entry->until);
        last = entry != NULL ? entry : last;
    }
    result_decide(result, GRADE_KNOWN, "%s", buf_text(&reasons));
    buf_fini(&reasons);
}

/* Marks the listed failures as known. Are there any, and no others? */
static bool failures_accept(const struct baseline *baseline, struct result *result,
                            enum grade least)
{
    enum grade grade = GRADE_SKIPPED;

    for (size_t i = 0; i < result->remark_count; i++) {
        struct remark *remark = &result->remarks[i];

        if (remark->grade >= least && remark->clause != NULL)
            remark->known = entry_for(baseline, result, remark->clause);
        if (remark->known != NULL)
            remark->grade = GRADE_KNOWN;
        if (remark->grade > grade)
            grade = remark->grade;
    }
    return grade == GRADE_KNOWN;
}

/* A result may be judged further after the baseline was applied. */
static void stale_remove(struct result *result)
{
    size_t kept = 0;

    for (size_t i = 0; i < result->remark_count; i++) {
        struct remark *remark = &result->remarks[i];

        if (remark->is_stale) {
            free(remark->expected);
            free(remark->actual);
        } else {
            result->remarks[kept++] = *remark;
        }
    }
    result->remark_count = kept;
}

void baseline_apply(const struct baseline *baseline, struct result *result, bool is_strict)
{
    const enum grade least = is_strict ? GRADE_WARNED : GRADE_KNOWN;

    if (result->grade == GRADE_SKIPPED || result->grade == GRADE_BROKEN)
        return;
    stale_remove(result);
    bool is_known = failures_accept(baseline, result, least);
    for (size_t i = 0; i < baseline->count; i++) {
        const struct known_failure *entry = &baseline->at[i];

        if (entry->test != result->test)
            continue;
        if (!fails_of(result, entry->clause, least))
            stale_add(result, baseline, entry, "a known failure", no_longer);
        else if (entry->is_past)
            past_add(result, baseline, entry);
        else
            continue;
        is_known = false;
    }
    if (is_known)
        known_set(result);
}

/* An entry for many cases. */
static void many_finish(const struct baseline *baseline, const struct known_failure *entry,
                        struct result *results, size_t count, bool is_whole)
{
    struct result *held = NULL;
    struct result *failed = NULL;

    for (size_t i = 0; i < count && failed == NULL; i++) {
        struct result *result = &results[i];

        if (!is_for(entry, result))
            continue;
        if (fails_of(result, entry->clause, GRADE_KNOWN))
            failed = result;
        for (size_t j = 0; j < result->held_count && held == NULL; j++)
            held = result->held[j] == entry->clause ? result : NULL;
    }
    if (failed != NULL && entry->is_past)
        past_add(failed, baseline, entry);
    else if (failed == NULL && held != NULL && is_whole)
        stale_add(held, baseline, entry, "a known failure", no_longer);
}

void baseline_finish(const struct baseline *baseline, struct result *results, size_t count,
                     bool is_whole)
{
    for (size_t i = 0; i < baseline->count; i++) {
        if (baseline->at[i].test == NULL)
            many_finish(baseline, &baseline->at[i], results, count, is_whole);
    }
}
