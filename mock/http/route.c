#include "http/route.h"

#include "control/control.h"
#include "control/control_clock.h"
#include "control/control_contacts.h"
#include "control/control_doctor.h"
#include "control/control_env.h"
#include "control/control_events.h"
#include "control/control_faults.h"
#include "control/control_health.h"
#include "control/control_journal.h"
#include "control/control_openapi.h"
#include "control/control_page.h"
#include "control/control_policy.h"
#include "control/control_reset.h"
#include "control/control_verify.h"
#include "control/expected.h"
#include "operation/steps.h"
#include "sandbox/control_sandboxes.h"
#include "support/framing.h"
#include "support/text.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct route {
    const char *method;
    const char *pattern;
    const struct operation *operation;
    const char *name; /* of the API's operation */
};

/* {contactID} may be empty, so that a later step can say what is wrong with it; a second parameter
 * is not, and may have an encoded slash [G5 T6]. */
static const struct route routes[] = {
#define OPERATION(Id, Name, Method, Path, ...) { (Method), (Path), &op_##Name, #Name },
#include "contract/operations.def"
#undef OPERATION
    { "GET", "/_mock/health", &op_health, NULL },
    { "GET", "/_mock/clock", &op_clock_get, NULL },
    { "PUT", "/_mock/clock", &op_clock_put, NULL },
    { "GET", "/_mock/faults", &op_faults_get, NULL },
    { "PUT", "/_mock/faults", &op_faults_put, NULL },
    { "DELETE", "/_mock/faults", &op_faults_delete, NULL },
    { "GET", "/_mock/journal", &op_journal_list, NULL },
    { "DELETE", "/_mock/journal", &op_journal_forget, NULL },
    { "GET", "/_mock/journal/{request_id}", &op_journal_show, NULL },
    { "POST", "/_mock/verify", &op_verify, NULL },
    { "GET", "/_mock/policy", &op_policy_get, NULL },
    { "PUT", "/_mock/policy", &op_policy_put, NULL },
    { "POST", "/_mock/reset", &op_reset, NULL },
    { "GET", "/_mock/contacts/{contact}", &op_contact, NULL },
    { "POST", "/_mock/doctor", &op_doctor, NULL },
    { "GET", "/_mock/env", &op_env, NULL },
    { "GET", "/_mock/expect", &op_expect_get, NULL },
    { "POST", "/_mock/expect", &op_expect_post, NULL },
    { "DELETE", "/_mock/expect", &op_expect_delete, NULL },
    { "GET", "/_mock/contacts", &op_contacts, NULL },
    { "GET", "/_mock/sandboxes", &op_sandboxes_list, NULL },
    { "POST", "/_mock/sandboxes", &op_sandboxes_post, NULL },
    { "GET", "/_mock/sandboxes/{sandbox}", &op_sandbox_get, NULL },
    { "DELETE", "/_mock/sandboxes/{sandbox}", &op_sandbox_delete, NULL },
    { "GET", "/_mock/events", &op_events, NULL },
    { "GET", "/openapi.json", &op_openapi, NULL },
    { "GET", "/favicon.ico", &op_page_icon, NULL },
    { "GET", "/_mock", &op_page_redirect, NULL },
    { "GET", "/_mock/", &op_page, NULL },
    { "GET", "/_mock/page/{name}", &op_page_file, NULL },
};
enum { ROUTE_COUNT = sizeof routes / sizeof routes[0], WORD_BYTES = 64 };

_Static_assert((int)ROUTE_PARAMETER_BYTES >= (int)HEAD_BYTES_MAX, "a parameter is never cut");

/* Every path below it belongs to the control plane, also an unknown one. */
static const char control_path[] = "/_mock/", sandboxes_path[] = "/_mock/sandboxes";

bool route_is_sound(const char *path)
{
    for (const char *at = path; (at = strpbrk(at, "%#\\")) != NULL; at++) {
        if (*at != '%' || hex_byte(at + 1) <= 0)
            return false;
    }
    return true;
}

static bool has_encoded_slash(const char *path)
{
    for (const char *at = path; (at = strchr(at, '%')) != NULL; at++) {
        if (hex_byte(at + 1) == '/')
            return true;
    }
    return false;
}

/* Takes the segment at @*path, moves past it, and decodes it into @out, cut at its size and ended
 * with NUL. Returns how much fitted. */
static size_t segment_take(char *out, size_t size, const char **path)
{
    const char *at = *path;
    size_t length = 0;

    while (*at != '\0' && *at != '/') {
        size_t run = strcspn(at, "/%"), kept = run < size - 1 - length ? run : size - 1 - length;

        memcpy(out + length, at, kept);
        length += kept;
        at += run;
        if (*at == '%') {
            if (length + 1 < size)
                out[length++] = (char)hex_byte(at + 1);
            at += 3;
        }
    }
    out[length] = '\0';
    *path = at;
    return length;
}

static int compare_nocase(const void *a, const void *b, size_t length)
{
    return strncasecmp(a, b, length);
}

/* The parameters that a pattern has found so far. */
struct taken {
    struct route_match *match;
    size_t count, used;
};

/* Takes the segment at @*path. The second parameter is a channel's type, which is not empty and may
 * have a slash [G5]. */
