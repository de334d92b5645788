#include "recipe/recipe_claims.h"
#include "cases/shape.h"
#include "recipe/recipe_key.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum { MS_IN_S = 1000, US_IN_S = 1000000, DATE_BYTES_MAX = 64 };

/* "2024-04-16T00:00:00Z". A new reference. */
static json_t *date_claim(int64_t unix_s)
{
    json_t *value = NULL;
    struct buf text;

    buf_init(&text, DATE_BYTES_MAX);
    append_utc(&text, unix_s);
    if (buf_ok(&text))
        value = json_string(buf_text(&text));
    buf_fini(&text);
    return value;
}

/* A time relative to @now; a value without "offset" is literal. A new reference. */
static json_t *time_claim(json_t *spec, int64_t now)
{
    const char *unit = member_text(spec, "unit");
    const char *as = member_text(spec, "as");
    json_t *offset = json_object_get(spec, "offset");
    int64_t scale = 1;
    json_t *value;

    if (offset == NULL)
        return json_incref(spec);
    if (as != NULL && strcmp(as, "date") == 0)
        return date_claim(now + (int64_t)json_number_value(offset));
    if (unit != NULL)
        scale = strcmp(unit, "ms") == 0 ? MS_IN_S : US_IN_S;
    if (json_is_integer(offset))
        value = json_integer((now + json_integer_value(offset)) * scale);
    else
        value = json_real(((double)now + json_real_value(offset)) * (double)scale);
    if (value == NULL || as == NULL)
        return value;
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    json_decref(value);
    value = text != NULL ? json_string(text) : NULL;
    free(text);
    return value;
}

/* The ID, or what the recipe sends instead. A new reference. */
static json_t *iss_claim(json_t *spec, const struct names *names, const struct named_secret *secret,
                         struct hm_error *err)
{
    const char *of = member_text(spec, "of");
    const char *id_of = member_text(spec, "id_of");
    const char *encode = member_text(spec, "encode");
    json_t *cut = json_object_get(spec, "cut");
    struct buf text;
    struct buf encoded;
    json_t *value = NULL;

    if (!json_is_object(spec))
        return json_incref(spec);
    buf_init(&text, RECIPE_KEY_BYTES_MAX);
    buf_puts(&text, member_text(spec, "prepend") != NULL ? member_text(spec, "prepend") : "");
    if (id_of != NULL)
        buf_puts(&text, names->secrets[secret_name_of(id_of)].id);
    else if (of == NULL)
        buf_puts(&text, secret->id);
    else if (strcmp(of, "key") == 0)
        buf_puts(&text, private_open(secret->key));
    else
        buf_printf(&text, "%s||%s", secret->id, private_open(secret->key));
    buf_puts(&text, member_text(spec, "append") != NULL ? member_text(spec, "append") : "");
    if (cut != NULL && buf_ok(&text) && (size_t)json_integer_value(cut) < text.length)
        text.data[text.length = (size_t)json_integer_value(cut)] = '\0';
    for (size_t i = 0; member_text(spec, "case") != NULL && i < text.length; i++) {
        if (text.data[i] >= 'a' && text.data[i] <= 'z')
            text.data[i] = (char)(text.data[i] - 'a' + 'A');
    }
    buf_init(&encoded, RECIPE_KEY_BYTES_MAX);
    if (encode != NULL)
        recipe_text_encode(&encoded, encode, buf_text(&text), text.length);
    if (buf_ok(&text) && buf_ok(&encoded))
        value = json_string(buf_text(encode != NULL ? &encoded : &text));
    secret_buf_fini(&text);
    secret_buf_fini(&encoded);
    if (value == NULL)
        no_memory(err);
    return value;
}

bool recipe_iss_is_right(json_t *spec, const struct names *names, const struct named_secret *secret)
{
    json_t *value = iss_claim(spec, names, secret, NULL);
    const bool is_right = value == NULL || (json_is_string(value) &&
                                            strcmp(json_string_value(value), secret->id) == 0);

    json_decref(value);
    return is_right;
}

enum hm_code recipe_claims_apply(json_t *claims, json_t *specs, const struct names *names,
                                 const struct named_secret *secret, int64_t now,
                                 struct hm_error *err)
{
    const char *name;
    json_t *spec;
    json_t *value;

    json_object_foreach (specs, name, spec) {
        if (json_is_null(spec)) {
            json_object_del(claims, name);
            continue;
        }
        if (strcmp(name, "iss") == 0)
            value = iss_claim(spec, names, secret, err);
        else if (strcmp(name, "iat") == 0 || strcmp(name, "exp") == 0 || strcmp(name, "nbf") == 0)
            value = time_claim(spec, now);
        else
            value = json_incref(spec);
        if (json_object_set_new(claims, name, value) != 0)
            return no_memory(err);
    }
    return HM_OK;
}
