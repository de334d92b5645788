#include "contract/token_find_json.h"

#include "contract/token_find_text.h"
#include "support/text.h"
#include "support/try.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { POINTER_TEXT = 96, DEPTH_MAX = 64 };

struct search {
    struct found_tokens *found;
    struct hm_error *err;
    size_t line; /* 0: the whole input is one value */
};

/* A value and, by @up, what contains it, so that its JSON pointer can be written. */
struct step {
    const struct step *up;
    const char *key; /* NULL: an element of an array */
    size_t index;
    const char *sent; /* when the request of this part was sent; "" */
    int depth;
};

static enum hm_code find_in_value(const struct search *search, const struct step *step,
                                  json_t *value);

static void write_pointer(char out[POINTER_TEXT], const struct step *step)
{
    const struct step *steps[DEPTH_MAX + 1] = { NULL };
    size_t count = 0;
    size_t length = 0;

    out[0] = '\0';
    for (; step->up != NULL; step = step->up)
        steps[count++] = step;
    while (count-- > 0 && length < POINTER_TEXT - 1) {
        int written =
            steps[count]->key != NULL
                ? snprintf(out + length, POINTER_TEXT - length, "/%s", steps[count]->key)
                : snprintf(out + length, POINTER_TEXT - length, "/%zu", steps[count]->index);

        length += written > 0 ? (size_t)written : 0;
    }
}

static void write_where(char out[FOUND_WHERE_TEXT], const struct search *search,
                        const struct step *step)
{
    char pointer[POINTER_TEXT];

    write_pointer(pointer, step);
    if (search->line > 0)
        snprintf(out, FOUND_WHERE_TEXT, "line %zu%s%s", search->line,
                 pointer[0] != '\0' ? ", " : "", pointer);
    else
        snprintf(out, FOUND_WHERE_TEXT, "%s", pointer[0] != '\0' ? pointer : "the whole input");
}

static bool is_authorization(const char *name)
{
    return name != NULL && (text_equal_nocase(name, "authorization") ||
                            text_equal_nocase(name, "http_authorization") ||
                            text_equal_nocase(name, "req.headers.authorization"));
}

/* [J1] A value with that name is judged as a header's, whatever it looks like. */
static enum hm_code add_header_value(const struct search *search, const struct step *step,
                                     const json_t *value)
{
    char where[FOUND_WHERE_TEXT];

    write_where(where, search, step);
    return found_add(search->found,
                     (struct span){ json_string_value(value), json_string_length(value) }, true,
                     where, step->sent, search->err);
}

/* The time in log records and HAR entries; its name depends on the program that writes them. */
static const char *time_of(const json_t *object, const char *inherited)
{
    static const char *const names[] = { "startedDateTime", "@timestamp", "timestamp", "time", "ts",
                                         "datetime" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = json_string_value(json_object_get(object, names[i]));

        if (text != NULL && strlen(text) < FOUND_TIME_TEXT)
            return text;
    }
    return inherited;
}

static enum hm_code find_in_object(const struct search *search, const struct step *step,
                                   json_t *object)
{
    enum hm_code code = HM_OK;
    const json_t *name = json_object_get(object, "name");
    bool is_header = is_authorization(json_string_value(name)); /* {"name": ..., "value": ...} */
    const char *sent = time_of(object, step->sent);
    void *at;

    for (at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);
        json_t *value = json_object_iter_value(at);
        struct step below = { step, key, 0, sent, step->depth + 1 };

        if (json_is_string(value) &&
            (is_authorization(key) || (is_header && strcmp(key, "value") == 0)))
            TRY(add_header_value(search, &below, value));
        else if (json_is_array(value) && is_authorization(key) &&
                 json_is_string(json_array_get(value, 0)))
            TRY(add_header_value(search, &below, json_array_get(value, 0)));
        else
            TRY(find_in_value(search, &below, value));
    }
out:
    return code;
}

static enum hm_code find_in_value(const struct search *search, const struct step *step,
                                  json_t *value)
{
    enum hm_code code = HM_OK;
    char where[FOUND_WHERE_TEXT];

    if (step->depth == DEPTH_MAX)
        return HM_OK;
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        struct piece piece = { text, text + json_string_length(value), where, 0, step->sent };

        write_where(where, search, step);
        return token_find_in_piece(search->found, &piece, search->err);
    }
    if (json_is_object(value))
        return find_in_object(search, step, value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct step below = { step, NULL, i, step->sent, step->depth + 1 };

        TRY(find_in_value(search, &below, json_array_get(value, i)));
    }
out:
    return code;
}

enum hm_code token_find_in_json(struct found_tokens *found, struct span text, size_t line,
                                bool *is_json, struct hm_error *err)
{
    const struct step top = { NULL, NULL, 0, "", 0 };
    struct search search = { found, err, line };
    json_t *root = json_loadb(text.at, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    enum hm_code code = HM_OK;

    *is_json = root != NULL;
    if (root != NULL)
        code = find_in_value(&search, &top, root);
    json_decref(root);
    return code;
}
