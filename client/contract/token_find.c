#include "contract/token_find.h"

#include "contract/authorization.h"
#include "contract/hmac.h"
#include "contract/token_find_json.h"
#include "contract/token_find_text.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>

enum { CREDENTIAL_BYTES_MIN = 16 }; /* of one that is neither a token nor a printed value */

/* TOKEN=eyJ..., as in the output of env and in .env files; Bearer=eyJ... is a mistake to be judged.
 */
static bool is_assignment(struct span text)
{
    const char *sign = memchr(text.at, '=', text.length);
    size_t left = sign != NULL ? text.length - (size_t)(sign - text.at) : 0;

    return !span_starts_nocase(text, "bearer") && left > 4 && strncmp(sign + 1, "eyJ", 3) == 0;
}

/* {eyJ...} or [Bearer eyJ...], brackets copied from documentation; JSON has a quote there. */
static bool is_token_in_brackets(struct span text)
{
    while (text.length > 0 && (text.at[0] == '{' || text.at[0] == '['))
        text = span_skip(text, 1);
    return span_starts(text, "eyJ") || span_starts_nocase(text, "bearer ");
}

/* A line of a word or two is a credential as it is, so that everything wrong with it is judged:
 * "undefined", "Bearer \"eyJ...\"", "JWT eyJ...". With the name of a header, or more words, it is
 * text. */
static bool is_credential(struct span text)
{
    size_t words = 1;

    if (text.length == 0 || memchr(text.at, '\n', text.length) != NULL ||
        ((text.at[0] == '{' || text.at[0] == '[') && !span_starts_nocase(text, "[object ") &&
         !is_token_in_brackets(text)))
        return false;
    for (size_t i = 1; i < text.length; i++)
        words += is_space(text.at[i]) && !is_space(text.at[i - 1]);
    if (words == 1 && text.length < CREDENTIAL_BYTES_MIN && !is_printed_value(text))
        return false; /* a word */
    return !span_starts_nocase(text, "authorization") && !is_assignment(text) &&
           (words <= 2 || span_starts_nocase(text, "bearer "));
}

static enum hm_code find_in_lines(struct found_tokens *found, struct span text,
                                  struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *end = text.at + text.length;
    size_t undated = found->count; /* tokens from here on still lack a time */
    size_t line = 1;

    for (const char *at = text.at; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct piece piece = { at, stop != NULL ? stop : end, NULL, line, "" };
        bool is_json = false;

        if (*at == '{') {
            struct span value = { at, (size_t)(piece.end - at) };

            TRY(token_find_in_json(found, value, line, &is_json, err));
        }
        if (!is_json) {
            token_find_date(found, undated, &piece);
            TRY(token_find_in_piece(found, &piece, err));
        }
        at = piece.end + 1;
    }
out:
    return code;
}

static enum hm_code find(struct found_tokens *found, struct span text, struct hm_error *err)
{
    enum hm_code code;
    bool is_json = false;

    text = span_trim(text);
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = span_skip(text, 3); /* a byte-order mark, as editors write it */
    if (is_credential(text))
        return found_add(found, text, memchr(text.at, ' ', text.length) != NULL, "the whole input",
                         "", err);
    if (text.length > 0 && (text.at[0] == '{' || text.at[0] == '['))
        TRY(token_find_in_json(found, text, 0, &is_json, err));
    code = is_json ? HM_OK : find_in_lines(found, text, err);
out:
    return code;
}

/* The offset of the low byte of a character in UTF-16, which Windows PowerShell writes for `>`;
 * recognised by its byte-order mark or by NULs as in "> POST". -1: it is not UTF-16. */
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

/* Tokens and what surrounds them are ASCII, so other characters may become question marks. */
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
    code = find(found, (struct span){ plain != NULL ? plain : text, length }, err);
    if (plain != NULL)
        bytes_wipe(plain, length);
    free(plain);
    if (code != HM_OK)
        found_tokens_fini(found);
    return code;
}
