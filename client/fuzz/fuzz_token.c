/* Fuzz target: an Authorization value is verified and inspected. Input that starts with a brace is
 * signed first: a header, a line feed, claims, and optionally a line feed and the signing key. So
 * any content is also seen with a correct form and signature.
 *
 * Only a value signed with the right key verifies, and only with the claims that the contract
 * requires [J2-J7]. A remembered value gives the same result as a new one [J12].
 */
#include "fuzz/fuzz.h"

#include "contract/base64url.h"
#include "contract/hmac.h"
#include "contract/token_memory.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
    RAW_NOW = 0,  /* no raw input has a valid token at this time */
    LATER_S = 300 /* a valid token has expired by then [J6] */
};

static const char right_key[] = FUZZ_ID "||" FUZZ_KEY;
static const char scheme[] = "Bearer ";
enum { SCHEME_BYTES = sizeof scheme - 1 };

/* An Authorization value, and what it was made of. */
struct credential {
    const char *value;
    size_t length;
    int64_t now;                     /* what it is judged by */
    char *made;                      /* the value's storage; NULL: it came as it is */
    struct span header, claims, key; /* of one that was made */
};

/* Takes the text up to the next line feed. */
static struct span line_take(struct span *text)
{
    const char *end = memchr(text->at, '\n', text->length);
    struct span line = { text->at, end == NULL ? text->length : (size_t)(end - text->at) };
    size_t taken = line.length + (end != NULL);

    *text = (struct span){ text->at + taken, text->length - taken };
    return line;
}

static char *segment_put(char *out, const void *data, size_t length)
{
    base64url_encode(out, data, length);
    return out + base64url_encoded_length(length);
}

static void credential_make(struct credential *made, struct span text)
{
    unsigned char mac[MAC_BYTES_MAX];
    struct hmac_key *key = NULL;
    char *room, *at;

    made->header = line_take(&text);
    made->claims = line_take(&text);
    made->key = text.length > 0 ? text : (struct span){ right_key, sizeof right_key - 1 };
    made->length = SCHEME_BYTES + base64url_encoded_length(made->header.length) + 1 +
                   base64url_encoded_length(made->claims.length) + 1 +
                   base64url_encoded_length(SHA256_BYTES);
    room = malloc(made->length + 1);
    made->made = malloc(made->length); /* exactly, so that a read past the end is seen */
    must(room != NULL && made->made != NULL);
    memcpy(room, scheme, SCHEME_BYTES);
    at = segment_put(room + SCHEME_BYTES, made->header.at, made->header.length);
    *at++ = '.';
    at = segment_put(at, made->claims.at, made->claims.length);
    must(hmac_key_new(&key, HASH_SHA256, made->key.at, made->key.length, NULL) == HM_OK &&
         hmac_key_mac(key, room + SCHEME_BYTES, (size_t)(at - room) - SCHEME_BYTES, mac));
    hmac_key_free(key);
    *at++ = '.';
    (void)segment_put(at, mac, SHA256_BYTES);
    memcpy(made->made, room, made->length);
    made->value = made->made;
    made->now = FUZZ_NOW;
    free(room);
}

/* What came of it, judged by nobody who remembers. */
static enum hm_code judge(struct hm_verdict *verdict, const struct credential *credential,
                          int64_t now)
{
    struct hm_error err = { .code = HM_OK };
    enum hm_code code = hm_authorization_verify(verdict, credential->value, credential->length,
                                                fuzz_secrets(), NULL, now, &err);

    verdict_check(code, verdict);
    return code;
}

static bool is_same(const struct hm_verdict *a, const struct hm_verdict *b)
{
    bool is_equal = a->is_good == b->is_good && a->has_iat == b->has_iat &&
                    a->secret == b->secret && a->now == b->now && a->iat == b->iat &&
                    a->age_s == b->age_s && a->findings.count == b->findings.count;

    for (size_t i = 0; is_equal && i < a->findings.count; i++)
        is_equal = a->findings.at[i].mistake == b->findings.at[i].mistake &&
                   a->findings.at[i].severity == b->findings.at[i].severity &&
                   strcmp(a->findings.at[i].message, b->findings.at[i].message) == 0;
    return is_equal;
}

/* Judged three times by one who remembers: for the first time, once more, and later. */
static void memory_check(const struct credential *credential, const struct hm_verdict *first)
{
    struct token_memory memory = { 0 };
    struct hm_verdict remembered, later;
    enum hm_code code;

    for (int time = 0; time < 3; time++) {
        int64_t now = credential->now + (time < 2 ? 0 : LATER_S);

        code = token_memory_verify(&memory, &remembered, credential->value, credential->length,
                                   fuzz_secrets(), NULL, now, NULL);
        verdict_check(code, &remembered);
        if (time < 2) {
            must(is_same(&remembered, first));
            continue;
        }
        must(judge(&later, credential, now) == code && is_same(&remembered, &later));
    }
}

static json_t *member_of(const struct span *text, const char *name)
{
    json_t *object =
        json_loadb(text->at, text->length,
                   JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
    json_t *member = json_incref(json_object_get(object, name));

    json_decref(object);
    return member;
}

static bool is_text(const struct span *from, const char *name, const char *expected)
{
    json_t *member = member_of(from, name);
    bool is_equal = json_is_string(member) && json_string_length(member) == strlen(expected) &&
                    memcmp(json_string_value(member), expected, strlen(expected)) == 0;

    json_decref(member);
    return is_equal;
}

/* A good one: the contract's rules once more, written from its text. */
static void good_check(const struct credential *credential)
{
    json_t *iat = member_of(&credential->claims, "iat");

    must(credential->key.length == sizeof right_key - 1 &&
         memcmp(credential->key.at, right_key, credential->key.length) == 0);
    must(is_text(&credential->header, "alg", "HS256") &&
         is_text(&credential->claims, "iss", FUZZ_ID));
    must(json_is_number(iat) && FUZZ_NOW < json_number_value(iat) + 300 &&
         json_number_value(iat) <= FUZZ_NOW + 60);
    json_decref(iat);
}

/* What can be taken apart gives back what it was made of. */
static void inspect_check(const struct credential *credential)
{
    size_t skipped = credential->made == NULL ? 0 : SCHEME_BYTES;
    struct hm_token token;

    if (hm_token_inspect(&token, credential->value + skipped, credential->length - skipped, NULL) !=
        HM_OK)
        return;
    must(token.header[token.header_bytes] == '\0' && token.claims[token.claims_bytes] == '\0');
    must(credential->made == NULL ||
         (token.claims_bytes == credential->claims.length &&
          memcmp(token.claims, credential->claims.at, token.claims_bytes) == 0));
    hm_token_fini(&token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct credential credential = { .value = (const char *)data, .length = size, .now = RAW_NOW };
    struct hm_verdict verdict;

    if (size > 0 && data[0] == '{')
        credential_make(&credential, (struct span){ (const char *)data, size });
    if (judge(&verdict, &credential, credential.now) == HM_OK) {
        must(credential.made != NULL);
        good_check(&credential);
    }
    memory_check(&credential, &verdict);
    inspect_check(&credential);
    free(credential.made);
    return 0;
}
