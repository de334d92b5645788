#include "play/repeat.h"
#include "contract/variables.h"
#include "support/escape.h"
#include "support/wall_clock.h"
#include <string.h>
#include <strings.h>

enum { CLOCK_SLACK_S = 1, SPACES_SHOWN_MAX = 64 };

/* The default address of heymarket-mock. */
#define MOCK_BASE_URL "http://127.0.0.1:8580"

static void append_quoted(struct buf *out, const char *option, const char *text)
{
    buf_printf(out, " %s ", option);
    escape_shell(out, text);
}

/* Is a token that is signed by the system's clock valid there? */
static bool is_clock_right(const struct target *target)
{
    int64_t ahead = target_now(target) - wall_clock_s();

    return target->kind == TARGET_STARTED ||
           (!target->stands_still && ahead >= -CLOCK_SLACK_S && ahead <= CLOCK_SLACK_S);
}

static void append_tls(struct buf *out, const char *ca_option, const struct repeat *repeat)
{
    static const char https[] = "https:";

    if (strncmp(repeat->target->base_url, https, sizeof https - 1) != 0)
        return;
    if (repeat->tls->ca_file != NULL)
        append_quoted(out, ca_option, repeat->tls->ca_file);
    if (repeat->tls->cert_file != NULL)
        append_quoted(out, "--cert", repeat->tls->cert_file);
    if (repeat->tls->key_file != NULL)
        append_quoted(out, "--key", repeat->tls->key_file);
}

/* The command that prints the @nth Authorization value of a step, with the names of the run. */
static void append_token_command(struct buf *out, const struct repeat *repeat,
                                 const struct test_case *test, size_t step, size_t nth,
                                 size_t count)
{
    const bool is_on_time = is_clock_right(repeat->target);

    buf_puts(out, "$(");
    if (repeat->target->kind == TARGET_STARTED &&
        !names_agree_with_environment(&repeat->target->names))
        buf_puts(out, "env -u " VARIABLE_SECRET_ID " -u " VARIABLE_SECRET_KEY " "
                      "-u " VARIABLE_CONTACT_ID " ");
    buf_printf(out, "heymarket-conformance token %s", test->id);
    if (test->step_count > 1)
        buf_printf(out, " --step %zu", step + 1);
    if (repeat->fixtures != NULL)
        append_quoted(out, "--fixtures", repeat->fixtures);
    if (repeat->target_file != NULL)
        append_quoted(out, "--target", repeat->target_file);
    if (!is_on_time || (repeat->target_file != NULL && repeat->base_url != NULL))
        append_quoted(out, "--base-url", repeat->target->base_url);
    if (!is_on_time || repeat->target_file != NULL)
        append_tls(out, "--ca-file", repeat);
    if (count > 1)
        buf_printf(out, " | sed -n %zup", nth + 1);
    buf_putc(out, ')');
}

static void append_header(struct buf *out, const struct http_header *header)
{
    struct buf line;

    buf_init(&line, REPEAT_BYTES_MAX);
    if (header->value == NULL)
        buf_printf(&line, "%s:", header->name);
    else
        buf_printf(&line, *header->value ? "%s: %s" : "%s;%s", header->name, header->value);
    append_quoted(out, "-H", buf_text(&line));
    buf_fini(&line);
}

static void append_headers(struct buf *out, const struct repeat *repeat,
                           const struct test_case *test, size_t step, const struct message *message)
{
    size_t tokens = message->authorization.count;
    bool has_media_type = false;

    for (size_t i = 0; i < message->header_count; i++) {
        if (i < tokens && *message->authorization.at[i]) {
            buf_puts(out, " -H \"Authorization: ");
            append_token_command(out, repeat, test, step, i, tokens);
            buf_putc(out, '"');
        } else if (gateway_headers_have(message->names->gateway, message->headers[i].value)) {
            buf_printf(out, " -H \"%s: $", message->headers[i].name);
            gateway_header_variable(out, message->headers[i].name);
            buf_putc(out, '"');
        } else {
            append_header(out, &message->headers[i]);
        }
        if (strcasecmp(message->headers[i].name, "Content-Type") == 0)
            has_media_type = true;
    }
    /* else curl adds its own */
    if (message->has_body && !has_media_type)
        buf_puts(out, " -H 'Content-Type:'");
    if (message->is_chunked)
        buf_puts(out, " -H 'Transfer-Encoding: chunked'");
}

