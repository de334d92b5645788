#include "store/world_contact.h"

#include "contract/rfc3339.h"
#include "support/buf.h"
#include "support/no_memory.h"
#include "support/reader.h"
#include "support/try.h"
#include "support/uuid.h"
#include <inttypes.h>
#include <string.h>

enum {
    PATH_SHOWN_BYTES = 200, /* of a file's name in an error */
    LINE_PIECE_BYTES = 16 * 1024
};

/* Lower-case letters and digits, with single dashes between them. */
static bool is_contact_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        bool is_word = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');

        if (!is_word && (*at != '-' || at == name || at[-1] == '-' || at[1] == '\0'))
            return false;
    }
    return *name != '\0';
}

/* NULL: the contact has no name. */
static enum hm_code name_read(const char **name, const struct json_node *contact,
                              struct hm_error *err)
{
    struct json_node node = json_node_member(contact, "name");
    enum hm_code code;

    *name = NULL;
    TRY(json_get_string(contact, "name", JSON_OPTIONAL, name, err));
    if (*name != NULL && !is_contact_name(*name))
        TRY(json_complain(
            &node, err,
            "found \"%s\", expected lower-case letters and digits with dashes between them",
            *name));
    if (*name != NULL && strlen(*name) > WORLD_NAME_BYTES_MAX)
        TRY(json_complain(&node, err, "found a name of %zu bytes, expected at most %d",
                          strlen(*name), WORLD_NAME_BYTES_MAX));
out:
    return code;
}

static enum hm_code name_add(struct store *store, const struct json_node *contact, const char *name,
                             struct hm_error *err)
{
    struct json_node node = json_node_member(contact, "name");
    enum hm_code code =
        name == NULL ? HM_OK : directory_name_contact(store_directory(store), name, err);

    if (code == HM_BAD_ARGUMENT)
        code =
            json_complain(&node, err, "found \"%s\" a second time, expected each name once", name);
    return code;
}

/* team_id and contact_id of a channel must be those of its contact. */
static enum hm_code own_id_check(const struct json_node *channel, const char *member, int64_t own,
                                 struct hm_error *err)
{
    struct json_node node = json_node_member(channel, member);
    int64_t found;
    enum hm_code code;

    TRY(json_get_integer(channel, member, JSON_REQUIRED, INT64_MIN, INT64_MAX, &found, err));
    if (found != own)
        TRY(json_complain(&node, err,
                          "found %" PRId64 ", expected %" PRId64
                          ", the value of the channel's contact",
                          found, own));
out:
    return code;
}

static enum hm_code time_read(const char **out, const struct json_node *channel, const char *member,
                              struct hm_error *err)
{
    struct json_node node = json_node_member(channel, member);
    enum hm_code code;

    TRY(json_get_string(channel, member, JSON_REQUIRED, out, err));
    if (!rfc3339_read(NULL, *out, strlen(*out)))
        TRY(json_complain(&node, err, "found \"%s\", expected a time such as 2024-04-16T00:00:00Z",
                          *out));
out:
    return code;
}

/* The nine members of R2. */
static enum hm_code channel_read(struct store *store, struct contact *contact, int64_t team_id,
                                 int64_t contact_id, const struct json_node *node,
                                 struct hm_error *err)
{
    static const char *const allowed[] = {
        "id",           "team_id",        "contact_id", "channel_type", "channel_id",
        "info_channel", "channel_handle", "created",    "updated",      NULL
    };
    struct json_node id_node = json_node_member(node, "id");
    struct channel_values values;
    struct channel_fields fields = { .values = &values };
    enum hm_code code;

    TRY(json_expect_object(node, allowed, err));
    TRY(json_get_integer(node, "id", JSON_REQUIRED, WORLD_ID_LEAST, WORLD_ID_MOST, &fields.id,
                         err));
    TRY(own_id_check(node, "team_id", team_id, err));
    TRY(own_id_check(node, "contact_id", contact_id, err));
    TRY(json_get_string(node, "channel_type", JSON_REQUIRED, &values.type, err));
    TRY(json_get_string(node, "channel_id", JSON_REQUIRED, &values.id, err));
    TRY(json_get_string(node, "info_channel", JSON_REQUIRED, &fields.info_channel, err));
    TRY(json_get_string(node, "channel_handle", JSON_REQUIRED, &fields.channel_handle, err));
    TRY(time_read(&fields.created, node, "created", err));
    TRY(time_read(&fields.updated, node, "updated", err));
    values.type_length = strlen(values.type);
    values.id_length = strlen(values.id);
    code = directory_load_channel(store_directory(store), contact, &fields, err);
    if (code == HM_BAD_ARGUMENT)
        code = json_complain(&id_node, err,
                             "found %" PRId64 " a second time, expected each channel id once",
                             fields.id);
out:
    return code;
}

/* The error about a UUID or contact_id that was used before points at that member. */
static enum hm_code contact_add(struct store *store, size_t team, const struct json_node *node,
                                const char *uuid, int64_t contact_id, struct contact **contact,
                                struct hm_error *err)
{
    struct json_node uuid_node = json_node_member(node, "uuid");
    struct json_node id_node = json_node_member(node, "contact_id");
    enum hm_code code =
        directory_add_contact(store_directory(store), team, uuid, contact_id, contact, err);

    if (code != HM_BAD_ARGUMENT)
        return code;
    if (store_find(store, uuid) != NULL)
        return json_complain(&uuid_node, err, "found %s a second time, expected each UUID once",
                             uuid);
    return json_complain(&id_node, err, "found %" PRId64 " a second time, expected each once",
                         contact_id);
}

