#include "store/policy.h"

#include "support/quoted.h"
#include "support/text.h"
#include "support/try.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 4, NAME_BYTES_MAX = 64, WHY_BYTES_MAX = 4096, FUTURE_IAT_MOST_S = 86400 };

struct row {
    const char *name;
    const char *values[VALUES_MAX]; /* the first is the default; none: a number of seconds */
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
    [POLICY_SEVERAL_OF_TYPE] = { "several-of-type", { "newest", "oldest" } },
    [POLICY_CHANNEL_ABSENT] = { "channel-absent", { "404", "400" } },
    [POLICY_UPDATE_ANSWER] = { "update-answer", { "list", "channel" } },
    [POLICY_DELETE_ANSWER] = { "delete-answer", { "ok", "list", "empty" } },
    [POLICY_CHANNEL_LIST] = { "channel-list", { "serve", "404" } },
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

static void name_list(const char *names[POLICY_COUNT + 1])
{
    for (int i = 0; i < POLICY_COUNT; i++)
        names[i] = rows[i].name;
    names[POLICY_COUNT] = NULL;
}

/* Sets a value. False: @why says what was found and what was expected. */
static bool value_set(struct policy *policy, const char *name, const char *value, struct buf *why)
{
    const struct row *row = row_find(name);
    const char *names[POLICY_COUNT + 1];

    if (row == NULL) {
        name_list(names);
        buf_printf(why, "unknown name %s, expected one of ", word_shown(name, names).text);
        for (int i = 0; i < POLICY_COUNT; i++)
            buf_printf(why, "%s%s", i == 0 ? "" : ", ", rows[i].name);
        return false;
    }
    if (value_find(&policy->value[row - rows], row, value))
        return true;
    buf_printf(why, "found %s, expected ", word_shown(value, row->values).text);
    describe_values(why, row);
    return false;
}

enum hm_code policy_set(struct policy *policy, const char *assignment, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *equals = strchr(assignment, '=');
    const char *names[POLICY_COUNT + 1];
    char name[NAME_BYTES_MAX];
    struct buf why;

    name_list(names);
    if (equals == NULL)
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "--set %s: expected NAME=VALUE, such as typ=reject",
                            word_shown(assignment, names).text);
    buf_init(&why, WHY_BYTES_MAX);
    snprintf(name, sizeof name, "%.*s", (int)(equals - assignment), assignment);
    if (!value_set(policy, name, equals + 1, &why))
        code = hm_error_set(err, HM_BAD_ARGUMENT, "--set %s: %s", word_shown(name, names).text,
                            buf_text(&why));
    buf_fini(&why);
    return code;
}

/* One member of a profile's policy. */
static enum hm_code member_read(struct policy *policy, const struct json_node *object,
                                const char *name, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct json_node node = json_node_member(object, name);
    const struct row *row = row_find(name);
    char number[24];
    struct buf why;

    buf_init(&why, WHY_BYTES_MAX);
    if (json_is_integer(node.value))
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(node.value));
    if (row != NULL && !json_is_integer(node.value) && !json_is_string(node.value)) {
        describe_values(&why, row);
        code = json_complain_type(&node, err, buf_text(&why));
    } else if (!value_set(policy, name,
                          json_is_integer(node.value) ? number : json_string_value(node.value),
                          &why)) {
        code = json_complain(&node, err, "%s", buf_text(&why));
    }
    buf_fini(&why);
    return code;
}

enum hm_code policy_read(struct policy *policy, const struct json_node *profile,
                         enum json_presence version, struct hm_error *err)
{
    static const char *const allowed[] = { "$schema", "v", "policy", NULL };
    struct policy merged = *policy;
    struct json_node object;
    int64_t number;
    const char *name;
    json_t *value;
    enum hm_code code;

    TRY(json_expect_object(profile, allowed, err));
    TRY(json_get_integer(profile, "v", version, 1, 1, &number, err));
    TRY(json_get_object(profile, "policy", JSON_REQUIRED, &object, err));
    json_object_foreach (object.value, name, value)
        TRY(member_read(&merged, &object, name, err));
    *policy = merged;
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

void policy_write_choices(struct buf *out)
{
    for (int i = 0; i < POLICY_COUNT; i++) {
        buf_printf(out, "%s\"%s\":[", i == 0 ? "{" : ",", rows[i].name);
        if (rows[i].values[0] == NULL)
            buf_printf(out, "\"%d\"", HM_FUTURE_IAT_S);
        for (int j = 0; j < VALUES_MAX && rows[i].values[j] != NULL; j++)
            buf_printf(out, "%s\"%s\"", j == 0 ? "" : ",", rows[i].values[j]);
        buf_putc(out, ']');
    }
    buf_putc(out, '}');
}

/* Of a row with the values warn and reject. */
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
    const char *digits = rows[name].values[policy->value[name]];

    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0';
}

void policy_offer(struct offers *offers)
{
    struct buf values;

    for (int i = 0; i < POLICY_COUNT; i++) {
        if (!offers_keep_name(offers, rows[i].name))
            continue;
        for (int j = 0; j < VALUES_MAX && rows[i].values[j] != NULL; j++)
            offer(offers, rows[i].values[j], j == 0 ? "the default" : NULL);
        return;
    }
    buf_init(&values, WHY_BYTES_MAX);
    for (int i = 0; i < POLICY_COUNT; i++) {
        buf_clear(&values);
        describe_values(&values, &rows[i]);
        offer_name(offers, rows[i].name, buf_text(&values));
    }
    buf_fini(&values);
}
