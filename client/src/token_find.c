#include "token_find.h"

#include "token_find_parts.h"
#include "try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum hm_code found_add(struct found_tokens *found, const char *text, size_t length,
                       bool is_header_value, const char *where, const char *sent,
                       struct hm_error *err)
{
    struct found_token *grown;
    struct found_token *token;

    for (size_t i = 0; i < found->count; i++) {
        const struct found_token *other = &found->at[i];

        if (other->length == length && memcmp(other->text, text, length) == 0)
            return HM_OK;
    }
    if (found->count == FOUND_TOKENS_MAX) {
        found->is_cut = true;
        return HM_OK;
    }
    grown = realloc(found->at, (found->count + 1) * sizeof *grown);
    if (grown == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    found->at = grown;
    token = &found->at[found->count];
    memset(token, 0, sizeof *token);
    token->text = malloc(length + 1);
    if (token->text == NULL)
        return hm_error_set(err, HM_NO_MEMORY, "out of memory");
    memcpy(token->text, text, length);
    token->text[length] = '\0';
    token->length = length;
    token->is_header_value = is_header_value;
    (void)snprintf(token->where, sizeof token->where, "%s", where);
    (void)snprintf(token->sent, sizeof token->sent, "%s", sent);
    found->count++;
    return HM_OK;
}

void found_tokens_fini(struct found_tokens *found)
{
    for (size_t i = 0; i < found->count; i++)
        free(found->at[i].text);
    free(found->at);
    memset(found, 0, sizeof *found);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool starts_with(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && strncasecmp(text, word, strlen(word)) == 0;
}

/* A line of a word or two is a credential as it stands, so that everything wrong with it is judged:
 * "undefined", "Bearer \"eyJ...\"", "JWT eyJ...". A header's name or a word more makes it a text.
 */
static bool is_credential(const char *text, size_t length)
{
    size_t words = 1;

    if (length == 0 || memchr(text, '\n', length) != NULL || text[0] == '{' ||
        (text[0] == '[' && !starts_with(text, length, "[object ")))
        return false;
    for (size_t i = 1; i < length; i++)
        words += is_blank(text[i]) && !is_blank(text[i - 1]);
    return !starts_with(text, length, "authorization") &&
           (words <= 2 || starts_with(text, length, "bearer "));
}

enum hm_code token_find(struct found_tokens *found, const char *text, size_t length,
                        struct hm_error *err)
{
    enum hm_code code;
    bool is_json = false;

    memset(found, 0, sizeof *found);
    while (length > 0 && is_blank(text[0])) {
        text++;
        length--;
    }
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3; /* a byte-order mark, as editors leave it */
        length -= 3;
    }
    if (is_credential(text, length)) {
        code = found_add(found, text, length, memchr(text, ' ', length) != NULL, "the whole input",
                         "", err);
        goto out;
    }
    if (length > 0 && (text[0] == '{' || text[0] == '['))
        TRY(token_find_in_json(found, text, length, 0, &is_json, err));
    code = is_json ? HM_OK : token_find_in_text(found, text, length, err);
out:
    if (code != HM_OK)
        found_tokens_fini(found);
    return code;
}
