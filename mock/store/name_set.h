/* Names of contacts, by which fault rules and cases call them; each once. */
#ifndef MOCK_STORE_NAME_SET_H
#define MOCK_STORE_NAME_SET_H

#include "store/table.h"
#include "support/buf.h"
#include <heymarket/error.h>
#include <stdint.h>

struct name_set {
    struct table by_name; /* where the name's entry stands */
    struct buf entries;
};

void name_set_init(struct name_set *names);
void name_set_fini(struct name_set *names);

/* HM_OK; HM_BAD_ARGUMENT: it is there already; HM_NO_MEMORY */
HM_MUST_USE enum hm_code name_set_add(struct name_set *names, const char *name, uint32_t contact);

/* The contact that was added with the name; TABLE_NONE: none was. */
uint32_t name_set_find(const struct name_set *names, const char *name);

#endif