static bool is_plain_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < ' ' || (unsigned char)text[i] > '~')
            return false;
    }
    return true;
}

/* A body that is unreadable or too long for a command line comes through a pipe. */
static void append_pipe(struct buf *out, const struct message *message)
{
    const char *body = buf_text(&message->body);
    size_t length = message->body.length;
    size_t spaces = strspn(body, " ");

    if (spaces > SPACES_SHOWN_MAX && is_plain_text(body, length)) {
        buf_printf(out, "printf '%%%zus%%s' '' ", spaces);
        escape_shell(out, body + spaces);
    } else {
        buf_puts(out, "printf '");
        for (size_t i = 0; i < length; i++)
            buf_printf(out, "\\%03o", (unsigned char)body[i]);
        buf_putc(out, '\'');
    }
    buf_puts(out, " | ");
}

static bool is_piped(const struct message *message)
{
    const char *body = buf_text(&message->body);

    return message->has_body &&
           (strspn(body, " ") > SPACES_SHOWN_MAX || !is_plain_text(body, message->body.length));
}

static void append_line(struct buf *out, const struct repeat *repeat, const struct test_case *test,
                        size_t step, const struct message *message)
{
    const char *method = step_text(message->step, "method");
    const char *url = buf_text(&message->url);
    struct buf shown;

    buf_init(&shown, REPEAT_BYTES_MAX);
    if (repeat->target->kind == TARGET_STARTED)
        buf_printf(&shown, "%s%s", MOCK_BASE_URL, url + strlen(repeat->target->base_url));
    else
        buf_puts(&shown, url);
    if (is_piped(message))
        append_pipe(out, message);
    buf_puts(out, "curl -sS ");
    if (strpbrk(url, "[]{}") != NULL)
        buf_puts(out, "-g ");
    if (strstr(url, "/.") != NULL)
        buf_puts(out, "--path-as-is ");
    if (strcmp(method, "HEAD") == 0)
        buf_puts(out, "-I ");
    else
        buf_printf(out, "-X %s ", method);
    escape_shell(out, buf_text(&shown));
    append_tls(out, "--cacert", repeat);
    append_headers(out, repeat, test, step, message);
    if (is_piped(message))
        buf_puts(out, " --data-binary @-");
    else if (message->has_body && strcmp(method, "HEAD") != 0)
        append_quoted(out, "--data-raw", buf_text(&message->body));
    buf_putc(out, '\n');
    buf_fini(&shown);
}

static void append_mock(struct buf *out, const struct test_case *test)
{
    buf_puts(out, "# against: heymarket-mock");
    for (size_t i = 0; test->file->mock_arguments[i] != NULL; i++)
        buf_printf(out, " %s", test->file->mock_arguments[i]);
    if (strcmp(test->file->world, "default") != 0)
        buf_printf(out, " --world worlds/%s.json", test->file->world);
    buf_putc(out, '\n');
}

void repeat_write(struct buf *out, const struct repeat *repeat, const struct test_case *test,
                  const struct round_trip *trips, size_t last)
{
    if (repeat->target->kind == TARGET_STARTED)
        append_mock(out, test);
    for (size_t i = 0; i <= last && i < test->step_count; i++) {
        if (trips[i].was_tried && test->steps[i].wait_s > 0)
            buf_printf(out, "sleep %d\n", (int)test->steps[i].wait_s);
        if (trips[i].was_tried)
            append_line(out, repeat, test, i, &trips[i].message);
    }
}
