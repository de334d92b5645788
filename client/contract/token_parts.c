#include "contract/token_parts.h"

#include "support/json_fault.h"
#include "support/no_memory.h"
#include "support/text.h"
#include <string.h>

/* Without these flags jansson would accept a member that is there twice, and refuse large integers
 * and a NUL in a string. */
enum {
    PARSE_FLAGS =
        JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL
};

static const char *const segment_names[] = { "header", "payload" };

/* Counts all segments and keeps the first three. */
static void split(struct token_parts *parts, const char *token, size_t length)
{
    struct span *places[] = { &parts->header_segment, &parts->payload_segment,
                              &parts->signature_segment };
    const char *at = token;
    const char *end = token + length;

    for (;;) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        const char *stop = dot != NULL ? dot : end;

        if (parts->segment_count < 3)
            *places[parts->segment_count] = (struct span){ at, (size_t)(stop - at) };
        if (parts->segment_count == 1)
            parts->signing_input = (struct span){ token, (size_t)(stop - token) };
        parts->segment_count++;
        if (dot == NULL)
            break;
        at = dot + 1;
    }
}

static void report_segment(struct hm_findings *findings, unsigned faults, const char *name)
{
    if ((faults & BASE64URL_BROKEN) != 0) {
        hm_findings_add(
            findings, HM_J2_SEGMENT_NOT_BASE64URL,
            "the token's %s segment is not valid base64url: it has an invalid character or length",
            name);
        return;
    }
    if ((faults & BASE64URL_PADDED) != 0)
        hm_findings_add(findings, HM_J2_SEGMENT_PADDED, "the token's %s segment ends in '='", name);
    if ((faults & BASE64URL_STANDARD_ALPHABET) != 0)
        hm_findings_add(
            findings, HM_J2_SEGMENT_STANDARD_ALPHABET,
            "the token's %s segment contains '+' or '/', which are not base64url characters", name);
    if ((faults & BASE64URL_NON_CANONICAL) != 0)
        hm_findings_add(findings, HM_J2_SEGMENT_NON_CANONICAL,
                        "the last character of the token's %s segment has unused bits set", name);
}

/* Does it start as a JSON object in UTF-16 does? */
static bool is_utf16(struct span text)
{
    return text.length > 3 &&
           (memcmp(text.at, "{", 2) == 0 || memcmp(text.at, "\0{", 2) == 0 ||
            memcmp(text.at, "\xFF\xFE", 2) == 0 || memcmp(text.at, "\xFE\xFF", 2) == 0);
}

/* The object in a JSON string, or in base64 in place of JSON (@value is NULL), each at most three
 * times deep; *is_base64: some of them are base64. A new reference; NULL: there is none. */
static json_t *parse_twice(struct token_parts *parts, json_t *value, struct span text,
                           bool *is_base64)
{
    char buffers[2][HM_TOKEN_BYTES_MAX];
    json_t *found = json_incref(value);

    for (int depth = 0; depth < 3 && !json_is_object(found); depth++) {
        char *next = buffers[depth % 2];
        size_t length = json_string_length(found);
        json_error_t error;

        if (json_is_string(found) && length <= HM_TOKEN_BYTES_MAX)
            memcpy(next, json_string_value(found), length);
        else if (found != NULL || base64url_decoded_max(text.length) > HM_TOKEN_BYTES_MAX ||
                 (base64url_decode((unsigned char *)next, &length, text.at, text.length) &
                  BASE64URL_BROKEN) != 0)
            break;
        *is_base64 |= found == NULL;
        text = (struct span){ next, length };
        json_decref(found);
        found = json_loadb(text.at, text.length, PARSE_FLAGS, &error);
        parts->is_out_of_memory |=
            found == NULL && json_fault_is_memory(&error, text.at, text.length);
    }
    if (json_is_object(found))
        return found;
    json_decref(found);
    return NULL;
}

static json_t *parse_object(struct token_parts *parts, const struct span *text,
                            struct hm_findings *findings, bool is_header)
{
    enum hm_mistake not_json = is_header ? HM_J2_HEADER_NOT_JSON : HM_J2_PAYLOAD_NOT_JSON;
    const char *name = segment_names[is_header ? 0 : 1];
    json_error_t error = { .text = "" };
    json_t *value = NULL;
    json_t *inner;
    bool is_base64 = false;

    if (is_utf16(*text)) {
        hm_findings_add(findings, not_json, "the token's %s is in UTF-16, UTF-8 was expected",
                        name);
        return NULL;
    }
    if (memchr(text->at, '\0', text->length) != NULL) { /* jansson accepts one after a number */
        hm_findings_add(findings, not_json,
                        "the token's %s contains a NUL, which JSON does not allow", name);
        return NULL;
    }
    value = json_loadb(text->at, text->length, PARSE_FLAGS, &error);

