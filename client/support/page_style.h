/* The style sheet of the HTML pages. */
#ifndef SUPPORT_PAGE_STYLE_H
#define SUPPORT_PAGE_STYLE_H

/* In parts, and a NULL at the end. */
extern const char *const page_style[];

/* Its digest as the Content-Security-Policy names it: "sha256-...". */
extern const char page_style_digest[];

#endif
