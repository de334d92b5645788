#include "contract/token_find_text.h"

#include "support/try.h"
#include <stdio.h>

static const char header_name[] = "authorization";

static bool is_quote(char c)
{
    return c == '"' || c == '\'' || c == '`';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* Also what a wrong token is made of: plain base64. */
static bool is_token_character(char c)
{
    return is_word(c) || c == '.' || c == '+' || c == '/' || c == '=';
}

static struct span between(const char *from, const char *to)
{
    return (struct span){ from, (size_t)(to - from) };
}

static enum hm_code add(struct found_tokens *found, const struct piece *piece, const char *from,
                        const char *to, bool is_header_value, const char *kind,
                        struct hm_error *err)
{
    char where[FOUND_WHERE_TEXT];

    if (piece->where != NULL)
        snprintf(where, sizeof where, "%s", piece->where);
    else
        snprintf(where, sizeof where, "line %zu, %s", piece->line, kind);
    return found_add(found, between(from, to), is_header_value, where, piece->sent, err);
}

/* The end of a header's value: at the quote or bracket that was opened before its name or value,
 * else at the end of the line. */
static const char *value_end(const struct piece *piece, const char *name, const char *value,
                             char quote)
{
    const char *end = piece->end;

    if (quote != '\0') {
        for (const char *at = value; at < end; at++) {
            if (*at == quote && at[-1] != '\\')
                return at;
        }
    }
    if (((name > piece->at && name[-1] == '[') || value[-1] == '[') &&
        memchr(value, ']', (size_t)(end - value)) != NULL)
        return memchr(value, ']', (size_t)(end - value));
    return end;
}

/* The start of the value after a name, which may be in quotes: "Authorization": "...",
 * headers['Authorization'] = "...". NULL: there is none. */
static const char *after_name(const char *at, const char *end)
{
    if (at < end && *at == '\\')
        at++;
    if (at < end && is_quote(*at))
        at++;
    while (at < end && (is_space(*at) || *at == ']'))
        at++;
    if (end - at >= 2 && (memcmp(at, "=>", 2) == 0 || memcmp(at, ":=", 2) == 0))
        return at + 2;
    if (at < end && (*at == ':' || *at == '=' || *at == ','))
        return at + 1;
    return NULL;
}

/* Is a quoted value at the start of a line a member of a printed object, as console.log and Postman
 * print headers? A header line has no indent and no comma. */
static bool is_printed_member(const struct piece *piece, const char *name, const char *value)
{
    const char *end = piece->end;

    while (end > value && is_space(end[-1]))
        end--;
    if (end - value > 2 && end[-1] == ',' && end[-2] == *value)
        return true;
    return piece->where == NULL && name > piece->at && is_space(*piece->at);
}

/* `authorization=Bearer eyJ... status=401`, as logfmt has it: the scheme and one more word. */
static const char *words_end(const char *at, const char *end)
{
    if (span_starts_nocase(between(at, end), "bearer "))
        at += strlen("bearer ");
    while (at < end && !is_space(*at))
        at++;
    return at;
}

static bool starts_line(const struct piece *piece, const char *name)
{
    const char *at = piece->at;

    while (at < name && (is_space(*at) || *at == '>' || *at == '<'))
        at++;
    return at == name;
}

static enum hm_code find_header(struct found_tokens *found, const struct piece *piece,
                                const char **from, struct hm_error *err)
{
    const char *name = *from;
    const char *after = name + sizeof header_name - 1;
    const char *value = after_name(after, piece->end);
    const char *end;
    char quote = '\0';
    bool is_pair;

    *from = after;
    if (value == NULL || (name > piece->at && is_word(name[-1])))
        return HM_OK;
    is_pair = value[-1] == '=';
    while (value < piece->end && is_space(*value))
        value++;
    if (piece->end - value > 7 && *value == '[' && memcmp(value, "[object", 7) != 0 &&
        memchr(value, ']', (size_t)(piece->end - value)) != NULL)
        value++; /* Authorization:[Bearer ...], a list of one as Go prints it */
    if (name - piece->at >= 2 && is_quote(name[-1]) && name[-2] == 'b' && piece->end - value > 2 &&
        *value == 'b' && value[1] == name[-1])
        value++; /* b'authorization': b'Bearer ...', as Python prints bytes */
    if (name > piece->at && is_quote(name[-1]) && *after != name[-1])
        quote = name[-1]; /* -H "Authorization: Bearer ..." */
    else if (value < piece->end &&
             (!starts_line(piece, name) || is_printed_member(piece, name, value)) &&
             (is_quote(*value) ||
              (*value == '\\' && value + 1 < piece->end && is_quote(value[1])))) {
        value += *value == '\\';
        quote = *value++; /* "Authorization": "Bearer ..." */
    }
    end = value_end(piece, name, value, quote);
    if (quote == '\0' && is_pair)
        end = words_end(value, end);
    while (end > value && (is_space(end[-1]) || (quote != '\0' && end[-1] == '\\')))
        end--;
    *from = end;
    if (memchr(value, '*', (size_t)(end - value)) != NULL || end == value)
        return HM_OK; /* "Bearer ***" was redacted */
    return add(found, piece, value, end, true, "an Authorization header", err);
}

/* "Bearer x" without the header's name, as logs print it. */
static enum hm_code find_bearer(struct found_tokens *found, const struct piece *piece,
                                const char **from, struct hm_error *err)
{
    const char *start = *from;
    const char *value = start + strlen("bearer ");
    const char *end;

    *from = value;
    if (start > piece->at && is_word(start[-1]))
        return HM_OK;
    while (value < piece->end && *value == ' ')
        value++;
    for (end = value; end < piece->end && is_token_character(*end); end++) {
    }
    if (end - value < 20)
        return HM_OK; /* a word of prose: "the bearer token" */
    *from = end;
    return add(found, piece, start, end, true, "a bearer credential", err);
}

/* header.payload.signature whose header starts as every JSON object does. */
static enum hm_code find_bare(struct found_tokens *found, const struct piece *piece,
                              const char **from, struct hm_error *err)
{
    const char *start = *from;
    const char *end = start;
    size_t dots = 0;
    size_t payload = 0;

    for (; end < piece->end && is_token_character(*end); end++) {
        if (*end == '.')
            dots++;
        else if (dots == 1)
            payload++;
    }
    *from = end;
    if (start > piece->at && is_token_character(start[-1]) && start[-1] != '=' && start[-1] != '/')
        return HM_OK;
    if (dots == 0 || payload == 0)
        return HM_OK;
    if (dots > 2 && end[-1] == '.')
        end--; /* the full stop of a sentence */
    return add(found, piece, start, end, false, "a bare token", err);
}

enum hm_code token_find_in_piece(struct found_tokens *found, const struct piece *piece,
                                 struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *at = piece->at;

    while (at < piece->end) {
        struct span rest = between(at, piece->end);

        if (span_starts_nocase(rest, header_name) && rest.length > sizeof header_name - 1)
            TRY(find_header(found, piece, &at, err));
        else if (span_starts_nocase(rest, "bearer ") && rest.length > strlen("bearer "))
            TRY(find_bearer(found, piece, &at, err));
        else if (span_starts(rest, "eyJ") && rest.length > strlen("eyJ"))
            TRY(find_bare(found, piece, &at, err));
        else
            at++;
    }
out:
    return code;
}

void token_find_date(struct found_tokens *found, size_t first, const struct piece *line)
{
    const char *at = line->at;
    struct span date;

    while (at < line->end && (is_space(*at) || *at == '<'))
        at++;
    date = between(at, line->end);
    if (!span_starts_nocase(date, "date:"))
        return;
    date = span_trim(span_skip(date, strlen("date:")));
    if (date.length >= FOUND_TIME_TEXT)
        return;
    for (size_t i = first; i < found->count; i++) {
        if (found->at[i].sent[0] == '\0')
            snprintf(found->at[i].sent, FOUND_TIME_TEXT, "%.*s", (int)date.length, date.at);
    }
}
