#include "contract/channel_rules.h"

#include "contract/mask_write.h"
#include "support/json_node.h"
#include "support/span.h"
#include "support/text.h"
#include <string.h>

enum {
    PHONE_DIGITS_MAX = 15, /* E.164 §6.1 */
    PHONE_DIGITS_MIN = 7,  /* the shortest numbers in use, country code included */
    MEMBERS_NAMED_MAX = 3, /* of the unknown ones, in one message */
    FOLDED_NAME = 16,
    NEAR_NAME = 64 /* a longer type is not compared */
};

/* The two members, and wrong names for them as fold() writes them. */
struct member {
    const char *name;
    const char *folded[2];
};
static const struct member members[] = {
    { "channel_type", { "channeltype", "type" } },
    { "channel_id", { "channelid", "id" } },
};
enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

const char *const channel_known_types[] = { "phone", "email", "facebook", NULL }; /* [B3] */

static size_t digits_at(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

/* "Channel-Type" -> "channeltype"; a longer name is cut. */
static void fold(char out[FOLDED_NAME], const char *name)
{
    size_t length = 0;

    for (; *name != '\0' && length < FOLDED_NAME - 1; name++) {
        if (*name >= 'A' && *name <= 'Z')
            out[length++] = (char)(*name - 'A' + 'a');
        else if (strchr("_- .", *name) == NULL)
            out[length++] = *name;
    }
    out[length] = '\0';
}

static bool is_misnamed(const struct member *member, const char *key)
{
    char folded[FOLDED_NAME];

    fold(folded, key);
    return strcmp(folded, member->folded[0]) == 0 || strcmp(folded, member->folded[1]) == 0;
}

/* Is @key a wrong name of a member that the body lacks? */
static bool stands_in(json_t *body, const char *key)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (json_object_get(body, members[i].name) == NULL && is_misnamed(&members[i], key))
            return true;
    }
    return false;
}

static bool is_member(const char *key)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strcmp(key, members[i].name) == 0)
            return true;
    }
    return false;
}

/* "channel_id is missing", and where it seems to be: under another name or one level too deep. */
static void describe_missing(struct buf *out, json_t *body, const struct member *member,
                             const struct masking *masking)
{
    const char *key;
    json_t *value;

    buf_printf(out, "%s%s is missing", out->length > 0 ? ", and " : "", member->name);
    json_object_foreach (body, key, value) {
        bool is_too_deep = json_object_get(value, member->name) != NULL;

        if (!is_misnamed(member, key) && !is_too_deep)
            continue;
        buf_printf(out,
                   is_misnamed(member, key) ? " (found %s instead)"
                                            : " (found it one level too deep, inside %s)",
                   mask_quoted(masking, key, strlen(key)).text);
        return;
    }
}

/* All numbers of a body are parsed as real ones. */
static const char *type_name(const json_t *value)
{
    return json_is_number(value) ? "a number" : json_type_name(value);
}

static void describe_type(struct buf *out, const json_t *value, const struct member *member)
{
    buf_printf(out, "%s%s is %s", out->length > 0 ? ", and " : "", member->name, type_name(value));
}

/* Both members, both strings [B1]. The same mistake in both members is one finding. */
static void required_members_check(struct channel_values *values, json_t *body,
                                   const struct masking *masking, struct hm_findings *findings)
{
    const char **texts[] = { &values->type, &values->id };
    size_t *lengths[] = { &values->type_length, &values->id_length };
    bool is_one_missing = false, is_one_mistyped = false;
    struct buf missing, mistyped;

    buf_init(&missing, HM_FINDING_TEXT);
    buf_init(&mistyped, HM_FINDING_TEXT);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const json_t *value = json_object_get(body, members[i].name);

        if (value == NULL) {
            is_one_missing = true;
            describe_missing(&missing, body, &members[i], masking);
        } else if (!json_is_string(value)) {
            is_one_mistyped = true;
            describe_type(&mistyped, value, &members[i]);
        } else {
            *texts[i] = json_string_value(value);
            *lengths[i] = json_string_length(value);
        }
    }
    if (is_one_missing)
        hm_findings_add(findings, HM_B1_MEMBER_MISSING, "%s", buf_text(&missing));
    if (is_one_mistyped)
        hm_findings_add(findings, HM_B1_MEMBER_NOT_STRING, "%s, a string was expected",
                        buf_text(&mistyped));
    buf_fini(&missing);
    buf_fini(&mistyped);
}

/* [B6] One finding names the first few. */
static void unknown_members_check(json_t *body, const struct channel_policy *policy,
                                  struct hm_findings *findings)
{
    struct buf named;
    size_t count = 0;
    const char *key;
    json_t *value;

    buf_init(&named, HM_FINDING_TEXT);
    json_object_foreach (body, key, value) {
        if (is_member(key) || stands_in(body, key))
            continue;
        if (count++ < MEMBERS_NAMED_MAX)
            buf_printf(&named, "%s%s", count > 1 ? ", " : "",
                       mask_quoted(policy->masking, key, strlen(key)).text);
    }
    if (count > MEMBERS_NAMED_MAX)
        buf_printf(&named, " and %zu more", count - MEMBERS_NAMED_MAX);
    if (count > 0)
        hm_findings_add_as(findings, HM_B6_MEMBER_UNKNOWN, policy->unknown_member,
                           "found %s, which the contract does not define", buf_text(&named));
    buf_fini(&named);
}

