#include "recipe/recipe.h"
#include "cases/shape.h"
#include "contract/base64url.h"
#include "contract/hmac.h"
#include "recipe/recipe_claims.h"
#include "recipe/recipe_key.h"
#include "recipe/recipe_text.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

/* of one segment, also of recipes for too long tokens; of a whole token */
enum { TOKEN_BYTES_MAX = 128 * 1024, TOKENS_BYTES_MAX = 2 * TOKEN_BYTES_MAX };

/* Without padding. */
static void append_base64url(struct buf *out, const void *data, size_t length)
{
    size_t count = base64url_encoded_length(length);
    char *text = malloc(count + 1);

    if (text == NULL) {
        out->status = BUF_NO_MEMORY;
        return;
    }
    base64url_encode(text, data, length);
    buf_add(out, text, count);
    free(text);
}

static void append_padding(struct buf *out, size_t encoded_length)
{
    for (; encoded_length % 4 != 0; encoded_length++)
        buf_putc(out, '=');
}

/* Changes base64url from @start on to the standard alphabet. Returns the number of changed
 * characters. */
static size_t standard_alphabet(struct buf *text, size_t start)
{
    size_t changed = 0;

    for (size_t i = start; i < text->length; i++) {
        if (text->data[i] != '-' && text->data[i] != '_')
            continue;
        text->data[i] = text->data[i] == '-' ? '+' : '/';
        changed++;
    }
    return changed;
}

/* Appends a segment: @text with its names replaced, or if it is NULL the compact JSON of @value. */
static enum hm_code segment_append(struct buf *out, const char *text, json_t *value,
                                   const char *form, const struct recipe_words *words,
                                   struct hm_error *err)
{
    enum hm_code code = HM_OK;
    char *json = text != NULL ? NULL : json_dumps(value, JSON_COMPACT);
    const size_t start = out->length;
    struct buf plain;

    buf_init(&plain, TOKEN_BYTES_MAX);
    if (text != NULL)
        recipe_text_expand(&plain, text, words);
    else if (json != NULL)
        buf_puts(&plain, json);
    else
        plain.status = BUF_NO_MEMORY;
    append_base64url(out, buf_text(&plain), plain.length);
    if (form != NULL && strcmp(form, "padded") == 0)
        append_padding(out, out->length - start);
    if (!buf_ok(out) || !buf_ok(&plain))
        code = no_memory(err);
    free(json);
    secret_buf_fini(&plain);
    return code;
}

static enum hm_code mac_make(unsigned char mac[MAC_BYTES_MAX], enum hash hash,
                             const struct buf *key, const struct buf *input, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct hmac_key *ready = NULL;

    TRY(hmac_key_new(&ready, hash, buf_text(key), key->length, err));
    if (!hmac_key_mac(ready, buf_text(input), input->length, mac))
        TRY(no_memory(err));
out:
    hmac_key_free(ready);
    return code;
}

static void append_hex(struct buf *out, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        buf_printf(out, "%02x", bytes[i]);
}

/* The last character of an unpadded segment has spare bits that should be 0. The next character
 * of the alphabet has the lowest of them set. */
static void spare_bit_set(struct buf *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *found = text->length > 0 ? strchr(letters, text->data[text->length - 1]) : NULL;

    if (found != NULL && *found)
        text->data[text->length - 1] = letters[(size_t)(found - letters) | 1];
}

/* Swaps upper and lower case from @start on. */
static void letter_case_turn(struct buf *text, size_t start)
{
    for (size_t i = start; i < text->length; i++) {
        char c = text->data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            text->data[i] = (char)(c ^ ('a' ^ 'A'));
    }
}

/* Appends the signature as the recipe's "signature" says. */
static enum hm_code signature_append(struct buf *out, json_t *spec, const struct buf *key,
                                     const struct buf *input, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *name = member_text(spec, "hash");
    const char *encoding = member_text(spec, "encoding");
    json_t *cut = json_object_get(spec, "cut");
    json_t *flip = json_object_get(spec, "flip");
    enum hash hash = HASH_SHA256;
    unsigned char mac[MAC_BYTES_MAX] = { 0 };
    struct buf hex;
    size_t start = out->length;

    buf_init(&hex, sizeof mac * 2);
    if (json_object_get(spec, "none") != NULL)
        goto out;
    if (name != NULL)
        hash = strcmp(name, "sha384") == 0 ? HASH_SHA384 : HASH_SHA512;
    TRY(mac_make(mac, hash, key, input, err));
    if (flip != NULL)
        mac[json_is_integer(flip) ? (size_t)json_integer_value(flip) % hash_bytes(hash) : 0] ^= 1;
    append_hex(&hex, mac, hash_bytes(hash));
    if (encoding != NULL && strcmp(encoding, "hex") == 0)
        buf_puts(out, buf_text(&hex));
    else if (encoding != NULL && strcmp(encoding, "hex-base64url") == 0)
        append_base64url(out, buf_text(&hex), hex.length);
    else
        append_base64url(out, mac, hash_bytes(hash));
    if (json_object_get(spec, "spare_bits") != NULL)
        spare_bit_set(out);
    if (json_object_get(spec, "other_case") != NULL)
        letter_case_turn(out, start);
    if (encoding != NULL && strcmp(encoding, "base64") == 0) {
        standard_alphabet(out, start);
        append_padding(out, out->length - start);
    }
    if (cut != NULL && buf_ok(out) && (size_t)json_integer_value(cut) < out->length - start) {
        out->length = start + (size_t)json_integer_value(cut);
        out->data[out->length] = '\0';
    }
    if (!buf_ok(out) || !buf_ok(&hex))
        TRY(no_memory(err));
out:
    secret_buf_fini(&hex);
    return code;
}

