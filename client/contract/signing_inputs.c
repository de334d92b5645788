#include "contract/signing_inputs.h"

#define OTHER   HM_J5_SIGNING_INPUT_OTHER
#define NEWLINE HM_J5_SIGNING_INPUT_NEWLINE
const struct signing_input_row signing_inputs[] = {
    { "h.p\n", 0, "the signing input with a line break at its end, as echo without -n prints it",
      NEWLINE, SEGMENT_AS_IS, TEXT_ASCII },
    { "h.p\r\n", 0, "the signing input with CR LF at its end", NEWLINE, SEGMENT_AS_IS, TEXT_ASCII },
    { "h.p", 64,
      "segments with a line break after each 64 characters, as openssl base64 without -A writes "
      "them",
      NEWLINE, SEGMENT_AS_IS, TEXT_ASCII },
    { "h.p", 76,
      "segments with a line break after each 76 characters, as base64 without -w0 writes them",
      NEWLINE, SEGMENT_AS_IS, TEXT_ASCII },
    { "h.p", 0, "segments that still had their '=' padding", OTHER, SEGMENT_PADDED, TEXT_ASCII },
    { "h.p", 0, "segments that were still plain base64", OTHER, SEGMENT_BASE64, TEXT_ASCII },
    { "H.P", 0, "the JSON texts of header and payload, not encoded", OTHER, SEGMENT_AS_IS,
      TEXT_ASCII },
    { "p", 0, "the payload segment alone", OTHER, SEGMENT_AS_IS, TEXT_ASCII },
    { "P", 0, "the payload's JSON text alone", OTHER, SEGMENT_AS_IS, TEXT_ASCII },
    { "h", 0, "the header segment alone", OTHER, SEGMENT_AS_IS, TEXT_ASCII },
    { "hp", 0, "the two segments without the dot between them", OTHER, SEGMENT_AS_IS, TEXT_ASCII },
    { "h.p.", 0, "the two segments and a second dot", OTHER, SEGMENT_AS_IS, TEXT_ASCII },
    { "\xEF\xBB\xBFh.p", 0, "the signing input with a byte-order mark at its start", OTHER,
      SEGMENT_AS_IS, TEXT_ASCII },
    { "h.p", 0, "the signing input in UTF-16, as produced by Encoding.Unicode in .NET", OTHER,
      SEGMENT_AS_IS, TEXT_UTF16 },
    { "^h.p", 0,
      "the signing input in UTF-16 with a byte-order mark, as produced by encode('utf-16') in "
      "Python",
      OTHER, SEGMENT_AS_IS, TEXT_UTF16 },
    { "h.p", 0,
      "the signing input in UTF-16 (big-endian), as produced by Encoding.BigEndianUnicode in .NET",
      OTHER, SEGMENT_AS_IS, TEXT_UTF16_BIG },
    { "^h.p", 0,
      "the signing input in UTF-16 (big-endian) with a byte-order mark, as produced by "
      "getBytes(\"UTF-16\") in Java",
      OTHER, SEGMENT_AS_IS, TEXT_UTF16_BIG },
};
const size_t signing_input_count = sizeof signing_inputs / sizeof signing_inputs[0];

/* An ASCII character in the row's encoding. */
static void put(struct buf *out, char c, const struct signing_input_row *row)
{
    if (row->text == TEXT_UTF16_BIG)
        buf_putc(out, '\0');
    buf_putc(out, c);
    if (row->text == TEXT_UTF16)
        buf_putc(out, '\0');
}

static void add_segment(struct buf *out, struct span segment, const struct signing_input_row *row)
{
    for (size_t i = 0; i < segment.length; i++) {
        char c = segment.at[i];

        if (row->width > 0 && i > 0 && i % row->width == 0)
            buf_putc(out, '\n');
        if (row->segment == SEGMENT_BASE64)
            c = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
        put(out, c, row);
    }
    for (size_t i = segment.length; row->segment != SEGMENT_AS_IS && i % 4 != 0; i++)
        buf_putc(out, '=');
}

void signing_input_write(struct buf *out, const struct signing_input_row *row,
                         const struct token_parts *parts)
{
    for (const char *at = row->pattern; *at != '\0'; at++) {
        switch (*at) {
        case 'h':
            add_segment(out, parts->header_segment, row);
            break;
        case 'p':
            add_segment(out, parts->payload_segment, row);
            break;
        case 'H':
            buf_add(out, parts->header.at, parts->header.length);
            break;
        case 'P':
            buf_add(out, parts->payload.at, parts->payload.length);
            break;
        case '^':
            buf_add(out, row->text == TEXT_UTF16_BIG ? "\xFE\xFF" : "\xFF\xFE", 2);
            break;
        default:
            put(out, *at, row);
        }
    }
}
