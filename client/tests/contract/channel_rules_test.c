/* What a body and a contact's id must be [B1-B7 T3]. */
#include "contract/channel_rules.h"
#include "contract/channel_text.h"
#include "contract/contact_id.h"
#include "tests/unit.h"

/* What one judgement came to: its findings in order, as "B1 member-missing; B4 phone-not-e164
 * warned" and the first one's message. */
struct outcome {
    char findings[256];
    char message[HM_FINDING_TEXT];
};

static struct outcome outcome_of(struct hm_findings *findings)
{
    struct outcome out = { "", "" };

    hm_findings_sort(findings);
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings->at[i].mistake);
        size_t length = strlen(out.findings);

        snprintf(out.findings + length, sizeof out.findings - length, "%s%s %s%s",
                 i > 0 ? "; " : "", row->clause, row->code,
                 findings->at[i].severity == HM_WARNS ? " warned" : "");
    }
    if (findings->count > 0)
        memcpy(out.message, findings->at[0].message, sizeof out.message);
    return out;
}

/* What is read without a tree comes to the same. */
static void assert_plain_agrees(const char *text, size_t length, struct channel_policy policy,
                                const struct channel_values *values, const struct outcome *outcome)
{
    struct hm_findings findings = { .count = 0 };
    struct channel_values plain;
    struct outcome found;

    if (!channel_body_read_plain(&plain, text, length))
        return;
    channel_values_check(&plain, &policy, &findings);
    found = outcome_of(&findings);
    assert_string_equal(found.findings, outcome->findings);
    assert_string_equal(found.message, outcome->message);
    assert_int_equal(plain.type_length, values->type_length);
    assert_int_equal(plain.id_length, values->id_length);
    assert_memory_equal(plain.type, values->type, plain.type_length);
    assert_memory_equal(plain.id, values->id, plain.id_length);
}

static struct outcome judge_bytes(const char *text, size_t length, struct channel_policy policy)
{
    struct hm_findings findings = { .count = 0 };
    struct channel_values values = { NULL, NULL, 0, 0 };
    json_t *body = channel_body_parse(text, length, &findings);
    struct outcome outcome;

    if (body != NULL)
        channel_body_check(&values, body, &policy, &findings);
    outcome = outcome_of(&findings);
    assert_plain_agrees(text, length, policy, &values, &outcome);
    json_decref(body);
    return outcome;
}

static struct outcome judge(const char *text)
{
    static const struct channel_policy defaults = CHANNEL_POLICY_DEFAULT;

    return judge_bytes(text, strlen(text), defaults);
}

static struct outcome judge_strictly(const char *text)
{
    static const struct channel_policy strict = { HM_REFUSES, HM_REFUSES, false, NULL };

    return judge_bytes(text, strlen(text), strict);
}

static struct outcome judge_contact(const char *text)
{
    struct hm_findings findings = { .count = 0 };
    bool is_good = contact_id_check(text, strlen(text), &findings);

    assert_int_equal(is_good, findings.count == 0);
    return outcome_of(&findings);
}

#define assert_finds(outcome, expected) assert_string_equal((outcome).findings, expected)
#define assert_says(outcome, part)      assert_non_null(strstr((outcome).message, part))

TEST(accepts_the_three_documented_types)
{
    assert_finds(judge("{\"channel_type\":\"phone\",\"channel_id\":\"14155551234\"}"), "");
    assert_finds(judge("{\"channel_type\":\"email\",\"channel_id\":\"a@example.com\"}"), "");
    assert_finds(judge(" {\"channel_id\":\"x\",\r\n\"channel_type\":\"facebook\"} "), "");
}

TEST(fills_the_values_with_their_lengths)
{
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct hm_findings findings = { .count = 0 };
    struct channel_values values;
    json_t *body =
        json_pack("{s:s, s:s%}", "channel_type", "email", "channel_id", "a\0b", (size_t)3);

    channel_body_check(&values, body, &policy, &findings);
    assert_string_equal(values.type, "email");
    assert_int_equal(values.type_length, 5);
    assert_int_equal(values.id_length, 3);
    assert_memory_equal(values.id, "a\0b", 3);
    json_decref(body);
    assert_int_equal(findings.count, 0);
}

