#include "run/command_text.h"

#include "support/escape.h"
#include "support/text.h"
#include <string.h>

enum { WORD_BYTES_MAX = 4 * 1024 * 1024 };

static const char plain_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=/:,@%+";

void command_word_write(struct buf *out, const char *word, const struct mask *mask)
{
    const struct masking masking = { .mask = mask };
    size_t length = strlen(word), from = 0, shown;
    struct buf masked;

    buf_init(&masked, WORD_BYTES_MAX);
    while (from < length) {
        struct mask_hit hit = mask_find(&masking, word, length, from);

        if (hit.kind == MASK_NOTHING)
            hit.at = length;
        buf_add(&masked, word + from, hit.at - from);
        if (hit.kind != MASK_NOTHING)
            buf_printf(&masked, "<%zu characters>", hit.length);
        from = hit.at + (hit.kind == MASK_NOTHING ? 0 : hit.length);
    }
    shown = masked.length > COMMAND_WORD_SHOWN_MAX
                ? utf8_cut(buf_text(&masked), COMMAND_WORD_SHOWN_MAX)
                : masked.length;
    escape_terminal(out, buf_text(&masked), shown);
    if (shown < masked.length)
        buf_puts(out, "...");
    buf_fini(&masked);
}

void command_write(struct buf *out, char *const *argv, const struct mask *mask)
{
    struct buf word;

    buf_init(&word, WORD_BYTES_MAX);
    for (size_t i = 0; argv[i] != NULL; i++) {
        buf_clear(&word);
        command_word_write(&word, argv[i], mask);
        if (i > 0)
            buf_putc(out, ' ');
        if (word.length > 0 && strspn(buf_text(&word), plain_letters) == word.length)
            buf_puts(out, buf_text(&word));
        else
            escape_shell(out, buf_text(&word));
    }
    buf_fini(&word);
}
