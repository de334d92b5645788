#include "report/output.h"
#include "support/buf.h"
#include "support/escape.h"
#include <stdlib.h>

enum { LINE_BYTES_MAX = 2 * 1024 * 1024 };

void print_safe(FILE *out, const char *text, size_t length)
{
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, length);
    fputs(buf_text(&safe), out);
    buf_fini(&safe);
}

json_t *json_list_add(json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) == 0)
        return list;
    json_decref(list);
    return NULL;
}

json_t *json_words(char *const *words)
{
    json_t *list = json_array();

    for (size_t i = 0; words[i] != NULL; i++) {
        json_t *word = json_string(words[i]);

        list = json_list_add(list, word != NULL ? word : json_string("?"));
    }
    return list;
}

bool json_print(json_t *root)
{
    char *text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);
    if (text != NULL)
        puts(text);
    free(text);
    return text != NULL;
}
