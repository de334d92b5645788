/* Every cure is right: the vectors of fixtures/tokens that are refused are changed as their
 * findings say, no more and no less, and must then be good. */
#include <heymarket/token.h>

#include "contract/base64url.h"
#include "contract/secrets.h"
#include "support/fixture.h"
#include "support/try.h"
#include "tests/unit.h"
#include <math.h>

static const struct fixtures source = { HM_SOURCE "/fixtures" };

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* The object in a segment, once decoded [J2 segment-encoded-twice]. NULL: another cure is needed.
 */
static json_t *object_of(const char *text, size_t length)
{
    unsigned char bytes[HM_TOKEN_BYTES_MAX];
    size_t count = 0;
    json_t *found = NULL;

    for (int depth = 0; depth < 4 && !json_is_object(found); depth++) {
        json_t *next;

        if (json_is_string(found))
            next = json_loadb(json_string_value(found), json_string_length(found), JSON_DECODE_ANY,
                              NULL);
        else
            next = (base64url_decode(bytes, &count, text, length) & BASE64URL_BROKEN) == 0
                       ? json_loadb((char *)bytes, count, JSON_DECODE_ANY, NULL)
                       : NULL;
        json_decref(found);
        found = next;
        if (found == NULL)
            break;
    }
    if (json_is_object(found))
        return found;
    json_decref(found);
    return NULL;
}

static bool has(const struct hm_findings *findings, enum hm_mistake mistake)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].mistake == mistake)
            return true;
    }
    return false;
}

/* [J4] As the cure of this mistake says; all others say to use the current time. */
static json_t *cured_iat(const json_t *iat, enum hm_mistake mistake, int64_t now)
{
    char *end = NULL;
    long long read;

    switch (mistake) {
    case HM_J4_IAT_MILLISECONDS:
        return json_integer((json_int_t)floor(json_number_value(iat) / 1000));
    case HM_J4_IAT_FRACTIONAL:
        return json_integer((json_int_t)floor(json_number_value(iat)));
    case HM_J4_IAT_STRING:
        read = strtoll(json_string_value(iat), &end, 10);
        return json_integer(*end == '\0' && end != json_string_value(iat) ? read : now);
    default:
        return json_integer(now);
    }
}

/* [J3] White space is removed; all others say to use the ID. */
static json_t *cured_iss(const json_t *iss, enum hm_mistake mistake, const char *id)
{
    const char *text = json_string_value(iss);
    size_t start, length;

    if (mistake != HM_J3_ISS_HAS_WHITESPACE)
        return json_string(id);
    start = strspn(text, " \t\r\n");
    for (length = strlen(text + start); length > 0; length--) {
        if (strchr(" \t\r\n", text[start + length - 1]) == NULL)
            break;
    }
    return json_stringn(text + start, length);
}

/* Changes header and claims as the findings say. */
static void apply_cures(json_t *header, json_t *claims, const struct hm_verdict *verdict,
                        const char *id)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        enum hm_mistake mistake = verdict->findings.at[i].mistake;
        const struct hm_mistake_row *row = hm_mistake_row(mistake);

        if (strcmp(row->clause, "J3") == 0)
            json_object_set_new(claims, "iss",
                                cured_iss(json_object_get(claims, "iss"), mistake, id));
        if (strcmp(row->clause, "J4") == 0 || strcmp(row->clause, "J6") == 0 ||
            strcmp(row->clause, "J7") == 0)
            json_object_set_new(claims, "iat",
                                cured_iat(json_object_get(claims, "iat"), mistake, verdict->now));
        /* exp and nbf in the wrong unit of iat come from the same clock */
        if (strcmp(row->clause, "J8") == 0 || strcmp(row->clause, "J4") == 0) {
            json_object_del(claims, "exp");
            json_object_del(claims, "nbf");
        }
        if (strcmp(row->clause, "J9") == 0)
            json_object_set_new(header, "typ", json_string("JWT"));
        if (strncmp(row->code, "alg-", 4) == 0)
            json_object_set_new(header, "alg", json_string("HS256"));
        if (mistake == HM_J2_CRIT_UNSUPPORTED)
            json_object_del(header, "crit");
    }
}

static size_t add_segment(char *out, const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    size_t length;

    assert_non_null(text);
    length = strlen(text);
    base64url_encode(out, (unsigned char *)text, length);
    free(text);
    return base64url_encoded_length(length);
}

static void sign(char *out, const json_t *header, const json_t *claims,
                 const struct hm_secrets *secrets)
{
    const char *iss = text_of(claims, "iss");
    const struct secret *secret = iss != NULL ? secrets_find(secrets, iss, strlen(iss)) : NULL;
    unsigned char mac[MAC_BYTES_MAX];
    size_t length = add_segment(out, header);

    out[length++] = '.';
    length += add_segment(out + length, claims);
    assert_true(secret != NULL &&
                hmac_key_mac(secret->signing_key, out, length, mac)); /* else J3 was not named */
    out[length++] = '.';
    base64url_encode(out + length, mac, SHA256_BYTES);
    out[length + base64url_encoded_length(SHA256_BYTES)] = '\0';
}

