#include "request.h"

#include "text.h"
#include <string.h>
#include <strings.h>

/* Is @word one of the comma-separated words of @list? */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; *at != '\0';) {
        size_t size;

        at += strspn(at, " \t,");
        size = strcspn(at, " \t,");
        if (size == length && strncasecmp(at, word, length) == 0)
            return true;
        at += size;
    }
    return false;
}

static size_t length_trimmed(const char *value)
{
    size_t length = strlen(value);

    while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
        length--;
    return length;
}

static void field_take(struct request *request, const char *name, const char *value, bool *keeps)
{
    if (text_equal_nocase(name, "Authorization")) {
        if (request->authorization_count++ == 0) {
            request->authorization = value;
            request->authorization_length = length_trimmed(value);
        }
    } else if (text_equal_nocase(name, "Content-Type")) {
        if (request->content_type == NULL)
            request->content_type = value;
        else if (!text_equal_nocase(request->content_type, value))
            request->other_content_type = value;
    } else if (text_equal_nocase(name, "Host")) {
        request->host = value;
    } else if (text_equal_nocase(name, "Origin")) {
        request->origin = value;
    } else if (text_equal_nocase(name, "Sec-Fetch-Site")) {
        request->sec_fetch_site = value;
    } else if (text_equal_nocase(name, "Expect")) {
        request->expects_continue = has_word(value, "100-continue");
    } else if (text_equal_nocase(name, "Connection")) {
        /* civetweb keeps a connection only by its first Connection field, and one that does not say
         * keep-alive closes; being stricter than that is safe, being laxer is not. */
        *keeps = has_word(value, "keep-alive");
        request->will_close = request->will_close || !*keeps;
    }
}

void request_take_fields(struct request *request, const struct framing_head *head)
{
    bool keeps = false;

    for (int i = 0; i < head->field_count; i++)
        field_take(request, head->fields[i].name, head->fields[i].value, &keeps);
    request->is_http_1_0 = strcmp(head->version, "1.0") == 0;
    if (request->is_http_1_0) {
        request->expects_continue = false;
        request->will_close = request->will_close || !keeps;
    }
}
