#include "contract/mask_forms.h"

#include "support/platform.h"
#include <heymarket/token.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD_BYTES = MASK_KEY_LEAST, /* of an anchor, by which it is looked up */
    STEP_MOST = HEAD_BYTES - 1,  /* after two bytes that no anchor has among its first eight */
    STEPS = 4096,
    BITS_LEAST = 512,
    BITS_OF_ANCHOR = 16, /* one in 16 texts without an anchor is looked up in vain */
    ANCHOR_EVERY = 8,    /* bytes of a key as it is */
    EXACT_DIGITS = 15,   /* of a number, that a double keeps */
    VARIANTS_MOST = 3,
    FAMILY_TIMES = 3,  /* length of a key of the family, in lengths of MASK_FAMILY; at most */
    FORMS_OF_KEY = 8,  /* itself, decoded in two ways, its first digits, hex, three of base64 */
    BYTES_OF_BYTE = 9, /* in all forms */
    BYTES_OF_KEY = EXACT_DIGITS + 3 * 2,
    FORM_BYTES_MOST = 2 * HM_SECRET_BYTES_MAX /* of a longer one no more is compared */
};

static const unsigned NO_ANCHOR = UINT_MAX;

/* A place in a form from which it is compared. */
struct anchor {
    uint64_t head; /* the first eight bytes */
    const unsigned char *text;
    unsigned length;  /* of the form's rest */
    unsigned before;  /* bytes of the form before it */
    unsigned shorter; /* index of the longest whole form that is its beginning; NO_ANCHOR: none */
};

struct mask_forms {
    unsigned char
        steps[STEPS];     /* by two bytes: distance to the next place where an anchor may be */
    unsigned char *bits;  /* Bloom filter by heads */
    uint64_t bit_count;   /* a power of two */
    unsigned char *bytes; /* of all forms, folded */
    size_t byte_count;
    size_t longest;
    struct {
        const unsigned char *text;
        size_t length;
    } family[FORMS_OF_KEY];
    size_t family_count;
    bool is_family;    /* the key that is added is MASK_FAMILY */
    struct anchor *at; /* sorted by what follows; no two are followed by the same */
    size_t count;
};

/* Characters that count as the same one. */
static unsigned char fold(unsigned char c)
{
    switch (c) {
    case '+':
    case ' ':
        return '-';
    case '/':
        return '_';
    default:
        return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
    }
}

/* The characters that fold() makes the same as @c. */
static size_t variants(unsigned char out[VARIANTS_MOST], unsigned char c)
{
    size_t count = 0;

    for (int i = 0; i <= UCHAR_MAX && count < VARIANTS_MOST; i++) {
        if (fold((unsigned char)i) == c)
            out[count++] = (unsigned char)i;
    }
    return count;
}

static unsigned step_index(unsigned char first, unsigned char second)
{
    return ((unsigned)first << 5 ^ second) % STEPS;
}

