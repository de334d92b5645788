#include <heymarket/token.h>

#include "contract/base64url.h"
#include "contract/hmac.h"
#include "contract/secrets.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* base64url of {"alg":"HS256","typ":"JWT"} [J2 J9]; the same for every token. */
static const char header_segment[] = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/* {"iss":ID,"iat":SECONDS} [J3 J4] */
static enum hm_code claims_encode(char **payload, const char *id, int64_t iat, struct hm_error *err)
{
    json_t *claims = NULL;
    json_t *iss;

    *payload = NULL;
    if (utf8_prefix(id, strlen(id)) < strlen(id)) {
        hm_error_set(err, HM_BAD_ARGUMENT, "the API secret's ID is not UTF-8");
        return HM_BAD_ARGUMENT;
    }
    iss = json_string(id);
    claims = json_pack("{s:o, s:I}", "iss", iss, "iat", (json_int_t)iat);
    if (claims != NULL)
        *payload = json_dumps(claims, JSON_COMPACT);
    json_decref(claims);
    if (*payload != NULL)
        return HM_OK;
    return no_memory(err);
}

/* header.payload.signature (RFC 7515, section 7.1) [J5] */
static enum hm_code jws_assemble(char **token, const char *payload, const struct hmac_key *key,
                                 struct hm_error *err)
{
    size_t header_length = sizeof header_segment - 1;
    size_t payload_length = base64url_encoded_length(strlen(payload));
    size_t input_length = header_length + 1 + payload_length;
    unsigned char mac[MAC_BYTES_MAX];
    char *made = malloc(input_length + 1 + base64url_encoded_length(SHA256_BYTES) + 1);

    if (made == NULL)
        return no_memory(err);
    memcpy(made, header_segment, header_length);
    made[header_length] = '.';
    base64url_encode(made + header_length + 1, payload, strlen(payload));
    if (!hmac_key_mac(key, made, input_length, mac)) {
        free(made);
        return no_memory(err);
    }
    made[input_length] = '.';
    base64url_encode(made + input_length + 1, mac, SHA256_BYTES);
    *token = made;
    return HM_OK;
}

enum hm_code hm_token_sign(char **token, const char *id, const char *key, int64_t iat,
                           struct hm_error *err)
{
    enum hm_code code;
    char *secret = NULL;
    size_t secret_length = 0;
    char *payload = NULL;
    struct hmac_key *signing_key = NULL;

    *token = NULL;
    TRY(signing_secret(&secret, &secret_length, id, key, err)); /* [J5] */
    TRY(claims_encode(&payload, id, iat, err));                 /* [J3] [J4] */
    TRY(hmac_key_new(&signing_key, HASH_SHA256, secret, secret_length, err));
    TRY(jws_assemble(token, payload, signing_key, err));
out:
    free(payload);
    hmac_key_free(signing_key);
    secret_wipe(secret);
    return code;
}
