#include "store/policy.h"

#include "support/text.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 4, NAME_BYTES_MAX = 64, FUTURE_IAT_MOST_S = 86400 };

struct row {
    const char *name;
    const char *values[VALUES_MAX]; /* the first is the default; none: seconds */
};

static const struct row rows[POLICY_COUNT] = {
    [POLICY_MEDIA_TYPE] = { "media-type", { "reject", "accept" } },
    [POLICY_FRACTIONAL_IAT] = { "fractional-iat", { "warn", "reject" } },
    [POLICY_FUTURE_IAT] = { "future-iat", { NULL } },
    [POLICY_TYP] = { "typ", { "warn", "reject" } },
    [POLICY_LEGACY_KEY] = { "legacy-key", { "reject", "accept" } },
    [POLICY_PHONE_FORMAT] = { "phone-format", { "warn", "reject" } },
    [POLICY_EMPTY_VALUE] = { "empty-value", { "reject", "accept" } },
    [POLICY_UNKNOWN_MEMBER] = { "unknown-member", { "warn", "reject" } },
    [POLICY_UNKNOWN_CONTACT] = { "unknown-contact", { "404", "400", "403" } },
    [POLICY_DUPLICATE_CHANNEL] = { "duplicate-channel", { "keep", "append", "reject" } },
    [POLICY_SUCCESS_STATUS] = { "success-status", { "200", "201" } },
};

void policy_init(struct policy *policy)
{
    *policy = (struct policy){ 0 };
    policy->value[POLICY_FUTURE_IAT] = HM_FUTURE_IAT_S;
}

static bool value_find(int64_t *value, const struct row *row, const char *text)
{
    if (row->values[0] == NULL)
        return text_to_int64(value, text, 0, FUTURE_IAT_MOST_S);
    for (int i = 0; i < VALUES_MAX && row->values[i] != NULL; i++) {
        if (strcmp(row->values[i], text) == 0) {
            *value = i;
            return true;
        }
    }
    return false;
}

/* "reject or accept", "seconds from 0 to 86400". */
static void describe_values(struct buf *out, const struct row *row)
{
    if (row->values[0] == NULL)
        buf_printf(out, "seconds from 0 to %d", FUTURE_IAT_MOST_S);
    for (int i = 0; i < VALUES_MAX && row->values[i] != NULL; i++) {
        bool is_last = i + 1 == VALUES_MAX || row->values[i + 1] == NULL;

        buf_printf(out, "%s%s", i == 0 ? "" : is_last ? " or " : ", ", row->values[i]);
    }
}

static void describe_names(struct buf *out)
{
    for (int i = 0; i < POLICY_COUNT; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : ", ", rows[i].name);
}