static uint64_t bit_index(const struct mask_forms *forms, uint64_t head)
{
    return (head * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (forms->bit_count - 1);
}

static uint64_t head_of(const unsigned char *folded)
{
    uint64_t head = 0;

    for (size_t i = 0; i < HEAD_BYTES; i++)
        head = head << CHAR_BIT | folded[i];
    return head;
}

/* At @at of the form that begins at @start and ends here. */
static void anchor_add(struct mask_forms *forms, size_t start, size_t at)
{
    forms->at[forms->count++] = (struct anchor){
        .head = head_of(forms->bytes + at),
        .text = forms->bytes + at,
        .length = (unsigned)(forms->byte_count - at),
        .before = (unsigned)(at - start),
        .shorter = NO_ANCHOR,
    };
}

/* Ends the form whose bytes begin at @start. */
static void form_end(struct mask_forms *forms, size_t start)
{
    size_t length = forms->byte_count - start;

    if (length < MASK_KEY_LEAST)
        return;
    anchor_add(forms, start, start);
    if (forms->is_family) {
        forms->family[forms->family_count].text = forms->bytes + start;
        forms->family[forms->family_count++].length = length;
        length *= FAMILY_TIMES;
    }
    if (length > forms->longest)
        forms->longest = length;
}

static void byte_add(struct mask_forms *forms, char c)
{
    forms->bytes[forms->byte_count++] = fold((unsigned char)c);
}

/* Ends a form whose middle and end are looked for, too. */
static void plain_end(struct mask_forms *forms, size_t start)
{
    size_t length = forms->byte_count - start;

    form_end(forms, start);
    for (size_t i = ANCHOR_EVERY; i + MASK_PREFIX_BYTES <= length; i += ANCHOR_EVERY)
        anchor_add(forms, start, start + i);
}

static void plain_add(struct mask_forms *forms, const char *key, size_t length)
{
    size_t at = forms->byte_count;

    for (size_t i = 0; i < length; i++)
        byte_add(forms, key[i]);
    plain_end(forms, at);
}

/* What is left of a long number when it was parsed and printed again. */
static void digits_add(struct mask_forms *forms, const char *key, size_t length)
{
    size_t at = forms->byte_count;

    if (length <= EXACT_DIGITS || strspn(key, "0123456789") < length)
        return;
    for (size_t i = 0; i < EXACT_DIGITS; i++)
        byte_add(forms, key[i]);
    form_end(forms, at);
}

static void hex_add(struct mask_forms *forms, const char *key, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = forms->byte_count;

    for (size_t i = 0; i < length; i++) {
        byte_add(forms, digits[(unsigned char)key[i] >> 4]);
        byte_add(forms, digits[(unsigned char)key[i] & 0xF]);
    }
    form_end(forms, at);
}

/* The letters that depend on the key alone when @before bytes of something else share its first
 * group of three. */
static void base64_add(struct mask_forms *forms, const char *key, size_t length, size_t before)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t at = forms->byte_count, first = before == 0 ? 0 : before + 1;

    for (size_t i = first; i < (before + length) * CHAR_BIT / 6; i++) {
        size_t byte = i * 6 / CHAR_BIT - before, bit = i * 6 % CHAR_BIT;
        unsigned two = (unsigned)(unsigned char)key[byte] << CHAR_BIT;

        two |= (unsigned char)key[byte + 1]; /* at the end: its NUL */
        byte_add(forms, letters[two >> (10 - bit) & 0x3F]);
    }
    form_end(forms, at);
}

/* A key that looks escaped as its reader decodes it. */
static void decoded_add(struct mask_forms *forms, const char *key, size_t length,
                        const char *layers)
{
    struct mask_decoder decoder = { .text = key, .length = length, .layers = layers };
    size_t at = forms->byte_count;

    if (memchr(key, *layers, length) == NULL)
        return;
    for (int c; (c = mask_decoder_next(&decoder)) >= 0;)
        byte_add(forms, (char)c);
    plain_end(forms, at);
}

static void key_add(struct mask_forms *forms, const char *key)
{
    size_t length = strlen(key);

    if (length < MASK_KEY_LEAST)
        return;
    plain_add(forms, key, length);
    decoded_add(forms, key, length, "%");
    decoded_add(forms, key, length, "\\");
    digits_add(forms, key, length);
    hex_add(forms, key, length);
    for (size_t before = 0; before < 3; before++)
        base64_add(forms, key, length, before);
}

static int compare(const void *a, const void *b)
{
    const struct anchor *one = a, *other = b;
    unsigned both = one->length < other->length ? one->length : other->length;
    int order = memcmp(one->text, other->text, both);

    return order != 0 ? order : (one->length > other->length) - (one->length < other->length);
}

/* A form that may be shorter than MASK_PREFIX_BYTES, so that all of it must be there. */
static bool is_whole_form(const struct anchor *anchor)
{
    return anchor->before == 0 && anchor->length < MASK_PREFIX_BYTES;
}

static bool is_start_of(const struct anchor *anchor, const unsigned char *text, size_t length)
{
    return anchor->length <= length && memcmp(anchor->text, text, anchor->length) == 0;
}

/* Sorts the anchors, drops those that are the same, and links each to the whole forms that it
 * begins with. */
static void anchors_sort(struct mask_forms *forms)
{
    size_t kept = 0;

    if (forms->count > 0)
        qsort(forms->at, forms->count, sizeof forms->at[0], compare);
    for (size_t i = 0; i < forms->count; i++) {
        struct anchor *anchor = &forms->at[i];
        unsigned last = kept == 0 ? NO_ANCHOR : (unsigned)kept - 1;

        if (kept > 0 && compare(&forms->at[last], anchor) == 0)
            continue;
        while (last != NO_ANCHOR && !(is_whole_form(&forms->at[last]) &&
                                      is_start_of(&forms->at[last], anchor->text, anchor->length)))
            last = forms->at[last].shorter;
        anchor->shorter = last;
        forms->at[kept++] = *anchor;
    }
    forms->count = kept;
}

