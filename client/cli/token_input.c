#include "cli/token_input.h"

#include "cli/print.h"
#include "contract/hmac.h"
#include "support/file.h"
#include "support/no_memory.h"
#include "support/span.h"
#include "support/try.h"
#include <string.h>
#include <strings.h>

enum { INPUT_BYTES_MAX = 64 * 1024 }; /* a header block of the contract's servers has 16 KiB */

static const char header_name[] = "Authorization:";
static const char scheme[] = "Bearer";

static void take_one_line_break(struct buf *text)
{
    if (text->length > 0 && text->data[text->length - 1] == '\n') {
        text->length--;
        if (text->length > 0 && text->data[text->length - 1] == '\r')
            text->length--;
        text->data[text->length] = '\0';
    }
}

/* Starts with the word Bearer, also where no space follows it, or has two words of which the first
 * is not a token; in quotes or brackets, or not. */
static bool looks_like_header_value(struct span text)
{
    struct span word;

    while (text.length > 0 && strchr("\"'`<{[($\\ ", *text.at) != NULL && *text.at != '\0')
        text = span_skip(text, 1);
    if (span_starts_nocase(text, scheme))
        return true;
    word = (struct span){ text.at, 0 };
    while (word.length < text.length && !is_space(text.at[word.length]))
        word.length++;
    if (memchr(word.at, '.', word.length) != NULL)
        return false;
    return span_trim(span_skip(text, word.length)).length > 0;
}

/* The number of words in what is not a token with something around it, such as an error that the
 * signing program printed; else 0. */
static size_t words_of_prose(const char *text)
{
    static const char spaces[] = " \t\r\n", object[] = "eyJ", header[] = "Authorization";
    enum { WORDS_LEAST = 3 }; /* fewer may be a scheme and a token */
    size_t words = 0;

    if (strstr(text, object) != NULL || strstr(text, scheme) != NULL ||
        strncasecmp(text, header, sizeof header - 1) == 0)
        return 0;
    for (text += strspn(text, spaces); *text != '\0'; text += strspn(text, spaces)) {
        words++;
        text += strcspn(text, spaces);
    }
    return words >= WORDS_LEAST ? words : 0;
}

/* A whole line, as curl -v and proxies print it: "Authorization: Bearer ...". */
static void find_value(struct token_input *input)
{
    struct span text = { buf_text(&input->text), input->text.length };
    struct span start = text;

    while (start.length > 0 && is_space(*start.at))
        start = span_skip(start, 1);
    input->is_header = span_starts_nocase(start, header_name);
    if (input->is_header) {
        text = span_skip(start, sizeof header_name - 1);
        while (text.length > 0 && is_space(*text.at))
            text = span_skip(text, 1);
    } else {
        input->is_header = looks_like_header_value(start);
    }
    input->value = text.at;
    input->length = text.length;
}

enum hm_code token_input_read(struct token_input *input, const struct verb_call *call,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;

    *input = (struct token_input){ .is_header = false };
    buf_init(&input->text, INPUT_BYTES_MAX);
    if (call->argc == 0 || strcmp(call->argv[0], "-") == 0) {
        print_waiting();
        TRY(file_read(&input->text, "-", err));
        take_one_line_break(&input->text);
    } else {
        buf_puts(&input->text, call->argv[0]);
    }

    size_t words = words_of_prose(buf_text(&input->text));

    if (!buf_ok(&input->text))
        code = input->text.status == BUF_TOO_LONG
                   ? hm_error_set(err, HM_BAD_INPUT, "found more than %d bytes, expected a token",
                                  INPUT_BYTES_MAX)
                   : no_memory(err);
    else if (input->text.length == 0)
        code = hm_error_set(err, HM_BAD_INPUT,
                            "found nothing, expected a token as an argument or on standard input");
    else if (words > 0)
        code = hm_error_set(err, HM_BAD_INPUT,
                            "found %zu words and no token among them, expected a token: did the "
                            "program that signs print an error?",
                            words);
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
    struct span text = { input->value, input->length };

    if (span_starts_nocase(text, scheme))
        text = span_skip(text, sizeof scheme - 1);
    text = span_trim(text);
    input->value = text.at;
    input->length = text.length;
}
