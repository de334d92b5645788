#include "export/export_http.h"
#include "support/text.h"
#include <string.h>
#include <strings.h>

const char export_http_how[] =
    "Open it in a client for .http files, or run: httpyac send FILE --all --var NAME=VALUE ...";

/* One line that no client takes for something else, or trims, or replaces a variable in. */
static bool is_plain_body(const struct buf *body)
{
    const char *text = buf_text(body);

    if (body->length == 0)
        return true;
    if (utf8_prefix(text, body->length) < body->length || strstr(text, "{{") != NULL ||
        strchr("{[\"", text[0]) == NULL || text[body->length - 1] == ' ')
        return false;
    for (size_t i = 0; i < body->length; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
            return false;
    }
    return true;
}

/* Clients join fields of one name. */
static bool has_same_names(const struct message *message)
{
    for (size_t i = 0; i < message->header_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcasecmp(message->headers[i].name, message->headers[j].name) == 0)
                return true;
        }
    }
    return false;
}

bool export_http(struct buf *out, const struct export_entry *entry)
{
    const struct message *message = &entry->message;
    const struct step *step = &entry->bare;

    if (!is_plain_body(&message->body) || has_same_names(message) || entry->authorization.count > 1)
        return false;
    export_title(out, "### ", entry);
    for (size_t i = 0; i < step->expect_count; i++) {
        if (!export_is_expected(entry, &step->expects[i]))
            continue;
        buf_puts(out, "# expect: ");
        export_expectation(out, entry, &step->expects[i]);
        buf_putc(out, ' ');
        export_clause(out, &step->expects[i]);
        buf_putc(out, '\n');
    }
    buf_printf(out, "%s %s\n", step_text(step, "method"), buf_text(&message->url));
    if (entry->authorization.count > 0)
        buf_printf(out, "Authorization: %s\n", entry->authorization.at[0]);
    for (size_t i = 0; i < message->header_count; i++)
        buf_printf(out, "%s: %s\n", message->headers[i].name, message->headers[i].value);
    if (message->body.length > 0)
        buf_printf(out, "\n%s\n", buf_text(&message->body));
    return true;
}
