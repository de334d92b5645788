/* A report as one self-contained HTML page: one style sheet, no script, nothing fetched. A strict
 * Content-Security-Policy allows that style sheet, by its digest, and nothing else. It is readable
 * on a phone, in the dark and on paper.
 *
 * Every text is escaped in here. Failures stay in the buffer: ask buf_ok() at the end. Elements
 * nest as the names say: sections in the page, tables in sections, rows in tables, cells in rows.
 */
#ifndef SUPPORT_PAGE_H
#define SUPPORT_PAGE_H

#include "support/buf.h"
#include "support/fixture.h"
#include <stddef.h>

/* The style sheet, support/style.css: ends with a NULL path. */
extern const struct embedded_file embedded_style[];

/* What a word means, for its colour; the word itself says it, too. */
enum page_tone { PAGE_GOOD, PAGE_WARN, PAGE_BAD, PAGE_NEUTRAL };

/* Up to and with the heading; @subtitle may be NULL. */
void page_begin(struct buf *out, const char *title, const char *subtitle);

/* A small last line, and the end. */
void page_end(struct buf *out, const char *footer);

/* The verdict: a word or two, large, and a sentence. */
void page_banner(struct buf *out, enum page_tone tone, const char *word, const char *sentence);

/* A row of figures, each with its label under it. */
void page_figures_begin(struct buf *out);
void page_figure(struct buf *out, enum page_tone tone, size_t number, const char *label);
void page_figures_end(struct buf *out);

/* A row of chips, each a word that leads to #id. */
void page_chips_begin(struct buf *out);
void page_chip(struct buf *out, enum page_tone tone, const char *id, const char *text);
void page_chips_end(struct buf *out);

/* A section that can be pointed at as #id (letters, digits, '-'). */
void page_section_begin(struct buf *out, const char *id, const char *heading);
void page_section_end(struct buf *out);

/* A smaller box inside a section, such as one failure. @tone colours its edge. @id may be NULL. */
void page_card_begin(struct buf *out, enum page_tone tone, const char *id, const char *heading);
void page_card_end(struct buf *out);

/* What a reader opens to see; shut at first. */
void page_fold_begin(struct buf *out, const char *summary);
void page_fold_end(struct buf *out);

/* Names and what belongs to them. */
void page_facts_begin(struct buf *out);
void page_fact(struct buf *out, const char *name, const char *text);
void page_facts_end(struct buf *out);

/* A table; on a narrow screen each row becomes a block, its cells named by their columns. */
struct page_table {
    const char *const *columns; /* ends with NULL */
    size_t column;              /* that the next cell is in */
};
void page_table_begin(struct buf *out, struct page_table *table, const char *const *columns);
void page_table_end(struct buf *out);
void page_row_begin(struct buf *out, struct page_table *table, const char *id); /* NULL: none */
void page_row_end(struct buf *out);
void page_cell_begin(struct buf *out, struct page_table *table);
void page_cell_end(struct buf *out);
void page_cell(struct buf *out, struct page_table *table, const char *text);

/* Pieces of text, for cells and sections. */
void page_text(struct buf *out, const char *text);      /* nothing around it */
void page_paragraph(struct buf *out, const char *text); /* a paragraph */
void page_note(struct buf *out, const char *text);      /* a paragraph in small grey letters */
void page_code(struct buf *out, const char *text);      /* a name, in a line */
void page_badge(struct buf *out, enum page_tone tone, const char *text);
void page_link(struct buf *out, const char *id, const char *text); /* to a section or card */

/* Lines as they are, under a label (which may be NULL): a request, a command. */
void page_lines(struct buf *out, const char *label, const char *text, size_t length);

#endif
