#include "cli/token_input.h"

#include "contract/hmac.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <string.h>
#include <strings.h>

enum { INPUT_BYTES_MAX = 64 * 1024 }; /* a header block of the contract's servers has 16 KiB */

static const char header_name[] = "Authorization:";
static const char scheme[] = "Bearer";

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static bool starts_with(const char *text, size_t length, const char *start)
{
    return length >= strlen(start) && strncasecmp(text, start, strlen(start)) == 0;
}

static void take_one_line_break(struct buf *text)
{
    if (text->length > 0 && text->data[text->length - 1] == '\n') {
        text->length--;
        if (text->length > 0 && text->data[text->length - 1] == '\r')
            text->length--;
        text->data[text->length] = '\0';
    }
}

/* Two words of which the first is no token, or the word Bearer alone, in quotes or not. */
static bool looks_like_header_value(const char *text, size_t length)
{
    size_t word = 0, second;

    while (length > 0 && is_quote(*text)) {
        text++;
        length--;
    }
    while (word < length && !is_blank(text[word]))
        word++;
    for (second = word; second < length && is_blank(text[second]); second++) {
    }
    if (memchr(text, '.', word) != NULL)
        return false;
    return second < length || (word == sizeof scheme - 1 && starts_with(text, word, scheme));
}

/* A whole line, as curl -v and proxies print it: "Authorization: Bearer ...". */
static void find_value(struct token_input *input)
{
    const char *text = buf_text(&input->text);
    size_t length = input->text.length;
    size_t lead = 0;

    while (lead < length && is_blank(text[lead]))
        lead++;
    if (starts_with(text + lead, length - lead, header_name)) {
        lead += sizeof header_name - 1;
        while (lead < length && is_blank(text[lead]))
            lead++;
        input->is_header = true;
        input->value = text + lead;
        input->length = length - lead;
        return;
    }
    input->value = text;
    input->length = length;
    input->is_header = looks_like_header_value(text + lead, length - lead);
}

enum hm_code token_input_read(struct token_input *input, const struct verb_call *call,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;

    *input = (struct token_input){ .is_header = false };
    buf_init(&input->text, INPUT_BYTES_MAX);
    if (call->argc == 0 || strcmp(call->argv[0], "-") == 0) {
        TRY(file_read(&input->text, "-", err));
        take_one_line_break(&input->text);
    } else {
        buf_puts(&input->text, call->argv[0]);
    }
    if (!buf_ok(&input->text))
        code = input->text.status == BUF_TOO_LONG
                   ? hm_error_set(err, HM_BAD_INPUT, "found more than %d bytes, expected a token",
                                  INPUT_BYTES_MAX)
                   : no_memory(err);
    else if (input->text.length == 0)
        code = hm_error_set(err, HM_BAD_INPUT,
                            "found nothing, expected a token as an argument or on standard input");
    else
        find_value(input);
out:
    if (code != HM_OK)
        token_input_fini(input);
    return code;
}

void token_input_fini(struct token_input *input)
{
    bytes_wipe(input->text.data, input->text.length);
    buf_fini(&input->text);
}

void token_input_strip_scheme(struct token_input *input)
{
    if (starts_with(input->value, input->length, scheme)) {
        input->value += sizeof scheme - 1;
        input->length -= sizeof scheme - 1;
    }
    while (input->length > 0 && is_blank(*input->value)) {
        input->value++;
        input->length--;
    }
    while (input->length > 0 && is_blank(input->value[input->length - 1]))
        input->length--;
}
