#include "contract/mask_forms.h"

#include "contract/base64url.h"
#include "contract/secrets.h"
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMS_OF_KEY = 9,               /* itself, hex in lower and upper case, three of each base64 */
    STEP_MOST = MASK_KEY_LEAST - 1, /* after two bytes that no form has among its first eight */
    STEPS = 4096,
    BITS_LEAST = 512,
    BITS_OF_FORM = 16 /* one in 16 texts without a form is looked up in vain */
};

/* The first bytes of a form, padded with zeros. */
struct form {
    char bytes[MASK_PREFIX_BYTES];
};

struct mask_forms {
    unsigned char
        steps[STEPS];    /* by two bytes: distance to the next place where a form may begin */
    unsigned char *bits; /* Bloom filter by the first eight bytes */
    uint64_t bit_count;  /* a power of two */
    size_t count;
    struct form at[]; /* sorted; no form is a prefix of another */
};

static unsigned step_index(const char *two)
{
    return ((unsigned)(unsigned char)two[0] << 5 ^ (unsigned char)two[1]) % STEPS;
}

static uint64_t bit_index(const struct mask_forms *forms, const char *text)
{
    uint64_t first;

    memcpy(&first, text, sizeof first);
    return (first * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (forms->bit_count - 1);
}

static void form_add(struct mask_forms *forms, const char *text, size_t length)
{
    struct form *form = &forms->at[forms->count];

    if (length < MASK_KEY_LEAST)
        return;
    memset(form->bytes, 0, sizeof form->bytes);
    memcpy(form->bytes, text, length < sizeof form->bytes ? length : sizeof form->bytes);
    forms->count++;
}

static void hex_add(struct mask_forms *forms, const char *key, const char digits[])
{
    char text[MASK_PREFIX_BYTES];

    for (size_t i = 0; i < sizeof text / 2; i++) {
        text[2 * i] = digits[(unsigned char)key[i] >> 4];
        text[2 * i + 1] = digits[(unsigned char)key[i] & 0xF];
    }
    form_add(forms, text, sizeof text);
}

/* The letters that depend on the key alone when @before bytes of something else share its first
 * group of three. */
static void base64_add(struct mask_forms *forms, const char *key, size_t length, size_t before)
{
    unsigned char bytes[2 + MASK_PREFIX_BYTES] = { 0 };
    char text[2 * sizeof bytes];
    size_t first = before == 0 ? 0 : before + 1, letters;
    bool is_standard_other = false;

    memcpy(bytes + before, key, length);
    base64url_encode(text, bytes, before + length);
    letters = (before + length) * CHAR_BIT / 6 - first;
    form_add(forms, text + first, letters);
    for (size_t i = first; text[i] != '\0'; i++) {
        if (text[i] == '-' || text[i] == '_') {
            text[i] = text[i] == '-' ? '+' : '/';
            is_standard_other = true;
        }
    }
    if (is_standard_other)
        form_add(forms, text + first, letters);
}

static void key_add(struct mask_forms *forms, const char *key)
{
    size_t length = key == NULL ? 0 : strnlen(key, MASK_PREFIX_BYTES);

    if (length < MASK_KEY_LEAST)
        return;
    form_add(forms, key, length);
    hex_add(forms, key, "0123456789abcdef");
    hex_add(forms, key, "0123456789ABCDEF");
    for (size_t before = 0; before < 3; before++)
        base64_add(forms, key, length, before);
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct form));
}

static bool is_start_of(const struct form *form, const char *bytes)
{
    return memcmp(form->bytes, bytes, strnlen(form->bytes, sizeof form->bytes)) == 0;
}

/* Drops forms that begin with another one: a text that has them has the other too. */
static void forms_sort(struct mask_forms *forms)
{
    size_t kept = 0;

    qsort(forms->at, forms->count, sizeof forms->at[0], compare);
    for (size_t i = 0; i < forms->count; i++) {
        if (kept == 0 || !is_start_of(&forms->at[kept - 1], forms->at[i].bytes))
            forms->at[kept++] = forms->at[i];
    }
    forms->count = kept;
}

static void forms_index(struct mask_forms *forms)
{
    memset(forms->steps, STEP_MOST, sizeof forms->steps);
    for (size_t i = 0; i < forms->count; i++) {
        const char *bytes = forms->at[i].bytes;
        uint64_t bit = bit_index(forms, bytes);

        forms->bits[bit / CHAR_BIT] |= (unsigned char)(1U << bit % CHAR_BIT);
        for (unsigned from = 0; from < STEP_MOST; from++) {
            unsigned char *step = &forms->steps[step_index(bytes + from)];
            unsigned char left = (unsigned char)(STEP_MOST - 1 - from);

            *step = left < *step ? left : *step;
        }
    }
}

struct mask_forms *mask_forms_new(const struct hm_secrets *secrets)
{
    size_t most = (secrets->count + secrets->legacy_count) * FORMS_OF_KEY;
    struct mask_forms *forms = calloc(1, sizeof *forms + most * sizeof forms->at[0]);

    if (forms == NULL)
        return NULL;
    for (size_t i = 0; i < secrets->count; i++)
        key_add(forms, secrets->at[i]->key);
    for (size_t i = 0; i < secrets->legacy_count; i++)
        key_add(forms, secrets->legacy_keys[i]);
    forms_sort(forms);
    for (forms->bit_count = BITS_LEAST; forms->bit_count < forms->count * BITS_OF_FORM;)
        forms->bit_count *= 2;
    forms->bits = calloc(forms->bit_count / CHAR_BIT, 1);
    if (forms->bits == NULL) {
        mask_forms_free(forms);
        return NULL;
    }
    forms_index(forms);
    return forms;
}

void mask_forms_free(struct mask_forms *forms)
{
    if (forms == NULL)
        return;
    free(forms->bits);
    free(forms);
}

/* At least MASK_KEY_LEAST bytes are there. The only candidate is the last form that does not sort
 * after the text. */
static bool is_form_at(const struct mask_forms *forms, const char *text, size_t length)
{
    uint64_t bit = bit_index(forms, text);
    char start[MASK_PREFIX_BYTES] = { 0 };
    size_t low = 0, high = forms->count;

    if ((forms->bits[bit / CHAR_BIT] >> bit % CHAR_BIT & 1) == 0)
        return false;
    memcpy(start, text, length < sizeof start ? length : sizeof start);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(forms->at[middle].bytes, start, sizeof start) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && is_start_of(&forms->at[low - 1], start);
}

/* Wu and Manber's search by the last two of eight bytes; most steps are of seven bytes. */
size_t mask_forms_find(const struct mask_forms *forms, const char *text, size_t length, size_t from,
                       size_t until)
{
    size_t last = length < MASK_KEY_LEAST ? 0 : length - MASK_KEY_LEAST + 1, step;

    last = until < last ? until : last;
    for (size_t at = from; at < last; at += step) {
        step = forms->steps[step_index(text + at + STEP_MOST - 1)];
        if (step > 0)
            continue;
        if (is_form_at(forms, text + at, length - at))
            return at;
        step = 1;
    }
    return until;
}
