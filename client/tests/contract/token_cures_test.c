/* Every cure is right: the vectors of fixtures/tokens that are refused are changed as their
 * findings say, no more and no less, and must then be good. */
#include <heymarket/token.h>

#include "contract/base64url.h"
#include "contract/secrets.h"
#include "support/fixture.h"
#include "support/try.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
            next = base64url_decode(bytes, &count, text, length) == BASE64URL_OK
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

/* Changes header and claims as the findings say. */
static void apply_cures(json_t *header, json_t *claims, const struct hm_verdict *verdict,
                        const char *id)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(verdict->findings.at[i].mistake);

        if (strcmp(row->clause, "J3") == 0)
            assert_int_equal(json_object_set_new(claims, "iss", json_string(id)), 0);
        if (strcmp(row->clause, "J4") == 0 || strcmp(row->clause, "J6") == 0 ||
            strcmp(row->clause, "J7") == 0)
            assert_int_equal(json_object_set_new(claims, "iat", json_integer(verdict->now)), 0);
        /* exp and nbf in the wrong unit of iat come from the same clock */
        if (strcmp(row->clause, "J8") == 0 || strcmp(row->clause, "J4") == 0) {
            json_object_del(claims, "exp");
            json_object_del(claims, "nbf");
        }
        if (strcmp(row->clause, "J9") == 0)
            assert_int_equal(json_object_set_new(header, "typ", json_string("JWT")), 0);
        if (strncmp(row->code, "alg-", 4) == 0)
            assert_int_equal(json_object_set_new(header, "alg", json_string("HS256")), 0);
        if (strcmp(row->code, "crit-unsupported") == 0)
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

/* 1: changed and good; 0: it has another form of mistake; -1: still refused. */
static int cure(const json_t *vector, const struct hm_secrets *secrets)
{
    static char token[2 * HM_TOKEN_BYTES_MAX];
    const char *text = text_of(vector, "token");
    int64_t now = json_integer_value(json_object_get(vector, "now"));
    const char *dot = text != NULL ? strchr(text, '.') : NULL;
    const char *end = dot != NULL ? strchr(dot + 1, '.') : NULL;
    json_t *header = NULL, *claims = NULL;
    struct hm_verdict verdict;
    int result = 0;

    if (end == NULL || strchr(end + 1, '.') != NULL ||
        strcmp(text_of(vector, "verdict"), "good") == 0)
        return 0;
    header = object_of(text, (size_t)(dot - text));
    claims = object_of(dot + 1, (size_t)(end - dot - 1));
    if (header != NULL && claims != NULL &&
        hm_token_verify(&verdict, text, strlen(text), secrets, NULL, now, NULL) ==
            HM_TOKEN_REFUSED &&
        strcmp(text_of(vector, "code"), "token-too-long") != 0) {
        apply_cures(header, claims, &verdict, hm_secrets_id(secrets, 0));
        sign(token, header, claims, secrets);
        result = hm_token_verify(&verdict, token, strlen(token), secrets, NULL, now, NULL) == HM_OK
                     ? 1
                     : -1;
        if (result < 0)
            print_error("%s: %s\n", text_of(vector, "name"), verdict.findings.at[0].message);
    }
    json_decref(header);
    json_decref(claims);
    return result;
}

static void what_the_findings_say_makes_a_token_good(void **state)
{
    static const char *const names[] = { "tokens/published.json", "tokens/mistakes.json",
                                         "tokens/shapes.json" };
    int cured = 0, wrong = 0;

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct json_file file = { 0 };
        struct hm_secrets *secrets = NULL;
        size_t i;
        const json_t *entry;

        assert_int_equal(fixture_load(&file, &source, names[n], NULL), HM_OK);
        assert_int_equal(hm_secrets_new(&secrets, NULL), HM_OK);
        json_array_foreach (json_object_get(file.root, "secrets"), i, entry) {
            assert_int_equal(
                hm_secrets_add(secrets, text_of(entry, "id"), text_of(entry, "key"), NULL), HM_OK);
        }
        json_array_foreach (json_object_get(file.root, "vectors"), i, entry) {
            int result = cure(entry, secrets);

            cured += result > 0;
            wrong += result < 0;
        }
        hm_secrets_free(secrets);
        json_file_fini(&file);
    }
    print_message("%d tokens cured\n", cured);
    assert_int_equal(wrong, 0);
    assert_true(cured > 700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_findings_say_makes_a_token_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
