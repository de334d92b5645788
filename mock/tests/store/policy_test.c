#include "store/policy.h"

#include "tests/unit.h"

/* The policy as GET /_mock/policy shows it; compares and forgets. */
static void assert_shows(const struct policy *policy, const char *expected)
{
    struct buf out;
    char text[1024];

    buf_init(&out, sizeof text - 1);
    policy_write(&out, policy);
    snprintf(text, sizeof text, "%s", buf_text(&out));
    buf_fini(&out);
    assert_string_equal(text, expected);
}

static enum hm_code read_profile(struct policy *policy, const char *text, struct hm_error *err)
{
    struct json_file file;
    enum hm_code code = json_file_parse(&file, "p.json", text, strlen(text), err);
    struct json_node root = json_node_root(&file);

    if (code == HM_OK)
        code = policy_read(policy, &root, JSON_REQUIRED, err);
    json_file_fini(&file);
    return code;
}

TEST(defaults_are_the_contract_s)
{
    struct policy policy;
    struct hm_token_policy token;
    struct channel_policy channel;

    policy_init(&policy);
    assert_shows(&policy, "{\"media-type\":\"reject\",\"fractional-iat\":\"warn\",\"future-iat\":"
                          "\"60\",\"typ\":\"warn\",\"legacy-key\":\"reject\",\"phone-format\":"
                          "\"warn\",\"empty-value\":\"reject\",\"unknown-member\":\"warn\","
                          "\"unknown-contact\":\"404\",\"duplicate-channel\":\"keep\","
                          "\"success-status\":\"200\",\"several-of-type\":\"newest\","
                          "\"channel-absent\":\"404\",\"update-answer\":\"list\","
                          "\"delete-answer\":\"ok\",\"channel-list\":\"serve\"}");
    token = policy_for_token(&policy);
    channel = policy_for_channel(&policy);
    assert_int_equal(token.future_iat_s, 60);
    assert_int_equal(token.fractional_iat, HM_WARNS);
    assert_int_equal(token.typ, HM_WARNS);
    assert_false(token.accepts_legacy_key);
    assert_int_equal(channel.phone_format, HM_WARNS);
    assert_int_equal(channel.unknown_member, HM_WARNS);
    assert_false(channel.accepts_empty_value);
    assert_int_equal(policy_status(&policy, POLICY_SUCCESS_STATUS), 200);
    assert_int_equal(policy_status(&policy, POLICY_UNKNOWN_CONTACT), 404);
}

TEST(strict_is_exactly_three)
{
    struct policy policy;

    policy_init(&policy);
    policy_be_strict(&policy);
    assert_shows(&policy, "{\"media-type\":\"reject\",\"fractional-iat\":\"warn\",\"future-iat\":"
                          "\"60\",\"typ\":\"reject\",\"legacy-key\":\"reject\",\"phone-format\":"
                          "\"reject\",\"empty-value\":\"reject\",\"unknown-member\":\"reject\","
                          "\"unknown-contact\":\"404\",\"duplicate-channel\":\"keep\","
                          "\"success-status\":\"200\",\"several-of-type\":\"newest\","
                          "\"channel-absent\":\"404\",\"update-answer\":\"list\","
                          "\"delete-answer\":\"ok\",\"channel-list\":\"serve\"}");
}

TEST(set_takes_every_value_of_every_name)
{
    static const char *const good[] = { "media-type=accept",
                                        "fractional-iat=reject",
                                        "future-iat=0",
                                        "future-iat=86400",
                                        "typ=reject",
                                        "legacy-key=accept",
                                        "phone-format=reject",
                                        "empty-value=accept",
                                        "unknown-member=reject",
                                        "unknown-contact=400",
                                        "unknown-contact=403",
                                        "duplicate-channel=append",
                                        "duplicate-channel=keep",
                                        "duplicate-channel=reject",
                                        "success-status=201",
                                        "several-of-type=oldest",
                                        "channel-absent=400",
                                        "update-answer=channel",
                                        "delete-answer=list",
                                        "delete-answer=empty",
                                        "channel-list=404" };
    struct policy policy;

    policy_init(&policy);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(policy_set(&policy, good[i], NULL), HM_OK);
    assert_shows(&policy, "{\"media-type\":\"accept\",\"fractional-iat\":\"reject\","
                          "\"future-iat\":\"86400\",\"typ\":\"reject\",\"legacy-key\":\"accept\","
                          "\"phone-format\":\"reject\",\"empty-value\":\"accept\","
                          "\"unknown-member\":\"reject\",\"unknown-contact\":\"403\","
                          "\"duplicate-channel\":\"reject\",\"success-status\":\"201\","
                          "\"several-of-type\":\"oldest\",\"channel-absent\":\"400\","
                          "\"update-answer\":\"channel\",\"delete-answer\":\"empty\","
                          "\"channel-list\":\"404\"}");
    assert_true(policy_for_token(&policy).accepts_legacy_key);
    assert_int_equal(policy_for_token(&policy).fractional_iat, HM_REFUSES);
    assert_true(policy_for_channel(&policy).accepts_empty_value);
    assert_int_equal(policy_status(&policy, POLICY_UNKNOWN_CONTACT), 403);
}