/* Lets the search stop @left bytes after any spelling of two folded bytes. */
static void step_set(struct mask_forms *forms, const unsigned char *two, unsigned char left)
{
    unsigned char first[VARIANTS_MOST], second[VARIANTS_MOST];
    size_t firsts = variants(first, two[0]), seconds = variants(second, two[1]);

    for (size_t i = 0; i < firsts; i++) {
        for (size_t j = 0; j < seconds; j++) {
            unsigned char *step = &forms->steps[step_index(first[i], second[j])];

            *step = left < *step ? left : *step;
        }
    }
}

static void anchors_index(struct mask_forms *forms)
{
    memset(forms->steps, STEP_MOST, sizeof forms->steps);
    for (size_t i = 0; i < forms->count; i++) {
        uint64_t bit = bit_index(forms, forms->at[i].head);

        forms->bits[bit / CHAR_BIT] |= (unsigned char)(1U << bit % CHAR_BIT);
        for (unsigned from = 0; from < STEP_MOST; from++)
            step_set(forms, forms->at[i].text + from, (unsigned char)(STEP_MOST - 1 - from));
    }
}

/* Memory for the forms of all keys. False: there is none, or they are too many. */
static bool forms_alloc(struct mask_forms *forms, const char *const *keys, size_t count)
{
    size_t bytes = 1, anchors = 1;

    for (size_t i = 0; i <= count; i++) {
        size_t length = strlen(i < count ? keys[i] : MASK_FAMILY);

        bytes += BYTES_OF_KEY + BYTES_OF_BYTE * length;
        anchors += FORMS_OF_KEY + 3 * (length / ANCHOR_EVERY);
    }
    for (forms->bit_count = BITS_LEAST; forms->bit_count < anchors * BITS_OF_ANCHOR;)
        forms->bit_count *= 2;
    forms->bytes = malloc(bytes);
    forms->at = malloc(anchors * sizeof forms->at[0]);
    forms->bits = calloc(forms->bit_count / CHAR_BIT, 1);
    return forms->bytes != NULL && forms->at != NULL && forms->bits != NULL && anchors < NO_ANCHOR;
}

struct mask_forms *mask_forms_new(const char *const *keys, size_t count)
{
    struct mask_forms *forms = calloc(1, sizeof *forms);

    if (forms == NULL)
        return NULL;
    if (!forms_alloc(forms, keys, count)) {
        mask_forms_free(forms);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        key_add(forms, keys[i]);
    forms->is_family = true;
    key_add(forms, MASK_FAMILY);
    anchors_sort(forms);
    anchors_index(forms);
    return forms;
}

void mask_forms_free(struct mask_forms *forms)
{
    if (forms == NULL)
        return;
    if (forms->bytes != NULL)
        platform_erase(forms->bytes, forms->byte_count);
    free(forms->bytes);
    free(forms->at);
    free(forms->bits);
    free(forms);
}

/* Has an anchor this head? */
static bool is_head(const struct mask_forms *forms, uint64_t head)
{
    uint64_t bit = bit_index(forms, head);
    size_t low = 0, high = forms->count;

    if ((forms->bits[bit / CHAR_BIT] >> bit % CHAR_BIT & 1) == 0)
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (forms->at[middle].head < head)
            low = middle + 1;
        else
            high = middle;
    }
    return low < forms->count && forms->at[low].head == head;
}

static size_t same_bytes(const struct anchor *anchor, const unsigned char *text, size_t length)
{
    size_t same = 0, both = anchor->length < length ? anchor->length : length;

    while (same < both && anchor->text[same] == text[same])
        same++;
    return same;
}

/* Bytes of the piece at the start of folded text; 0: none. In the sorted anchors those next to the
 * text agree with it longest. */
static size_t piece_length(const struct mask_forms *forms, const unsigned char *text, size_t length,
                           const struct anchor **found)
{
    const struct anchor sought = { .text = text, .length = (unsigned)length };
    size_t low = 0, high = forms->count, best = 0;
    unsigned shorter;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&forms->at[middle], &sought) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low > 0 ? low - 1 : 0; i <= low && i < forms->count; i++) {
        size_t same = same_bytes(&forms->at[i], text, length);

        if (same > best) {
            best = same;
            *found = &forms->at[i];
        }
    }
    if (best >= MASK_PREFIX_BYTES)
        return best;
    shorter = low > 0 ? (unsigned)low - 1 : NO_ANCHOR;
    while (shorter != NO_ANCHOR &&
           !(is_whole_form(&forms->at[shorter]) && is_start_of(&forms->at[shorter], text, length)))
        shorter = forms->at[shorter].shorter;
    *found = &forms->at[shorter == NO_ANCHOR ? 0 : shorter];
    return shorter == NO_ANCHOR ? 0 : (*found)->length;
}

