#include "certify/certify_leaks.h"
#include "contract/base64url.h"
#include "contract/token_find.h"
#include "support/try.h"
#include "support/uuid.h"
#include <heymarket/token.h>
#include <stdio.h>
#include <string.h>

enum { SECRET_BYTES = UUID_TEXT + 2 + CERTIFY_KEY_BYTES + 1, WRITTEN_BYTES = SECRET_BYTES * 2 + 1 };

static size_t occurrences(const char *text, size_t length, const char *wanted)
{
    size_t wanted_length = strlen(wanted);
    size_t count = 0;

    for (size_t at = 0; at + wanted_length <= length; at++) {
        if (memcmp(text + at, wanted, wanted_length) == 0) {
            count++;
            at += wanted_length - 1;
        }
    }
    return count;
}

static void write_hex(char *out, const char *plain)
{
    for (; *plain != '\0'; plain++, out += 2)
        snprintf(out, 3, "%02x", (unsigned)(unsigned char)*plain);
}

/* Base64 in both alphabets; counted once if both give the same text. */
static size_t count_base64(const char *text, size_t length, const char *plain)
{
    char written[WRITTEN_BYTES];
    bool differs = false;

    base64url_encode(written, plain, strlen(plain));
    size_t count = occurrences(text, length, written);
    for (char *at = written; *at != '\0'; at++) {
        differs = differs || *at == '-' || *at == '_';
        *at = (char)(*at == '-' ? '+' : *at == '_' ? '/' : *at);
    }
    return differs ? count + occurrences(text, length, written) : count;
}

static bool has_finding_of(const struct hm_findings *findings, const char *clause)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(hm_mistake_row(findings->at[i].mistake)->clause, clause) == 0 &&
            findings->at[i].severity == HM_REFUSES)
            return true;
    }
    return false;
}

/* Was it signed with the secret? An expired token counts too. */
static enum hm_code token_is_ours(bool *is_ours, const struct found_token *token,
                                  const struct hm_secrets *secrets, struct hm_error *err)
{
    struct hm_verdict verdict;
    enum hm_code code =
        token->is_header_value
            ? hm_authorization_verify(&verdict, token->text, token->length, secrets, NULL, 0, err)
            : hm_token_verify(&verdict, token->text, token->length, secrets, NULL, 0, err);

    if (code != HM_OK && code != HM_TOKEN_REFUSED)
        return code;
    *is_ours = verdict.secret != HM_NO_SECRET && !has_finding_of(&verdict.findings, "J1") &&
               !has_finding_of(&verdict.findings, "J2") && !has_finding_of(&verdict.findings, "J5");
    return HM_OK;
}

static enum hm_code count_tokens(size_t *leaks, const char *text, size_t length,
                                 const struct certify_secret *secret, struct hm_error *err)
{
    enum hm_code code;
    struct hm_secrets *secrets = NULL;
    struct found_tokens found = { .count = 0 };

    TRY(hm_secrets_new(&secrets, err));
    TRY(hm_secrets_add(secrets, secret->id, secret->key, err));
    TRY(token_find(&found, text, length, err));
    for (size_t i = 0; i < found.count; i++) {
        bool is_ours = false;

        TRY(token_is_ours(&is_ours, &found.at[i], secrets, err));
        *leaks += is_ours;
    }
out:
    found_tokens_fini(&found);
    hm_secrets_free(secrets);
    return code;
}

enum hm_code certify_leaks(size_t *leaks, const char *text, size_t length,
                           const struct certify_secret *secret, struct hm_error *err)
{
    char whole[SECRET_BYTES];
    char hex[WRITTEN_BYTES];

    snprintf(whole, sizeof whole, "%s||%s", secret->id, secret->key);
    write_hex(hex, secret->key);
    *leaks = occurrences(text, length, secret->key) + occurrences(text, length, hex) +
             count_base64(text, length, secret->key) + count_base64(text, length, whole);
    return count_tokens(leaks, text, length, secret, err);
}