/* [J1] The token of a header's value, without what is around and between; false: it has none. */
static bool take_token(char token[2 * HM_TOKEN_BYTES_MAX], const char *value)
{
    static const char of_tokens[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_.+/=";
    const char *at = strstr(value, "eyJ");
    size_t length = 0;

    for (; at != NULL && *at != '\0' && length + 1 < (size_t)2 * HM_TOKEN_BYTES_MAX; at++) {
        if (strchr(" \t\r\n", *at) != NULL)
            continue;
        if (strchr(of_tokens, *at) == NULL)
            break;
        token[length++] = *at;
    }
    token[length] = '\0';
    return length > 0;
}

/* Reads header and claims, or makes those that a cure says to encode. False: neither. */
static bool take_parts(json_t **header, json_t **claims, const char *token,
                       const struct hm_verdict *verdict, const char *id)
{
    const struct hm_findings *findings = &verdict->findings;
    const char *dot = strchr(token, '.');
    size_t payload = dot != NULL ? strcspn(dot + 1, ".") : 0;
    bool is_encoded_again = has(findings, HM_J2_SEGMENT_NOT_BASE64URL);

    *header = dot != NULL ? object_of(token, (size_t)(dot - token)) : NULL;
    *claims = dot != NULL ? object_of(dot + 1, payload) : NULL;
    if (*header == NULL && (is_encoded_again || has(findings, HM_J2_HEADER_NOT_JSON)))
        *header = json_pack("{s:s, s:s}", "alg", "HS256", "typ", "JWT");
    if (has(findings, HM_J1_TOKEN_TOO_LONG) && *claims != NULL) {
        json_object_clear(*claims);
        json_object_set_new(*claims, "iss", json_string(id));
        json_object_set_new(*claims, "iat", json_integer(verdict->now));
    }
    if (*claims == NULL && (is_encoded_again || has(findings, HM_J2_PAYLOAD_NOT_JSON)))
        *claims = json_pack("{s:s, s:I}", "iss", id, "iat", (json_int_t)verdict->now);
    return *header != NULL && *claims != NULL;
}

/* 1: changed and good; 0: its cure cannot be applied, as `not_applied` says; -1: still refused.
 * What was seen in a token that is good then is marked in @cured. */
static int cure(const char *name, const char *text, bool is_value, int64_t now,
                const struct hm_secrets *secrets, bool cured[HM_MISTAKE_COUNT])
{
    static char token[2 * HM_TOKEN_BYTES_MAX];
    const char *id = hm_secrets_id(secrets, 0);
    bool seen[HM_MISTAKE_COUNT] = { false };
    struct hm_verdict verdict;
    enum hm_code code =
        is_value ? hm_authorization_verify(&verdict, text, strlen(text), secrets, NULL, now, NULL)
                 : hm_token_verify(&verdict, text, strlen(text), secrets, NULL, now, NULL);

    if (code == HM_OK && verdict.findings.count == 0)
        return 0;
    if (has(&verdict.findings, HM_J2_HEADER_NOT_JSON))
        snprintf(token, sizeof token, "%s", text); /* does not start as tokens do */
    else if (!take_token(token, text))
        return 0;
    for (int round = 0; verdict.findings.count > 0 && round < 3; round++) {
        json_t *header = NULL, *claims = NULL;
        bool is_read = take_parts(&header, &claims, token, &verdict, id);

        for (size_t i = 0; i < verdict.findings.count; i++)
            seen[verdict.findings.at[i].mistake] = true;
        if (is_read) {
            apply_cures(header, claims, &verdict, id);
            sign(token, header, claims, secrets);
        }
        json_decref(header);
        json_decref(claims);
        if (!is_read)
            return 0;
        code = hm_token_verify(&verdict, token, strlen(token), secrets, NULL, now, NULL);
    }
    if (code != HM_OK || verdict.findings.count > 0) {
        print_error("%s: %s\n", name, verdict.findings.at[0].message);
        return -1;
    }
    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++)
        cured[i] |= seen[i];
    return 1;
}

static void load_secrets(struct hm_secrets **secrets, const json_t *list)
{
    size_t i;
    const json_t *entry;

    assert_int_equal(hm_secrets_new(secrets, NULL), HM_OK);
    json_array_foreach (list, i, entry) {
        assert_int_equal(
            hm_secrets_add(*secrets, text_of(entry, "id"), text_of(entry, "key"), NULL), HM_OK);
    }
}