/* The same for a key of the family: what follows belongs to it, too. */
static size_t family_length(const struct mask_forms *forms, const unsigned char *text,
                            size_t length)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < forms->family_count; i++) {
        size_t known = forms->family[i].length, most = FAMILY_TIMES * known, at = known;

        if (known > length || memcmp(text, forms->family[i].text, known) != 0)
            continue;
        while (at < length && at < most && text[at] != '\0' && strchr(letters, text[at]) != NULL)
            at++;
        return at;
    }
    return 0;
}

/* The piece that begins where @decoder stands. */
static struct mask_piece piece_at(const struct mask_forms *forms, struct mask_decoder decoder,
                                  const struct anchor **found)
{
    const struct mask_decoder start = decoder;
    unsigned char folded[FORM_BYTES_MOST];
    struct mask_piece piece = { decoder.at, 0 };
    size_t length = 0, known, read;
    int c;

    while (length < forms->longest && length < sizeof folded &&
           (c = mask_decoder_next(&decoder)) >= 0)
        folded[length++] = fold((unsigned char)c);
    known = piece_length(forms, folded, length, found);
    length = family_length(forms, folded, length);
    length = known > length ? known : length;
    for (decoder = start, read = 0; read < length; read++)
        mask_decoder_next(&decoder);
    piece.length = length == 0 ? 0 : decoder.at - piece.at;
    return piece;
}

/* A piece that an anchor of a key's middle found may begin before that. */
static struct mask_piece with_beginning(struct mask_piece piece, const struct anchor *anchor,
                                        const char *text, size_t from)
{
    unsigned before = 0;

    while (before < anchor->before && piece.at > from &&
           anchor->text[-1 - (ptrdiff_t)before] == fold((unsigned char)text[piece.at - 1])) {
        before++;
        piece.at--;
        piece.length++;
    }
    return piece;
}

/* Wu and Manber's search by the last two of eight bytes; most steps are of seven bytes. */
struct mask_piece mask_forms_find(const struct mask_forms *forms, const char *text, size_t length,
                                  size_t from)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t last = length < HEAD_BYTES ? 0 : length - HEAD_BYTES + 1, step;

    for (size_t at = from; at < last; at += step) {
        unsigned char folded[HEAD_BYTES];

        step = forms->steps[step_index(bytes[at + STEP_MOST - 1], bytes[at + STEP_MOST])];
        if (step > 0)
            continue;
        for (size_t i = 0; i < HEAD_BYTES; i++)
            folded[i] = fold(bytes[at + i]);
        if (is_head(forms, head_of(folded))) {
            const struct anchor *found = NULL;
            const struct mask_decoder decoder = {
                .text = text, .length = length, .at = at, .layers = ""
            };
            struct mask_piece piece = piece_at(forms, decoder, &found);

            if (piece.length > 0)
                return with_beginning(piece, found, text, from);
        }
        step = 1;
    }
    return (struct mask_piece){ length, 0 };
}

struct mask_piece mask_forms_find_decoded(const struct mask_forms *forms,
                                          struct mask_decoder decoder)
{
    size_t starts[HEAD_BYTES]; /* of the last eight bytes, in turn */
    uint64_t head = 0;

    for (size_t read = 0;; read++) {
        size_t start = decoder.at;
        int c = mask_decoder_next(&decoder);

        if (c < 0)
            break;
        starts[read % HEAD_BYTES] = start;
        head = head << CHAR_BIT | fold((unsigned char)c);
        if (read + 1 >= HEAD_BYTES && is_head(forms, head)) {
            const struct anchor *found;
            const struct mask_decoder candidate = { .text = decoder.text,
                                                    .length = decoder.length,
                                                    .at = starts[(read + 1) % HEAD_BYTES],
                                                    .layers = decoder.layers };
            struct mask_piece piece = piece_at(forms, candidate, &found);

            if (piece.length > 0)
                return piece;
        }
    }
    return (struct mask_piece){ decoder.length, 0 };
}
