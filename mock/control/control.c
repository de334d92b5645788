#include "control/control.h"

#include "contract/channel_answer.h"
#include "contract/mask.h"
#include "contract/variables.h"
#include "operation/body.h"
#include "store/store.h"
#include "support/escape.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_BYTES_MAX = 256, COMPLAINT_BYTES_MAX = 4 * HM_ERROR_TEXT };

static bool is_ip_literal(const char *name, bool is_bracketed)
{
    struct in6_addr address;

    return inet_pton(is_bracketed ? AF_INET6 : AF_INET, name, &address) == 1;
}

static bool is_named(const struct control *control, const char *name)
{
    for (size_t i = 0; i < control->host_count; i++) {
        if (text_equal_nocase(control->hosts[i], name))
            return true;
    }
    return text_equal_nocase(name, "localhost");
}

/* An IP address, localhost or a --control-host, with or without a port. An attacker may point any
 * other name at this machine (DNS rebinding). */
static bool is_host_ours(const struct control *control, const char *host)
{
    bool is_v6 = host != NULL && *host == '[';
    const char *start = is_v6 ? host + 1 : host;
    size_t length = host == NULL ? 0 : strcspn(start, is_v6 ? "]" : ": \t");
    char name[HOST_BYTES_MAX];
    const char *port;

    if (length == 0 || length >= sizeof name || (is_v6 && start[length] != ']'))
        return false;
    memcpy(name, start, length);
    name[length] = '\0';
    port = start + length + (is_v6 ? 1 : 0);
    port += *port == ':' ? 1 + strspn(port + 1, "0123456789") : 0;
    if (port[strspn(port, " \t")] != '\0')
        return false;
    return is_ip_literal(name, is_v6) || (!is_v6 && is_named(control, name));
}

/* Is it the mock's own page, loaded from this listener by this name? */
static bool is_origin_ours(const struct exchange *x)
{
    const char *origin = private_open(x->request.origin), *host = private_open(x->request.host);
    const char *scheme = x->request.is_tls ? "https://" : "http://";

    return is_host_ours(&x->mock->control, host) && strncmp(origin, scheme, strlen(scheme)) == 0 &&
           text_equal_nocase(origin + strlen(scheme), host);
}

static bool is_from_another_origin(const struct exchange *x)
{
    const char *site = private_open(x->request.sec_fetch_site);

    return (private_is_set(x->request.origin) && !is_origin_ours(x)) ||
           (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0);
}

enum step_result control_refuse_page(struct exchange *x)
{
    if (!is_from_another_origin(x))
        return STEP_NEXT;
    return exchange_complain(
        x, 403, "the control plane does not accept requests from web pages of other origins");
}

/* Why this client may not use the control plane; NULL: it may. */
static const char *why_refused(const struct exchange *x)
{
    const struct control *control = &x->mock->control;

    if (!control->is_on)
        return "the control plane is off: --control off was given, or a listener is not loopback "
               "and --control on was not";
    if (!control->is_for_all_peers && !is_loopback_address(x->request.peer))
        return "the control plane answers only loopback addresses, unless --control on was given";
    if (!is_host_ours(control, private_open(x->request.host)))
        return "the Host must be an IP address, localhost or a --control-host";
    return NULL;
}

bool control_is_for(const struct exchange *x)
{
    return why_refused(x) == NULL;
}

enum step_result control_link(struct exchange *x)
{
    const char *why = why_refused(x);

    return why == NULL ? STEP_NEXT : exchange_complain(x, 403, why);
}

enum step_result control_read(struct exchange *x)
{
    return control_refuse_page(x) == STEP_ANSWERED ? STEP_ANSWERED : control_link(x);
}

#define CONTROL_PATHS                                                                              \
    "health, clock, contacts, contacts/{uuid or name}, doctor, env, events, expect, faults, "      \
    "journal, journal/{request id}, policy, reset, sandboxes, sandboxes/{id}/... and verify"

static enum step_result unknown_answer(struct exchange *x)
{
    return exchange_complain(x, 404, "the control plane has no such path; it has " CONTROL_PATHS);
}

static enum step_result misplaced_answer(struct exchange *x)
{
    return exchange_complain(x, 404,
                             "the paths of the control plane begin with /_mock/ "
                             "(" VARIABLE_MOCK_CONTROL_URL " ends in it, " VARIABLE_MOCK_URL
                             " does not): " CONTROL_PATHS);
}

const struct operation op_control_unknown = { .is_control = true,
                                              .steps = { control_read, unknown_answer } };
const struct operation op_control_misplaced = { .is_control = true,
                                                .steps = { control_read, misplaced_answer } };

/* The API's finding about a large body would mislead here. */
static enum step_result control_body_receive(struct exchange *x)
{
    enum step_result result = body_receive(x);

    if (result == STEP_ANSWERED && x->answer.status == 413) {
        x->findings.count = x->settled = 0;
        exchange_complain(x, 413, "the body has more than 64 KiB");
    }
    return result;
}