TEST(refuses_a_body_that_is_no_object)
{
    assert_finds(judge("[]"), "B1 body-not-object");
    assert_says(judge("[]"), "the body is an array, an object was expected");
    assert_says(judge("12"), "the body is a number");
    assert_says(judge("null"), "the body is null");
    assert_says(judge("\"{\\\"channel_type\\\":\\\"phone\\\"}\""), "encoded twice");
}

TEST(refuses_a_missing_member_and_says_where_it_seems_to_be)
{
    assert_finds(judge("{}"), "B1 member-missing");
    assert_says(judge("{}"), "channel_type is missing, and channel_id is missing");
    assert_finds(judge("{\"channelType\":\"email\",\"channel_id\":\"x\"}"), "B1 member-missing");
    assert_says(judge("{\"channelType\":\"email\",\"channel_id\":\"x\"}"),
                "channel_type is missing (found \"channelType\" instead)");
    assert_says(judge("{\"channel-type\":\"email\",\"channel_id\":\"x\"}"), "\"channel-type\"");
    assert_says(judge("{\"channel_type\":\"email\",\"ID\":\"x\"}"),
                "channel_id is missing (found \"ID\" instead)");
    assert_says(judge("{\"channel\":{\"channel_type\":\"email\",\"channel_id\":\"x\"}}"),
                "one level too deep, inside \"channel\"");
}

TEST(refuses_a_member_that_is_no_string)
{
    assert_finds(judge("{\"channel_type\":\"phone\",\"channel_id\":14155551234}"),
                 "B1 member-not-string");
    assert_says(judge("{\"channel_type\":\"phone\",\"channel_id\":14155551234}"),
                "channel_id is a number, a string was expected");
    assert_says(judge("{\"channel_type\":null,\"channel_id\":[]}"),
                "channel_type is null, and channel_id is an array, a string was expected");
    assert_finds(judge("{\"channel_type\":true}"), "B1 member-missing; B1 member-not-string");
}

