/* Reads a text byte by byte as it was before it was escaped, in one of the ways that requests and
 * messages are: percent-encoding, the escapes of JSON strings, and \xNN. */
#ifndef CONTRACT_MASK_DECODE_H
#define CONTRACT_MASK_DECODE_H

#include <stddef.h>

enum { MASK_LAYERS_MOST = 2 };

struct mask_decoder {
    const char *text;
    size_t length;
    size_t at;          /* of the text, after what was read */
    const char *layers; /* the sign of each, '%' or '\\', in the order of decoding; "": none */
    struct {
        unsigned char bytes[4],
            count; /* of a character that one escape stands for, still to come */
    } rest[MASK_LAYERS_MOST];
};

/* The next byte; -1: the text ends. A sign that begins no escape is a byte like others. */
int mask_decoder_next(struct mask_decoder *decoder);

#endif