enum step_result control_write(struct exchange *x)
{
    const char *type = private_open(x->request.content_type);

    if (control_read(x) == STEP_ANSWERED)
        return STEP_ANSWERED;
    if (type != NULL && !private_is_set(x->request.other_content_type) &&
        is_json_media_type(type, strlen(type)))
        return control_body_receive(x);
    return exchange_complain(x, 415, "send Content-Type: application/json");
}

enum hm_code control_body_parse(struct json_file *file, const struct exchange *x,
                                struct hm_error *err)
{
    bool is_empty = x->body.length == 0;

    return json_file_parse(file, "body", is_empty ? "{}" : x->body.data,
                           is_empty ? 2 : x->body.length, err);
}

struct buf *control_begin(struct exchange *x)
{
    buf_clear(&x->answer.text);
    buf_puts(&x->answer.text, "{\"v\":1");
    if (x->mock->replica[0] != '\0')
        buf_printf(&x->answer.text, ",\"replica\":\"%s\"", x->mock->replica);
    return &x->answer.text;
}

enum step_result control_answer(struct exchange *x, int status)
{
    struct buf *text = &x->answer.text;

    buf_putc(text, '}');
    return buf_ok(text) ? exchange_answer(x, status, text->data, text->length, "")
                        : exchange_refuse(x, 500);
}

static enum answer_step list_next(void *from, struct buf *out)
{
    struct control_list *list = from;

    if (list->head != NULL) {
        buf_puts(out, list->head);
        free(list->head);
        list->head = NULL;
    }
    if (list->at < list->end && list->entry(out, list)) {
        list->at++;
        list->comma = ",";
        return ANSWER_MORE;
    }
    buf_puts(out, list->rest);
    buf_putc(out, '}');
    return ANSWER_END;
}

static void list_end(void *from)
{
    struct control_list *list = from;

    free(list->head);
    free(list);
}

enum step_result control_answer_list(struct exchange *x, const struct control_list *list)
{
    struct answer_stream stream = { .next = list_next, .end = list_end };
    struct control_list *made = malloc(sizeof *made);
    char *head = buf_take(&x->answer.text);

    if (made == NULL || head == NULL) {
        free(made);
        free(head);
        return exchange_refuse(x, 500);
    }
    *made = *list;
    made->x = x;
    made->comma = "";
    made->head = head;
    stream.from = made;
    answer_set_stream(&x->answer, 200, &stream);
    return STEP_ANSWERED;
}

/* The error may quote what was sent, and so a key. */
enum step_result control_fail(struct exchange *x, const struct hm_error *err)
{
    struct hm_error shown = *err;
    struct buf text; /* a quotation may not be UTF-8, or be cut within a character */

    mask_overwrite(exchange_masking(x), shown.text, strlen(shown.text));
    if (private_is_set(x->request.query) &&
        !mask_is_clean(exchange_masking(x), private_open(x->request.query),
                       strlen(private_open(x->request.query))))
        snprintf(
            shown.text, sizeof shown.text,
            "a parameter of the query is wrong; it is not shown, for the query contains a key");
    buf_init(&text, COMPLAINT_BYTES_MAX);
    escape_terminal(&text, shown.text, strlen(shown.text));
    if (buf_ok(&text) && (err->code == HM_BAD_INPUT || err->code == HM_BAD_ARGUMENT))
        exchange_complain(x, 400, buf_text(&text));
    else if (buf_ok(&text) && err->code == HM_REFUSED)
        exchange_complain(x, 409, buf_text(&text));
    else
        exchange_away(x, err->code);
    buf_fini(&text);
    return STEP_ANSWERED;
}

enum hm_code control_apply(struct exchange *x, state_change_fn change, void *context,
                           struct hm_error *err)
{
    struct state *changed;
    enum hm_code code = state_change(&x->sandbox->slot, change, context, &changed, err);

    if (code != HM_OK)
        return code;
    state_release(x->state);
    x->state = changed;
    x->has_masking = false;
    x->now_s = clock_now_s(&changed->clock);
    return HM_OK;
}

/* A change by a body. */
struct body_change {
    control_change_fn change;
    struct json_node body;
};

static enum hm_code change_by_body(struct state *edited, void *context, struct hm_error *err)
{
    const struct body_change *by = context;

    return by->change(edited, &by->body, err);
}

enum step_result control_change(struct exchange *x, control_change_fn change, step_fn answer)
{
    struct body_change by = { .change = change };
    struct json_file file = { 0 };
    struct hm_error err = { 0 };
    enum hm_code code;

    TRY(control_body_parse(&file, x, &err));
    by.body = json_node_root(&file);
    TRY(control_apply(x, change_by_body, &by, &err));
out:
    json_file_fini(&file);
    return code == HM_OK ? answer(x) : control_fail(x, &err);
}
