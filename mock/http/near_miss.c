#include "http/near_miss.h"

#include "http/route.h"
#include <stdbool.h>
#include <string.h>

enum { REST_BYTES = 1024 };

struct row {
    const char *methods; /* with a space after each; NULL: any */
    const char *pattern;
    const char *difference;
};

/* What comes before a path that is right. */
static const struct {
    const char *pattern;
    const char *difference;
} prefixes[] = {
    { "/v1", "the base URL ends in /v1, and the path itself begins with its version" },
    { "/v2", "the base URL ends in /v2, and the path itself begins with its version" },
    { "/", "the base URL ends in a slash, so that the path begins with two" },
    { "/{}", "the base URL has a path of its own" },
};

/* Paths that are nearly right, the more specific ones first. */
static const struct row paths[] = {
    { "GET HEAD DELETE ", "/v2/contact/{}/channel/",
      "the channel's type is missing at the end, as in /channel/email" },
    { "POST PUT ", "/v2/contact/{}/channel/{}/",
      "the path ends in /channel, and the type belongs in the body" },
    { NULL, "/v2/contact/{}/channels/{}", "the word before the type is channel, not channels" },
    { "POST PUT ", "/v2/contact/{}/channels", "the last word is channel, not channels" },
    { NULL, "/v2/contacts/{}/channel", "the first word is contact, not contacts" },
    { NULL, "/v2/contacts/{}/channel/{}", "the first word is contact, not contacts" },
    { "GET HEAD ", "/v2/contacts/{}/channels", "the first word is contact, not contacts" },
    { NULL, "/v2/contacts/{}/channels", "the words are contact and channel, without an s" },
    { "POST PUT ", "/contact/{}/channels",
      "/v2 is missing at the beginning, and the last word is channel" },
    { NULL, "/contact/{}/channel", "/v2 is missing at the beginning" },
    { NULL, "/contact/{}/channel/{}", "/v2 is missing at the beginning" },
    { NULL, "/contact/{}/channels", "/v2 is missing at the beginning" },
    { NULL, "/v1/contact/{}/channel",
      "it is version 1 of the API, but channels belong to version 2" },
    { NULL, "/v1/contact/{}/channel/{}",
      "it is version 1 of the API, but channels belong to version 2" },
    { NULL, "/v1/contact/{}/channels",
      "it is version 1 of the API, but channels belong to version 2" },
    { NULL, "/v2/contact/channel", "the contact's id is missing between contact and channel" },
    { NULL, "/v2/contact/channels", "the contact's id is missing between contact and channels" },
    { "POST ", "/v2/contact/{}", "/channel is missing at the end" },
    { NULL, "/v2/channel", "the contact is missing: /contact/{contactID} comes before /channel" },
    { NULL, "/v2/channels", "the contact is missing: /contact/{contactID} comes before /channels" },
    { NULL, "/inboxes", "/v1 is missing at the beginning" },
    { NULL, "/v2/inboxes", "inboxes belong to version 1 of the API: /v1/inboxes" },
    { NULL, "/v1/inbox", "the last word is inboxes, not inbox" },
};

/* Methods that a path does not have. */
static const struct row methods[] = {
    { "GET HEAD ", "/v2/contact/{}/channel",
      "to read one channel, its type comes after /channel/; /channels has them all" },
    { "DELETE ", "/v2/contact/{}/channel",
      "the channel's type is missing at the end, as in /channel/email" },
    { "PATCH ", "/v2/contact/{}/channel", "a channel is changed with PUT" },
    { "POST ", "/v2/contact/{}/channel/{}",
      "a channel is created at the path that ends in /channel, and the type belongs in the body" },
    { "PUT PATCH ", "/v2/contact/{}/channel/{}",
      "a channel is changed with PUT at the path that ends in /channel, and the type belongs in "
      "the "
      "body" },
    { "POST PUT PATCH ", "/v2/contact/{}/channels", "the last word is channel, not channels" },
    { "DELETE ", "/v2/contact/{}/channels",
      "channels are deleted one by one: DELETE with the path /channel/{channelType}" },
};