/* Mistakes of a token whose cure a program cannot apply to the token. */
static const struct {
    enum hm_mistake mistake;
    const char *reason;
} not_applied[] = {
    { HM_J1_AUTHORIZATION_MISSING, "there is no token to change" },
    { HM_J1_TOKEN_MISSING, "there is no token to change" },
    { HM_J5_SIGNATURE_NOT_CHECKED, "the judge changes, not the token: it is given the secret" },
    { HM_J6_TOKEN_REUSED, "only several runs of a signer show it, see cli.signer" },
    { HM_J11_CONTACT_OF_OTHER_TEAM, "the contact changes, which only the mock knows" },
    { HM_J13_LEGACY_API_KEY, "a new API Secret is needed, and a program that signs" },
};

static bool is_listed(enum hm_mistake mistake)
{
    for (size_t i = 0; i < sizeof not_applied / sizeof not_applied[0]; i++) {
        if (not_applied[i].mistake == mistake)
            return true;
    }
    return false;
}

/* Every mistake of a token was cured in one of the vectors, or is listed with the reason. */
static int count_untested(const bool cured[HM_MISTAKE_COUNT])
{
    int wrong = 0;

    for (size_t i = 0; i < HM_MISTAKE_COUNT; i++) {
        const struct hm_mistake_row *row = hm_mistake_row((enum hm_mistake)i);

        if (row->clause[0] != 'J' || cured[i] != is_listed((enum hm_mistake)i))
            continue;
        print_error("%s %s: %s\n", row->clause, row->code,
                    cured[i] ? "cured and listed" : "neither cured nor listed");
        wrong++;
    }
    return wrong;
}

TEST(what_the_findings_say_makes_a_token_good)
{
    static const char *const names[] = { "tokens/published.json", "tokens/mistakes.json",
                                         "tokens/shapes.json" };
    bool is_cured[HM_MISTAKE_COUNT] = { false };
    int cured = 0, wrong = 0;

    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct json_file file = { 0 };
        struct hm_secrets *secrets = NULL;
        size_t i;
        const json_t *entry;

        assert_int_equal(fixture_load(&file, &source, names[n], NULL), HM_OK);
        load_secrets(&secrets, json_object_get(file.root, "secrets"));
        json_array_foreach (json_object_get(file.root, "vectors"), i, entry) {
            static char twice[4 * HM_TOKEN_BYTES_MAX];
            const char *token = text_of(entry, "token");

            if (i == 0 && n == 0) { /* two headers in one */
                assert_non_null(token);
                snprintf(twice, sizeof twice, "Bearer %s, Bearer %s", token, token);
                assert_int_equal(cure("twice", twice, true,
                                      json_integer_value(json_object_get(entry, "now")), secrets,
                                      is_cured),
                                 1);
            }
            int result =
                cure(text_of(entry, "name"),
                     token != NULL ? token : text_of(entry, "authorization"), token == NULL,
                     json_integer_value(json_object_get(entry, "now")), secrets, is_cured);

            cured += result > 0;
            wrong += result < 0;
        }
        hm_secrets_free(secrets);
        json_file_fini(&file);
    }
    print_message("%d tokens cured\n", cured);
    assert_int_equal(count_untested(is_cured), 0);
    assert_int_equal(wrong, 0);
    assert_true(cured > 700);
}

/* [J2] The header names HS512 or HS384, the HMAC is SHA-256: nothing but the header is wrong. */
TEST(a_wrong_alg_alone_is_cured_in_the_header)
{
    static const char *const algs[] = { "HS512", "HS384" };
    static char token[2 * HM_TOKEN_BYTES_MAX];
    static const char id[] = "5ec05ec0-0000-4000-8000-0000000000b2";
    json_t *header = json_pack("{s:s, s:s}", "alg", "HS256", "typ", "JWT");
    json_t *claims = json_pack("{s:s, s:i}", "iss", id, "iat", 1800000000);
    struct hm_secrets *secrets;
    struct hm_verdict verdict;

    assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
    assert_int_equal(hm_secrets_add(secrets, id, "FakeKeyFakeKeyFakeKeyFakeKey0002", NULL), HM_OK);
    for (size_t i = 0; i < 2; i++) {
        json_object_set_new(header, "alg", json_string(algs[i]));
        sign(token, header, claims, secrets);
        assert_int_equal(
            hm_token_verify(&verdict, token, strlen(token), secrets, NULL, 1800000000, NULL),
            HM_TOKEN_REFUSED);
        assert_int_equal(verdict.findings.count, 1);
        assert_int_equal(verdict.findings.at[0].mistake, HM_J2_ALG_UNSUPPORTED);
        assert_non_null(strstr(verdict.findings.at[0].message, "set alg in the header to HS256"));
    }
    json_object_set_new(header, "alg", json_string("HS256"));
    sign(token, header, claims, secrets);
    assert_int_equal(
        hm_token_verify(&verdict, token, strlen(token), secrets, NULL, 1800000000, NULL), HM_OK);
    hm_secrets_free(secrets);
    json_decref(header);
    json_decref(claims);
}
