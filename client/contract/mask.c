#include "contract/mask.h"

#include "contract/secrets.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOKEN_HEADER_LEAST = 12, /* characters; {"alg":""} has 14 */
    SIGNATURE_LEAST = 16,    /* characters */
    WORD_PART_EVERY = 8      /* so that 16 of any 24 characters are a part */
};

struct mask_keys {
    atomic_uint holders;
    atomic_uint keepers; /* those of them that keep what was masked */
    size_t count;
    char *at[];
};

struct mask {
    unsigned long long serial;
    struct mask_forms *forms;
    size_t count;
    struct mask_keys *of[]; /* its own ones first */
};

static struct mask_keys *keys_hold(struct mask_keys *keys)
{
    atomic_fetch_add_explicit(&keys->holders, 1, memory_order_relaxed);
    return keys;
}

static void keys_free(struct mask_keys *keys)
{
    if (keys == NULL || atomic_fetch_sub_explicit(&keys->holders, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < keys->count; i++)
        secret_wipe(keys->at[i]);
    free(keys);
}

struct mask_keys *mask_keys_hold(const struct mask *mask)
{
    atomic_fetch_add_explicit(&mask->of[0]->keepers, 1, memory_order_relaxed);
    return keys_hold(mask->of[0]);
}

void mask_keys_release(struct mask_keys *keys)
{
    if (keys == NULL)
        return;
    atomic_fetch_sub_explicit(&keys->keepers, 1, memory_order_relaxed);
    keys_free(keys);
}

/* False: out of memory. */
static bool key_copy(struct mask_keys *keys, const char *key)
{
    if (key == NULL)
        return true;
    keys->at[keys->count] = strdup(key);
    return keys->at[keys->count] != NULL && ++keys->count > 0;
}

static struct mask_keys *keys_new(const char *const *texts, size_t count)
{
    struct mask_keys *keys = calloc(1, sizeof *keys + count * sizeof keys->at[0]);
    bool is_whole = keys != NULL;

    if (keys != NULL)
        atomic_init(&keys->holders, 1);
    for (size_t i = 0; i < count && is_whole; i++)
        is_whole = key_copy(keys, texts[i]);
    if (is_whole)
        return keys;
    keys_free(keys);
    return NULL;
}

static bool are_same(const struct mask_keys *keys, const struct mask_keys *others)
{
    bool is_same = keys->count == others->count;

    for (size_t i = 0; i < keys->count && is_same; i++)
        is_same = strcmp(keys->at[i], others->at[i]) == 0;
    return is_same;
}

/* A mask with room for @most sets, without forms. */
static struct mask *mask_empty(size_t most)
{
    static atomic_ullong made;
    struct mask *mask = calloc(1, sizeof *mask + most * sizeof mask->of[0]);

    if (mask != NULL)
        mask->serial = atomic_fetch_add(&made, 1) + 1;
    return mask;
}

/* Makes the forms of all its keys. NULL, and the mask is gone: out of memory. */
static struct mask *with_forms(struct mask *mask)
{
    size_t count = 0, total = 0;
    const char **keys;

    for (size_t i = 0; i < mask->count; i++)
        total += mask->of[i]->count;
    keys = calloc(total + 1, sizeof *keys);
    for (size_t i = 0; i < mask->count && keys != NULL; i++) {
        for (size_t j = 0; j < mask->of[i]->count; j++)
            keys[count++] = mask->of[i]->at[j];
    }
    if (keys != NULL)
        mask->forms = mask_forms_new(keys, count);
    free(keys);
    if (mask->forms != NULL)
        return mask;
    mask_free(mask);
    return NULL;
}

struct mask *mask_new_of(const char *const *keys, size_t count)
{
    struct mask *mask = mask_empty(1);

    if (mask == NULL)
        return NULL;
    mask->of[0] = keys_new(keys, count);
    if (mask->of[0] != NULL) {
        mask->count = 1;
        return with_forms(mask);
    }
    mask_free(mask);
    return NULL;
}

struct mask *mask_new(const struct hm_secrets *secrets)
{
    size_t count = 0;
    const char **keys = calloc(secrets->count + secrets->legacy_count + 1, sizeof *keys);
    struct mask *mask = NULL;

    if (keys == NULL)
        return NULL;
    for (size_t i = 0; i < secrets->count; i++)
        keys[count++] = private_open(secrets->at[i]->key);
    for (size_t i = 0; i < secrets->legacy_count; i++)
        keys[count++] = private_open(secrets->legacy_keys[i]);
    mask = mask_new_of(keys, count);
    free(keys);
    return mask;
}

struct mask *mask_new_after(const struct mask *mask, const struct mask *earlier)
{
    struct mask *made = mask_empty(1 + earlier->count);
    bool is_renewed = are_same(mask->of[0], earlier->of[0]);

    if (made == NULL)
        return NULL;
    made->of[made->count++] = keys_hold(is_renewed ? earlier->of[0] : mask->of[0]);
    for (size_t i = is_renewed ? 1 : 0; i < earlier->count; i++) {
        if (i == 0 || atomic_load(&earlier->of[i]->keepers) > 0)
            made->of[made->count++] = keys_hold(earlier->of[i]);
    }
    return with_forms(made);
}

void mask_free(struct mask *mask)
{
    if (mask == NULL)
        return;
    for (size_t i = 0; i < mask->count; i++)
        keys_free(mask->of[i]);
    mask_forms_free(mask->forms);
    free(mask);
}

unsigned long long mask_serial(const struct mask *mask)
{
    return mask->serial;
}

/* A letter of either base64 alphabet, or padding. */
static bool is_base64(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '+' || c == '/' || c == '=';
}

static size_t run_of_base64(const char *text, size_t length)
{
    size_t run = 0;

    while (run < length && is_base64(text[run]))
        run++;
    return run;
}

/* Base64 of an opening brace followed by a quote or white space. */
static bool is_token_start(const char *text, size_t length)
{
    return length >= TOKEN_HEADER_LEAST && text[0] == 'e' &&
           ((text[1] == 'y' && strchr("JIKLA", text[2]) != NULL) ||
            (text[1] == 'w' && strchr("o0k", text[2]) != NULL)) &&
           text[2] != '\0';
}

/* Bytes of the dot at the start of a text, which may be escaped; 0: there is none. */
static size_t dot_length(const char *text, size_t length)
{
    static const char *const spellings[] = { ".", "%2e", "%2E", "\\u002e", "\\u002E" };

    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        size_t bytes = strlen(spellings[i]);

        if (length >= bytes && memcmp(text, spellings[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

/* Bytes of the token that begins here, of at least two segments. 0: there is none, and none begins
 * within *run bytes either. */
static size_t token_at(const char *text, size_t length, size_t *run)
{
    size_t bytes = run_of_base64(text, length), dot = dot_length(text + bytes, length - bytes);
    size_t payload;

    *run = bytes + 1;
    if (bytes < TOKEN_HEADER_LEAST || dot == 0)
        return 0;
    payload = run_of_base64(text + bytes + dot, length - bytes - dot);
    if (payload == 0)
        return 0;
    bytes += dot + payload;
    dot = dot_length(text + bytes, length - bytes);
    if (dot > 0)
        bytes += dot + run_of_base64(text + bytes + dot, length - bytes - dot);
    return bytes;
}

static struct mask_hit nothing(size_t length)
{
    return (struct mask_hit){ MASK_NOTHING, length, 0 };
}

static struct mask_hit hit_of(struct mask_piece piece)
{
    return (struct mask_hit){ piece.length > 0 ? MASK_KEY : MASK_NOTHING, piece.at, piece.length };
}

static struct mask_hit key_find(const struct mask_search *search, size_t from)
{
    return hit_of(
        mask_forms_find(search->masking->mask->forms, search->text, search->length, from));
}

/* The first place at @from or later where the 16 bytes at @part of the word are, with what is
 * around them of the word. */
static struct mask_hit word_part_find(const struct mask_search *search, size_t from,
                                      struct span word, size_t part)
{
    size_t length = search->length;
    const char *at = search->text + from, *sought = word.at + part;
    const char *end = search->text + (length < SIGNATURE_LEAST ? 0 : length - SIGNATURE_LEAST + 1);

    for (; at < end && (at = memchr(at, sought[0], (size_t)(end - at))) != NULL; at++) {
        size_t offset = (size_t)(at - search->text), same = SIGNATURE_LEAST;

        if (at[1] != sought[1] || memcmp(at, sought, SIGNATURE_LEAST) != 0)
            continue;
        while (part + same < word.length && offset + same < length && at[same] == sought[same])
            same++;
        for (; part > 0 && offset > from && search->text[offset - 1] == word.at[part - 1]; part--) {
            offset--;
            same++;
        }
        return (struct mask_hit){ MASK_TOKEN, offset, same };
    }
    return nothing(length);
}

/* The first place at @from or later where the word, its first 16 bytes or 24 others of it in a row
 * are. */
static struct mask_hit word_find(const struct mask_search *search, size_t from, struct span word,
                                 enum mask_kind kind)
{
    struct mask_hit first = nothing(search->length);

    for (size_t part = 0; part + SIGNATURE_LEAST <= word.length; part += WORD_PART_EVERY) {
        struct mask_hit hit = word_part_find(search, from, word, part);

        if (hit.kind != MASK_NOTHING && hit.at < first.at)
            first = hit;
    }
    if (first.kind != MASK_NOTHING)
        first.kind = kind;
    return first;
}

/* The request's own signature, or another word. */
static struct mask_hit words_find(const struct mask_search *search, size_t from)
{
    const struct masking *masking = search->masking;
    struct mask_hit first = nothing(search->length);

    if (masking->signature != NULL)
        first =
            word_find(search, from, (struct span){ masking->signature, masking->signature_length },
                      MASK_SIGNATURE);
    for (size_t i = 0; i < masking->word_count; i++) {
        struct mask_hit hit = word_find(search, from, masking->words[i], MASK_TOKEN);

        if (hit.kind != MASK_NOTHING && hit.at < first.at)
            first = hit;
    }
    return first;
}

static struct mask_hit token_find(struct mask_search *search, size_t from)
{
    const char *end = search->text + search->length;
    const char *at =
        search->text + (from < search->no_token_before ? search->no_token_before : from);

    while (at < end && (at = memchr(at, 'e', (size_t)(end - at))) != NULL) {
        size_t rest = (size_t)(end - at), run = 1, bytes = 0;

        if (is_token_start(at, rest)) {
            bytes = token_at(at, rest, &run);
            search->no_token_before = (size_t)(at - search->text) + run;
        }
        if (bytes > 0)
            return (struct mask_hit){ MASK_TOKEN, (size_t)(at - search->text), bytes };
        at += run;
    }
    return nothing(search->length);
}

/* The ways from WAY_DECODED on: escapes, those to decode first at first. */
enum { WAY_KEY, WAY_SIGNATURE, WAY_TOKEN, WAY_DECODED };
static const char *const layers[MASK_WAYS - WAY_DECODED] = {
    "%", "\\", "%\\", "\\%", "%%", "\\\\"
};

static struct mask_hit way_find(struct mask_search *search, size_t way, size_t from)
{
    struct mask_decoder decoder = { search->text, search->length, from, "", { { { 0 }, 0 } } };

    switch (way) {
    case WAY_KEY:
        return key_find(search, from);
    case WAY_SIGNATURE:
        return words_find(search, from);
    case WAY_TOKEN:
        return token_find(search, from);
    default:
        decoder.layers = layers[way - WAY_DECODED];
        return hit_of(mask_forms_find_decoded(search->masking->mask->forms, decoder));
    }
}

/* Has the text the sign of every escape of this way? */
static bool is_way_open(const struct mask_search *search, size_t way)
{
    const char *sign = way < WAY_DECODED ? "" : layers[way - WAY_DECODED];

    if (search->masking->mask == NULL && (way == WAY_KEY || way >= WAY_DECODED))
        return false;
    return *sign == '\0' || memchr(search->text, *sign, search->length) != NULL;
}

void mask_search_begin(struct mask_search *search, const struct masking *masking, const char *text,
                       size_t length)
{
    *search = (struct mask_search){ .masking = masking, .text = text, .length = length };
    for (size_t way = 0; way < MASK_WAYS; way++)
        search->next[way] = masking != NULL && length > 0 && is_way_open(search, way)
                                ? way_find(search, way, 0)
                                : nothing(length);
}

struct mask_hit mask_search_next(struct mask_search *search)
{
    struct mask_hit hit = nothing(search->length);
    size_t end;

    for (size_t way = 0; way < MASK_WAYS; way++) {
        if (search->next[way].kind != MASK_NOTHING && search->next[way].at < search->at)
            search->next[way] = way_find(search, way, search->at);
        if (search->next[way].at < hit.at)
            hit = search->next[way];
    }
    end = hit.at + hit.length;
    for (size_t way = 0; way < MASK_WAYS && hit.kind != MASK_NOTHING; way++) {
        const struct mask_hit *next = &search->next[way];

        if (next->kind != MASK_NOTHING && next->at < end && next->at + next->length > end) {
            end = next->at + next->length;
            way = SIZE_MAX; /* from the first one again: others may overlap now */
        }
    }
    hit.length = end - hit.at;
    search->at = end;
    return hit;
}

/* Without escapes, which few texts have, three ways are left, and most texts have no dot either. */
bool mask_is_clean(const struct masking *masking, const char *text, size_t length)
{
    struct mask_search search;
    bool has_escape;

    if (masking == NULL || length < MASK_KEY_LEAST)
        return true;
    has_escape = memchr(text, '%', length) != NULL || memchr(text, '\\', length) != NULL;
    if (has_escape) {
        mask_search_begin(&search, masking, text, length);
        return mask_search_next(&search).kind == MASK_NOTHING;
    }
    search.masking = masking;
    search.text = text;
    search.length = length;
    search.no_token_before = 0;
    return (masking->mask == NULL || key_find(&search, 0).kind == MASK_NOTHING) &&
           words_find(&search, 0).kind == MASK_NOTHING &&
           (memchr(text, '.', length) == NULL || token_find(&search, 0).kind == MASK_NOTHING);
}

struct mask_hit mask_find(const struct masking *masking, const char *text, size_t length,
                          size_t from)
{
    struct mask_search search;
    struct mask_hit hit;

    mask_search_begin(&search, masking, text + from, length - from);
    hit = mask_search_next(&search);
    hit.at += from;
    return hit;
}

void mask_overwrite(const struct masking *masking, char *text, size_t length)
{
    struct mask_search search;
    struct mask_hit hit;

    mask_search_begin(&search, masking, text, length);
    for (hit = mask_search_next(&search); hit.kind != MASK_NOTHING; hit = mask_search_next(&search))
        memset(text + hit.at, '*', hit.length);
}

size_t mask_words_of(struct span *words, size_t most, const char *value)
{
    static const char breaks[] = " \t.,;:\"'";
    size_t count = 0, length;

    for (; *value != '\0'; value += length + (value[length] != '\0')) {
        length = strcspn(value, breaks);
        if (length < SIGNATURE_LEAST)
            continue;
        if (count < most)
            words[count] = (struct span){ value, length };
        count++;
    }
    return count;
}

void masking_take_signature(struct masking *masking, const char *value, size_t length)
{
    size_t at = 0, dots = 0;
    const char *dot;

    masking->signature = NULL;
    while (value != NULL && (dot = memchr(value + at, '.', length - at)) != NULL) {
        at = (size_t)(dot - value) + 1;
        dots++;
    }
    if (dots < 2 || length - at < SIGNATURE_LEAST)
        return;
    masking->signature = value + at;
    masking->signature_length = length - at;
}