/* Calls that the vendor's reference has and this mock has not. */
static const struct {
    const char *methods;
    const char *pattern;
} vendor_calls[] = {
    { "POST ", "/v1/batch/contacts" },
    { "POST ", "/v1/contact" },
    { "GET PUT DELETE ", "/v1/contact/{}" },
    { "POST ", "/v1/contact/get" },
    { "POST ", "/v1/contact/set_status" },
    { "POST ", "/v1/contact/status" },
    { "POST ", "/v1/contact-fields" },
    { "POST ", "/v1/contacts" },
    { "POST ", "/v1/contacts/count" },
    { "POST ", "/v1/email/send" },
    { "POST ", "/v1/message/send" },
    { "GET ", "/v1/messages" },
    { "POST ", "/v1/messages/all" },
    { "POST ", "/v1/messages/all/count" },
    { "POST ", "/v1/template" },
    { "GET PUT DELETE ", "/v1/template/{}" },
    { "POST ", "/v1/templates" },
    { "GET ", "/v1/users" },
    { "POST ", "/v2/contact" },
    { "GET PUT DELETE ", "/v2/contact/{}" },
    { "POST ", "/v2/contacts/search" },
};

static bool has_method(const char *wanted, const char *method)
{
    const size_t length = strlen(method);

    if (wanted == NULL)
        return true;
    for (; *wanted != '\0'; wanted += strcspn(wanted, " ") + 1) {
        if (strcspn(wanted, " ") == length && memcmp(wanted, method, length) == 0)
            return true;
    }
    return false;
}

static const char *row_find(const struct row *rows, size_t count, const char *method,
                            const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (has_method(rows[i].methods, method) && route_fits(rows[i].pattern, path))
            return rows[i].difference;
    }
    return NULL;
}

/* What follows the prefix, which has one segment or is a slash. NULL: it has another prefix. */
static const char *after_prefix(const char *prefix, const char *path)
{
    const size_t length = strlen(prefix);
    const char *rest;

    if (strcmp(prefix, "/{}") == 0) {
        rest = *path == '/' ? strchr(path + 1, '/') : NULL;
        return rest == path + 1 ? NULL : rest;
    }
    return strncmp(path, prefix, length) == 0 ? path + length : NULL;
}

static bool is_path(const char *path)
{
    return path != NULL && *path == '/' && route_nearness(path) == ROUTE_IS_PATH;
}

static const char *prefix_find(const char *path)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (is_path(after_prefix(prefixes[i].pattern, path)))
            return prefixes[i].difference;
    }
    return NULL;
}

static bool has_extra_slash(const char *path)
{
    const size_t length = strlen(path);
    char rest[REST_BYTES];

    if (length < 2 || length > sizeof rest || path[length - 1] != '/')
        return false;
    memcpy(rest, path, length - 1);
    rest[length - 1] = '\0';
    return is_path(rest);
}

const char *near_path(const char *method, const char *path)
{
    const char *difference;

    if (!route_is_sound(path))
        return NULL;
    difference = row_find(paths, sizeof paths / sizeof paths[0], method, path);
    if (difference == NULL)
        difference = prefix_find(path);
    if (difference == NULL && has_extra_slash(path))
        difference = "it has one slash too many at the end";
    if (difference == NULL && route_nearness(path) == ROUTE_IS_PATH_IN_OTHER_CASE)
        difference = "letter case matters in a path";
    return difference;
}

const char *near_method(const char *method, const char *path)
{
    return route_is_sound(path)
               ? row_find(methods, sizeof methods / sizeof methods[0], method, path)
               : NULL;
}

bool vendor_has(const char *method, const char *path)
{
    bool has = false;

    for (size_t i = 0; route_is_sound(path) && i < sizeof vendor_calls / sizeof vendor_calls[0];
         i++)
        has = has || (has_method(vendor_calls[i].methods, method) &&
                      route_fits(vendor_calls[i].pattern, path));
    return has;
}