static bool parameter_take(struct taken *taken, const char **path)
{
    const bool is_type = taken->count == 1;
    char *text = taken->match->bytes + taken->used;
    size_t length = segment_take(text, ROUTE_PARAMETER_BYTES - taken->used, path);

    if (is_type ? length == 0 : memchr(text, '/', length) != NULL)
        return false;
    if (taken->count < ROUTE_PARAMETERS)
        taken->match->parameters[taken->count++] = (struct span){ text, length };
    if (taken->used + length + 1 < ROUTE_PARAMETER_BYTES)
        taken->used += length + 1;
    return true;
}

static bool word_is(const char *wanted, size_t wanted_length, const char **path,
                    int (*compare)(const void *, const void *, size_t))
{
    char word[WORD_BYTES];

    return segment_take(word, sizeof word, path) == wanted_length &&
           compare(word, wanted, wanted_length) == 0;
}

static void parameters_clear(struct route_match *match)
{
    for (size_t i = 0; i < ROUTE_PARAMETERS; i++)
        match->parameters[i] = (struct span){ "", 0 };
}

/* Does a sound path match the pattern? A {parameter} matches any one segment, also an empty one, so
 * that a later check can say what is wrong with it. */
static bool is_match(struct route_match *match, const char *pattern, const char *path,
                     int (*compare)(const void *, const void *, size_t))
{
    struct taken taken = { .match = match };

    parameters_clear(match);
    while (*pattern == '/' && *path == '/') {
        size_t wanted = strcspn(++pattern, "/");

        path++;
        if (*pattern == '{' ? !parameter_take(&taken, &path)
                            : !word_is(pattern, wanted, &path, compare))
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

/* A path of the control plane without /_mock, as made from the base URL of the mock; not "/", which
 * is the page there. */
static bool is_control_without_prefix(const char *path)
{
    const size_t prefix = sizeof control_path - 2; /* without its last slash */
    struct route_match unused;

    if (strcmp(path, "/") == 0 || *path == '\0')
        return false;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (routes[i].operation->is_control &&
            is_match(&unused, routes[i].pattern + prefix, path, memcmp))
            return true;
    }
    return false;
}

/* Is it of the control plane that each world has? */
static bool is_of_a_world(const struct route *route)
{
    return strncmp(route->pattern, control_path, sizeof control_path - 1) == 0 &&
           strncmp(route->pattern, sandboxes_path, sizeof sandboxes_path - 1) != 0;
}

/* A path that no route has. */
static enum route_result path_unknown(struct route_match *match, const char *path)
{
    parameters_clear(match);
    if (has_encoded_slash(path))
        return ROUTE_BAD_PATH;
    if (strncmp(path, sandboxes_path, sizeof sandboxes_path - 1) == 0 &&
        path[sizeof sandboxes_path - 1] == '/')
        match->operation = &op_sandbox_absent;
    else if (strncmp(path, control_path, sizeof control_path - 1) == 0)
        match->operation = &op_control_unknown;
    else if (is_control_without_prefix(path))
        match->operation = &op_control_misplaced;
    return match->operation == NULL ? ROUTE_NO_PATH : ROUTE_FOUND;
}

/* @prefix bytes of each pattern are left out. */
static enum route_result find(struct route_match *match, const char *method, const char *path,
                              size_t prefix)
{
    match->operation = NULL;
    match->name = NULL;
    match->allow[0] = '\0';
    parameters_clear(match);
    if (!route_is_sound(path))
        return ROUTE_BAD_PATH;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if ((prefix > 0 && !is_of_a_world(&routes[i])) ||
            !is_match(match, routes[i].pattern + prefix, path, memcmp))
            continue;
        match->operation = routes[i].operation;
        match->name = routes[i].name;
        if (is_method(&routes[i], method))
            return ROUTE_FOUND;
        match->name = NULL;
        allow_add(match->allow, routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0)
            allow_add(match->allow, "HEAD");
    }
    return match->operation == NULL ? ROUTE_NO_PATH : ROUTE_NO_METHOD;
}

enum route_result route_find(struct route_match *match, const char *method, const char *path)
{
    enum route_result result = find(match, method, path, 0);

    return result == ROUTE_NO_PATH ? path_unknown(match, path) : result;
}

enum route_result route_find_below(struct route_match *match, const char *method, const char *path)
{
    enum route_result result = find(match, method, path, sizeof control_path - 2);

    if (result != ROUTE_NO_PATH)
        return result;
    parameters_clear(match);
    match->operation = &op_control_unknown;
    return ROUTE_FOUND;
}

bool route_is_whole_url(const char *path)
{
    return strstr(path, "://") != NULL && *path != '/';
}

bool route_fits(const char *pattern, const char *path)
{
    struct route_match unused;

    return is_match(&unused, pattern, path, memcmp);
}

enum route_nearness route_nearness(const char *path)
{
    struct route_match unused;

    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!routes[i].operation->is_control && is_match(&unused, routes[i].pattern, path, memcmp))
            return ROUTE_IS_PATH;
    }
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (is_match(&unused, routes[i].pattern, path, compare_nocase))
            return ROUTE_IS_PATH_IN_OTHER_CASE;
    }
    return ROUTE_IS_NO_PATH;
}
