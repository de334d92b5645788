/* Cases as requests of a .http file. */
#ifndef SUITE_EXPORT_EXPORT_HTTP_H
#define SUITE_EXPORT_EXPORT_HTTP_H

#include "export/export_entry.h"

/* Appends one request, with what is expected in comments. False: it cannot be written in this
 * format. */
bool export_http(struct buf *out, const struct export_entry *entry);

extern const char export_http_how[];

#endif
