#include "cases/catalog.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

size_t catalog_case_total(const struct catalog *catalog)
{
    size_t total = 0;

    for (size_t i = 0; i < catalog->file_count; i++)
        total += catalog->files[i]->case_count;
    return total;
}

/* The @nth case, counted over all files. */
static const struct test_case *case_at(const struct catalog *catalog, size_t nth)
{
    size_t i;

    for (i = 0; nth >= catalog->files[i]->case_count; i++)
        nth -= catalog->files[i]->case_count;
    return &catalog->files[i]->cases[nth];
}

void catalog_choose_also(struct catalog *catalog, const struct test_case *test)
{
    size_t i = 0;

    while (i < catalog->chosen_count && catalog->chosen[i] != test)
        i++;
    if (i == catalog->chosen_count) /* catalog_choose() made room for all cases */
        catalog->chosen[catalog->chosen_count++] = test;
}

const struct test_case *catalog_find(const struct catalog *catalog, const char *id)
{
    for (size_t i = 0; i < catalog->file_count; i++) {
        const struct case_file *file = catalog->files[i];

        for (size_t j = 0; j < file->case_count; j++) {
            if (strcmp(file->cases[j].id, id) == 0)
                return &file->cases[j];
        }
    }
    return NULL;
}

const char *catalog_nearest(const struct catalog *catalog, const char *id)
{
    size_t total = catalog_case_total(catalog);
    const char **ids = calloc(total + 1, sizeof *ids);
    const char *nearest = NULL;

    if (ids == NULL)
        return NULL;
    for (size_t i = 0; i < total; i++)
        ids[i] = case_at(catalog, i)->id;
    nearest = text_nearest(id, ids);
    free(ids);
    return nearest;
}

static enum hm_code complain_of_case(const struct case_file *file, size_t index, const char *key,
                                     struct hm_error *err, const char *text)
{
    const struct json_node root = json_node_root(&file->json);
    const struct json_node list = json_node_member(&root, "cases");
    const struct json_node test = json_node_element(&list, index);
    const struct json_node member = json_node_member(&test, key);

    return json_complain(&member, err, "found \"%.60s\", %s", json_string_value(member.value),
                         text);
}

static enum hm_code ids_check(const struct catalog *catalog, struct hm_error *err)
{

    for (size_t i = 0; i < catalog->file_count; i++) {
        const struct case_file *file = catalog->files[i];

        for (size_t j = 0; j < file->case_count; j++) {
            const struct test_case *test = &file->cases[j];

            if (catalog_find(catalog, test->id) != test)
                return complain_of_case(file, j, "id", err,
                                        "which is already the id of another case");
            if (test->excused_by != NULL && catalog_find(catalog, test->excused_by) == NULL)
                return complain_of_case(file, j, "excused_by", err, "expected the id of a case");
        }
    }
    return HM_OK;
}

enum hm_code catalog_load(struct catalog *catalog, const struct fixtures *from,
                          struct hm_error *err)
{
    enum hm_code code = HM_OK;
    char **paths = NULL;
    size_t count = 0;

    memset(catalog, 0, sizeof *catalog);
    catalog->from = *from;
    TRY(clauses_load(&catalog->clauses, from, err));
    TRY(fixture_list(&paths, from, "cases", err));
    while (paths[count] != NULL)
        count++;
    catalog->files = calloc(count + 1, sizeof *catalog->files);
    if (catalog->files == NULL)
        TRY(no_memory(err));
    catalog->file_count = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(case_file_load(&catalog->files[i], from, paths[i], &catalog->clauses, err));
        catalog->file_count++;
    }
    TRY(ids_check(catalog, err));
out:
    fixture_list_free(paths);
    if (code != HM_OK)
        catalog_fini(catalog);
    return code;
}

void catalog_fini(struct catalog *catalog)
{
    for (size_t i = 0; catalog->files != NULL && i < catalog->file_count; i++)
        case_file_free(catalog->files[i]);
    free(catalog->files);
    free(catalog->chosen);
    clauses_fini(&catalog->clauses);
    memset(catalog, 0, sizeof *catalog);
}

/* The parts of comma-separated lists. */
struct patterns {
    size_t count;
    char **at;
};

static void patterns_fini(struct patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++)
        free(patterns->at[i]);
    free(patterns->at);
}

/* Adds the parts of one list. */
static enum hm_code patterns_add(struct patterns *patterns, const char *option, const char *list,
                                 struct hm_error *err)
{
    const char *part = list;
    size_t length = strcspn(part, ",");

    for (;; part += length + 1, length = strcspn(part, ",")) {
        char **at = realloc(patterns->at, (patterns->count + 1) * sizeof *at);

        if (at == NULL)
            return no_memory(err);
        patterns->at = at;
        if (length == 0)
            return hm_error_set(err, HM_BAD_ARGUMENT,
                                "%s %s: found an empty pattern, expected none between commas",
                                option, list);
        at[patterns->count] = strndup(part, length);
        if (at[patterns->count] == NULL)
            return no_memory(err);
        patterns->count++;
        if (part[length] == '\0')
            return HM_OK;
    }
}

/* Call patterns_fini() after it, also after a failure. */
static enum hm_code patterns_split(struct patterns *patterns, const char *option,
                                   const struct option_texts *lists, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    for (size_t i = 0; i < lists->count && code == HM_OK; i++)
        code = patterns_add(patterns, option, lists->at[i], err);
    return code;
}

