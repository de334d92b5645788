#include "cases/clause.h"
#include "cases/shape.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

static const char letters[SOURCE_COUNT] = { 'S', 'D', 'A' };

static const char *const sources[] = { "S", "D", "A", NULL };
static const char *const bound[] = { "server", "client", "both", NULL };

static const struct shape clause_shape[] = {
    { .member = "id", .types = SHAPE_STRING, .is_required = true },
    { .member = "source", .types = SHAPE_STRING, .is_required = true, .choices = sources },
    { .member = "sentence", .types = SHAPE_STRING, .is_required = true },
    { .member = "binds", .types = SHAPE_STRING, .is_required = true, .choices = bound },
    { .member = "policy", .types = SHAPE_STRING },
    { .member = "values", .types = SHAPE_TEXTS },
    { .member = "default", .types = SHAPE_STRING },
    { .member = "unit", .types = SHAPE_STRING },
    { .member = "reason", .types = SHAPE_STRING },
    { .member = NULL },
};

static const struct shape file_shape[] = {
    { .member = "$schema", .types = SHAPE_STRING },
    { .member = "v", .types = SHAPE_INTEGER, .is_required = true },
    { .member = "clauses", .types = SHAPE_ARRAY, .is_required = true },
    { .member = NULL },
};

json_t *clauses_defaults(const struct clauses *clauses)
{
    json_t *defaults = json_object();

    for (size_t i = 0; i < clauses->count; i++) {
        const struct clause *clause = &clauses->at[i];

        if (clause->policy != NULL)
            json_object_set_new(defaults, clause->policy, json_string(clause->policy_default));
    }
    return defaults;
}

char clause_source_letter(enum clause_source source)
{
    return letters[source];
}

const struct clause *clause_find(const struct clauses *clauses, const char *id)
{
    for (size_t i = 0; i < clauses->count; i++) {
        if (strcmp(clauses->at[i].id, id) == 0)
            return &clauses->at[i];
    }
    return NULL;
}

const struct clause *clause_find_policy(const struct clauses *clauses, const char *policy)
{
    for (size_t i = 0; i < clauses->count; i++) {
        if (clauses->at[i].policy != NULL && strcmp(clauses->at[i].policy, policy) == 0)
            return &clauses->at[i];
    }
    return NULL;
}

static enum hm_code clause_read(struct clauses *clauses, const struct json_node *node,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct clause *clause = &clauses->at[clauses->count];
    struct json_node id;

    TRY(shape_check(node, clause_shape, NULL, err));
    id = json_node_member(node, "id");
    clause->id = member_text(node->value, "id");
    if (clause_find(clauses, clause->id) != NULL)
        TRY(json_complain(&id, err, "found %s twice, expected it once", clause->id));
    while (sources[clause->source][0] != member_text(node->value, "source")[0])
        clause->source++;
    clause->binds_servers = strcmp(member_text(node->value, "binds"), "client") != 0;
    clause->sentence = member_text(node->value, "sentence");
    clause->policy = member_text(node->value, "policy");
    clause->policy_default = member_text(node->value, "default");
    if (clause->policy != NULL && clause->policy_default == NULL)
        TRY(json_complain(node, err, "found a policy without its \"default\""));
    clauses->count++;
out:
    return code;
}

enum hm_code clauses_load(struct clauses *clauses, const struct fixtures *from,
                          struct hm_error *err)
{
    enum hm_code code = HM_OK;

    memset(clauses, 0, sizeof *clauses);
    TRY(fixture_load(&clauses->file, from, "clauses.json", err));
    struct json_node root = json_node_root(&clauses->file);
    TRY(shape_check(&root, file_shape, NULL, err));
    struct json_node list = json_node_member(&root, "clauses");
    size_t count = json_array_size(list.value);
    clauses->at = calloc(count + 1, sizeof *clauses->at);
    if (clauses->at == NULL)
        TRY(no_memory(err));
    for (size_t i = 0; i < count; i++) {
        struct json_node element = json_node_element(&list, i);

        TRY(clause_read(clauses, &element, err));
    }
out:
    if (code != HM_OK)
        clauses_fini(clauses);
    return code;
}

void clauses_fini(struct clauses *clauses)
{
    free(clauses->at);
    json_file_fini(&clauses->file);
    memset(clauses, 0, sizeof *clauses);
}
