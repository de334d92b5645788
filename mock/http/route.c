#include "http/route.h"

#include "control/control.h"
#include "control/control_clock.h"
#include "control/control_contacts.h"
#include "control/control_doctor.h"
#include "control/control_env.h"
#include "control/control_faults.h"
#include "control/control_health.h"
#include "control/control_journal.h"
#include "control/control_policy.h"
#include "control/control_reset.h"
#include "control/control_verify.h"
#include "control/expected.h"
#include "operation/channel_create.h"
#include "support/text.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct route {
    const char *method;
    const char *pattern;
    const struct operation *operation;
};

static const struct route routes[] = {
    { "POST", "/v2/contact/{contactID}/channel", &op_channel_create }, /* [T1] */
    { "GET", "/_mock/health", &op_health },
    { "GET", "/_mock/clock", &op_clock_get },
    { "PUT", "/_mock/clock", &op_clock_put },
    { "GET", "/_mock/faults", &op_faults_get },
    { "PUT", "/_mock/faults", &op_faults_put },
    { "DELETE", "/_mock/faults", &op_faults_delete },
    { "GET", "/_mock/journal", &op_journal_list },
    { "DELETE", "/_mock/journal", &op_journal_forget },
    { "GET", "/_mock/journal/{request_id}", &op_journal_show },
    { "POST", "/_mock/verify", &op_verify },
    { "GET", "/_mock/policy", &op_policy_get },
    { "PUT", "/_mock/policy", &op_policy_put },
    { "POST", "/_mock/reset", &op_reset },
    { "GET", "/_mock/contacts/{contact}", &op_contact },
    { "POST", "/_mock/doctor", &op_doctor },
    { "GET", "/_mock/env", &op_env },
    { "GET", "/_mock/expect", &op_expect_get },
    { "POST", "/_mock/expect", &op_expect_post },
    { "DELETE", "/_mock/expect", &op_expect_delete },
    { "GET", "/_mock/contacts", &op_contacts },
};
enum { ROUTE_COUNT = sizeof routes / sizeof routes[0] };

/* Every path below it belongs to the control plane, also an unknown one. */
static const char control_path[] = "/_mock/";

/* Does every percent-escape stand for a character within a segment? */
static bool is_path_sound(const char *path)
{
    for (const char *at = path; (at = strpbrk(at, "%#\\")) != NULL; at++) {
        int byte = *at == '%' ? hex_byte(at + 1) : -1;

        if (byte <= 0 || byte == '/')
            return false;
    }
    return true;
}

struct segment {
    const char *text; /* of the path itself, or decoded into the caller's bytes */
    size_t length;
};

/* Decodes the segment at @path up to the next slash into @out, cut at its size. Returns how much
 * fitted. */
static size_t segment_decode(char *out, size_t size, const char *path)
{
    size_t length = 0;

    while (*path != '\0' && *path != '/') {
        size_t run = strcspn(path, "/%"), kept = run < size - 1 - length ? run : size - 1 - length;

        memcpy(out + length, path, kept);
        length += kept;
        path += run;
        if (*path == '%') {
            if (length + 1 < size)
                out[length++] = (char)hex_byte(path + 1);
            path += 3;
        }
    }
    out[length] = '\0';
    return length;
}

/* Takes the segment at @*path and moves past it. One with an escape is decoded into @decoded. */
static struct segment segment_take(const char **path, char decoded[ROUTE_PARAMETER_BYTES])
{
    struct segment segment = { *path, strcspn(*path, "/") };

    *path += segment.length;
    if (memchr(segment.text, '%', segment.length) == NULL)
        return segment;
    segment.length = segment_decode(decoded, ROUTE_PARAMETER_BYTES, segment.text);
    segment.text = decoded;
    return segment;
}

static int compare_nocase(const void *a, const void *b, size_t length)
{
    return strncasecmp(a, b, length);
}

/* A longer segment is cut. */
static void parameter_take(struct route_match *match, const struct segment *segment)
{
    match->parameter_length =
        segment->length < ROUTE_PARAMETER_BYTES ? segment->length : ROUTE_PARAMETER_BYTES - 1;
    memcpy(match->parameter, segment->text, match->parameter_length);
    match->parameter[match->parameter_length] = '\0';
}

/* Does a sound path match the pattern? A {parameter} matches any one segment, also an empty one, so
 * that a later check can say what is wrong with it. */
