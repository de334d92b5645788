#include "report/output.h"
#include "contract/mask_environment.h"
#include "support/buf.h"
#include "support/escape.h"
#include "support/json_text.h"
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 2 * 1024 * 1024, JSON_BYTES_MAX = 1 << 30 };

const char *const report_format_words[] = { "text", "tap", "json", NULL };

void print_safe(FILE *out, const char *text, size_t length)
{
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, length);
    fputs(buf_text(&safe), out);
    buf_fini(&safe);
}

void print_text(FILE *out, const char *text)
{
    if (text != NULL)
        print_safe(out, text, strlen(text));
}

json_t *json_words(char *const *words)
{
    json_t *list = json_array();
    struct buf text;

    buf_init(&text, JSON_BYTES_MAX);
    for (size_t i = 0; words[i] != NULL; i++) {
        json_t *word;

        buf_clear(&text);
        mask_environment_write(&text, words[i], strlen(words[i]));
        word = buf_ok(&text) ? json_string(buf_text(&text)) : NULL;
        list = json_list_add(list, word != NULL ? word : json_string("?"));
    }
    buf_fini(&text);
    return list;
}

bool json_print(json_t *root)
{
    struct buf text;
    bool is_whole;

    buf_init(&text, JSON_BYTES_MAX);
    json_text_tree(&text, root, JSON_COMPACT);
    is_whole = buf_ok(&text);
    if (is_whole)
        puts(buf_text(&text));
    buf_fini(&text);
    json_decref(root);
    return is_whole;
}