enum hm_code world_contact_read(struct store *store, size_t team, const struct json_node *node,
                                struct hm_error *err)
{
    static const char *const allowed[] = { "name", "uuid", "contact_id", "channels", NULL };
    struct json_node uuid_node = json_node_member(node, "uuid");
    struct directory_watch *watch = store_directory(store)->watch;
    struct json_node channels;
    struct contact *contact;
    const char *name, *uuid;
    int64_t contact_id;
    enum hm_code code;

    TRY(json_expect_object(node, allowed, err));
    TRY(name_read(&name, node, err));
    TRY(json_get_string(node, "uuid", JSON_REQUIRED, &uuid, err));
    if (!uuid_is_valid(uuid, strlen(uuid)))
        TRY(json_complain(&uuid_node, err, "found \"%s\", expected a UUID", uuid));
    TRY(json_get_integer(node, "contact_id", JSON_REQUIRED, WORLD_ID_LEAST, WORLD_ID_MOST,
                         &contact_id, err));
    TRY(json_get_array(node, "channels", JSON_OPTIONAL, &channels, err));
    contact = watch == NULL ? NULL : store_find(store, uuid);
    if (contact != NULL && contact->index < watch->contacts)
        return watch->contact(watch, contact, store_team_id(store, team), node->value, err);
    TRY(contact_add(store, team, node, uuid, contact_id, &contact, err));
    TRY(name_add(store, node, name, err));
    for (size_t i = 0; i < json_array_size(channels.value); i++) {
        struct json_node element = json_node_element(&channels, i);

        TRY(channel_read(store, contact, store_team_id(store, team), contact_id, &element, err));
    }
    if (watch != NULL)
        TRY(watch->contact(watch, contact, store_team_id(store, team), node->value, err));
out:
    return code;
}

/* A line is parsed as a file of its own, so its errors say PATH:1:COL. Puts in the real line. */
static void line_number_put(struct hm_error *err, const char *path, size_t line)
{
    size_t shown = strlen(path) < PATH_SHOWN_BYTES ? strlen(path) : PATH_SHOWN_BYTES;
    struct hm_error moved = { 0 };
    const char *rest;

    if (err == NULL || strlen(err->text) < shown)
        return;
    rest = strstr(err->text + shown, ":1:");
    if (rest == NULL)
        return;
    hm_error_set(&moved, err->code, "%.*s:%zu:%s", (int)(rest - err->text), err->text, line,
                 rest + strlen(":1:"));
    *err = moved;
}

static bool is_empty_line(const char *text, size_t length)
{
    return strspn(text, " \t\r\n") == length;
}

static enum hm_code line_read(struct store *store, size_t team, const char *path, const char *line,
                              size_t length, struct hm_error *err)
{
    struct json_file file = { 0 };
    struct json_node node;
    enum hm_code code;

    TRY(json_file_parse(&file, path, line, length, err));
    node = json_node_root(&file);
    TRY(world_contact_read(store, team, &node, err));
out:
    json_file_fini(&file);
    return code;
}

/* A file that is taken line by line. */
struct lines {
    struct reader *reader;
    char piece[LINE_PIECE_BYTES];
    size_t at, length; /* of what is left in @piece */
    bool is_over;
    struct buf line; /* without its line break; one that is too long is cut after the limit */
};

/* The next line, which may lack a line break only if it is the last and not empty. */
static enum hm_code line_take(struct lines *lines, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    bool has_ended = false;

    buf_clear(&lines->line);
    while (!has_ended && lines->line.length <= WORLD_LINE_BYTES_MAX) {
        const char *start = lines->piece + lines->at, *end;

        if (lines->at == lines->length) {
            lines->at = 0;
            TRY(reader_next(lines->reader, lines->piece, sizeof lines->piece, &lines->length, err));
            if (lines->length == 0)
                break;
            continue;
        }
        end = memchr(start, '\n', lines->length - lines->at);
        has_ended = end != NULL;
        end = has_ended ? end : lines->piece + lines->length;
        buf_add(&lines->line, start, (size_t)(end - start));
        lines->at += (size_t)(end - start) + has_ended;
    }
    lines->is_over = !has_ended && lines->line.length == 0;
out:
    return code;
}

/* Says which member of the world names the file. */
static enum hm_code cannot_read(const struct json_node *named, enum hm_code code,
                                const struct hm_error *why, struct hm_error *err)
{
    return code == HM_BAD_INPUT ? json_complain(named, err, "%s", why->text)
                                : hm_error_set(err, code, "%s", why->text);
}

enum hm_code world_contacts_file_read(struct store *store, size_t team, const char *path,
                                      const struct json_node *named, struct hm_error *err)
{
    struct lines lines = { .reader = NULL };
    struct hm_error why = { 0 };
    enum hm_code code;

    buf_init(&lines.line, WORLD_LINE_BYTES_MAX + LINE_PIECE_BYTES);
    code = reader_open(&lines.reader, path, &why);
    for (size_t number = 1; code == HM_OK; number++) {
        code = line_take(&lines, &why);
        if (code != HM_OK || lines.is_over)
            break;
        if (lines.line.length > WORLD_LINE_BYTES_MAX)
            TRY(hm_error_set(err, HM_BAD_INPUT,
                             "%s:%zu:1: found a line of more than %d bytes, which is the limit",
                             path, number, WORLD_LINE_BYTES_MAX));
        if (!buf_ok(&lines.line))
            TRY(no_memory(err));
        if (is_empty_line(buf_text(&lines.line), lines.line.length))
            continue;
        code = line_read(store, team, path, lines.line.data, lines.line.length, err);
        if (code == HM_BAD_INPUT)
            line_number_put(err, path, number);
        TRY(code);
    }
    if (code != HM_OK)
        code = cannot_read(named, code, &why, err);
out:
    buf_fini(&lines.line);
    reader_close(lines.reader);
    return code;
}
