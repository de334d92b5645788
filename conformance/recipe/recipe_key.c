#include "recipe/recipe_key.h"
#include "cases/shape.h"
#include "contract/hmac.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <string.h>

static void key_replace(struct buf *key, const void *data, size_t bytes)
{
    buf_clear(key);
    buf_add(key, data, bytes);
}

/* As Node's Buffer.from(text, "hex"): stops at the first pair that is not hex. */
static void hex_decode(struct buf *out, const char *text)
{
    for (; *text && text[1]; text += 2) {
        int high = hex_value(text[0]);

        int low = hex_value(text[1]);
        if (high < 0 || low < 0)
            break;
        buf_putc(out, (char)(high * 16 + low));
    }
}

/* As Python's base64.b64decode: unknown characters are ignored, '=' ends it. @is_both: as Node's
 * Buffer.from(text, "base64"), which also reads '-' and '_'. */
static void base64_decode(struct buf *out, const char *text, bool is_both)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    unsigned count = 0;

    for (; *text && *text != '='; text++) {
        const char *found = strchr(letters, is_both && *text == '-'   ? '+'
                                            : is_both && *text == '_' ? '/'
                                                                      : *text);

        if (found == NULL)
            continue;
        bits = bits << 6 | (unsigned)(found - letters);
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_putc(out, (char)(bits >> count & 0xff));
        }
    }
}

static enum hm_code key_decode(struct buf *key, const char *how, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf decoded;

    buf_init(&decoded, RECIPE_KEY_BYTES_MAX);
    if (strcmp(how, "hex") == 0)
        hex_decode(&decoded, buf_text(key));
    else
        base64_decode(&decoded, buf_text(key), strcmp(how, "base64-both") == 0);
    key_replace(key, decoded.data, decoded.length);
    if (!buf_ok(&decoded))
        code = no_memory(err);
    secret_buf_fini(&decoded);
    return code;
}

/* Upper case for the ID (up to the first pipe), or for everything. */
static void key_upper(struct buf *key, bool is_all)
{
    for (size_t i = 0; i < key->length && (is_all || key->data[i] != '|'); i++) {
        if (key->data[i] >= 'a' && key->data[i] <= 'z')
            key->data[i] = (char)(key->data[i] - 'a' + 'A');
    }
}

static enum hm_code key_encode(struct buf *key, const char *how, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    struct buf encoded;

    buf_init(&encoded, RECIPE_KEY_BYTES_MAX);
    recipe_text_encode(&encoded, how, buf_text(key), key->length);
    key_replace(key, encoded.data, encoded.length);
    if (!buf_ok(&encoded))
        code = no_memory(err);
    secret_buf_fini(&encoded);
    return code;
}

/* Removes the first @count bytes. */
static void key_skip(struct buf *key, size_t count)
{
    if (count >= key->length)
        return;
    memmove(key->data, key->data + count, key->length - count);
    key->length -= count;
}

static enum hm_code key_hash(struct buf *key, struct hm_error *err)
{
    unsigned char digest[MAC_BYTES_MAX];

    if (!hash_digest(HASH_SHA256, buf_text(key), key->length, digest))
        return no_memory(err);
    key_replace(key, digest, SHA256_BYTES);
    bytes_wipe(digest, sizeof digest);
    return HM_OK;
}

/* The key's half may contain bytes that are not text. */
static void half_add(struct buf *key, const char *id, const struct buf *own_key, bool is_id)
{
    if (is_id)
        buf_puts(key, id);
    else
        buf_add(key, buf_text(own_key), own_key->length);
}

static void key_write(struct buf *key, json_t *secret, const struct buf *own_key,
                      const struct recipe_words *words)
{
    const char *id = words->secret->id;
    const char *part = member_text(secret, "part");
    const char *join = member_text(secret, "join");
    bool is_swapped = json_object_get(secret, "swap") != NULL;

    buf_puts(key, member_text(secret, "prepend") != NULL ? member_text(secret, "prepend") : "");
    if (member_text(secret, "text") != NULL) {
        recipe_text_expand(key, member_text(secret, "text"), words);
    } else if (part != NULL && strcmp(part, "id") == 0) {
        half_add(key, id, own_key, true);
    } else if (part != NULL && strcmp(part, "key") == 0) {
        half_add(key, id, own_key, false);
    } else if (part == NULL) {
        half_add(key, id, own_key, !is_swapped);
        buf_puts(key, join != NULL ? join : "||");
        half_add(key, id, own_key, is_swapped);
    }
    buf_puts(key, member_text(secret, "append") != NULL ? member_text(secret, "append") : "");
}

/* How many of @length bytes the recipe's "cut" leaves. */
static size_t key_kept(const json_t *cut, size_t length)
{
    const json_int_t bytes = json_integer_value(cut);
    const size_t change = bytes < 0 ? 0 - (size_t)bytes : (size_t)bytes;

    if (bytes < 0)
        return change < length ? length - change : 0;
    return change < length ? change : length;
}

enum hm_code recipe_key_make(struct buf *key, json_t *secret, const struct names *names,
                             const struct recipe_words *words, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *key_of = member_text(secret, "key_of");
    const char *letter_case = member_text(secret, "case");
    const char *decode_key = member_text(secret, "decode_key");
    const char *decode = member_text(secret, "decode");
    const char *encode = member_text(secret, "encode");
    const char *encode_key = member_text(secret, "encode_key");
    json_t *skip = json_object_get(secret, "skip");
    json_t *cut = json_object_get(secret, "cut");
    struct buf own_key;

    buf_init(&own_key, RECIPE_KEY_BYTES_MAX);
    buf_puts(&own_key, private_open(key_of != NULL ? names->secrets[secret_name_of(key_of)].key
                                                   : words->secret->key));
    if (decode_key != NULL)
        TRY(key_decode(&own_key, decode_key, err));
    if (encode_key != NULL)
        TRY(key_encode(&own_key, encode_key, err));
    key_write(key, secret, &own_key, words);
    if (letter_case != NULL)
        key_upper(key, strcmp(letter_case, "upper-all") == 0);
    if (encode != NULL)
        TRY(key_encode(key, encode, err));
    if (decode != NULL)
        TRY(key_decode(key, decode, err));
    if (skip != NULL)
        key_skip(key, (size_t)json_integer_value(skip));
    if (cut != NULL)
        key->length = key_kept(cut, key->length);
    if (json_object_get(secret, "sha256") != NULL)
        TRY(key_hash(key, err));
    if (!buf_ok(key) || !buf_ok(&own_key))
        TRY(no_memory(err));
out:
    secret_buf_fini(&own_key);
    return code;
}

bool recipe_key_is_right(json_t *secret, const struct names *names,
                         const struct named_secret *named)
{
    const struct recipe_words words = { .secret = named };
    struct buf key;
    struct buf right;
    bool is_right = false;

    buf_init(&key, RECIPE_KEY_BYTES_MAX);
    buf_init(&right, RECIPE_KEY_BYTES_MAX);
    if (recipe_key_make(&key, secret, names, &words, NULL) == HM_OK &&
        recipe_key_make(&right, NULL, names, &words, NULL) == HM_OK)
        is_right = key.length == right.length &&
                   memcmp(buf_text(&key), buf_text(&right), right.length) == 0;
    secret_buf_fini(&key);
    secret_buf_fini(&right);
    return is_right;
}
