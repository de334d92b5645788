#include "store/name_set.h"

#include <string.h>

/* An entry is the contact's number, then the name and a NUL. */
struct wanted {
    const struct name_set *names;
    const char *name;
};

void name_set_init(struct name_set *names)
{
    names->by_name = (struct table){ 0 };
    buf_init(&names->entries, TABLE_NONE - 1);
}

void name_set_fini(struct name_set *names)
{
    table_fini(&names->by_name);
    buf_fini(&names->entries);
}

static bool has_name(uint32_t at, const void *context)
{
    const struct wanted *wanted = context;

    return strcmp(wanted->names->entries.data + at + sizeof(uint32_t), wanted->name) == 0;
}

static uint32_t entry_find(const struct name_set *names, const char *name)
{
    struct wanted wanted = { names, name };

    return table_find(&names->by_name, table_hash(name, strlen(name)), has_name, &wanted);
}

enum hm_code name_set_add(struct name_set *names, const char *name, uint32_t contact)
{
    uint32_t at = (uint32_t)names->entries.length;

    if (entry_find(names, name) != TABLE_NONE)
        return HM_BAD_ARGUMENT;
    buf_add(&names->entries, &contact, sizeof contact);
    buf_add(&names->entries, name, strlen(name) + 1);
    if (!buf_ok(&names->entries) || !table_add(&names->by_name, table_hash(name, strlen(name)), at))
        return HM_NO_MEMORY;
    return HM_OK;
}

uint32_t name_set_find(const struct name_set *names, const char *name)
{
    uint32_t at = entry_find(names, name), contact;

    if (at == TABLE_NONE)
        return TABLE_NONE;
    memcpy(&contact, names->entries.data + at, sizeof contact);
    return contact;
}
