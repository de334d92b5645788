#include "support/page.h"

#include "support/escape.h"
#include <openssl/evp.h>
#include <string.h>

static const char *const tones[] = { "good", "warn", "bad", "neutral" };

void page_text(struct buf *out, const char *text)
{
    escape_markup(out, text, strlen(text));
}

/* <name>text</name> */
static void element(struct buf *out, const char *open, const char *text, const char *close)
{
    buf_puts(out, open);
    page_text(out, text);
    buf_puts(out, close);
}

/* As a Content-Security-Policy names a style sheet: sha256-, and the digest in base64. */
static void digest_write(struct buf *out, const struct embedded_file *style)
{
    unsigned char digest[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (EVP_Digest(style->data, style->length, digest, &length, EVP_sha256(), NULL) != 1)
        out->status = BUF_NO_MEMORY;
    EVP_EncodeBlock(text, digest, (int)length);
    buf_printf(out, "sha256-%s", (const char *)text);
}

void page_begin(struct buf *out, const char *title, const char *subtitle)
{
    buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src '");
    digest_write(out, embedded_style);
    buf_puts(out, "'; base-uri 'none'; form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n");
    element(out, "<title>", title, "</title>\n<style>");
    buf_add(out, (const char *)embedded_style->data, embedded_style->length);
    element(out, "</style>\n</head>\n<body>\n<header>\n<h1>", title, "</h1>\n");
    if (subtitle != NULL)
        element(out, "<p class=\"sub\">", subtitle, "</p>\n");
    buf_puts(out, "</header>\n<main>\n");
}

void page_end(struct buf *out, const char *footer)
{
    element(out, "</main>\n<footer>", footer, "</footer>\n</body>\n</html>\n");
}

void page_banner(struct buf *out, enum page_tone tone, const char *word, const char *sentence)
{
    buf_printf(out, "<div class=\"banner %s\" role=\"status\">", tones[tone]);
    element(out, "<strong>", word, "</strong>");
    element(out, "<span>", sentence, "</span></div>\n");
}

void page_figures_begin(struct buf *out)
{
    buf_puts(out, "<div class=\"figures\">\n");
}

void page_figure(struct buf *out, enum page_tone tone, size_t number, const char *label)
{
    buf_printf(out, "<div class=\"%s\"><b>%zu</b>", tones[tone], number);
    element(out, "<span>", label, "</span></div>\n");
}

void page_figures_end(struct buf *out)
{
    buf_puts(out, "</div>\n");
}

void page_chips_begin(struct buf *out)
{
    buf_puts(out, "<nav class=\"chips\">\n");
}

void page_chip(struct buf *out, enum page_tone tone, const char *id, const char *text)
{
    buf_printf(out, "<a class=\"%s\" ", tones[tone]);
    element(out, "href=\"#", id, "\">");
    element(out, "", text, "</a>\n");
}

void page_chips_end(struct buf *out)
{
    buf_puts(out, "</nav>\n");
}

void page_section_begin(struct buf *out, const char *id, const char *heading)
{
    element(out, "<section id=\"", id, "\">\n");
    element(out, "<h2>", heading, "</h2>\n");
}

void page_section_end(struct buf *out)
{
    buf_puts(out, "</section>\n");
}

void page_card_begin(struct buf *out, enum page_tone tone, const char *id, const char *heading)
{
    buf_printf(out, "<article class=\"card %s\"", tones[tone]);
    if (id != NULL)
        element(out, " id=\"", id, "\"");
    element(out, ">\n<h3>", heading, "</h3>\n");
}

void page_card_end(struct buf *out)
{
    buf_puts(out, "</article>\n");
}

void page_fold_begin(struct buf *out, const char *summary)
{
    element(out, "<details>\n<summary>", summary, "</summary>\n");
}

void page_fold_end(struct buf *out)
{
    buf_puts(out, "</details>\n");
}

void page_facts_begin(struct buf *out)
{
    buf_puts(out, "<dl>\n");
}

void page_fact(struct buf *out, const char *name, const char *text)
{
    element(out, "<dt>", name, "</dt>");
    element(out, "<dd>", text, "</dd>\n");
}

void page_facts_end(struct buf *out)
{
    buf_puts(out, "</dl>\n");
}

void page_table_begin(struct buf *out, struct page_table *table, const char *const *columns)
{
    *table = (struct page_table){ .columns = columns };
    buf_puts(out, "<table>\n<thead><tr>");
    for (; *columns != NULL; columns++)
        element(out, "<th scope=\"col\">", *columns, "</th>");
    buf_puts(out, "</tr></thead>\n<tbody>\n");
}

void page_table_end(struct buf *out)
{
    buf_puts(out, "</tbody>\n</table>\n");
}

void page_row_begin(struct buf *out, struct page_table *table, const char *id)
{
    table->column = 0;
    buf_puts(out, "<tr");
    if (id != NULL)
        element(out, " id=\"", id, "\"");
    buf_putc(out, '>');
}

void page_row_end(struct buf *out)
{
    buf_puts(out, "</tr>\n");
}

void page_cell_begin(struct buf *out, struct page_table *table)
{
    element(out, "<td data-label=\"", table->columns[table->column++], "\">");
}

void page_cell_end(struct buf *out)
{
    buf_puts(out, "</td>");
}

void page_cell(struct buf *out, struct page_table *table, const char *text)
{
    page_cell_begin(out, table);
    page_text(out, text);
    page_cell_end(out);
}

void page_paragraph(struct buf *out, const char *text)
{
    element(out, "<p>", text, "</p>\n");
}

void page_note(struct buf *out, const char *text)
{
    element(out, "<p class=\"note\">", text, "</p>\n");
}

void page_code(struct buf *out, const char *text)
{
    element(out, "<code>", text, "</code>");
}

void page_badge(struct buf *out, enum page_tone tone, const char *text)
{
    buf_printf(out, "<span class=\"badge %s\">", tones[tone]);
    element(out, "", text, "</span>");
}

void page_link(struct buf *out, const char *id, const char *text)
{
    element(out, "<a href=\"#", id, "\">");
    element(out, "", text, "</a>");
}

void page_lines(struct buf *out, const char *label, const char *text, size_t length)
{
    if (label != NULL)
        element(out, "<p class=\"label\">", label, "</p>\n");
    buf_puts(out, "<pre>");
    /* A browser drops a line feed right after <pre>. */
    if (length > 0 && *text == '\n')
        buf_putc(out, '\n');
    escape_markup(out, text, length);
    buf_puts(out, "</pre>\n");
}
