#include "contract/signing_inputs.h"

static void add_span(struct buf *out, const struct span *span)
{
    buf_add(out, span->at, span->length);
}

static void with_line_break(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->signing_input);
    buf_puts(out, "\n");
}

static void with_cr_lf(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->signing_input);
    buf_puts(out, "\r\n");
}

static void with_dot(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->signing_input);
    buf_puts(out, ".");
}

static void without_dot(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->header_segment);
    add_span(out, &parts->payload_segment);
}

static void payload_segment(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->payload_segment);
}

static void header_segment(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->header_segment);
}

static void payload_text(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->payload);
}

static void both_texts(struct buf *out, const struct token_parts *parts)
{
    add_span(out, &parts->header);
    buf_puts(out, ".");
    add_span(out, &parts->payload);
}

/* The segment as plain base64 would have been: many signers strip and translate too late. */
static void add_plain(struct buf *out, const struct span *segment, bool is_translated)
{
    for (size_t i = 0; i < segment->length; i++) {
        char c = segment->at[i];

        if (is_translated && c == '-')
            c = '+';
        else if (is_translated && c == '_')
            c = '/';
        buf_putc(out, c);
    }
    for (size_t i = segment->length; i % 4 != 0; i++)
        buf_putc(out, '=');
}

static void padded(struct buf *out, const struct token_parts *parts)
{
    add_plain(out, &parts->header_segment, false);
    buf_puts(out, ".");
    add_plain(out, &parts->payload_segment, false);
}

static void plain_base64(struct buf *out, const struct token_parts *parts)
{
    add_plain(out, &parts->header_segment, true);
    buf_puts(out, ".");
    add_plain(out, &parts->payload_segment, true);
}

static void add_lines(struct buf *out, const struct span *segment, size_t width)
{
    for (size_t i = 0; i < segment->length; i++) {
        if (i > 0 && i % width == 0)
            buf_putc(out, '\n');
        buf_putc(out, segment->at[i]);
    }
}

static void in_lines(struct buf *out, const struct token_parts *parts, size_t width)
{
    add_lines(out, &parts->header_segment, width);
    buf_puts(out, ".");
    add_lines(out, &parts->payload_segment, width);
}

static void in_lines_of_64(struct buf *out, const struct token_parts *parts)
{
    in_lines(out, parts, 64);
}

static void in_lines_of_76(struct buf *out, const struct token_parts *parts)
{
    in_lines(out, parts, 76);
}

const struct signing_input_row signing_inputs[] = {
    { with_line_break, HM_J5_SIGNING_INPUT_NEWLINE,
      "the signing input with a line break at its end, as echo without -n prints it" },
    { with_cr_lf, HM_J5_SIGNING_INPUT_NEWLINE, "the signing input with CR LF at its end" },
    { in_lines_of_64, HM_J5_SIGNING_INPUT_NEWLINE,
      "segments with a line break after each 64 characters, as openssl base64 without -A writes "
      "them" },
    { in_lines_of_76, HM_J5_SIGNING_INPUT_NEWLINE,
      "segments with a line break after each 76 characters, as base64 without -w0 writes them" },
    { padded, HM_J5_SIGNING_INPUT_OTHER, "segments that still had their '=' padding" },
    { plain_base64, HM_J5_SIGNING_INPUT_OTHER, "segments that were still plain base64" },
    { both_texts, HM_J5_SIGNING_INPUT_OTHER, "the JSON texts of header and payload, not encoded" },
    { payload_segment, HM_J5_SIGNING_INPUT_OTHER, "the payload segment alone" },
    { payload_text, HM_J5_SIGNING_INPUT_OTHER, "the payload's JSON text alone" },
    { header_segment, HM_J5_SIGNING_INPUT_OTHER, "the header segment alone" },
    { without_dot, HM_J5_SIGNING_INPUT_OTHER, "the two segments without the dot between them" },
    { with_dot, HM_J5_SIGNING_INPUT_OTHER, "the two segments and a second dot" },
};
const size_t signing_input_count = sizeof signing_inputs / sizeof signing_inputs[0];
