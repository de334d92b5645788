#include "control/criteria.h"

#include "fault/fault.h"
#include "support/quoted.h"
#include "support/text.h"
#include <stdio.h>
#include <string.h>

enum { STATUS_LEAST = 100, STATUS_MOST = 599, CODE_BYTES = 64 };

enum hm_code status_range_read(struct status_range *range, const char *text, struct hm_error *err)
{
    int64_t status;

    if (text[0] >= '1' && text[0] <= '5' && text_equal_nocase(text + 1, "xx")) {
        range->least = (text[0] - '0') * 100;
        range->most = range->least + 99;
        return HM_OK;
    }
    if (text_to_int64(&status, text, 0, STATUS_MOST) && (status == 0 || status >= STATUS_LEAST)) {
        range->least = range->most = (int)status;
        return HM_OK;
    }
    return hm_error_set(err, HM_BAD_ARGUMENT,
                        "status: found %s, expected a status such as 401, or a class such as 4xx",
                        quoted_if_short(text, strlen(text), QUOTED_BYTES_MAX).text);
}

bool status_range_has(const struct status_range *range, int status)
{
    return status >= range->least && status <= range->most;
}

static const char *nearest_code(const char *text)
{
    const char *codes[HM_MISTAKE_COUNT + 1];
    const char *space = strchr(text, ' ');

    for (int i = 0; i < HM_MISTAKE_COUNT; i++)
        codes[i] = hm_mistake_row((enum hm_mistake)i)->code;
    codes[HM_MISTAKE_COUNT] = NULL;
    return text_nearest(space == NULL ? text : space + 1, codes);
}

enum hm_code mistake_set_read(struct mistake_set *set, const char *text, struct hm_error *err)
{
    bool is_known = false;
    const char *nearest;

    for (int i = 0; i < HM_MISTAKE_COUNT; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)i);
        char both[CODE_BYTES];

        snprintf(both, sizeof both, "%s %s", row->clause, row->code);
        set->has[i] = text_equal_nocase(text, row->clause) || text_equal_nocase(text, row->code) ||
                      text_equal_nocase(text, both);
        is_known = is_known || set->has[i];
    }
    if (is_known)
        return HM_OK;
    nearest = nearest_code(text);
    return hm_error_set(err, HM_BAD_ARGUMENT,
                        "finding: %s is unknown%s%s; expected a clause (J5), a code "
                        "(secret-key-alone), or both (\"J5 secret-key-alone\")",
                        quoted_if_short(text, strlen(text), QUOTED_BYTES_MAX).text,
                        nearest == NULL ? "" : ", the nearest is ", nearest == NULL ? "" : nearest);
}

void mistake_set_offer(struct offers *offers)
{
    const char *last = "";

    for (int i = 0; i < HM_MISTAKE_COUNT; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)i);

        if (strcmp(row->clause, last) != 0)
            offer(offers, row->clause, "all findings of this clause");
        last = row->clause;
        offer(offers, row->code, row->cure);
    }
}

bool mistake_set_meets(const struct mistake_set *set, const struct journal_entry *entry)
{
    for (size_t i = 0; i < entry->mistake_count; i++) {
        if (set->has[entry->mistakes[i]])
            return true;
    }
    return false;
}

enum hm_code operation_criterion_read(const char **operation, const char *text,
                                      struct hm_error *err)
{
    const char *nearest = text_nearest(text, fault_operation_names);

    for (size_t i = 0; fault_operation_names[i] != NULL; i++) {
        *operation = fault_operation_names[i];
        if (strcmp(text, *operation) == 0)
            return HM_OK;
    }
    return hm_error_set(err, HM_BAD_ARGUMENT, "operation: found %s, expected a name such as %s",
                        quoted_if_short(text, strlen(text), QUOTED_BYTES_MAX).text,
                        nearest == NULL ? fault_operation_names[0] : nearest);
}

enum hm_code contact_criterion_read(char uuid[UUID_TEXT], const struct store *store,
                                    const char *text, struct hm_error *err)
{
    return store_uuid_of(uuid, store, text)
               ? HM_OK
               : hm_error_set(err, HM_BAD_ARGUMENT,
                              "contact: found %s, expected a UUID or the name of a contact in the "
                              "world",
                              quoted_if_short(text, strlen(text), QUOTED_BYTES_MAX).text);
}
