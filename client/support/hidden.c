#include "support/hidden.h"

#include "support/text.h"

/* In order. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    { 0x007F, 0x009F },   /* DEL and C1 */
    { 0x00AD, 0x00AD },   /* soft hyphen */
    { 0x034F, 0x034F },   /* combining grapheme joiner */
    { 0x061C, 0x061C },   /* Arabic letter mark */
    { 0x115F, 0x1160 },   /* Hangul fillers */
    { 0x17B4, 0x17B5 },   /* Khmer vowels that are not seen */
    { 0x180B, 0x180F },   /* Mongolian selectors and vowel separator */
    { 0x200B, 0x200F },   /* zero-width characters, left-to-right and right-to-left marks */
    { 0x2028, 0x202E },   /* line and paragraph separator, embeddings and overrides */
    { 0x2060, 0x206F },   /* word joiner, invisible operators, isolates */
    { 0x3164, 0x3164 },   /* Hangul filler */
    { 0xFDD0, 0xFDEF },   /* noncharacters */
    { 0xFEFF, 0xFEFF },   /* byte order mark */
    { 0xFFA0, 0xFFA0 },   /* half-width Hangul filler */
    { 0xFFF0, 0xFFFB },   /* unassigned and ignorable, interlinear annotations */
    { 0xFFFE, 0xFFFF },   /* noncharacters */
    { 0x1BCA0, 0x1BCA3 }, /* shorthand format controls */
    { 0x1D173, 0x1D17A }, /* musical format controls */
    { 0xE0000, 0xE0FFF }, /* tags, variation selectors of the supplement */
};
enum { RANGES = sizeof hidden / sizeof hidden[0] };

/* Of a well-formed sequence of that many bytes. */
static uint32_t code_point(const char *text, size_t bytes)
{
    static const unsigned char first_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    uint32_t code = (unsigned char)text[0] & (uint32_t)first_bits[bytes];

    for (size_t i = 1; i < bytes; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3FU);
    return code;
}

size_t hidden_character(const char *text, size_t length, uint32_t *code)
{
    const size_t bytes = utf8_sequence(text, length);
    size_t at = 0;

    if (bytes == 0)
        return 0;
    *code = code_point(text, bytes);
    while (at<RANGES && * code> hidden[at].last)
        at++;
    return at < RANGES && *code >= hidden[at].first ? bytes : 0;
}
