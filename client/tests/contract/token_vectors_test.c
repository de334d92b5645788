/* Every vector of fixtures/tokens: made by other implementations, judged by ours. */
#include <heymarket/token.h>

#include "contract/base64url.h"
#include "contract/secrets.h"
#include "support/fixture.h"
#include "support/try.h"
#include "tests/unit.h"

static const struct fixtures source = { HM_SOURCE "/fixtures" };

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static enum hm_code add_secrets(struct hm_secrets *secrets, const json_t *root,
                                struct hm_error *err)
{
    enum hm_code code = HM_OK;
    size_t i;
    const json_t *entry;

    json_array_foreach (json_object_get(root, "secrets"), i, entry) {
        TRY(hm_secrets_add(secrets, text_of(entry, "id"), text_of(entry, "key"), err));
    }
    json_array_foreach (json_object_get(root, "signing_keys"), i, entry) {
        const char *text = text_of(entry, "base64url");
        unsigned char bytes[256];
        size_t length = 0;

        if (base64url_decode(bytes, &length, text, strlen(text)) != BASE64URL_OK)
            return hm_error_set(err, HM_BAD_INPUT, "a signing key is not base64url");
        TRY(secrets_add_signing_key(secrets, text_of(entry, "id"), bytes, length, err));
    }
out:
    return code;
}

static bool has_finding(const struct hm_findings *findings, const char *clause, const char *code)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct hm_mistake_row *row = hm_mistake_row(findings->at[i].mistake);

        if (strcmp(row->clause, clause) == 0 && strcmp(row->code, code) == 0)
            return true;
    }
    return false;
}

/* The message of the first finding contains what the vector says. */
static bool has_text(const struct hm_findings *findings, const char *says)
{
    return says == NULL || (findings->count > 0 && strstr(findings->at[0].message, says) != NULL);
}

static bool has_also(const struct hm_findings *findings, const json_t *also)
{
    size_t i;
    const json_t *entry;

    json_array_foreach (also, i, entry) {
        char clause[HM_CLAUSE_TEXT];
        char code[HM_MISTAKE_TEXT];

        if (sscanf(json_string_value(entry), "%3s %39s", clause, code) != 2 ||
            !has_finding(findings, clause, code))
            return false;
    }
    return true;
}

/* Does a message contain a piece of a key that is too long to be there by chance? */
static bool leaks(const struct hm_findings *findings, const struct hm_secrets *secrets)
{
    enum { PIECE = 12 };

    for (size_t i = 0; i < secrets->count; i++) {
        const char *key =
            private_is_set(secrets->at[i]->key) ? private_open(secrets->at[i]->key) : "";

        for (size_t at = 0; at + PIECE <= strlen(key); at++) {
            char piece[PIECE + 1] = "";

            memcpy(piece, key + at, PIECE);
            for (size_t f = 0; f < findings->count; f++) {
                if (strstr(findings->at[f].message, piece) != NULL)
                    return true;
            }
        }
    }
    return false;
}

/* The first refusal must be the vector's; what else it names must be found too. */
static bool is_as_expected(const struct hm_verdict *verdict, const json_t *vector)
{
    const struct hm_finding *refusal = hm_findings_refusal(&verdict->findings);
    bool is_good = strcmp(text_of(vector, "verdict"), "good") == 0;

    const json_t *also = json_object_get(vector, "also");

    if (!has_also(&verdict->findings, also) ||
        !has_text(&verdict->findings, text_of(vector, "says")))
        return false;
    if (also != NULL && verdict->findings.count != json_array_size(also) + (is_good ? 0 : 1))
        return false; /* one mistake is one finding */
    if (is_good)
        return refusal == NULL;
    return refusal != NULL &&
           strcmp(hm_mistake_row(refusal->mistake)->clause, text_of(vector, "clause")) == 0 &&
           strcmp(hm_mistake_row(refusal->mistake)->code, text_of(vector, "code")) == 0;
}

static void print_difference(const char *path, const json_t *vector,
                             const struct hm_verdict *verdict)
{
    print_error("%s: %s: expected %s %s %s, found:\n", path, text_of(vector, "name"),
                text_of(vector, "verdict"), text_of(vector, "clause"), text_of(vector, "code"));
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const struct hm_finding *finding = &verdict->findings.at[i];

        print_error("    %s %s%s: %s\n", hm_mistake_row(finding->mistake)->clause,
                    hm_mistake_row(finding->mistake)->code,
                    finding->severity == HM_WARNS ? " (warned)" : "", finding->message);
    }
}

/* Returns how many vectors differ, or -1. */
static int check_file(const char *path, size_t *count)
{
    struct json_file file = { 0 };
    struct hm_secrets *secrets = NULL;
    struct hm_error err = { 0 };
    enum hm_code code;
    int differences = 0;
    size_t i;
    const json_t *vector;

    TRY(fixture_load(&file, &source, path, &err));
    TRY(hm_secrets_new(&secrets, &err));
    TRY(add_secrets(secrets, file.root, &err));
    json_array_foreach (json_object_get(file.root, "vectors"), i, vector) {
        const json_t *bare = json_object_get(vector, "token");
        const json_t *text = bare != NULL ? bare : json_object_get(vector, "authorization");
        int64_t now = json_integer_value(json_object_get(vector, "now"));
        struct hm_verdict verdict;

        if (bare != NULL)
            code = hm_token_verify(&verdict, json_string_value(text), json_string_length(text),
                                   secrets, NULL, now, &err);
        else
            code = hm_authorization_verify(&verdict, json_string_value(text),
                                           json_string_length(text), secrets, NULL, now, &err);
        if (code != HM_OK && code != HM_TOKEN_REFUSED)
            goto out;
        (*count)++;
        if (!is_as_expected(&verdict, vector) || leaks(&verdict.findings, secrets)) {
            print_difference(path, vector, &verdict);
            differences++;
        }
    }
    code = HM_OK;
out:
    if (code != HM_OK)
        print_error("%s: %s\n", path, err.text);
    hm_secrets_free(secrets);
    json_file_fini(&file);
    return code == HM_OK ? differences : -1;
}

TEST(every_vector_gets_its_verdict_and_code)
{
    char **paths = NULL;
    struct hm_error err = { 0 };
    size_t count = 0;
    int differences = 0;

    assert_int_equal(fixture_list(&paths, &source, "tokens", &err), HM_OK);
    for (size_t i = 0; paths[i] != NULL && differences >= 0; i++) {
        int found = check_file(paths[i], &count);

        differences = found < 0 ? found : differences + found;
    }
    fixture_list_free(paths);
    print_message("%zu vectors\n", count);
    assert_int_equal(differences, 0);
    assert_true(count >= 40);
}