TEST(set_says_what_it_does_not_know)
{
    static const struct {
        const char *set, *says;
    } bad[] = {
        { "typ", "--set typ: expected NAME=VALUE, such as typ=reject" },
        { "", "--set : expected NAME=VALUE, such as typ=reject" },
        { "typ=maybe", "--set typ: found maybe, expected warn or reject" },
        { "typ=", "--set typ: found , expected warn or reject" },
        { "unknown-contact=500", "--set unknown-contact: found 500, expected 404, 400 or 403" },
        { "future-iat=-1", "--set future-iat: found -1, expected seconds from 0 to 86400" },
        { "future-iat=1.5", "--set future-iat: found 1.5, expected seconds from 0 to 86400" },
        { "Typ=warn", "--set Typ: unknown name Typ, expected one of media-type, "
                      "fractional-iat, future-iat, typ, legacy-key, phone-format, empty-value, "
                      "unknown-member, unknown-contact, duplicate-channel, success-status, "
                      "several-of-type, channel-absent, update-answer, delete-answer, "
                      "channel-list" },
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hm_error err = { 0 };
        struct policy policy;

        policy_init(&policy);
        assert_int_equal(policy_set(&policy, bad[i].set, &err), HM_BAD_ARGUMENT);
        assert_string_equal(err.text, bad[i].says);
    }
}

TEST(a_profile_sets_and_a_later_one_wins)
{
    struct policy policy;

    policy_init(&policy);
    assert_int_equal(read_profile(&policy,
                                  "{\"v\":1,\"policy\":{\"typ\":\"reject\",\"future-iat\":5,"
                                  "\"success-status\":201}}",
                                  NULL),
                     HM_OK);
    assert_int_equal(read_profile(&policy, "{\"v\":1,\"policy\":{\"future-iat\":\"90\"}}", NULL),
                     HM_OK);
    assert_int_equal(policy_for_token(&policy).typ, HM_REFUSES);
    assert_int_equal(policy_for_token(&policy).future_iat_s, 90);
    assert_int_equal(policy_status(&policy, POLICY_SUCCESS_STATUS), 201);
}

TEST(a_bad_profile_is_refused_with_its_place)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        { "{\"policy\":{}}", "p.json:1:1: /v: found nothing, expected an integer" },
        { "{\"v\":2,\"policy\":{}}", "p.json:1:6: /v: found 2, expected 1" },
        { "{\"v\":1}", "p.json:1:1: /policy: found nothing, expected an object" },
        { "{\"v\":1,\"policy\":{\"typ\":\"no\"}}",
          "p.json:1:24: /policy/typ: found no, expected warn or reject" },
        { "{\"v\":1,\"policy\":\n {\"typ\":true}}",
          "p.json:2:9: /policy/typ: found true, expected warn or reject" },
        { "{\"v\":1,\"policy\":{\"future-iat\":1e9}}",
          "p.json:1:31: /policy/future-iat: found a real number, expected seconds from 0 to "
          "86400" },
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hm_error err = { 0 };
        struct policy policy;

        policy_init(&policy);
        assert_int_equal(read_profile(&policy, bad[i].text, &err), HM_BAD_INPUT);
        assert_string_equal(err.text, bad[i].says);
    }
}

TEST(an_unknown_name_in_a_profile_lists_the_names)
{
    struct hm_error err = { 0 };
    struct policy policy;

    policy_init(&policy);
    assert_int_equal(read_profile(&policy, "{\"v\":1,\"policy\":{\"x\":\"y\"}}", &err),
                     HM_BAD_INPUT);
    assert_non_null(strstr(err.text, "p.json:1:"));
    assert_non_null(strstr(err.text, "unknown name x, expected one of media-type, "));
    assert_non_null(strstr(err.text, "success-status"));
}
