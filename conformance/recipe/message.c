#include "recipe/message.h"
#include "cases/layer.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

enum { URL_BYTES_MAX = 64 * 1024 };

static const char contact_mark[] = "{contactID}";
static const char type_mark[] = "{channelType}";
static const char number_mark[] = "$contact_id";

static json_t *member_of(const struct step *step, const char *name)
{
    return json_object_get(step->request, name);
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* [T3] Appends the contact's id in the form that the step asks for. */
static void append_contact(struct buf *out, const struct step *step, const char *contact,
                           int64_t contact_number)
{
    const char *text = step_text(step, "contact_id");
    const char *form = step_text(step, "contact_form");
    const bool is_shorter = form != NULL && strcmp(form, "shorter") == 0;

    if (text != NULL && strcmp(text, number_mark) == 0) {
        buf_printf(out, "%lld", (long long)contact_number);
        return;
    }
    if (text == NULL)
        text = contact;
    if (form != NULL && strcmp(form, "braces") == 0)
        buf_putc(out, '{');
    for (const char *start = text; *text && !(is_shorter && text[1] == '\0'); text++) {
        bool is_near = form != NULL && ((strcmp(form, "near-first") == 0 && text == start) ||
                                        (strcmp(form, "near-last") == 0 && text[1] == '\0'));

        if (is_near)
            buf_putc(out, "89abcdef01234567"[hex_value(*text) & 15]);
        else if (form != NULL && strcmp(form, "percent-encoded") == 0)
            buf_printf(out, "%%%02X", (unsigned char)*text);
        else if (form != NULL && strcmp(form, "upper") == 0 && *text >= 'a' && *text <= 'z')
            buf_putc(out, (char)(*text - 'a' + 'A'));
        else
            buf_putc(out, *text);
    }
    if (form != NULL && strcmp(form, "braces") == 0)
        buf_putc(out, '}');
    if (form != NULL && strcmp(form, "longer") == 0)
        buf_putc(out, '0');
}

/* [G5] Appends the channel type in the form that the step asks for. */
static void append_type(struct buf *out, const struct step *step, struct case_marks *marks)
{
    const char *type = step_text(step, "type");
    const char *form = step_text(step, "type_form");
    const size_t pad = (size_t)json_integer_value(member_of(step, "type_pad"));
    struct buf text;

    buf_init(&text, URL_BYTES_MAX);
    if (marks != NULL)
        marks_expand(&text, type != NULL ? type : "", type != NULL ? strlen(type) : 0, marks);
    else
        buf_puts(&text, type != NULL ? type : "");
    while (buf_ok(&text) && text.length < pad)
        buf_putc(&text, 'x');
    for (size_t i = 0; i < text.length; i++) {
        const char c = buf_text(&text)[i];

        if (marks == NULL || (form != NULL && strcmp(form, "raw") == 0) ||
            (form == NULL && (is_letter_or_digit(c) || strchr("-._~", c) != NULL)))
            buf_putc(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned char)c);
    }
    if (!buf_ok(&text))
        out->status = BUF_NO_MEMORY;
    buf_fini(&text);
}

void message_path(struct buf *out, const struct step *step, const char *contact,
                  struct case_marks *marks)
{
    const char *path = step_text(step, "path");

    while (path != NULL && *path) {
        if (strncmp(path, contact_mark, sizeof contact_mark - 1) == 0) {
            buf_puts(out, contact);
            path += sizeof contact_mark - 1;
        } else if (strncmp(path, type_mark, sizeof type_mark - 1) == 0) {
            append_type(out, step, marks);
            path += sizeof type_mark - 1;
        } else {
            buf_putc(out, *path++);
        }
    }
}

/* Checked when the file was read. */
static void append_hex_bytes(struct buf *out, const char *hex)
{
    static const char digits[] = "0123456789abcdef";

    for (; *hex; hex += 2)
        buf_putc(out, (char)((strchr(digits, hex[0]) - digits) * 16 +
                             (strchr(digits, hex[1]) - digits)));
}

