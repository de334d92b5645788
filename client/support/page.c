#include "page.h"
#include "text.h"
#include <string.h>

/* Any change here changes the digest below it; unit.page says which it is. */
const char page_style[] =
    ":root{color-scheme:light dark;--fg:#1c2330;--dim:#5b6575;--bg:#f6f7f9;--card:#fff;"
    "--line:#dde1e8;--good:#14713b;--good-bg:#e3f4ea;--warn:#8a5300;--warn-bg:#fdf1d8;"
    "--bad:#b3202c;--bad-bg:#fde8e8;--none:#4b5566;--none-bg:#e9ecf1;--code:#f0f2f5}"
    "@media(prefers-color-scheme:dark){:root{--fg:#e4e8ef;--dim:#9aa5b6;--bg:#12161d;"
    "--card:#1a202a;--line:#2f3846;--good:#6fd39a;--good-bg:#12301f;--warn:#f0b95a;"
    "--warn-bg:#352607;--bad:#ff8f8f;--bad-bg:#3d1619;--none:#b4bdcb;--none-bg:#262e3a;"
    "--code:#232b37}}"
    "*{box-sizing:border-box}"
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}"
    "body{margin:0 auto;max-width:66rem;padding:1.25rem 1rem 3rem;background:var(--bg);"
    "color:var(--fg);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;"
    "overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.2;margin:0}"
    "h2{font-size:1.15rem;line-height:1.3;margin:2.25rem 0 .75rem}"
    "h3{font-size:1rem;line-height:1.35;margin:0 0 .5rem}"
    "p{margin:.5rem 0}"
    "a{color:inherit;text-underline-offset:.15em}"
    ".sub,.note,footer{color:var(--dim);font-size:.9rem}"
    ".sub{margin:.35rem 0 0}"
    ".good{--tone:var(--good);--tint:var(--good-bg)}"
    ".warn{--tone:var(--warn);--tint:var(--warn-bg)}"
    ".bad{--tone:var(--bad);--tint:var(--bad-bg)}"
    ".neutral{--tone:var(--none);--tint:var(--none-bg)}"
    ".banner{background:var(--tint);border-left:.4rem solid var(--tone);border-radius:.5rem;"
    "margin:1.25rem 0;padding:.9rem 1.1rem}"
    ".banner strong{display:block;color:var(--tone);font-size:1.7rem;line-height:1.2}"
    ".banner span{display:block;margin-top:.25rem}"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr));gap:.6rem;"
    "margin:1rem 0}"
    ".figures div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;"
    "padding:.5rem .75rem}"
    ".figures b{color:var(--tone);display:block;font-size:1.35rem;line-height:1.2;"
    "font-variant-numeric:tabular-nums}"
    ".figures span{color:var(--dim);font-size:.85rem}"
    ".card{background:var(--card);border:1px solid var(--line);"
    "border-left:.3rem solid var(--tone);border-radius:.5rem;margin:0 0 1rem;"
    "padding:.85rem 1rem}"
    ".badge{background:var(--tint);border-radius:.3rem;color:var(--tone);display:inline-block;"
    "font-size:.8rem;font-weight:600;line-height:1.35;padding:.1rem .45rem;white-space:nowrap}"
    "table{background:var(--card);border:1px solid var(--line);border-collapse:separate;"
    "border-radius:.5rem;border-spacing:0;font-size:.92rem;width:100%}"
    "th,td{border-bottom:1px solid var(--line);padding:.45rem .7rem;text-align:left;"
    "vertical-align:top}"
    "th{color:var(--dim);font-size:.8rem;font-weight:600;white-space:nowrap}"
    "tr:last-child>td{border-bottom:0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem .9rem;margin:.5rem 0;"
    "font-size:.92rem}"
    "dt{color:var(--dim)}"
    "dd{margin:0}"
    "code,pre{background:var(--code);border-radius:.3rem;"
    "font:.85em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}"
    "code{padding:.1em .3em}"
    "pre{margin:.15rem 0 .6rem;padding:.6rem .75rem;white-space:pre-wrap}"
    ".label{color:var(--dim);font-size:.8rem;font-weight:600;margin:.6rem 0 0}"
    "details{margin:.75rem 0}"
    "summary{cursor:pointer;font-weight:600;padding:.25rem 0}"
    "footer{border-top:1px solid var(--line);margin-top:2.5rem;padding-top:.75rem}"
    "@media(max-width:42rem){"
    "table,tbody,tr,td{display:block}"
    "thead{display:none}"
    "tr{border-bottom:1px solid var(--line);padding:.4rem .7rem}"
    "tbody>tr:last-child{border-bottom:0}"
    "td{border:0;padding:.12rem 0}"
    "td:empty{display:none}"
    "td::before{color:var(--dim);content:attr(data-label);display:block;font-size:.75rem;"
    "font-weight:600}"
    "dl{grid-template-columns:1fr;gap:0}"
    "dd{margin-bottom:.4rem}}"
    "@media print{"
    ":root{color-scheme:light;--fg:#000;--dim:#444;--bg:#fff;--card:#fff;--line:#bbb;"
    "--good:#0b5a2c;--good-bg:#fff;--warn:#6f4300;--warn-bg:#fff;--bad:#9d1420;--bad-bg:#fff;"
    "--none:#333;--none-bg:#fff;--code:#f4f4f4}"
    "body{font-size:10pt;max-width:none;padding:0}"
    "table,thead,tbody,tr,th,td{print-color-adjust:exact}"
    ".card,.banner,tr,pre{break-inside:avoid}"
    "h2,h3{break-after:avoid}"
    ".badge{border:1px solid var(--tone)}}";

const char page_style_digest[] = "sha256-yv3w/tjfmcPSzKgbKp12xTZqzuC9lqBwY87lIHhxt1A=";

static const char *const tones[] = { "good", "warn", "bad", "neutral" };

void page_text(struct buf *out, const char *text)
{
    escape_html(out, text, strlen(text));
}

/* <name>text</name> */
static void element(struct buf *out, const char *open, const char *text, const char *close)
{
    buf_puts(out, open);
    page_text(out, text);
    buf_puts(out, close);
}

void page_begin(struct buf *out, const char *title, const char *subtitle)
{
    buf_printf(out,
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src '%s'; base-uri 'none'; form-action 'none'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n",
               page_style_digest);
    element(out, "<title>", title, "</title>\n<style>");
    buf_puts(out, page_style);
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

void page_row_begin(struct buf *out, struct page_table *table)
{
    table->column = 0;
    buf_puts(out, "<tr>");
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
    /* A line feed right behind <pre> is dropped by a browser. */
    if (length > 0 && *text == '\n')
        buf_putc(out, '\n');
    escape_html(out, text, length);
    buf_puts(out, "</pre>\n");
}