static const struct row *row_find(const char *name)
{
    for (int i = 0; i < POLICY_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    return NULL;
}

void policy_be_strict(struct policy *policy)
{
    static const enum policy_name strict[] = { POLICY_TYP, POLICY_PHONE_FORMAT,
                                               POLICY_UNKNOWN_MEMBER };

    for (size_t i = 0; i < sizeof strict / sizeof strict[0]; i++)
        value_find(&policy->value[strict[i]], &rows[strict[i]], "reject");
}

enum hm_code policy_set(struct policy *policy, const char *assignment, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *equals = strchr(assignment, '=');
    char name[NAME_BYTES_MAX];
    const struct row *row;
    struct buf expected;

    if (equals == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--set %s: expected NAME=VALUE, such as typ=reject", assignment);
    buf_init(&expected, HM_ERROR_TEXT);
    snprintf(name, sizeof name, "%.*s", (int)(equals - assignment), assignment);
    row = row_find(name);
    if (row == NULL) {
        describe_names(&expected);
        code = hm_error_set(err, HM_BAD_ARGUMENT, "--set %s: unknown name %s, expected one of %s",
                            assignment, name, buf_text(&expected));
    } else if (!value_find(&policy->value[row - rows], row, equals + 1)) {
        describe_values(&expected, row);
        code = hm_error_set(err, HM_BAD_ARGUMENT, "--set %s: found %s, expected %s", assignment,
                            equals + 1, buf_text(&expected));
    }
    buf_fini(&expected);
    return code;
}

/* One member of a profile's policy. */
static enum hm_code member_read(struct policy *policy, const struct json_node *object,
                                const char *name, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_node node = json_node_member(object, name);
    const struct row *row = row_find(name);
    const char *value = json_string_value(node.value);
    char text[24];
    struct buf expected;

    if (json_is_integer(node.value)) {
        snprintf(text, sizeof text, "%" PRId64, (int64_t)json_integer_value(node.value));
        value = text;
    }
    buf_init(&expected, HM_ERROR_TEXT);
    if (row == NULL) {
        describe_names(&expected);
        code = json_complain(&node, err, "found the name %s, expected one of %s", name,
                             buf_text(&expected));
    } else if (value == NULL) {
        describe_values(&expected, row);
        code = json_complain_type(&node, err, buf_text(&expected));
    } else if (!value_find(&policy->value[row - rows], row, value)) {
        describe_values(&expected, row);
        code = json_complain(&node, err, "found %s, expected %s", value, buf_text(&expected));
    }
    buf_fini(&expected);
    return code;
}

enum hm_code policy_merge(struct policy *policy, const struct json_node *object,
                          struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct policy merged = *policy;
    const char *name;
    json_t *value;

    json_object_foreach (object->value, name, value)
        TRY(member_read(&merged, object, name, err));
    *policy = merged;
out:
    return code;
}

enum hm_code policy_read(struct policy *policy, const struct json_file *profile,
                         struct hm_error *err)
{
    static const char *const allowed[] = { "$schema", "v", "policy", NULL };
    enum hm_code code;
    struct json_node root = json_node_root(profile);
    struct json_node object;
    int64_t version;

    TRY(json_expect_object(&root, allowed, err));
    TRY(json_get_integer(&root, "v", JSON_REQUIRED, 1, 1, &version, err));
    TRY(json_get_object(&root, "policy", JSON_REQUIRED, &object, err));
    TRY(policy_merge(policy, &object, err));
out:
    return code;
}

void policy_write(struct buf *out, const struct policy *policy)
{
    buf_putc(out, '{');
    for (int i = 0; i < POLICY_COUNT; i++) {
        buf_printf(out, "%s\"%s\":\"", i == 0 ? "" : ",", rows[i].name);
        if (rows[i].values[0] == NULL)
            buf_printf(out, "%" PRId64, policy->value[i]);
        else
            buf_puts(out, rows[i].values[policy->value[i]]);
        buf_putc(out, '"');
    }
    buf_putc(out, '}');
}

/* The second value of a two-valued row is the stricter one for warn, the laxer one for reject. */
static enum hm_severity severity_of(const struct policy *policy, enum policy_name name)
{
    return policy->value[name] == 0 ? HM_WARNS : HM_REFUSES;
}

struct hm_token_policy policy_for_token(const struct policy *policy)
{
    struct hm_token_policy token = HM_TOKEN_POLICY_DEFAULT;

    token.future_iat_s = policy->value[POLICY_FUTURE_IAT];
    token.fractional_iat = severity_of(policy, POLICY_FRACTIONAL_IAT);
    token.typ = severity_of(policy, POLICY_TYP);
    token.accepts_legacy_key = policy->value[POLICY_LEGACY_KEY] != 0;
    return token;
}

struct channel_policy policy_for_channel(const struct policy *policy)
{
    struct channel_policy channel = CHANNEL_POLICY_DEFAULT;

    channel.phone_format = severity_of(policy, POLICY_PHONE_FORMAT);
    channel.unknown_member = severity_of(policy, POLICY_UNKNOWN_MEMBER);
    channel.accepts_empty_value = policy->value[POLICY_EMPTY_VALUE] != 0;
    return channel;
}

int policy_status(const struct policy *policy, enum policy_name name)
{
    int64_t status = 0;

    if (text_to_int64(&status, rows[name].values[policy->value[name]], 100, 599))
        return (int)status;
    return 500;
}