    if (json_is_object(value))
        return value;
    if (value == NULL && json_fault_is_memory(&error, text->at, text->length)) {
        parts->is_out_of_memory = true;
        return NULL;
    }
    inner = parse_twice(parts, value, *text, &is_base64);
    if (inner != NULL) {
        hm_findings_add(findings, HM_J2_SEGMENT_ENCODED_TWICE,
                        "the token's %s is %s with the JSON object in it", name,
                        value == NULL ? "base64"
                        : is_base64   ? "a JSON string of base64"
                                      : "a JSON string");
        json_decref(value);
        return inner;
    }
    if (value != NULL)
        hm_findings_add(findings, not_json, "the token's %s is JSON, but not an object", name);
    else if (json_error_code(&error) == json_error_duplicate_key)
        hm_findings_add(findings, HM_J2_MEMBER_REPEATED, "the token's %s has a duplicate member",
                        name);
    else if (json_error_code(&error) == json_error_numeric_overflow)
        hm_findings_add(findings, not_json,
                        "the token's %s contains a number that is too large for a double", name);
    else
        hm_findings_add(findings, not_json, "the token's %s is not JSON (error at byte %d)", name,
                        error.position);
    json_decref(value);
    return NULL;
}

static void header_read(struct token_parts *parts, struct hm_findings *findings)
{
    parts->has_header = header_read_plain(&parts->header_members, &parts->header);
    if (!parts->has_header) {
        parts->header_tree = parse_object(parts, &parts->header, findings, true);
        parts->has_header = parts->header_tree != NULL;
        header_read_tree(&parts->header_members, parts->header_tree);
    }
}

static void claims_read(struct token_parts *parts, struct hm_findings *findings)
{
    parts->has_claims = claims_read_plain(&parts->claims, &parts->payload);
    if (!parts->has_claims) {
        parts->claims_tree = parse_object(parts, &parts->payload, findings, false);
        parts->has_claims = parts->claims_tree != NULL;
        claims_read_tree(&parts->claims, parts->claims_tree);
    }
}

static bool decode(struct span *out, const struct span *segment, unsigned char **free_space,
                   unsigned *faults)
{
    size_t length = 0;

    *faults = base64url_decode(*free_space, &length, segment->at, segment->length);
    *out = (struct span){ (const char *)*free_space, length };
    *free_space += length;
    return (*faults & BASE64URL_BROKEN) == 0;
}

/* Two segments are a token without a signature if the first one is a header. Otherwise they are not
 * a token, and findings about their content would not help. */
static bool goes_on(const struct token_parts *parts)
{
    return parts->segment_count == 3 || (parts->segment_count == 2 && parts->has_header);
}

static void report_count(const struct token_parts *parts, struct hm_findings *findings)
{
    static const char *const looks_like[] = { "",
                                              "no token",
                                              "a token without its signature",
                                              "",
                                              "a token with something appended",
                                              "an encrypted token (JWE)" };
    size_t count = parts->segment_count;

    hm_findings_add(findings, HM_J2_TOKEN_SEGMENTS,
                    "the token has %zu segment%s, like %s; three were expected", count,
                    plural(count), count < 6 ? looks_like[count] : "several tokens in one");
}

enum hm_code token_parts_read(struct token_parts *parts, const char *token, size_t length,
                              struct hm_findings *findings, struct hm_error *err)
{
    unsigned char *free_space = parts->decoded;
    unsigned faults;
    struct hm_findings ignored;

    memset(parts, 0, offsetof(struct token_parts, decoded));
    split(parts, token, length);
    if (parts->segment_count != 3) {
        report_count(parts, findings);
        ignored.count = 0;
        if (decode(&parts->header, &parts->header_segment, &free_space, &faults))
            header_read(parts, &ignored);
        if (!goes_on(parts))
            goto out;
    } else {
        bool is_readable = decode(&parts->header, &parts->header_segment, &free_space, &faults);

        report_segment(findings, faults, segment_names[0]);
        if (is_readable)
            header_read(parts, findings);
    }
    if (decode(&parts->payload, &parts->payload_segment, &free_space, &faults))
        claims_read(parts, findings);
    report_segment(findings, faults, segment_names[1]);
    if (parts->segment_count == 3)
        decode(&parts->signature, &parts->signature_segment, &free_space, &parts->signature_faults);
out:
    return parts->is_out_of_memory ? no_memory(err) : HM_OK;
}

void token_parts_fini(struct token_parts *parts)
{
    json_decref(parts->header_tree);
    json_decref(parts->claims_tree);
}
