#include "control/event_text.h"

#include "exchange/sandbox.h"
#include "support/escape.h"
#include "support/json_text.h"
#include "support/text.h"
#include <heymarket/finding.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { CURL_BYTES_MAX = 256 * 1024, RETRY_MS = 1000 };

static bool has_mistake(const struct journal_entry *entry, enum hm_mistake mistake)
{
    for (size_t i = 0; i < entry->mistake_count; i++) {
        if (entry->mistakes[i] == mistake)
            return true;
    }
    return false;
}

/* JSON as it is; the text of a JSON string, which is how the journal has what is not JSON. A body
 * that was cut cannot be repeated. */
static void curl_write_body(struct buf *out, const struct journal_entry *entry)
{
    const char *body = entry->text[ENTRY_BODY];
    json_t *text = *body == '"' ? json_loads(body, JSON_DECODE_ANY, NULL) : NULL;

    if (strcmp(body, "null") == 0)
        return;
    buf_puts(out, " -H 'Content-Type: application/json' --data-raw ");
    escape_shell(out, text == NULL ? body : json_string_value(text));
    json_decref(text);
    if (!entry->is_body_whole)
        buf_puts(out, " # the body is cut");
}

/* --data-raw, since a body that begins with @ would name a file. */
static void curl_write(struct buf *out, const struct journal_entry *entry, const char *base_url)
{
    const char *method = entry->text[ENTRY_METHOD], *path = entry->text[ENTRY_PATH];
    struct buf url;

    buf_init(&url, CURL_BYTES_MAX);
    buf_puts(&url, base_url);
    buf_puts(&url, path);
    buf_puts(out, "curl");
    if (strncmp(base_url, "https:", 6) == 0)
        buf_puts(out, " -k");
    if (strpbrk(path, "[]{}") != NULL)
        buf_puts(out, " -g");
    if (strstr(path, "/.") != NULL)
        buf_puts(out, " --path-as-is");
    if (strcmp(method, "HEAD") == 0) {
        buf_puts(out, " -I");
    } else if (strcmp(method, "GET") != 0) {
        buf_puts(out, " -X ");
        if (method[strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0')
            buf_puts(out, method);
        else
            escape_shell(out, method);
    }
    buf_putc(out, ' ');
    escape_shell(out, buf_text(&url));
    if (!has_mistake(entry, HM_J1_AUTHORIZATION_MISSING))
        buf_puts(out, " -H \"Authorization: Bearer $(heymarket token sign)\"");
    curl_write_body(out, entry);
    if (!buf_ok(&url))
        out->status = url.status;
    buf_fini(&url);
}

/* Line feeds between the members of a body would end the line of "data:". */
static void line_feeds_replace(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n' || text[i] == '\r')
            text[i] = ' ';
    }
}

void event_write_exchange(struct buf *out, const char *life, unsigned long long serial,
                          const struct journal_entry *entry, const char *base_url)
{
    /* Not "*", the URL of another server, or what was no request. */
    const bool is_of_this_server = entry->text[ENTRY_PATH][0] == '/';
    struct buf curl;
    size_t begin;

    buf_init(&curl, CURL_BYTES_MAX);
    curl_write(&curl, entry, base_url);
    buf_printf(out, "event: exchange\nid: %s-%llu\ndata: ", life, serial);
    begin = out->length;
    journal_entry_write(out, entry, true);
    if (buf_ok(out))
        out->length--; /* its last brace */
    buf_printf(out, ",\"n\":%llu,\"cures\":[", serial);
    for (size_t i = 0; i < entry->mistake_count; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        json_text_puts(out, hm_mistake_row((enum hm_mistake)entry->mistakes[i])->cure);
    }
    buf_puts(out, "],\"curl\":");
    json_text_puts(out, buf_ok(&curl) && is_of_this_server ? buf_text(&curl) : NULL);
    buf_putc(out, '}');
    if (buf_ok(out))
        line_feeds_replace(out->data + begin, out->length - begin);
    buf_puts(out, "\n\n");
    buf_fini(&curl);
}

void event_write_lost(struct buf *out, unsigned long long count)
{
    buf_printf(out, "event: lost\ndata: {\"count\":%llu}\n\n", count);
}

void event_write_changed(struct buf *out, unsigned changes)
{
    static const char *const names[TOPICS] = { "clock",    "faults",    "policy",
                                               "contacts", "sandboxes", "expect" };
    const char *comma = "";

    buf_puts(out, "event: changed\ndata: {\"what\":[");
    if (changes == 0)
        buf_puts(out, "\"journal\"");
    for (size_t i = 0; i < TOPICS; i++) {
        if ((changes >> i & 1) == 0)
            continue;
        buf_printf(out, "%s\"%s\"", comma, names[i]);
        comma = ",";
    }
    buf_puts(out, "]}\n\n");
}

void event_write_hello(struct buf *out, const char *life, bool is_resumed, const char *sandbox,
                       const char *base_url)
{
    buf_printf(out,
               "retry: %d\nevent: hello\ndata: {\"v\":1,\"started\":\"%s\",\"version\":\"%s\","
               "\"resumed\":%s,\"sandbox\":",
               RETRY_MS, life, hm_version(), is_resumed ? "true" : "false");
    json_text_puts(out, *sandbox == '\0' ? NULL : sandbox);
    buf_puts(out, ",\"base_url\":");
    json_text_puts(out, base_url);
    buf_puts(out, "}\n\n");
}

void event_write_ready(struct buf *out)
{
    buf_puts(out, "event: ready\ndata: {}\n\n");
}

bool event_id_read(unsigned long long *serial, const char *id, const char *life)
{
    size_t length = strlen(life);
    int64_t number;

    if (id == NULL || strncmp(id, life, length) != 0 || id[length] != '-' ||
        !text_to_int64(&number, id + length + 1, 0, INT64_MAX - 1))
        return false;
    *serial = (unsigned long long)number;
    return true;
}