static bool is_match(struct route_match *match, const char *pattern, const char *path,
                     int (*compare)(const void *, const void *, size_t))
{
    char decoded[ROUTE_PARAMETER_BYTES];

    while (*pattern == '/' && *path == '/') {
        size_t wanted = strcspn(++pattern, "/");
        struct segment segment;

        path++;
        segment = segment_take(&path, decoded);
        if (*pattern == '{')
            parameter_take(match, &segment);
        else if (segment.length != wanted || compare(segment.text, pattern, wanted) != 0)
            return false;
        pattern += wanted;
    }
    return *pattern == '\0' && *path == '\0';
}

/* Where there is GET there is HEAD (RFC 9110 section 9.3.2). */
static bool is_method(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static void allow_add(char allow[ROUTE_ALLOW_TEXT], const char *method)
{
    size_t length = strlen(allow);

    snprintf(allow + length, ROUTE_ALLOW_TEXT - length, "%s%s", length == 0 ? "" : ", ", method);
}

/* A path of the control plane without /_mock, as made from the base URL of the mock. */
static bool is_control_without_prefix(const char *path)
{
    const size_t prefix = sizeof control_path - 2; /* without its last slash */
    struct route_match unused;

    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (routes[i].operation->is_control &&
            is_match(&unused, routes[i].pattern + prefix, path, memcmp))
            return true;
    }
    return false;
}

enum route_result route_find(struct route_match *match, const char *method, const char *path)
{
    enum route_result result = ROUTE_NO_PATH;

    match->operation = NULL;
    match->allow[0] = '\0';
    match->parameter[0] = '\0';
    match->parameter_length = 0;
    if (!is_path_sound(path))
        return ROUTE_BAD_PATH;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!is_match(match, routes[i].pattern, path, memcmp))
            continue;
        match->operation = routes[i].operation;
        if (is_method(&routes[i], method))
            return ROUTE_FOUND;
        allow_add(match->allow, routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0)
            allow_add(match->allow, "HEAD");
        result = ROUTE_NO_METHOD;
    }
    if (result == ROUTE_NO_PATH && strncmp(path, control_path, sizeof control_path - 1) == 0) {
        match->operation = &op_control_unknown;
        result = ROUTE_FOUND;
    } else if (result == ROUTE_NO_PATH && is_control_without_prefix(path)) {
        match->operation = &op_control_misplaced;
        result = ROUTE_FOUND;
    }
    return result;
}

/* Paths that are nearly right, the more specific ones first, and how they differ. */
static const struct {
    const char *pattern;
    const char *difference;
} near_misses[] = {
    { "/v1/v2/contact/{}/channel",
      "the base URL ends in /v1, and the path itself begins with /v2" },
    { "/v2/v2/contact/{}/channel",
      "the base URL ends in /v2, and the path itself begins with /v2" },
    { "//v2/contact/{}/channel", "the base URL ends in a slash, so that the path begins with two" },
    { "/{}/v2/contact/{}/channel", "the base URL has a path of its own" },
    { "/v2/contact/{}/channel/", "it has one slash too many at the end" },
    { "/v2/contact/{}/channels", "the last word is channel, not channels" },
    { "/v2/contacts/{}/channel", "the first word is contact, not contacts" },
    { "/v2/contacts/{}/channels", "the words are contact and channel, without an s" },
    { "/contact/{}/channel", "/v2 is missing at the beginning" },
    { "/contact/{}/channels", "/v2 is missing at the beginning, and the last word is channel" },
    { "/v1/contact/{}/channel",
      "it is version 1 of the API, but channels are created with version 2" },
    { "/v2/contact/channel", "the contact's id is missing between contact and channel" },
    { "/v2/contact/{}", "/channel is missing at the end" },
    { "/v2/contact/{}/channel/{}",
      "it is another endpoint of the API, which the mock does not have" },
    { "/v2/channel", "the contact is missing: /contact/{contactID} comes before /channel" },
};

bool route_is_whole_url(const char *path)
{
    return strstr(path, "://") != NULL && *path != '/';
}

const char *route_nearest(const char *path)
{
    struct route_match match;

    if (!is_path_sound(path))
        return NULL;
    for (size_t i = 0; i < sizeof near_misses / sizeof near_misses[0]; i++) {
        if (is_match(&match, near_misses[i].pattern, path, memcmp))
            return near_misses[i].difference;
    }
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (is_match(&match, routes[i].pattern, path, compare_nocase))
            return "letter case matters in a path";
    }
    return NULL;
}
