/* What `channel create` prints. */
#include "cli/print.h"

#include "support/text.h"
#include <inttypes.h>
#include <string.h>

enum { VERSION = 1, CELL_BYTES_MAX = 64 * 1024 };

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

/* Code points, of the text as it is shown. */
static size_t width(const struct buf *text)
{
    size_t count = 0;

    for (size_t i = 0; i < text->length; i++)
        count += ((unsigned char)text->data[i] & 0xC0U) != 0x80U;
    return count;
}

static void show(struct buf *out, const char *text)
{
    buf_clear(out);
    escape_terminal(out, text, strlen(text));
}

static void widths_of(size_t widths[COLUMN_COUNT], const struct hm_channel_list *list)
{
    struct buf shown;

    buf_init(&shown, CELL_BYTES_MAX);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        widths[column] = strlen(columns[column].title);
        for (size_t i = 0; i < list->count; i++) {
            show(&shown, cell(&list->at[i], column));
            if (width(&shown) > widths[column])
                widths[column] = width(&shown);
        }
    }
    buf_fini(&shown);
}

static void print_cell(FILE *out, struct buf *shown, const char *text, size_t column_width)
{
    show(shown, text);
    fprintf(out, "  %s", buf_text(shown));
    if (column_width > width(shown))
        fprintf(out, "%*s", (int)(column_width - width(shown)), "");
}

static void print_row(FILE *out, struct buf *shown, const char *const texts[COLUMN_COUNT],
                      const size_t widths[COLUMN_COUNT])
{
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        print_cell(out, shown, texts[column], column + 1 < COLUMN_COUNT ? widths[column] : 0);
    fputc('\n', out);
}

void print_channels(FILE *out, const struct hm_channel_list *list, const char *type, const char *id)
{
    size_t widths[COLUMN_COUNT];
    const char *texts[COLUMN_COUNT];
    struct buf shown;

    buf_init(&shown, CELL_BYTES_MAX);
    widths_of(widths, list);
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        texts[column] = columns[column].title;
    fputc(' ', out);
    print_row(out, &shown, texts, widths);
    for (size_t i = 0; i < list->count; i++) {
        bool is_ours =
            strcmp(list->at[i].channel_type, type) == 0 && strcmp(list->at[i].channel_id, id) == 0;

        for (size_t column = 0; column < COLUMN_COUNT; column++)
            texts[column] = cell(&list->at[i], column);
        fputc(is_ours ? '*' : ' ', out);
        print_row(out, &shown, texts, widths);
    }
    buf_fini(&shown);
}

static bool set_text(json_t *object, const char *name, const char *text)
{
    return json_object_set_new(object, name, json_text(text, strlen(text))) == 0;
}

static bool set_integer(json_t *object, const char *name, int64_t number)
{
    return json_object_set_new(object, name, json_integer(number)) == 0;
}

/* NULL, and nothing left behind, unless all was set. */
static json_t *whole(json_t *object, bool is_set)
{
    if (is_set)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *channel_json(const struct hm_channel *channel)
{
    json_t *object = json_object();

    return whole(object, set_integer(object, "id", channel->id) &&
                             set_integer(object, "team_id", channel->team_id) &&
                             set_integer(object, "contact_id", channel->contact_id) &&
                             set_text(object, "channel_type", channel->channel_type) &&
                             set_text(object, "channel_id", channel->channel_id) &&
                             set_text(object, "info_channel", channel->info_channel) &&
                             set_text(object, "channel_handle", channel->channel_handle) &&
                             set_text(object, "created", channel->created) &&
                             set_text(object, "updated", channel->updated));
}

json_t *channels_json(const struct hm_channel_list *list)
{
    json_t *object = json_object();
    json_t *channels = json_array();
    bool is_set = true;

    for (size_t i = 0; i < list->count && is_set; i++)
        is_set = json_array_append_new(channels, channel_json(&list->at[i])) == 0;
    is_set = set_integer(object, "v", VERSION) && set_integer(object, "status", list->status) &&
             set_text(object, "request_id", list->request_id) &&
             set_integer(object, "attempts", list->attempts) &&
             json_object_set(object, "channels", channels) == 0 && is_set;
    json_decref(channels);
    return whole(object, is_set);
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
    json_t *error = json_object();
    bool is_set =
        set_text(error, "code", hm_code_name(err->code)) &&
        set_text(error, "clause", err->clause) && set_text(error, "mistake", err->mistake) &&
        set_integer(error, "status", err->status) &&
        set_text(error, "request_id", err->request_id) && set_text(error, "message", err->text) &&
        set_text(error, "written", hm_written_name(err->written)) &&
        set_integer(error, "attempts", err->attempts);

    return json_pack("{s:i, s:o}", "v", VERSION, "error", whole(error, is_set));
}
