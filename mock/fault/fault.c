#include "fault/fault.h"

#include "contract/mask_write.h"
#include "support/json_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const fault_abort_names[] = { "truncate", "garbage", "reset", "stall", NULL };

const char *const fault_operation_names[] = {
#define OPERATION(Id, Name, ...) #Name,
#include "contract/operations.def"
#undef OPERATION
    NULL
};

struct fault *fault_new(void)
{
    return calloc(1, sizeof(struct fault));
}

void fault_free(struct fault *fault)
{
    if (fault == NULL)
        return;
    free(fault->type);
    free(fault->id);
    free(fault);
}

enum hm_code faults_new(struct faults **faults, struct hm_error *err)
{
    *faults = calloc(1, sizeof **faults);
    if (*faults == NULL)
        return no_memory(err);
    atomic_init(&(*faults)->holders, 1);
    return HM_OK;
}

struct faults *faults_hold(struct faults *faults)
{
    if (faults != NULL)
        atomic_fetch_add_explicit(&faults->holders, 1, memory_order_relaxed);
    return faults;
}

void faults_free(struct faults *faults)
{
    if (faults == NULL || atomic_fetch_sub_explicit(&faults->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < faults->count; i++)
        fault_free(faults->at[i]);
    free(faults);
}

enum hm_code faults_take(struct faults *faults, struct fault *rule, struct hm_error *err)
{
    if (rule == NULL)
        return no_memory(err);
    if (faults->count < FAULT_RULES_MAX) {
        faults->at[faults->count++] = rule;
        faults->has_first = faults->has_first || rule->is_first;
        return HM_OK;
    }
    fault_free(rule);
    return hm_error_set(err, HM_BAD_ARGUMENT, "too many rules (limit %d)", FAULT_RULES_MAX);
}

/* A copy with its counters at zero; NULL: out of memory. */
static struct fault *fault_copy(const struct fault *fault)
{
    struct fault *copy = fault_new();

    if (copy == NULL)
        return NULL;
    memcpy(copy, fault, offsetof(struct fault, matched));
    copy->type = fault->type == NULL ? NULL : strdup(fault->type);
    copy->id = fault->id == NULL ? NULL : strdup(fault->id);
    if ((copy->type == NULL) == (fault->type == NULL) && (copy->id == NULL) == (fault->id == NULL))
        return copy;
    fault_free(copy);
    return NULL;
}

enum hm_code faults_fresh(struct faults **fresh, const struct faults *faults, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    *fresh = NULL;
    if (faults == NULL)
        return HM_OK;
    TRY(faults_new(fresh, err));
    for (size_t i = 0; i < faults->count; i++)
        TRY(faults_take(*fresh, fault_copy(faults->at[i]), err));
out:
    if (code != HM_OK) {
        faults_free(*fresh);
        *fresh = NULL;
    }
    return code;
}

static bool is_text(const char *wanted, const char *text, size_t length)
{
    return wanted == NULL ||
           (text != NULL && length == strlen(wanted) && memcmp(text, wanted, length) == 0);
}

static bool fits(const struct fault *fault, const char *operation, const char *contact_uuid,
                 const struct channel_values *values)
{
    if (fault->is_first != (values == NULL) ||
        (fault->operation != NULL && strcmp(fault->operation, operation) != 0))
        return false;
    return (values == NULL || (is_text(fault->id, values->id, values->id_length) &&
                               is_text(fault->type, values->type, values->type_length))) &&
           (fault->contact[0] == '\0' || strcmp(fault->contact, contact_uuid) == 0);
}

/* Counts one more time, if any is left. */
static bool take_turn(struct fault *fault)
{
    long long done = atomic_load(&fault->done);

    do {
        if (fault->times != 0 && done >= fault->times)
            return false;
    } while (!atomic_compare_exchange_weak(&fault->done, &done, done + 1));
    return true;
}

static bool database_counts(const struct faults *faults)
{
    const struct database *database = faults->shared.database;

    return database != NULL && database->kind->faults_count != NULL;
}

/* The same where a database counts. */
static enum hm_code due_in_common(const struct fault **due, struct faults *faults,
                                  const char *operation, const char *contact_uuid,
                                  const struct channel_values *values)
{
    const struct database_counts *shared = &faults->shared;
    struct database_fault rules[FAULT_RULES_MAX];
    size_t count = 0, place;
    enum hm_code code;

    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = faults->at[i];

        if (fits(fault, operation, contact_uuid, values))
            rules[count++] =
                (struct database_fault){ .index = i, .nth = fault->nth, .times = fault->times };
    }
    if (count == 0)
        return HM_OK;
    code = database_code(shared->database->kind->faults_count(
        shared->database, shared->world, shared->generation, rules, count, &place));
    if (code == HM_OK && place < count)
        *due = faults->at[rules[place].index];
    return code;
}