static void append_json(struct buf *out, json_t *body, struct case_marks *marks)
{
    json_t *expanded = marks != NULL ? marks_expand_json(body, marks) : json_incref(body);
    char *text = expanded != NULL ? json_dumps(expanded, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    if (text != NULL)
        buf_puts(out, text);
    else
        out->status = BUF_NO_MEMORY;
    free(text);
    json_decref(expanded);
}

bool message_body(struct buf *out, const struct step *step, struct case_marks *marks)
{
    const char *hex = step_text(step, "body_hex");
    json_t *text = member_of(step, "body_text");
    json_t *body = member_of(step, "body");

    buf_puts(out, "");
    if (hex != NULL)
        append_hex_bytes(out, hex);
    else if (text != NULL && marks != NULL)
        marks_expand(out, json_string_value(text), json_string_length(text), marks);
    else if (text != NULL)
        buf_add(out, json_string_value(text), json_string_length(text));
    else if (body != NULL)
        append_json(out, body, marks);
    return hex != NULL || text != NULL || body != NULL;
}

static enum hm_code body_make(struct message *message, struct case_marks *marks,
                              struct hm_error *err)
{
    enum hm_code code = HM_OK;
    size_t pad = (size_t)json_integer_value(member_of(message->step, "body_pad"));
    struct buf plain;

    buf_init(&plain, MESSAGE_BODY_BYTES_MAX);
    message->has_body = message_body(&plain, message->step, marks);
    while (buf_ok(&message->body) && message->body.length + plain.length < pad)
        buf_putc(&message->body, ' ');
    buf_add(&message->body, buf_text(&plain), plain.length);
    if (!buf_ok(&plain) || !buf_ok(&message->body))
        TRY(no_memory(err));
    message->sent =
        json_loadb(buf_text(&plain), plain.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
out:
    buf_fini(&plain);
    return code;
}

static enum hm_code header_add(struct message *message, const char *name, const char *value,
                               struct hm_error *err)
{
    if (message->header_count == MESSAGE_HEADERS_MAX)
        return hm_error_set(err, HM_BAD_INPUT, "more than %d headers", MESSAGE_HEADERS_MAX);
    message->headers[message->header_count].name = name;
    message->headers[message->header_count].value = value;
    message->header_count++;
    return HM_OK;
}

static enum hm_code headers_make(struct message *message, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const struct gateway_headers *gateway = message->names->gateway;
    const char *name;
    json_t *value;
    json_t *element;
    size_t i;

    for (i = 0; i < message->authorization.count; i++)
        TRY(header_add(message, "Authorization", message->authorization.at[i], err));
    if (json_object_get(member_of(message->step, "headers"), "Host") == NULL)
        TRY(header_add(message, "Host", NULL, err));
    json_object_foreach (member_of(message->step, "headers"), name, value) {
        if (json_is_string(value) && strcmp(json_string_value(value), LAYER_HOST) == 0)
            continue;
        if (json_is_string(value))
            TRY(header_add(message, name, json_string_value(value), err));
        json_array_foreach (value, i, element)
            TRY(header_add(message, name, json_string_value(element), err));
    }
    for (i = 0; gateway != NULL && i < gateway->count; i++)
        TRY(header_add(message, gateway->at[i].name, gateway->at[i].value, err));
out:
    return code;
}

/* The contact's UUID for the step's path; "" if the path needs none; NULL: the names do not have
 * it. */
static const char *contact_of(const struct step *step, const struct names *names)
{
    const char *path = step_text(step, "path");
    const char *contact = step_text(step, "contact");

    if (step_text(step, "contact_id") != NULL || path == NULL || strstr(path, contact_mark) == NULL)
        return "";
    return contact != NULL ? names_contact(names, contact) : NULL;
}

void message_missing(struct buf *out, const struct step *step, const struct names *names)
{
    const char *contact = step_text(step, "contact");
    const char *secret = recipe_missing(step->token, names);

    if (secret != NULL)
        buf_puts(out, secret);
    else if (contact_of(step, names) == NULL)
        buf_printf(out, "contact %s", contact != NULL ? contact : "(not given)");
}

enum hm_code message_make(struct message *message, const struct step *step, const char *base_url,
                          const struct names *names, struct case_marks *marks, int64_t now,
                          struct hm_error *err)
{
    enum hm_code code = HM_OK;
    const char *contact = contact_of(step, names);
    const char *connection = step_text(step, "connection");
    struct buf written;

    memset(message, 0, sizeof *message);
    buf_init(&message->url, URL_BYTES_MAX);
    buf_init(&message->body, MESSAGE_BODY_BYTES_MAX);
    buf_init(&written, URL_BYTES_MAX);
    message->step = step;
    message->names = names;
    message->is_chunked = json_is_true(member_of(step, "chunked"));
    message->is_on_new_connection = connection != NULL && strcmp(connection, "new") == 0;
    if (contact == NULL || step_text(step, "method") == NULL || step_text(step, "path") == NULL)
        TRY(hm_error_set(err, HM_BAD_INPUT,
                         "the case has no method or no path, or %s does not name its contact",
                         names->origin));
    append_contact(&written, step, contact, marks->contact_number);
    buf_puts(&message->url, base_url);
    message_path(&message->url, step, buf_text(&written), marks);
    if (step->token != NULL)
        TRY(recipe_make(&message->authorization, step->token, names, now, err));
    TRY(body_make(message, marks, err));
    TRY(headers_make(message, err));
    if (!buf_ok(&message->url) || !buf_ok(&written))
        TRY(no_memory(err));
out:
    buf_fini(&written);
    return code;
}

void message_fini(struct message *message)
{
    buf_fini(&message->url);
    buf_fini(&message->body);
    authorization_fini(&message->authorization);
    json_decref(message->sent);
    memset(message, 0, sizeof *message);
}
