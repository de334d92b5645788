#include "support/annotations.h"

#include "support/buf.h"
#include "support/escape.h"
#include "support/text.h"
#include <stdlib.h>
#include <string.h>

enum { TITLE_BYTES_MAX = 200, MESSAGE_BYTES_MAX = 1000, LINE_BYTES_MAX = 16 * 1024 };

static const char *const levels[ANNOTATION_LEVELS] = { "error", "warning", "notice" };

bool annotations_are_read(void)
{
    const char *github = getenv("GITHUB_ACTIONS");

    return github != NULL && strcmp(github, "true") == 0;
}

/* GitHub undoes %25, %3A and %2C; there is no line feed after escape_terminal(). */
static void append(struct buf *line, const char *text, size_t most, const char *special)
{
    const size_t length = strlen(text), shown = length > most ? utf8_cut(text, most) : length;
    struct buf safe;

    buf_init(&safe, LINE_BYTES_MAX);
    escape_terminal(&safe, text, shown);
    for (const char *at = buf_text(&safe); *at != '\0'; at++) {
        if (strchr(special, *at) != NULL)
            buf_printf(line, "%%%02X", (unsigned)*at);
        else
            buf_putc(line, *at);
    }
    buf_puts(line, shown < length ? "..." : "");
    buf_fini(&safe);
}

void annotate(struct annotations *annotations, enum annotation_level level, const char *title,
              const char *message)
{
    struct buf line;

    if (!annotations_are_read() || annotations->count[level] == ANNOTATIONS_MAX)
        return;
    annotations->count[level]++;
    buf_init(&line, LINE_BYTES_MAX);
    buf_printf(&line, "::%s title=", levels[level]);
    append(&line, title, TITLE_BYTES_MAX, "%:,");
    buf_puts(&line, "::");
    append(&line, message, MESSAGE_BYTES_MAX, "%");
    buf_putc(&line, '\n');
    if (buf_ok(&line))
        fwrite(line.data, 1, line.length, stderr);
    buf_fini(&line);
}

void annotations_pause(FILE *out, struct annotation_pause *pause)
{
    if (annotations_are_read() && uuid_new(pause->token))
        fprintf(out, "::stop-commands::%s\n", pause->token);
}

void annotations_resume(FILE *out, const struct annotation_pause *pause)
{
    if (*pause->token != '\0')
        fprintf(out, "::%s::\n", pause->token);
}