enum hm_code faults_due(const struct fault **due, struct faults *faults, const char *operation,
                        const char *contact_uuid, const struct channel_values *values)
{
    *due = NULL;
    if (database_counts(faults))
        return due_in_common(due, faults, operation, contact_uuid, values);
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = faults->at[i];

        if (fits(fault, operation, contact_uuid, values) &&
            atomic_fetch_add(&fault->matched, 1) + 1 >= fault->nth && *due == NULL &&
            take_turn(fault))
            *due = fault;
    }
    return HM_OK;
}

enum hm_code faults_read_counts(struct faults *faults)
{
    const struct database_counts *shared = &faults->shared;
    struct database_fault rules[FAULT_RULES_MAX];
    enum hm_code code;

    if (!database_counts(faults))
        return HM_OK;
    for (size_t i = 0; i < faults->count; i++)
        rules[i] = (struct database_fault){ .index = i };
    code = database_code(shared->database->kind->faults_counts(
        shared->database, shared->world, shared->generation, rules, faults->count));
    for (size_t i = 0; code == HM_OK && i < faults->count; i++) {
        atomic_store(&faults->at[i]->matched, rules[i].matched);
        atomic_store(&faults->at[i]->done, rules[i].done);
    }
    return code;
}

bool fault_makes_answer(const struct fault *fault)
{
    return fault->status != 0 || fault->delivery != DELIVER_WHOLE;
}

/* A rule as JSON and as on the command line: both are pairs, with other punctuation. */
struct pairs {
    struct buf *out;
    const struct masking *masking;
    bool is_json;
    bool has_one;
};

static void name_write(struct pairs *pairs, const char *name)
{
    if (pairs->has_one)
        buf_putc(pairs->out, ',');
    pairs->has_one = true;
    buf_printf(pairs->out, pairs->is_json ? "\"%s\":" : "%s=", name);
}

static void integer_write(struct pairs *pairs, const char *name, int64_t value)
{
    if (value == 0)
        return;
    name_write(pairs, name);
    json_text_integer(pairs->out, value);
}

/* Escaped for the command line, and for a log line. */
static void escaped_write(struct buf *out, const char *text, size_t length)
{
    for (; length > 0; text++, length--) {
        if (*text == ',' || *text == '%' || (unsigned char)*text < ' ' || *text == 0x7F)
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            buf_putc(out, *text);
    }
}

static void text_write(struct pairs *pairs, const char *name, const char *text)
{
    if (text == NULL)
        return;
    name_write(pairs, name);
    if (pairs->is_json)
        buf_putc(pairs->out, '"');
    mask_write_text(pairs->out, pairs->masking, (struct span){ text, strlen(text) }, SIZE_MAX,
                    pairs->is_json ? json_text_piece : escaped_write);
    if (pairs->is_json)
        buf_putc(pairs->out, '"');
}

static void delay_write(struct pairs *pairs, int64_t delay_ms)
{
    if (delay_ms == 0)
        return;
    name_write(pairs, "delay");
    buf_printf(pairs->out, pairs->is_json ? "\"%" PRId64 "%s\"" : "%" PRId64 "%s",
               delay_ms % 1000 == 0 ? delay_ms / 1000 : delay_ms,
               delay_ms % 1000 == 0 ? "s" : "ms");
}

static void rule_write(struct pairs *pairs, const struct fault *fault)
{
    text_write(pairs, "operation", fault->operation);
    text_write(pairs, "contact", fault->contact[0] == '\0' ? NULL : fault->contact);
    text_write(pairs, "channel_type", fault->type);
    text_write(pairs, "channel_id", fault->id);
    integer_write(pairs, "nth", fault->nth);
    integer_write(pairs, "times", fault->times);
    integer_write(pairs, "status", fault->status);
    integer_write(pairs, "retry-after", fault->retry_after_s);
    delay_write(pairs, fault->delay_ms);
    text_write(pairs, "abort",
               fault->delivery == DELIVER_WHOLE
                   ? NULL
                   : fault_abort_names[fault->delivery - DELIVER_TRUNCATED]);
    text_write(pairs, "commit", fault->commits ? "yes" : NULL);
    text_write(pairs, "stage", fault->is_first ? "first" : NULL);
}

void fault_write(struct buf *out, const struct fault *fault, const struct masking *masking)
{
    struct pairs pairs = { out, masking, true, false };

    if (fault == NULL) {
        buf_puts(out, "null");
        return;
    }
    buf_putc(out, '{');
    rule_write(&pairs, fault);
    buf_putc(out, '}');
}

void fault_write_counted(struct buf *out, const struct fault *fault, const struct masking *masking)
{
    struct pairs pairs = { out, masking, true, false };

    buf_putc(out, '{');
    rule_write(&pairs, fault);
    buf_printf(out, ",\"matched\":%lld,\"done\":%lld}", atomic_load(&fault->matched),
               atomic_load(&fault->done));
}

void fault_write_text(struct buf *out, const struct fault *fault, const struct masking *masking)
{
    struct pairs pairs = { out, masking, false, false };

    if (fault != NULL)
        rule_write(&pairs, fault);
}
