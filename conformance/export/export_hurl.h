/* Cases as entries of a .hurl file. */
#ifndef SUITE_EXPORT_EXPORT_HURL_H
#define SUITE_EXPORT_EXPORT_HURL_H

#include "export/export_entry.h"

/* Appends one entry. Always true. */
bool export_hurl(struct buf *out, const struct export_entry *entry);

extern const char export_hurl_how[];

#endif