TEST(tells_kinds_of_broken_bodies_apart)
{
    static const struct {
        const char *text;
        const char *finding;
        const char *says;
    } rows[] = {
        { "", "B2 body-not-json", "the body is empty" },
        { " \r\n", "B2 body-not-json", "the body is white space" },
        { "{", "B2 body-truncated", "line 1, column 1" },
        { "{\"channel_type\":\"pho", "B2 body-truncated", "after 20 bytes" },
        { "{\"channel_type\":\"phone\",\"channel_id\":\"1\"", "B2 body-truncated", "" },
        { "{\"a\":tru", "B2 body-truncated", "" },
        { "{\"a\":1.", "B2 body-truncated", "" },
        { "{\"a\":\"\\u00", "B2 body-truncated", "" },
        { "{\"a\":\"\\", "B2 body-truncated", "" },
        { "{\"a\":\"\xC3", "B2 body-truncated", "" },
        { "{\"a\":xyz", "B2 body-not-json", "line 1, column 8" },
        { "{}\xFC", "B2 body-not-json", "unable to decode byte" },
        { "{\"a\":\"\xC3(\"}", "B2 body-not-json", "unable to decode byte" },
        { "{\"a\":1,}", "B2 body-not-json", "" },
        { "{\"a\":1} x", "B2 body-not-json", "" },
        { "{\n\"a\" 1}", "B2 body-not-json", "line 2" },
        { "{'a':1}", "B2 body-not-json", "single quotes" },
        { "\xEF\xBB\xBF{}", "B2 body-not-json", "byte-order mark" },
        { "[object Object]", "B2 body-not-json", "not serialized" },
        { "channel_type=phone&channel_id=1", "B2 body-not-json", "form-encoded" },
        { "<xml/>", "B2 body-not-json", "XML" },
        { "{\"channel_id\":\"1\",\"channel_id\":\"2\"}", "B2 member-repeated", "line 1" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_finds(judge(rows[i].text), rows[i].finding);
        assert_says(judge(rows[i].text), rows[i].says);
    }
}

TEST(warns_of_a_type_never_heard_of)
{
    assert_finds(judge("{\"channel_type\":\"pigeon\",\"channel_id\":\"x\"}"),
                 "B3 type-unknown warned");
    assert_says(judge("{\"channel_type\":\"Phone\",\"channel_id\":\"x\"}"),
                "channel_type is \"Phone\", but phone must be in lower case");
    assert_says(judge("{\"channel_type\":\"emial\",\"channel_id\":\"x\"}"), "did you mean email?");
    assert_finds(judge_strictly("{\"channel_type\":\"pigeon\",\"channel_id\":\"x\"}"),
                 "B3 type-unknown warned");
}

TEST(judges_phone_numbers_only_of_type_phone)
{
    assert_finds(judge("{\"channel_type\":\"email\",\"channel_id\":\"+1\"}"), "");
    assert_finds(judge("{\"channel_type\":\"Phone\",\"channel_id\":\"+1\"}"),
                 "B3 type-unknown warned");
}

static struct outcome judge_phone(const char *id)
{
    static const struct channel_policy policy = CHANNEL_POLICY_DEFAULT;
    struct channel_values values = { "phone", id, 5, strlen(id) };
    struct hm_findings findings = { .count = 0 };

    channel_values_check(&values, &policy, &findings);
    return outcome_of(&findings);
}

TEST(names_what_keeps_a_number_from_being_e164)
{
    static const struct {
        const char *id;
        const char *finding;
        const char *says;
    } rows[] = {
        { "1234567", "", "" },
        { "123456789012345", "", "" },
        { "+14155551234", "B4 phone-leading-plus warned", "\"+14155551234\"" },
        { "1234567890123456", "B4 phone-not-e164 warned", "more than the 15 digits" },
        { "123456", "B4 phone-not-e164 warned", "too short" },
        { "0014155551234", "B4 phone-not-e164 warned", "prefix 00" },
        { "04155551234", "B4 phone-not-e164 warned", "starts with 0" },
        { "+04155551234", "B4 phone-not-e164 warned", "starts with 0" },
        { "1 415-555-1234", "B4 phone-not-e164 warned", "has spaces or punctuation" },
        { "+1 (415) 555-1234", "B4 phone-not-e164 warned", "leading + and punctuation" },
        { "++14155551234", "B4 phone-not-e164 warned", "not allowed in a phone number" },
        { "1415555CALL", "B4 phone-not-e164 warned", "not allowed in a phone number" },
        { "+", "B4 phone-not-e164 warned", "no digit" },
        { "14155551234\n", "B4 phone-not-e164 warned", "\\x0A" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_finds(judge_phone(rows[i].id), rows[i].finding);
        assert_says(judge_phone(rows[i].id), rows[i].says);
    }
}

TEST(refuses_by_policy)
{
    static const char plus[] = "{\"channel_type\":\"phone\",\"channel_id\":\"+14155551234\"}";
    static const char more[] = "{\"channel_type\":\"email\",\"channel_id\":\"x\",\"name\":1}";

    assert_finds(judge(plus), "B4 phone-leading-plus warned");
    assert_finds(judge_strictly(plus), "B4 phone-leading-plus");
    assert_finds(judge(more), "B6 member-unknown warned");
    assert_finds(judge_strictly(more), "B6 member-unknown");
}

TEST(refuses_empty_values_unless_they_are_accepted)
{
    static const struct channel_policy lenient = { HM_WARNS, HM_WARNS, true, NULL };
    static const char empty[] = "{\"channel_type\":\"\",\"channel_id\":\"\"}";
    static const char empty_id[] = "{\"channel_type\":\"phone\",\"channel_id\":\"\"}";

    assert_finds(judge(empty), "B5 value-empty");
    assert_says(judge(empty), "channel_type and channel_id are empty");
    assert_finds(judge(empty_id), "B5 value-empty");
    assert_says(judge(empty_id), "channel_id is empty");
    assert_finds(judge_bytes(empty, strlen(empty), lenient), "");
    assert_finds(judge_bytes(empty_id, strlen(empty_id), lenient), "");
}

TEST(names_a_few_unknown_members_safely)
{
    struct outcome out = judge("{\"channel_type\":\"email\",\"channel_id\":\"x\",\"a\":1,"
                               "\"b\\u001b\":1,\"c\":1,\"d\":1,\"e\":1}");

    assert_says(out, "found \"a\", \"b\\x1B\", \"c\" and 2 more");
}

TEST(cuts_long_values_between_characters)
{
    struct outcome out =
        judge("{\"channel_id\":\"x\",\"channel_type\":\"0123456789012345678901234567"
              "89012345678\xC3\xA9xxxxxxxxx\"}");

    assert_says(out, "\"012345678901234567890123456789012345678...\"");
}

TEST(reads_a_nul_inside_a_value)
{
    assert_finds(judge("{\"channel_type\":\"phone\\u0000\",\"channel_id\":\"x\"}"),
                 "B3 type-unknown warned");
    assert_says(judge("{\"channel_type\":\"phone\\u0000\",\"channel_id\":\"x\"}"),
                "\"phone\\x00\"");
}

TEST(tells_what_a_contact_id_looks_like)
{
    static const struct {
        const char *id;
        const char *finding;
        const char *says;
    } rows[] = {
        { "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "", "" },
        { "74F80A77-9B3F-44AC-B3AD-AB68CFB548FA", "", "" },
        { "00000000-0000-0000-0000-000000000000", "", "" },
        { "", "B7 contact-id-not-uuid", "is empty" },
        { "12345", "B7 contact-id-is-integer", "the integer \"12345\"" },
        { "74f80a779b3f44acb3adab68cfb548fa", "B7 contact-id-not-uuid", "without its hyphens" },
        { "{74f80a77-9b3f-44ac-b3ad-ab68cfb548fa}", "B7 contact-id-not-uuid", "in braces" },
        { "\"74f80a77-9b3f-44ac-b3ad-ab68cfb548fa\"", "B7 contact-id-not-uuid", "in quotes" },
        { "urn:uuid:74f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "B7 contact-id-not-uuid", "urn:uuid:" },
        { "{contactID}", "B7 contact-id-not-uuid", "a placeholder" },
        { ":contactId", "B7 contact-id-not-uuid", "a placeholder" },
        { "undefined", "B7 contact-id-not-uuid", "an empty variable" },
        { "None", "B7 contact-id-not-uuid", "an empty variable" },
        { "74f80a77-9b3f-44ac-b3ad", "B7 contact-id-not-uuid", "too short" },
        { "74f80a77-9b3f-44ac-b3ad-ab68cfb548fa0", "B7 contact-id-not-uuid", "followed by" },
        { "g4f80a77-9b3f-44ac-b3ad-ab68cfb548fa", "B7 contact-id-not-uuid", "8-4-4-4-12" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_finds(judge_contact(rows[i].id), rows[i].finding);
        assert_says(judge_contact(rows[i].id), rows[i].says);
    }
}

TEST(reads_the_usual_bodies_without_a_tree)
{
    static const char *const plain[] = {
        "{\"channel_type\":\"phone\",\"channel_id\":\"14155551234\"}",
        "{\"channel_type\": \"email\", \"channel_id\": \"a@example.com\"}",
        "{\"channel_id\":\"\",\"channel_type\":\"telegraph\"}",
    };
    static const char *const others[] = {
        "{\"channel_type\":\"phone\"}",
        "{\"channel_type\":\"a\",\"channel_type\":\"b\"}",
        "{\"channel_type\":\"a\",\"channel_id\":\"b\",\"x\":1}",
        "{\"channel_type\":\"a\",\"channel_id\":1}",
        "{\"channel_type\":\"a\",\"channel_id\":\"\\u0041\"}",
        "{\"channel_type\":\"a\",\"channel_id\":\"b\"} ",
    };
    struct channel_values values;

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        assert_true(channel_body_read_plain(&values, plain[i], strlen(plain[i])));
        (void)judge(plain[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(channel_body_read_plain(&values, others[i], strlen(others[i])));
        assert_true(values.type == NULL && values.id == NULL);
    }
}

/* judge_bytes() compares the two ways of reading. */
TEST(reads_a_body_changed_by_a_byte_alike_in_both_ways)
{
    static const struct channel_policy defaults = CHANNEL_POLICY_DEFAULT;
    static const char right[] = "{\"channel_type\": \"phone\",\"channel_id\":\"14155551234\"}";

    for (size_t at = 0; at < sizeof right - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof right];

            memcpy(text, right, sizeof right);
            text[at] = (char)byte;
            (void)judge_bytes(text, sizeof right - 1, defaults);
        }
    }
}
