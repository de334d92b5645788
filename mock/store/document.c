#include "store/document.h"

#include "fault/fault.h"
#include "fault/fault_read.h"
#include "operation/limit.h"
#include "store/store.h"
#include "support/json_node.h"
#include "support/try.h"
#include <inttypes.h>
#include <string.h>

static void clock_write(struct buf *out, const struct clock *clock)
{
    buf_printf(out, "{\"kind\":%d,\"seconds\":%" PRId64 ",\"elapsed\":[", (int)clock->kind,
               clock->seconds);
    for (size_t i = 0; i < clock->elapse_count; i++)
        buf_printf(out, "%s{\"until\":%" PRId64 ",\"seconds\":%" PRId64 "}", i == 0 ? "" : ",",
                   clock->elapses[i].until_s, clock->elapses[i].seconds);
    buf_puts(out, "]}");
}

void document_write(struct buf *out, const struct state *state, const char *record)
{
    buf_puts(out, "{\"v\":1,\"clock\":");
    clock_write(out, &state->clock);
    buf_puts(out, ",\"policies\":{\"policy\":");
    policy_write(out, &state->policy);
    buf_putc(out, '}');
    if (state->limit != NULL)
        buf_printf(out, ",\"limit\":{\"generation\":%" PRId64 ",\"requests\":%zu}",
                   limit_shared(state->limit)->generation, limit_requests(state->limit));
    if (state->faults != NULL) {
        buf_printf(out, ",\"faults\":{\"generation\":%" PRId64 ",\"rules\":[",
                   state->faults->shared.generation);
        for (size_t i = 0; i < state->faults->count; i++) {
            buf_puts(out, i == 0 ? "" : ",");
            fault_write(out, state->faults->at[i], NULL);
        }
        buf_puts(out, "]}");
    }
    if (record != NULL) {
        buf_puts(out, ",\"record\":");
        buf_puts(out, record);
    }
    buf_putc(out, '}');
}

static enum hm_code clock_read(struct clock *clock, const struct json_node *node,
                               struct hm_error *err)
{
    struct clock read = { 0 };
    struct json_node elapsed;
    int64_t kind = 0;
    enum hm_code code;

    TRY(json_get_integer(node, "kind", JSON_REQUIRED, CLOCK_IS_REAL, CLOCK_IS_FROZEN, &kind, err));
    TRY(json_get_integer(node, "seconds", JSON_REQUIRED, INT64_MIN, INT64_MAX, &read.seconds, err));
    TRY(json_get_array(node, "elapsed", JSON_REQUIRED, &elapsed, err));
    read.kind = (enum clock_kind)kind;
    for (; read.elapse_count < json_array_size(elapsed.value); read.elapse_count++) {
        struct json_node one = json_node_element(&elapsed, read.elapse_count);
        struct clock_elapse *elapse = &read.elapses[read.elapse_count];

        if (read.elapse_count == CLOCK_ELAPSES_MAX)
            TRY(json_complain(&elapsed, err, "expected at most %d", CLOCK_ELAPSES_MAX));
        TRY(json_get_integer(&one, "until", JSON_REQUIRED, INT64_MIN, INT64_MAX, &elapse->until_s,
                             err));
        TRY(json_get_integer(&one, "seconds", JSON_REQUIRED, 1, INT64_MAX, &elapse->seconds, err));
    }
    *clock = read;
out:
    return code;
}

static enum hm_code limit_read(struct state *edited, const struct json_node *node,
                               struct hm_error *err)
{
    int64_t generation, requests;
    struct limit *limit = NULL;
    enum hm_code code = HM_OK;

    if (node->value != NULL) {
        TRY(json_get_integer(node, "generation", JSON_REQUIRED, 1, INT64_MAX, &generation, err));
        TRY(json_get_integer(node, "requests", JSON_REQUIRED, 1, LIMIT_MOST, &requests, err));
        if (edited->limit != NULL && limit_shared(edited->limit)->generation == generation)
            return HM_OK;
        TRY(limit_new(&limit, store_secret_count(edited->store) + store_legacy_count(edited->store),
                      requests, err));
        limit_shared(limit)->generation = generation;
    }
    limit_free(edited->limit);
    edited->limit = limit;
out:
    return code;
}

static enum hm_code faults_document_read(struct state *edited, const struct json_node *node,
                                         struct hm_error *err)
{
    struct json_node rules;
    int64_t generation;
    enum hm_code code = HM_OK;

    if (node->value == NULL) {
        faults_free(edited->faults);
        edited->faults = NULL;
    } else {
        TRY(json_get_integer(node, "generation", JSON_REQUIRED, 1, INT64_MAX, &generation, err));
        TRY(json_get_array(node, "rules", JSON_REQUIRED, &rules, err));
        if (edited->faults != NULL && edited->faults->shared.generation == generation)
            return HM_OK;
        TRY(faults_replace(&edited->faults, edited->store, &rules, err));
        edited->faults->shared.generation = generation;
    }
out:
    return code;
}

enum hm_code document_read(struct state *edited, const char *text, size_t length,
                           struct hm_error *err)
{
    static const char *const allowed[] = { "v",      "clock",  "policies", "limit",
                                           "faults", "record", NULL };
    struct json_file file = { 0 };
    struct json_node root, clock, policies, limit, faults;
    int64_t version;
    enum hm_code code;

    TRY(json_file_parse(&file, "what --state keeps, which may be damaged", text, length, err));
    root = json_node_root(&file);
    TRY(json_expect_object(&root, allowed, err));
    TRY(json_get_integer(&root, "v", JSON_REQUIRED, 1, 1, &version, err));
    TRY(json_get_object(&root, "clock", JSON_REQUIRED, &clock, err));
    TRY(json_get_object(&root, "policies", JSON_REQUIRED, &policies, err));
    TRY(json_get_object(&root, "limit", JSON_OPTIONAL, &limit, err));
    TRY(json_get_object(&root, "faults", JSON_OPTIONAL, &faults, err));
    TRY(clock_read(&edited->clock, &clock, err));
    TRY(policy_read(&edited->policy, &policies, JSON_OPTIONAL, err));
    TRY(limit_read(edited, &limit, err));
    TRY(faults_document_read(edited, &faults, err));
out:
    json_file_fini(&file);
    return code;
}
