#include "cli/print_channel.h"

#include "cli/print.h"
#include "contract/mask_write.h"
#include "support/escape.h"
#include "support/json_text.h"
#include <string.h>

enum { VERSION = 1, CELL_BYTES_MAX = 64 * 1024, SHOWN_BYTES_MAX = 8 * 1024 };

/* A table's columns; the last one is not padded. */
static const struct {
    const char *title;
    size_t offset;
} columns[] = {
    { "type", offsetof(struct hm_channel, channel_type) },
    { "id", offsetof(struct hm_channel, channel_id) },
    { "handle", offsetof(struct hm_channel, channel_handle) },
    { "created", offsetof(struct hm_channel, created) },
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static const char *cell(const struct hm_channel *channel, size_t column)
{
    return *(const char *const *)(const void *)((const char *)channel + columns[column].offset);
}

static void show(struct buf *out, const char *text, const struct masking *masking)
{
    buf_clear(out);
    mask_write_text(out, masking, (struct span){ text, strlen(text) }, SHOWN_BYTES_MAX,
                    escape_terminal);
}

static void widths_of(size_t widths[COLUMN_COUNT], const struct hm_channel_list *list,
                      const struct masking *masking)
{
    struct buf shown;

    buf_init(&shown, CELL_BYTES_MAX);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        widths[column] = strlen(columns[column].title);
        for (size_t i = 0; i < list->count; i++) {
            size_t columns_shown;

            show(&shown, cell(&list->at[i], column), masking);
            columns_shown = print_width(buf_text(&shown), shown.length);
            if (columns_shown > widths[column])
                widths[column] = columns_shown;
        }
    }
    buf_fini(&shown);
}

static void print_cell(FILE *out, struct buf *shown, const char *text, size_t column_width,
                       const struct masking *masking)
{
    size_t columns_shown;

    show(shown, text, masking);
    columns_shown = print_width(buf_text(shown), shown->length);
    fprintf(out, "  %s", buf_text(shown));
    if (column_width > columns_shown)
        fprintf(out, "%*s", (int)(column_width - columns_shown), "");
}

static void print_row(FILE *out, struct buf *shown, const char *const texts[COLUMN_COUNT],
                      const size_t widths[COLUMN_COUNT], const struct masking *masking)
{
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        print_cell(out, shown, texts[column], column + 1 < COLUMN_COUNT ? widths[column] : 0,
                   masking);
    fputc('\n', out);
}

void print_channels(FILE *out, const struct hm_channel_list *list, const char *type, const char *id,
                    const struct masking *masking)
{
    size_t widths[COLUMN_COUNT];
    const char *texts[COLUMN_COUNT];
    struct buf shown;

    buf_init(&shown, CELL_BYTES_MAX);
    widths_of(widths, list, masking);
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        texts[column] = columns[column].title;
    fputc(' ', out);
    print_row(out, &shown, texts, widths, masking);
    for (size_t i = 0; i < list->count; i++) {
        bool is_ours = type != NULL && id != NULL && strcmp(list->at[i].channel_type, type) == 0 &&
                       strcmp(list->at[i].channel_id, id) == 0;

        for (size_t column = 0; column < COLUMN_COUNT; column++)
            texts[column] = cell(&list->at[i], column);
        fputc(is_ours ? '*' : ' ', out);
        print_row(out, &shown, texts, widths, masking);
    }
    buf_fini(&shown);
}

static void as_it_is(struct buf *out, const char *text, size_t length)
{
    buf_add(out, text, length);
}

static json_t *text_json(const char *text)
{
    return json_text(text, strlen(text));
}

static json_t *masked_json(const char *text, const struct masking *masking)
{
    struct buf shown;
    json_t *string = NULL;

    buf_init(&shown, SIZE_MAX / 2);
    mask_write_text(&shown, masking, (struct span){ text, strlen(text) }, SIZE_MAX / 2, as_it_is);
    if (buf_ok(&shown))
        string = json_text(buf_text(&shown), shown.length);
    buf_fini(&shown);
    return string;
}

static json_t *channel_json(const struct hm_channel *channel, const struct masking *masking)
{
    return json_pack(
        "{s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)channel->id, "team_id",
        (json_int_t)channel->team_id, "contact_id", (json_int_t)channel->contact_id, "channel_type",
        masked_json(channel->channel_type, masking), "channel_id",
        masked_json(channel->channel_id, masking), "info_channel",
        masked_json(channel->info_channel, masking), "channel_handle",
        masked_json(channel->channel_handle, masking), "created",
        masked_json(channel->created, masking), "updated", masked_json(channel->updated, masking));
}

json_t *channels_json(const struct hm_channel_list *list, const struct masking *masking)
{
    json_t *channels = json_array();

    for (size_t i = 0; i < list->count; i++)
        channels = json_list_add(channels, channel_json(&list->at[i], masking));
    return json_pack("{s:i, s:i, s:o, s:i, s:o}", "v", VERSION, "status", list->status,
                     "request_id", text_json(list->request_id), "attempts", list->attempts,
                     "channels", channels);
}

void print_error_details(FILE *out, const struct hm_error *err)
{
    fprintf(out, "  code        %s\n", hm_code_name(err->code));
    if (err->clause[0] != '\0')
        fprintf(out, "  clause      %s %s\n", err->clause, err->mistake);
    if (err->request_id[0] != '\0')
        fprintf(out, "  request id  %s\n", err->request_id);
    fprintf(out, "  written     %s\n", hm_written_name(err->written));
    fprintf(out, "  attempts    %d\n", err->attempts);
}

json_t *error_json(const struct hm_error *err)
{
    return json_pack("{s:i, s:{s:s, s:o, s:o, s:i, s:o, s:o, s:s, s:i}}", "v", VERSION, "error",
                     "code", hm_code_name(err->code), "clause", text_json(err->clause), "mistake",
                     text_json(err->mistake), "status", err->status, "request_id",
                     text_json(err->request_id), "message", text_json(err->text), "written",
                     hm_written_name(err->written), "attempts", err->attempts);
}