/* A string that contains JSON was encoded twice. */
static bool holds_json(const json_t *text)
{
    json_t *inner = json_loadb(json_string_value(text), json_string_length(text), 0, NULL);

    json_decref(inner);
    return inner != NULL;
}

void channel_body_check(struct channel_values *values, json_t *body,
                        const struct channel_policy *policy, struct hm_findings *findings)
{
    *values = (struct channel_values){ NULL, NULL, 0, 0 };
    if (!json_is_object(body)) {
        bool is_encoded_twice = json_is_string(body) && holds_json(body);

        hm_findings_add(findings, HM_B1_BODY_NOT_OBJECT, "the body is %s%s, an object was expected",
                        type_name(body),
                        is_encoded_twice ? " that contains JSON: it was encoded twice" : "");
        return;
    }
    required_members_check(values, body, policy->masking, findings);
    unknown_members_check(body, policy, findings);
    channel_values_check(values, policy, findings);
}

/* The type that may be meant by one that is near to it, or NULL. */
static const char *near_type(char name[NEAR_NAME], const char *type, size_t length)
{
    if (length >= NEAR_NAME || memchr(type, '\0', length) != NULL)
        return NULL;
    memcpy(name, type, length);
    name[length] = '\0';
    return text_nearest(name, channel_known_types);
}

/* [B3] The set of types is open, so an unknown one is only a warning. */
static void type_check(const char *type, size_t length, const struct masking *masking,
                       struct hm_findings *findings)
{
    char name[NEAR_NAME];
    const char *meant;

    for (size_t i = 0; channel_known_types[i] != NULL; i++) {
        if (span_is((struct span){ type, length }, channel_known_types[i]))
            return;
    }
    meant = near_type(name, type, length);
    if (meant != NULL && text_equal_nocase(name, meant))
        hm_findings_add(findings, HM_B3_TYPE_UNKNOWN,
                        "channel_type is %s, but %s must be in lower case",
                        mask_quoted(masking, type, length).text, meant);
    else if (meant != NULL)
        hm_findings_add(findings, HM_B3_TYPE_UNKNOWN, "channel_type is %s, did you mean %s?",
                        mask_quoted(masking, type, length).text, meant);
    else
        hm_findings_add(findings, HM_B3_TYPE_UNKNOWN,
                        "channel_type is %s, a type that the documentation does not name",
                        mask_quoted(masking, type, length).text);
}

static bool is_e164(const char *digits, size_t length)
{
    return digits_at(digits, length) == length && length >= PHONE_DIGITS_MIN &&
           length <= PHONE_DIGITS_MAX && digits[0] != '0';
}

/* Why a value is not a phone number by B4. */
static const char *phone_fault(const char *id, size_t length)
{
    size_t from = length > 0 && id[0] == '+' ? 1 : 0;
    size_t digits = 0;

    for (size_t i = from; i < length; i++) {
        if (digits_at(id + i, 1) == 1)
            digits++;
        else if (strchr(" -.()/\t", id[i]) == NULL || id[i] == '\0')
            return "contains characters that are not allowed in a phone number";
    }
    if (digits == 0)
        return "contains no digit";
    if (digits + from < length)
        return from == 1 ? "has a leading + and punctuation between its digits"
                         : "has spaces or punctuation between its digits";
    if (from == 0 && length > 1 && id[0] == '0' && id[1] == '0')
        return "starts with the dialing prefix 00";
    if (id[from] == '0')
        return "starts with 0, but no country code does";
    return digits > PHONE_DIGITS_MAX ? "has more than the 15 digits that E.164 allows"
                                     : "is too short for a number with its country code";
}

/* [B4] */
static void phone_check(const char *id, size_t length, const struct channel_policy *policy,
                        struct hm_findings *findings)
{
    enum hm_severity severity = policy->phone_format;

    if (is_e164(id, length))
        return;
    if (id[0] == '+' && is_e164(id + 1, length - 1))
        hm_findings_add_as(findings, HM_B4_PHONE_LEADING_PLUS, severity, "channel_id is %s",
                           mask_quoted(policy->masking, id, length).text);
    else
        hm_findings_add_as(findings, HM_B4_PHONE_NOT_E164, severity, "channel_id is %s, which %s",
                           mask_quoted(policy->masking, id, length).text, phone_fault(id, length));
}

void channel_values_check(const struct channel_values *values, const struct channel_policy *policy,
                          struct hm_findings *findings)
{
    bool has_type = values->type != NULL && values->type_length > 0;
    bool has_id = values->id != NULL && values->id_length > 0;
    bool is_type_empty = values->type != NULL && !has_type;
    bool is_id_empty = values->id != NULL && !has_id;

    if ((is_type_empty || is_id_empty) && !policy->accepts_empty_value) /* [B5] */
        hm_findings_add(findings, HM_B5_VALUE_EMPTY, "%s",
                        !is_id_empty     ? "channel_type is empty"
                        : !is_type_empty ? "channel_id is empty"
                                         : "channel_type and channel_id are empty");
    if (has_type)
        type_check(values->type, values->type_length, policy->masking, findings);
    if (has_type && has_id && span_is((struct span){ values->type, values->type_length }, "phone"))
        phone_check(values->id, values->id_length, policy, findings);
}