/* A token, segment by segment. */
struct assembly {
    struct buf header;
    struct buf payload;
    struct buf signature;
    struct buf input; /* what is signed */
    struct buf key;
    json_t *claims;
};

static void assembly_init(struct assembly *a)
{
    buf_init(&a->header, TOKEN_BYTES_MAX);
    buf_init(&a->payload, TOKEN_BYTES_MAX);
    buf_init(&a->signature, TOKEN_BYTES_MAX);
    buf_init(&a->input, TOKENS_BYTES_MAX);
    buf_init(&a->key, RECIPE_KEY_BYTES_MAX);
    a->claims = json_object();
}

static void assembly_fini(struct assembly *a)
{
    buf_fini(&a->header);
    buf_fini(&a->payload);
    secret_buf_fini(&a->signature);
    buf_fini(&a->input);
    secret_buf_fini(&a->key);
    json_decref(a->claims);
}

/* The signed text: header, dot, payload, or on purpose only one of them. */
static void input_make(struct assembly *a, json_t *spec)
{
    const char *over = member_text(spec, "over");

    if (over == NULL)
        buf_printf(&a->input, "%s.%s", buf_text(&a->header), buf_text(&a->payload));
    else
        buf_puts(&a->input, buf_text(strcmp(over, "header") == 0 ? &a->header : &a->payload));
    buf_puts(&a->input,
             member_text(spec, "input_append") != NULL ? member_text(spec, "input_append") : "");
}

static enum hm_code segments_make(struct assembly *a, json_t *recipe, const struct names *names,
                                  int64_t now, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct named_secret *secret = &names->secrets[secret_name_of(member_text(recipe, "use"))];
    const struct recipe_words words = { secret, names->legacy_key, NULL, now };
    json_t *spec = json_object_get(recipe, "signature");
    json_t *tamper = json_object_get(recipe, "tamper");
    const char *tamper_header = member_text(recipe, "tamper_header_text");
    const char *form = member_text(recipe, "segments");

    TRY(segment_append(&a->header, member_text(recipe, "header_text"),
                       json_object_get(recipe, "header"), form, &words, err));
    TRY(recipe_claims_apply(a->claims, json_object_get(recipe, "claims"), names, secret, now, err));
    TRY(segment_append(&a->payload, member_text(recipe, "claims_text"), a->claims, form, &words,
                       err));
    if (form != NULL && strcmp(form, "standard-alphabet") == 0 &&
        standard_alphabet(&a->header, 0) + standard_alphabet(&a->payload, 0) == 0)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "the recipe's header and claims encode to neither - nor _, so the "
                         "standard alphabet changes nothing; put ??? or >>> into a claim"));
    input_make(a, spec);
    TRY(recipe_key_make(&a->key, json_object_get(recipe, "secret"), names, &words, err));
    TRY(signature_append(&a->signature, spec, &a->key, &a->input, err));
    if (tamper_header != NULL) {
        buf_clear(&a->header);
        TRY(segment_append(&a->header, tamper_header, NULL, form, &words, err));
    }
    if (tamper != NULL) {
        buf_clear(&a->payload);
        TRY(recipe_claims_apply(a->claims, tamper, names, secret, now, err));
        TRY(segment_append(&a->payload, NULL, a->claims, form, &words, err));
    }
out:
    return code;
}

static enum hm_code token_make(struct buf *token, json_t *recipe, const struct names *names,
                               int64_t now, struct hm_error *err)
{
    enum { SEGMENTS = 3 };
    enum hm_code code = HM_OK;
    json_t *count = json_object_get(recipe, "segments");
    size_t wanted = json_is_integer(count) ? (size_t)json_integer_value(count) : SEGMENTS;
    struct assembly a;
    const struct buf *const segments[SEGMENTS] = { &a.header, &a.payload, &a.signature };

    assembly_init(&a);
    TRY(segments_make(&a, recipe, names, now, err));
    for (size_t i = 0; i < wanted; i++) {
        if (i > 0)
            buf_putc(token, '.');
        buf_puts(token, buf_text(segments[i < SEGMENTS ? i : SEGMENTS - 1]));
    }
    if (!buf_ok(token))
        TRY(no_memory(err));
out:
    assembly_fini(&a);
    return code;
}

