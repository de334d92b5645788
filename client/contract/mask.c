#include "contract/mask.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOKEN_HEADER_LEAST = 12, /* characters; {"alg":""} has 14 */
    SIGNATURE_LEAST = 16,    /* characters */
    WINDOW_BYTES =
        1024 /* searched for one kind after the other, so that many hits cost no more than few */
};

struct mask {
    unsigned long long serial;
    struct mask_forms *forms;
};

struct mask *mask_new(const struct hm_secrets *secrets)
{
    static atomic_ullong made;
    struct mask *mask = malloc(sizeof *mask);

    if (mask == NULL)
        return NULL;
    mask->serial = atomic_fetch_add(&made, 1) + 1;
    mask->forms = mask_forms_new(secrets);
    if (mask->forms == NULL) {
        mask_free(mask);
        mask = NULL;
    }
    return mask;
}

void mask_free(struct mask *mask)
{
    if (mask == NULL)
        return;
    mask_forms_free(mask->forms);
    free(mask);
}

unsigned long long mask_serial(const struct mask *mask)
{
    return mask->serial;
}

/* Bytes that a secret may have that begins here; at least those by which it was recognised. */
static size_t run_of_secret(const char *text, size_t length, size_t known)
{
    size_t run = known < length ? known : length;

    while (run < length && text[run] != '\0' && strchr(" \"',:;.", text[run]) == NULL)
        run++;
    return run;
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

/* Bytes of the token that begins here, of at least two segments. 0: there is none, and none begins
 * within *run bytes either. */
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

struct search {
    const char *text;
    size_t length;
    size_t no_token_before; /* no token begins before this offset */
};

static void signature_find(struct mask_hit *hit, const struct search *search, size_t from,
                           const char *signature)
{
    size_t last = search->length < MASK_PREFIX_BYTES ? 0 : search->length - MASK_PREFIX_BYTES + 1;
    const char *at = search->text + from;
    const char *end = search->text + (hit->at < last ? hit->at : last);

    for (; at < end && (at = memchr(at, signature[0], (size_t)(end - at))) != NULL; at++) {
        if (memcmp(at, signature, MASK_PREFIX_BYTES) == 0) {
            size_t offset = (size_t)(at - search->text);

            *hit =
                (struct mask_hit){ MASK_SIGNATURE, offset,
                                   run_of_secret(at, search->length - offset, MASK_PREFIX_BYTES) };
            return;
        }
    }
}

static void token_find(struct mask_hit *hit, struct search *search, size_t from)
{
    const char *end = search->text + hit->at;
    const char *at =
        search->text + (from < search->no_token_before ? search->no_token_before : from);

    while (at < end && (at = memchr(at, 'e', (size_t)(end - at))) != NULL) {
        size_t rest = search->length - (size_t)(at - search->text), run = 1, bytes = 0;

        if (is_token_start(at, rest)) {
            bytes = token_at(at, rest, &run);
            search->no_token_before = (size_t)(at - search->text) + run;
        }
        if (bytes > 0) {
            *hit = (struct mask_hit){ MASK_TOKEN, (size_t)(at - search->text), bytes };
            return;
        }
        at += run;
    }
}

struct mask_hit mask_find(const struct masking *masking, const char *text, size_t length,
                          size_t from)
{
    struct search search = { .text = text, .length = length };
    bool has_token;

    if (length < MASK_KEY_LEAST || from > length - MASK_KEY_LEAST)
        return (struct mask_hit){ MASK_NOTHING, length, 0 };
    has_token = memchr(text + from, '.', length - from) != NULL;
    for (size_t start = from, end; start < length; start = end) {
        struct mask_hit hit = { .kind = MASK_NOTHING };

        end = length - start > WINDOW_BYTES ? start + WINDOW_BYTES : length;
        hit.at = mask_forms_find(masking->mask->forms, text, length, start, end);
        if (hit.at < end)
            hit =
                (struct mask_hit){ MASK_KEY, hit.at,
                                   run_of_secret(text + hit.at, length - hit.at, MASK_KEY_LEAST) };
        if (masking->signature != NULL)
            signature_find(&hit, &search, start, masking->signature);
        if (has_token)
            token_find(&hit, &search, start);
        if (hit.kind != MASK_NOTHING)
            return hit;
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
    while (value != NULL && (dot = memchr(value + at, '.', length - at)) != NULL) {
        at = (size_t)(dot - value) + 1;
        dots++;
    }
    if (dots < 2 || length - at < SIGNATURE_LEAST)
        return;
    masking->signature = value + at;
}
