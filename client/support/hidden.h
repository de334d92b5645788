/* Characters that are not seen, or that change how the text around them is seen. */
#ifndef SUPPORT_HIDDEN_H
#define SUPPORT_HIDDEN_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at the start of @text that must be escaped wherever text is shown; 0: it
 * may be shown as it is, or is not UTF-8. They are DEL and the C1 controls, line and paragraph
 * separators, bidirectional controls, invisible and zero-width characters, tags, and noncharacters.
 * The C0 controls are the caller's. *code is its code point. */
size_t hidden_character(const char *text, size_t length, uint32_t *code);

#endif
