#include "support/markdown.h"

#include "support/escape.h"
#include "support/text.h"
#include <stdbool.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 1024 * 1024, FENCE_LEAST = 3 };

/* Does the character at @at mean nothing in Markdown, HTML, and the references of GitHub and
 * GitLab?
 * @before: the one before it; NUL: none. */
static bool is_harmless(const char *at, char before)
{
    static const char everywhere[] = " ,;?/\"'()";

    if ((unsigned char)*at >= 0x80 || (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
        (*at >= 'a' && *at <= 'z') || strchr(everywhere, *at) != NULL)
        return true;
    if (*at == '-') /* a list, or a line below a heading */
        return before != '\0' && before != '-' && before != '!';
    if (*at == '.') /* "1." is a list, "www." becomes a link */
        return before != '\0' && strchr("wW0123456789", before) == NULL;
    return *at == ':' && at[1] == ' '; /* not "http:", not ":smile:" */
}

void markdown_cut(struct buf *out, const char *text, size_t most)
{
    const size_t length = strlen(text), shown = length > most ? utf8_cut(text, most) : length;
    char before = '\0';
    struct buf safe;

    buf_init(&safe, TEXT_BYTES_MAX);
    escape_terminal(&safe, text, shown);
    for (const char *at = buf_text(&safe); *at != '\0'; before = *at++) {
        if (is_harmless(at, before))
            buf_putc(out, *at);
        else if (*at == '@') /* the comment divides what would be an address or a person */
            buf_puts(out, "&#64;<!-- -->");
        else
            buf_printf(out, "&#%d;", *at);
    }
    buf_puts(out, shown < length ? "..." : "");
    buf_fini(&safe);
}

void markdown_text(struct buf *out, const char *text)
{
    markdown_cut(out, text, TEXT_BYTES_MAX);
}

void markdown_paragraph(struct buf *out, const char *text)
{
    markdown_text(out, text);
    buf_puts(out, "\n\n");
}

void markdown_code(struct buf *out, const char *text)
{
    buf_puts(out, "<code>");
    markdown_text(out, text);
    buf_puts(out, "</code>");
}

/* The block ends with a line of as many backticks as it begins with: more than the text has. */
void markdown_commands(struct buf *out, const char *text)
{
    size_t ticks = FENCE_LEAST, length = strlen(text);

    for (const char *at = strchr(text, '`'); at != NULL; at = strchr(at, '`')) {
        size_t run = strspn(at, "`");

        ticks = run >= ticks ? run + 1 : ticks;
        at += run;
    }
    for (size_t i = 0; i < ticks; i++)
        buf_putc(out, '`');
    buf_printf(out, "sh\n%s%s", text, length > 0 && text[length - 1] == '\n' ? "" : "\n");
    for (size_t i = 0; i < ticks; i++)
        buf_putc(out, '`');
    buf_puts(out, "\n\n");
}
