#include "contract/token_find.h"

#include "contract/hmac.h"
#include "contract/token_find_parts.h"
#include "contract/token_judge.h"
#include "support/no_memory.h"
#include "support/try.h"
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
        return no_memory(err);
    found->at = grown;
    token = &found->at[found->count];
    memset(token, 0, sizeof *token);
    token->text = malloc(length + 1);
    if (token->text == NULL)
        return no_memory(err);
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

enum { CREDENTIAL_BYTES_MIN = 16 }; /* of one that is neither a token nor a printed value */

static bool starts_with(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && strncasecmp(text, word, strlen(word)) == 0;
}

/* TOKEN=eyJ..., as `env` and .env files have it; Bearer=eyJ... is a mistake to be judged. */
static bool is_assignment(const char *text, size_t length)
{
    const char *sign = memchr(text, '=', length);
    size_t left = sign != NULL ? length - (size_t)(sign - text) : 0;

    return !starts_with(text, length, "bearer") && left > 4 && strncmp(sign + 1, "eyJ", 3) == 0;
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
    if (words == 1 && length < CREDENTIAL_BYTES_MIN && !is_printed_value(text, length))
        return false; /* a word */
    return !starts_with(text, length, "authorization") && !is_assignment(text, length) &&
           (words <= 2 || starts_with(text, length, "bearer "));
}

static enum hm_code find(struct found_tokens *found, const char *text, size_t length,
                         struct hm_error *err)
{
    enum hm_code code;
    bool is_json = false;

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
    return code;
}

/* UTF-16, as `>` in Windows PowerShell writes it; a mark tells, or the NULs of "> POST" and the
 * like. The offset of a character's low byte; -1: it is no UTF-16. */
static int utf16_low(const unsigned char *text, size_t length)
{
    if (length < 4 || length % 2 != 0)
        return -1;
    if ((text[0] == 0xFFU && text[1] == 0xFEU) ||
        (text[0] != 0 && text[1] == 0 && text[2] != 0 && text[3] == 0))
        return 0;
    if ((text[0] == 0xFEU && text[1] == 0xFFU) ||
        (text[0] == 0 && text[1] != 0 && text[2] == 0 && text[3] != 0))
        return 1;
    return -1;
}

/* A token and all that leads to it is ASCII: any other letter may become a question mark. */
static char *from_utf16(const unsigned char *text, size_t length, int low)
{
    char *plain = malloc(length / 2);

    for (size_t i = 0; plain != NULL && i + 1 < length; i += 2) {
        unsigned char high_byte = text[i + (low == 0 ? 1 : 0)];
        unsigned char low_byte = text[i + (size_t)low];
        bool is_mark = i == 0 && high_byte == 0xFEU && low_byte == 0xFFU;

        plain[i / 2] = (char)(is_mark ? ' ' : high_byte == 0 && low_byte < 0x80U ? low_byte : '?');
    }
    return plain;
}

enum hm_code token_find(struct found_tokens *found, const char *text, size_t length,
                        struct hm_error *err)
{
    int low = utf16_low((const unsigned char *)text, length);
    enum hm_code code = HM_NO_MEMORY;
    char *plain = NULL;

    memset(found, 0, sizeof *found);
    if (low >= 0) {
        plain = from_utf16((const unsigned char *)text, length, low);
        if (plain == NULL)
            return no_memory(err);
        length /= 2;
    }
    code = find(found, plain != NULL ? plain : text, length, err);
    if (plain != NULL)
        bytes_wipe(plain, length);
    free(plain);
    if (code != HM_OK)
        found_tokens_fini(found);
    return code;
}
