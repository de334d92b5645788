#include "run/family.h"
#include "support/try.h"
#include <stdio.h>

enum { NOT_FOUND = 404, METHOD_NOT_ALLOWED = 405, NOT_IMPLEMENTED = 501, PATCH_TEXT = 256 };

/* The first request has created a channel of this type. */
static const char first_type[] = "email";

/* The operations after channel_create, in the order in which they are tried. */
static const enum operation_id tried[] = { OPERATION_CHANNEL_GET, OPERATION_CHANNEL_LIST,
                                           OPERATION_INBOX_LIST, OPERATION_CHANNEL_UPDATE,
                                           OPERATION_CHANNEL_DELETE };
enum { TRIED_COUNT = sizeof tried / sizeof *tried };

bool family_is_used(const struct catalog *catalog)
{
    for (size_t i = 0; i < catalog->chosen_count; i++) {
        const struct test_case *test = catalog->chosen[i];

        for (size_t j = 0; j < test->step_count; j++) {
            const struct operation *operation = step_operation(&test->steps[j]);

            if (operation != NULL && operation != operation_row(OPERATION_CHANNEL_CREATE))
                return true;
        }
    }
    return false;
}

/* Sends the operation for the type; @has_values false: an update without values, which is refused.
 */
static enum hm_code family_ask(int *status, const struct asker *asker, enum operation_id number,
                               const char *type, bool has_values, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct operation *operation = operation_row(number);
    struct round_trip trip = { .was_tried = false };
    char patch[PATCH_TEXT];

    if (operation->has_body && has_values)
        snprintf(patch, sizeof patch,
                 "{\"operation\":\"%s\",\"body\":{\"channel_type\":\"%s\",\"channel_id\":"
                 "\"$email\"}}",
                 operation->name, type);
    else if (operation->has_body)
        snprintf(patch, sizeof patch, "{\"operation\":\"%s\",\"body_text\":\"{}\"}",
                 operation->name);
    else
        snprintf(patch, sizeof patch, "{\"operation\":\"%s\",\"type\":\"%s\"}", operation->name,
                 type);
    TRY(asker_send(&trip, asker, patch, NULL, err));
    *status = trip.answer.status;
out:
    round_trip_fini(&trip);
    return code;
}

enum hm_code family_look(unsigned *lacks, const struct asker *asker, bool creates,
                         struct hm_error *err)
{
    enum hm_code code = HM_OK;
    char type[MARK_TEXT];
    int status = 0;

    *lacks = 0;
    marks_first_type(type, asker->marks);
    if (creates)
        TRY(family_ask(&status, asker, OPERATION_CHANNEL_CREATE, type, true, err));
    const bool has_channel = status / 100 == 2;
    for (size_t i = 0; i < TRIED_COUNT; i++) {
        const bool is_get = tried[i] == OPERATION_CHANNEL_GET;
        /* Without the channel a 404 of a deletion may be about the type. */
        const bool is_about_path = has_channel || tried[i] != OPERATION_CHANNEL_DELETE ||
                                   *lacks & operation_bit(operation_row(OPERATION_CHANNEL_GET));

        TRY(family_ask(&status, asker, tried[i], is_get && !has_channel ? first_type : type,
                       has_channel, err));
        if (status == METHOD_NOT_ALLOWED || status == NOT_IMPLEMENTED ||
            (status == NOT_FOUND && is_about_path))
            *lacks |= operation_bit(operation_row(tried[i]));
    }
out:
    return code;
}

void family_write(struct buf *out, unsigned lacks)
{
    const char *comma = "";

    for (unsigned id = 0; id < OPERATION_COUNT; id++) {
        if ((lacks & operation_bit(operation_row(id))) == 0)
            continue;
        buf_printf(out, "%s%s", comma, operation_row(id)->name);
        comma = ", ";
    }
}

bool family_is_part(unsigned lacks)
{
    size_t count = 0;

    for (unsigned id = 0; id < OPERATION_COUNT; id++)
        count += (lacks & operation_bit(operation_row(id))) != 0;
    return count > 0 && count < TRIED_COUNT;
}
