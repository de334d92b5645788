/* Messages about times that are far away [J4 J6 J7 J8]. */
#include "contract/token_claims.h"

#include "contract/base64url.h"
#include "tests/unit.h"

enum { TOKEN_BYTES = 4096 };

static const int64_t now = 1800000000;

/* Judges the claims, whose iss is unknown, without a signature. */
static void judge(struct hm_verdict *verdict, const char *times)
{
    struct hm_token_policy policy = HM_TOKEN_POLICY_DEFAULT;
    struct hm_secrets *secrets;
    char claims[1024], token[TOKEN_BYTES] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";
    size_t length = strlen(token);

    policy.skips_signature = true;
    snprintf(claims, sizeof claims, "{\"iss\":\"a\",%s}", times);
    base64url_encode(token + length, (unsigned char *)claims, strlen(claims));
    length += base64url_encoded_length(strlen(claims));
    memcpy(token + length, ".AAAA", sizeof ".AAAA");
    assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, "a", "FakeKeyOfATest", NULL), HM_OK);
    assert_in_range(hm_token_verify(verdict, token, strlen(token), secrets, &policy, now, NULL),
                    HM_OK, HM_TOKEN_REFUSED);
    hm_secrets_free(secrets);
}

static const char *message_of(const struct hm_verdict *verdict, enum hm_mistake mistake)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        if (verdict->findings.at[i].mistake == mistake)
            return verdict->findings.at[i].message;
    }
    return "no such finding";
}

TEST(a_number_without_a_date_is_shown_as_written)
{
    static const struct {
        const char *value, *shown;
    } rows[] = {
        { "1e300", "iat is 1e300, after the year 9999; now is 1800000000" },
        { "12345678901234567890123456789", "iat is 123456789012... (29 characters), after" },
        { "1.5E+300", "iat is 1.5E+300, after" },
        { "253402300800", "iat is 253402300800, after" },
        { "-1e300", "iat is -1e300, before the year 0; now" },
    };
    struct hm_verdict verdict;
    char times[1024], digits[292];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *message;

        snprintf(times, sizeof times, "\"iat\" : %s", rows[i].value);
        judge(&verdict, times);
        message =
            message_of(&verdict, rows[i].value[0] == '-' ? HM_J6_EXPIRED : HM_J7_IAT_IN_FUTURE);
        if (strstr(message, rows[i].shown) == NULL)
            fail_msg("%s: %s", rows[i].value, message);
        assert_null(strstr(message, "days"));
        assert_null(strstr(message, "--clock"));
    }
    memset(digits, '7', 290);
    digits[290] = '\0';
    snprintf(times, sizeof times, "\"x\":{\"iat\":5},\"iat\":%s", digits);
    judge(&verdict, times);
    assert_non_null(strstr(message_of(&verdict, HM_J7_IAT_IN_FUTURE),
                           "iat is 777777777777... (290 characters), after the year 9999"));
    assert_null(strstr(message_of(&verdict, HM_J7_IAT_IN_FUTURE), "nanoseconds"));
    snprintf(times, sizeof times, "\"iat\":%lld,\"exp\":%s,\"nbf\":%s", (long long)now, digits,
             digits);
    judge(&verdict, times);
    assert_non_null(strstr(message_of(&verdict, HM_J8_NBF_AHEAD), "nbf is 777777777777... (290"));
    assert_non_null(strstr(message_of(&verdict, HM_J8_LIFETIME_OVER_FIVE_MINUTES),
                           "exp is 777777777777... (290 characters), after the year 9999"));
}

/* The mistake and whether the clock of a test is named at this distance from now. */
static void clock_is_named(int64_t iat, enum hm_mistake mistake, bool is_named)
{
    struct hm_verdict verdict;
    char times[64], option[96];

    snprintf(times, sizeof times, "\"iat\":%lld", (long long)iat);
    snprintf(option, sizeof option, "heymarket-mock --clock @%lld or PUT /_mock/clock",
             (long long)iat);
    judge(&verdict, times);
    assert_string_not_equal(message_of(&verdict, mistake), "no such finding");
    if ((strstr(message_of(&verdict, mistake), option) != NULL) != is_named)
        fail_msg("%lld: %s", (long long)iat, message_of(&verdict, mistake));
    /* the cure is not cut */
    assert_non_null(strstr(message_of(&verdict, mistake), hm_mistake_row(mistake)->cure));
    assert_int_equal(strstr(message_of(&verdict, mistake), "freezegun") != NULL, is_named);
}

TEST(a_far_time_names_the_clock_of_the_test)
{
    static const int64_t day_s = 86400;

    clock_is_named(now - 300, HM_J6_EXPIRED, false);
    clock_is_named(now - day_s, HM_J6_EXPIRED, false);
    clock_is_named(now - day_s - 1, HM_J6_EXPIRED, true);
    clock_is_named(now - 1062 * day_s, HM_J6_EXPIRED, true);
    clock_is_named(now + 61, HM_J7_IAT_IN_FUTURE, false);
    clock_is_named(now + day_s, HM_J7_IAT_IN_FUTURE, false);
    clock_is_named(now + day_s + 1, HM_J7_IAT_IN_FUTURE, true);
    clock_is_named(now + 1062 * day_s, HM_J7_IAT_IN_FUTURE, true);
    clock_is_named(1713225600, HM_J6_IAT_FROM_DOCUMENTATION, false);
}
