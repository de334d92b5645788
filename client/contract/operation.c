#include "contract/operation.h"

#include "contract/channel_rules.h"
#include "contract/contact_id.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include "support/uuid.h"
#include <jansson.h>
#include <stdint.h>
#include <string.h>

static const struct operation operations[] = {
#define OPERATION(Id, Name, ...) { #Name, __VA_ARGS__ },
#include "contract/operations.def"
#undef OPERATION
};

const struct operation *operation_row(enum operation_id id)
{
    return &operations[id];
}

bool operation_is_safe(const struct operation *operation)
{
    return strcmp(operation->method, "GET") == 0;
}

static bool has_contact(const struct operation *operation)
{
    return strstr(operation->path, "{contactID}") != NULL;
}

static bool has_type_in_path(const struct operation *operation)
{
    return strstr(operation->path, "{channelType}") != NULL;
}

static enum hm_code refuse(struct hm_error *err, const char *clause)
{
    if (err != NULL)
        memcpy(err->clause, clause, strlen(clause) + 1);
    return HM_BAD_ARGUMENT;
}

static enum hm_code text_check(const char *text, const char *name, const char *clause,
                               struct hm_error *err)
{
    size_t good = utf8_prefix(text, strlen(text));

    if (text[good] == '\0')
        return HM_OK;
    hm_error_set(err, HM_BAD_ARGUMENT, "%s is not valid UTF-8: byte %zu is invalid", name,
                 good + 1);
    return refuse(err, clause);
}

/* Servers and proxies resolve "." and ".." even if the slash is encoded. DELETE .../channel/..
 * would then be the call that deletes the contact. */
static enum hm_code segment_check(const char *type, struct hm_error *err)
{
    for (const char *at = type; *at != '\0';) {
        size_t length = strcspn(at, "/\\");

        if ((length == 1 || length == 2) && strncmp(at, "..", length) == 0) {
            hm_error_set(err, HM_BAD_ARGUMENT,
                         "channel_type contains the path segment %.*s: a server could resolve it "
                         "and take the request for another one; expected a type such as phone",
                         (int)length, at);
            return refuse(err, "G5");
        }
        at += length;
        at += *at != '\0';
    }
    return HM_OK;
}

static enum hm_code rules_check(const struct operation *operation,
                                const struct operation_values *values, struct hm_error *err)
{
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct hm_findings findings = { .count = 0 };
    struct channel_values channel = { values->type, values->id,
                                      values->type != NULL ? strlen(values->type) : 0,
                                      values->id != NULL ? strlen(values->id) : 0 };
    const struct hm_finding *refusal;

    if (has_contact(operation))
        contact_id_check(values->contact, strlen(values->contact), &findings); /* [T3] */
    channel_values_check(&channel, &policy, &findings);                        /* [B1-B5] */
    hm_findings_sort(&findings);
    refusal = hm_findings_refusal(&findings);
    return refusal == NULL ? HM_OK : hm_finding_error(err, HM_BAD_ARGUMENT, refusal);
}

enum hm_code operation_values_check(const struct operation *operation,
                                    const struct operation_values *values, struct hm_error *err)
{
    enum hm_code code;
    bool needs_type = operation->has_body || has_type_in_path(operation);

    if ((has_contact(operation) && values->contact == NULL) ||
        (needs_type && values->type == NULL) || (operation->has_body && values->id == NULL))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s",
                            operation->has_body ? "a contact, a type and an id are required"
                            : needs_type        ? "a contact and a type are required"
                                                : "a contact is required");
    TRY(rules_check(operation, values, err));
    if (needs_type)
        TRY(text_check(values->type, "channel_type", operation->has_body ? "B1" : "G5", err));
    if (operation->has_body)
        TRY(text_check(values->id, "channel_id", "B1", err));
    if (has_type_in_path(operation))
        TRY(segment_check(values->type, err));
out:
    return code;
}

/* One path segment: everything but the unreserved characters of RFC 3986 §2.3 is encoded. */
static void segment_write(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        bool is_alnum = (*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
                        (*text >= 'A' && *text <= 'Z');

        if (is_alnum || strchr("-._~", *text) != NULL)
            buf_add(out, text, 1);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

enum hm_code operation_path(char **path, const struct operation *operation,
                            const struct operation_values *values, struct hm_error *err)
{
    const char *at = operation->path;
    struct buf text;

    buf_init(&text, SIZE_MAX / 2);
    while (*at != '\0') {
        size_t length = strcspn(at, "{");

        buf_add(&text, at, length);
        at += length;
        if (strncmp(at, "{contactID}", strlen("{contactID}")) == 0) {
            char uuid[UUID_TEXT];

            uuid_lower(uuid, values->contact);
            buf_puts(&text, uuid);
        } else if (*at != '\0') {
            segment_write(&text, values->type);
        }
        at += strcspn(at, "}");
        at += *at != '\0';
    }
    *path = buf_take(&text);
    return *path != NULL ? HM_OK : no_memory(err);
}

enum hm_code operation_body(char **body, const struct operation *operation,
                            const struct operation_values *values, struct hm_error *err)
{
    json_t *object;

    *body = NULL;
    if (!operation->has_body)
        return HM_OK;
    object = json_pack("{s:s, s:s}", "channel_type", values->type, "channel_id", values->id);
    if (object != NULL)
        *body = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    return *body != NULL ? HM_OK : no_memory(err);
}
