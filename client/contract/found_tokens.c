#include "contract/found_tokens.h"

#include "support/no_memory.h"
#include <stdio.h>
#include <stdlib.h>

enum hm_code found_add(struct found_tokens *found, struct span text, bool is_header_value,
                       const char *where, const char *sent, struct hm_error *err)
{
    struct found_token *grown;
    struct found_token *token;

    for (size_t i = 0; i < found->count; i++) {
        const struct found_token *other = &found->at[i];

        if (other->length == text.length && memcmp(other->text, text.at, text.length) == 0)
            return HM_OK;
    }
    if (found->count == FOUND_TOKENS_MAX) {
        found->is_cut = true;
        return HM_OK;
    }
    grown = realloc(found->at, (found->count + 1) * sizeof *grown);
    if (grown == NULL)
        return no_memory(err);
    found->at = grown;
    token = &found->at[found->count];
    memset(token, 0, sizeof *token);
    token->text = malloc(text.length + 1);
    if (token->text == NULL)
        return no_memory(err);
    memcpy(token->text, text.at, text.length);
    token->text[text.length] = '\0';
    token->length = text.length;
    token->is_header_value = is_header_value;
    snprintf(token->where, sizeof token->where, "%s", where);
    snprintf(token->sent, sizeof token->sent, "%s", sent);
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