/* Adds one value: @form with its names replaced. */
static enum hm_code value_add(struct authorization *authorization, const char *form,
                              const struct recipe_words *words, struct hm_error *err)
{
    struct buf value;

    buf_init(&value, TOKENS_BYTES_MAX);
    recipe_text_expand(&value, form, words);
    if (!buf_ok(&value) || authorization->count == AUTHORIZATIONS_MAX) {
        secret_buf_fini(&value);
        return no_memory(err);
    }
    authorization->at[authorization->count] = strdup(buf_text(&value));
    secret_buf_fini(&value);
    if (authorization->at[authorization->count] == NULL)
        return no_memory(err);
    authorization->count++;
    return HM_OK;
}

/* Is @name, such as "{KEY", in a value of the header that the recipe sends? */
static bool is_sent(json_t *recipe, const char *name)
{
    json_t *forms = json_object_get(recipe, "authorization");
    const char *text = json_string_value(forms);
    json_t *form;
    size_t i;

    if (text != NULL && strstr(text, name) != NULL)
        return true;
    json_array_foreach (forms, i, form) {
        if (strstr(json_string_value(form), name) != NULL)
            return true;
    }
    return false;
}

/* A tab is the one control character that a header field can have (RFC 9110, section 5.5). */
static bool has_control_character(const char *text)
{
    for (; *text != '\0'; text++) {
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7F)
            return true;
    }
    return false;
}

const char *recipe_missing(json_t *recipe, const struct names *names)
{
    static const char *const descriptions[SECRET_NAME_COUNT] = {
        "an API secret",
        "the team's second API secret",
        "an API secret of another team",
    };
    enum { WANTED = 4 };
    const enum secret_name wanted[WANTED] = {
        secret_name_of(member_text(recipe, "use")),
        secret_name_of(member_text(json_object_get(recipe, "secret"), "key_of")),
        secret_name_of(
            member_text(json_object_get(json_object_get(recipe, "claims"), "iss"), "id_of")),
        secret_name_of(
            member_text(json_object_get(json_object_get(recipe, "tamper"), "iss"), "id_of")),
    };

    if (is_sent(recipe, "{LEGACY") && !private_is_set(names->legacy_key))
        return "the team's legacy API key";
    for (size_t i = 0; i < WANTED; i++) {
        if (names->secrets[wanted[i]].id == NULL)
            return descriptions[wanted[i]];
    }
    return NULL;
}

/* A cut leaves a short secret as it is, upper case one without letters: then the token is right,
 * and a target that accepts it does nothing wrong. */
static bool changes_nothing(json_t *recipe, const struct names *names)
{
    const struct named_secret *named = &names->secrets[secret_name_of(member_text(recipe, "use"))];
    json_t *secret = json_object_get(recipe, "secret");
    json_t *iss = json_object_get(json_object_get(recipe, "claims"), "iss");

    return (json_object_size(secret) > 0 && json_object_get(secret, "sha256") == NULL &&
            recipe_key_is_right(secret, names, named)) ||
           (json_object_size(iss) > 0 && json_object_get(iss, "id_of") == NULL &&
            recipe_iss_is_right(iss, names, named));
}

const char *recipe_unfit(json_t *recipe, const struct names *names)
{
    enum { HASH_BLOCK_BYTES = 64 }; /* of SHA-256: HMAC hashes keys that are longer (RFC 2104) */
    const struct named_secret *secret = &names->secrets[secret_name_of(member_text(recipe, "use"))];
    const size_t bytes = strlen(secret->id) + strlen("||") + strlen(private_open(secret->key));
    json_t *changes = json_object_get(recipe, "secret");

    if (changes_nothing(recipe, names))
        return "an API secret that the case changes: a longer one, or one with letters";
    if (json_object_get(changes, "sha256") != NULL && bytes <= HASH_BLOCK_BYTES)
        return "an API secret (ID, two pipes and key) of more than 64 bytes";
    if (is_sent(recipe, "{KEY") && has_control_character(private_open(secret->key)))
        return "an API secret whose key has no control characters";
    return NULL;
}

enum hm_code recipe_make(struct authorization *authorization, json_t *recipe,
                         const struct names *names, int64_t now, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct named_secret *secret = &names->secrets[secret_name_of(member_text(recipe, "use"))];
    json_t *forms = json_object_get(recipe, "authorization");
    struct recipe_words words = { secret, names->legacy_key, NULL, now };
    struct buf token;
    json_t *form;
    size_t i;

    memset(authorization, 0, sizeof *authorization);
    buf_init(&token, TOKENS_BYTES_MAX);
    if (recipe_missing(recipe, names) != NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT, "%s does not have %s", names->origin,
                         recipe_missing(recipe, names)));
    TRY(token_make(&token, recipe, names, now, err));
    words.token = buf_text(&token);
    if (json_is_string(forms))
        TRY(value_add(authorization, json_string_value(forms), &words, err));
    json_array_foreach (forms, i, form)
        TRY(value_add(authorization, json_string_value(form), &words, err));
out:
    secret_buf_fini(&token);
    if (code != HM_OK)
        authorization_fini(authorization);
    return code;
}

void authorization_fini(struct authorization *authorization)
{
    for (size_t i = 0; i < authorization->count; i++)
        secret_wipe(authorization->at[i]);
    memset(authorization, 0, sizeof *authorization);
}
