#include "contract/signing_inputs.h"

#define OTHER   HM_J5_SIGNING_INPUT_OTHER
#define NEWLINE HM_J5_SIGNING_INPUT_NEWLINE
const struct signing_input_row signing_inputs[] = {
    { "h.p\n", SEGMENT_AS_IS, 0, NEWLINE,
      "the signing input with a line break at its end, as echo without -n prints it" },
    { "h.p\r\n", SEGMENT_AS_IS, 0, NEWLINE, "the signing input with CR LF at its end" },
    { "h.p", SEGMENT_AS_IS, 64, NEWLINE,
      "segments with a line break after each 64 characters, as openssl base64 without -A writes "
      "them" },
    { "h.p", SEGMENT_AS_IS, 76, NEWLINE,
      "segments with a line break after each 76 characters, as base64 without -w0 writes them" },
    { "h.p", SEGMENT_PADDED, 0, OTHER, "segments that still had their '=' padding" },
    { "h.p", SEGMENT_BASE64, 0, OTHER, "segments that were still plain base64" },
    { "H.P", SEGMENT_AS_IS, 0, OTHER, "the JSON texts of header and payload, not encoded" },
    { "p", SEGMENT_AS_IS, 0, OTHER, "the payload segment alone" },
    { "P", SEGMENT_AS_IS, 0, OTHER, "the payload's JSON text alone" },
    { "h", SEGMENT_AS_IS, 0, OTHER, "the header segment alone" },
    { "hp", SEGMENT_AS_IS, 0, OTHER, "the two segments without the dot between them" },
    { "h.p.", SEGMENT_AS_IS, 0, OTHER, "the two segments and a second dot" },
};
const size_t signing_input_count = sizeof signing_inputs / sizeof signing_inputs[0];

static void add_segment(struct buf *out, struct span segment, const struct signing_input_row *row)
{
    for (size_t i = 0; i < segment.length; i++) {
        char c = segment.at[i];

        if (row->width > 0 && i > 0 && i % row->width == 0)
            buf_putc(out, '\n');
        if (row->segment == SEGMENT_BASE64)
            c = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
        buf_putc(out, c);
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
        default:
            buf_putc(out, *at);
        }
    }
}