static bool is_matched(const struct test_case *test, const char *pattern)
{
    return text_matches_glob(test->id, pattern) || strcmp(test->file->clause->id, pattern) == 0 ||
           strcmp(test->file->stem, pattern) == 0;
}

static bool is_matched_by_any(const struct test_case *test, const struct patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (is_matched(test, patterns->at[i]))
            return true;
    }
    return false;
}

static struct clause *clause_named(struct clauses *clauses, const char *id)
{
    for (size_t i = 0; i < clauses->count; i++) {
        if (strcmp(clauses->at[i].id, id) == 0)
            return &clauses->at[i];
    }
    return NULL;
}

/* A pattern that matches nothing is probably a typing error: without it the wrong cases would
 * run. */
static enum hm_code patterns_check(const struct catalog *catalog, const char *option,
                                   const struct patterns *patterns, struct hm_error *err)
{
    const bool is_skip = strcmp(option, "--skip") == 0;
    size_t total = catalog_case_total(catalog);
    size_t j;

    for (size_t i = 0; i < patterns->count; i++) {
        for (j = 0; j < total && !is_matched(case_at(catalog, j), patterns->at[i]); j++)
            ;
        if (j < total || (is_skip && clause_find(&catalog->clauses, patterns->at[i]) != NULL))
            continue;
        const char *nearest = catalog_nearest(catalog, patterns->at[i]);
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "%s %s matches no case, clause or case file%s%s%s; "
                            "heymarket-conformance list shows all",
                            option, patterns->at[i], nearest != NULL ? " (did you mean " : "",
                            nearest != NULL ? nearest : "", nearest != NULL ? "?)" : "");
    }
    return HM_OK;
}

static void clauses_skip(struct clauses *clauses, const struct patterns *skip)
{
    for (size_t i = 0; i < clauses->count; i++)
        clauses->at[i].is_skipped = false;
    for (size_t i = 0; i < skip->count; i++) {
        struct clause *clause = clause_named(clauses, skip->at[i]);

        if (clause != NULL)
            clause->is_skipped = true;
    }
}

enum hm_code catalog_choose(struct catalog *catalog, const struct option_texts *only,
                            const struct option_texts *skip, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    size_t total = catalog_case_total(catalog);
    struct patterns onlys = { 0, NULL };
    struct patterns skips = { 0, NULL };

    TRY(patterns_split(&onlys, "--only", only, err));
    TRY(patterns_split(&skips, "--skip", skip, err));
    TRY(patterns_check(catalog, "--only", &onlys, err));
    TRY(patterns_check(catalog, "--skip", &skips, err));
    clauses_skip(&catalog->clauses, &skips);
    free(catalog->chosen);
    catalog->chosen_count = 0;
    catalog->chosen = calloc(total + 1, sizeof(struct test_case *));
    if (catalog->chosen == NULL)
        TRY(no_memory(err));
    for (size_t i = 0; i < total; i++) {
        const struct test_case *test = case_at(catalog, i);

        if ((onlys.count == 0 || is_matched_by_any(test, &onlys)) &&
            !is_matched_by_any(test, &skips))
            catalog->chosen[catalog->chosen_count++] = test;
    }
    if (catalog->chosen_count == 0)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT,
                         "--only and --skip leave no case; heymarket-conformance list shows all"));
out:
    patterns_fini(&onlys);
    patterns_fini(&skips);
    return code;
}

enum hm_code catalog_be_strict(struct catalog *catalog, const struct option_texts *lists,
                               struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct patterns ids = { 0, NULL };

    for (size_t i = 0; i < lists->count; i++) {
        if (*lists->at[i] != '\0')
            TRY(patterns_add(&ids, "--strict", lists->at[i], err));
    }
    for (size_t i = 0; i < ids.count; i++) {
        struct clause *clause = clause_named(&catalog->clauses, ids.at[i]);

        if (clause == NULL)
            TRY(hm_error_set(
                err, HM_BAD_ARGUMENT,
                "--strict=%s: there is no such clause; heymarket-conformance list shows all",
                ids.at[i]));
        else
            clause->is_strict = true;
    }
out:
    patterns_fini(&ids);
    return code;
}

void catalog_offer(struct offers *offers, unsigned parts)
{
    struct offers_path place;
    struct fixtures from = { offers_option(offers, "--fixtures", &place) };
    struct catalog catalog = { 0 };
    struct hm_error err = { 0 };

    if (catalog_load(&catalog, &from, &err) != HM_OK)
        goto out;
    for (size_t i = 0; (parts & CATALOG_CLAUSES) != 0 && i < catalog.clauses.count; i++)
        offer(offers, catalog.clauses.at[i].id, catalog.clauses.at[i].sentence);
    for (size_t i = 0; (parts & CATALOG_FILES) != 0 && i < catalog.file_count; i++)
        offer(offers, catalog.files[i]->stem, catalog.files[i]->title);
    for (size_t i = 0; (parts & CATALOG_CASES) != 0 && i < catalog_case_total(&catalog); i++)
        offer(offers, case_at(&catalog, i)->id, case_at(&catalog, i)->says);
out:
    catalog_fini(&catalog);
}
