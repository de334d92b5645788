#include "mask.h"

#include "secrets.h"
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAIRS = 65536,           /* of bytes */
    TOKEN_HEADER_LEAST = 12, /* characters; {"alg":""} has 14 */
    TOKEN_START = 3,         /* "eyJ" */
    SIGNATURE_LEAST = 16     /* a shorter one is none */
};

struct key_start {
    uint64_t first; /* the first eight bytes, in the order of a comparison */
    size_t length;
    char bytes[MASK_PREFIX_BYTES];
};

struct mask {
    unsigned long long serial;
    size_t count;
    bool firsts[256];               /* which byte any key starts with, or a token */
    unsigned char pairs[PAIRS / 8]; /* which two bytes they start with */
    struct key_start starts[];      /* sorted */
};

static uint64_t first_eight(const char *bytes)
{
    uint64_t first = 0;

    for (int i = 0; i < 8; i++)
        first = first << 8 | (unsigned char)bytes[i];
    return first;
}

static unsigned pair_at(const char *text)
{
    return (unsigned)(unsigned char)text[0] << 8 | (unsigned char)text[1];
}

/* What begins with these two bytes is looked at. */
static void pair_add(struct mask *mask, const char *text)
{
    mask->firsts[(unsigned char)text[0]] = true;
    mask->pairs[pair_at(text) / 8] |= (unsigned char)(1U << pair_at(text) % 8);
}

static bool has_pair(const struct mask *mask, const char *text)
{
    return (mask->pairs[pair_at(text) / 8] >> pair_at(text) % 8 & 1) != 0;
}

static void start_add(struct mask *mask, const char *key)
{
    struct key_start *start = &mask->starts[mask->count];
    size_t length = key == NULL ? 0 : strnlen(key, MASK_PREFIX_BYTES);

    if (length < MASK_KEY_LEAST)
        return;
    memcpy(start->bytes, key, length);
    start->length = length;
    start->first = first_eight(key);
    pair_add(mask, key);
    mask->count++;
}

static int compare_starts(const void *a, const void *b)
{
    uint64_t x = ((const struct key_start *)a)->first, y = ((const struct key_start *)b)->first;

    return x < y ? -1 : x > y;
}

struct mask *mask_new(const struct hm_secrets *secrets)
{
    static atomic_ullong made;
    size_t most = secrets->count + secrets->legacy_count;
    struct mask *mask = calloc(1, sizeof *mask + most * sizeof mask->starts[0]);

    if (mask == NULL)
        return NULL;
    mask->serial = atomic_fetch_add(&made, 1) + 1;
    pair_add(mask, "ey"); /* see is_token_start() */
    pair_add(mask, "ew");
    for (size_t i = 0; i < secrets->count; i++)
        start_add(mask, secrets->at[i]->key);
    for (size_t i = 0; i < secrets->legacy_count; i++)
        start_add(mask, secrets->legacy_keys[i]);
    qsort(mask->starts, mask->count, sizeof mask->starts[0], compare_starts);
    return mask;
}

void mask_free(struct mask *mask)
{
    free(mask);
}

unsigned long long mask_serial(const struct mask *mask)
{
    return mask->serial;
}

/* Does a key begin here? */
static bool is_key_at(const struct mask *mask, const char *text, size_t length)
{
    size_t low = 0, high = mask->count;
    uint64_t first;

    if (length < MASK_KEY_LEAST)
        return false;
    first = first_eight(text);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (mask->starts[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < mask->count && mask->starts[low].first == first; low++) {
        if (length >= mask->starts[low].length &&
            memcmp(text, mask->starts[low].bytes, mask->starts[low].length) == 0)
            return true;
    }
    return false;
}

/* Up to where a secret that begins here may go on. */
static size_t run_of_secret(const char *text, size_t length)
{
    size_t run = 0;

    while (run < length && text[run] != '\0' && strchr(" \"',:;.", text[run]) == NULL)
        run++;
    return run;
}

/* Letters of either base64 alphabet, and padding. */
static size_t run_of_base64(const char *text, size_t length)
{
    size_t run = 0;

    for (; run < length; run++) {
        char c = text[run];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr("-_+/=", c) != NULL)))
            break;
    }
    return run;
}

/* Base64 of an opening brace, and a quote or blanks behind it. */
static bool is_token_start(const char *text, size_t length)
{
    return length >= TOKEN_HEADER_LEAST && text[0] == 'e' &&
           ((text[1] == 'y' && strchr("JIKLA", text[2]) != NULL) ||
            (text[1] == 'w' && strchr("o0k", text[2]) != NULL)) &&
           text[2] != '\0';
}

/* Bytes of the token that begins here: two segments at least. 0: none does, and within *run bytes
 * none will. */
static size_t token_at(const char *text, size_t length, size_t *run)
{
    size_t bytes = run_of_base64(text, length), payload;

    *run = bytes + 1;
    if (bytes < TOKEN_HEADER_LEAST || bytes == length || text[bytes] != '.')
        return 0;
    payload = run_of_base64(text + bytes + 1, length - bytes - 1);
    if (payload == 0)
        return 0;
    bytes += 1 + payload;
    if (bytes < length && text[bytes] == '.')
        bytes += 1 + run_of_base64(text + bytes + 1, length - bytes - 1);
    return bytes;
}

static bool is_signature_at(const struct masking *masking, const char *text, size_t length)
{
    return masking->signature != NULL && text[0] == masking->signature[0] &&
           length >= MASK_PREFIX_BYTES && memcmp(text, masking->signature, MASK_PREFIX_BYTES) == 0;
}

struct mask_hit mask_find(const struct masking *masking, const char *text, size_t length,
                          size_t from)
{
    const struct mask *mask = masking->mask;
    const char *signature = masking->signature != NULL ? masking->signature : "";
    size_t no_token_before = 0, run;

    for (size_t i = from; i + MASK_KEY_LEAST <= length; i++) {
        const char *here = text + i;
        size_t rest = length - i, bytes;

        if (*here != *signature && (!mask->firsts[(unsigned char)*here] || !has_pair(mask, here)))
            continue;
        if (is_key_at(mask, here, rest))
            return (struct mask_hit){ MASK_KEY, i, run_of_secret(here, rest) };
        if (is_signature_at(masking, here, rest))
            return (struct mask_hit){ MASK_SIGNATURE, i, run_of_secret(here, rest) };
        if (*here != 'e' || i < no_token_before || !is_token_start(here, rest))
            continue;
        bytes = token_at(here, rest, &run);
        if (bytes > 0)
            return (struct mask_hit){ MASK_TOKEN, i, bytes };
        no_token_before = i + run;
    }
    return (struct mask_hit){ MASK_NOTHING, length, 0 };
}

void mask_overwrite(const struct masking *masking, char *text, size_t length)
{
    struct mask_hit hit = mask_find(masking, text, length, 0);

    for (; hit.kind != MASK_NOTHING; hit = mask_find(masking, text, length, hit.at + hit.length))
        memset(text + hit.at, '*', hit.length);
}

void masking_take_signature(struct masking *masking, const char *value, size_t length)
{
    size_t at = 0, dots = 0;
    const char *dot;

    masking->signature = NULL;
    masking->signature_length = 0;
    while (value != NULL && (dot = memchr(value + at, '.', length - at)) != NULL) {
        at = (size_t)(dot - value) + 1;
        dots++;
    }
    if (dots < 2 || length - at < SIGNATURE_LEAST)
        return;
    masking->signature = value + at;
    masking->signature_length = length - at;
}
