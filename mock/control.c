#include "control.h"

#include "channel_answer.h"
#include "exchange.h"
#include "json_text.h"
#include "listener.h"
#include "respond.h"
#include <arpa/inet.h>
#include <heymarket/error.h>
#include <inttypes.h>
#include <string.h>

enum { HOST_BYTES_MAX = 64 };

/* An IP literal or localhost, with or without a port: names that somebody else could point at this
 * machine are none of ours (DNS rebinding). */
static bool is_host_ours(const char *host)
{
    bool is_v6 = host != NULL && *host == '[';
    const char *start = is_v6 ? host + 1 : host;
    size_t length = host == NULL ? 0 : strcspn(start, is_v6 ? "]" : ":");
    struct in6_addr address;
    char name[HOST_BYTES_MAX];
    const char *port;

    if (length == 0 || length >= sizeof name || (is_v6 && start[length] != ']'))
        return false;
    memcpy(name, start, length);
    name[length] = '\0';
    port = start + length + (is_v6 ? 1 : 0);
    if (*port != '\0' && (*port != ':' || port[1 + strspn(port + 1, "0123456789")] != '\0'))
        return false;
    if (is_v6)
        return inet_pton(AF_INET6, name, &address) == 1;
    return inet_pton(AF_INET, name, &address) == 1 || text_equal_nocase(name, "localhost");
}

/* No page of another origin may look. */
static bool is_from_a_page(const struct request *request)
{
    const char *site = request->sec_fetch_site;

    return request->origin != NULL ||
           (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0);
}

enum step_result control_refuse_page(struct exchange *x)
{
    if (!is_from_a_page(&x->request))
        return STEP_NEXT;
    respond_error_saying(x, 403, "the control plane does not talk to web pages of other origins");
    return STEP_ANSWERED;
}

static bool is_asked_from_here(const struct exchange *x)
{
    return x->mock->control.is_on && is_loopback_address(x->request.peer) &&
           is_host_ours(x->request.host);
}

enum step_result control_refuse_stranger(struct exchange *x)
{
    if (is_asked_from_here(x))
        return STEP_NEXT;
    respond_error_saying(x, 403,
                         x->mock->control.is_on
                             ? "the control plane talks to this machine alone: ask from a loopback "
                               "address, with a Host that is an IP address or localhost"
                             : "the control plane is off, for not every listener is loopback");
    return STEP_ANSWERED;
}

enum step_result control_require_json(struct exchange *x)
{
    const char *type = x->request.content_type;

    if (type != NULL && is_json_media_type(type, strlen(type)))
        return STEP_NEXT;
    respond_error_saying(x, 415, "send Content-Type: application/json");
    return STEP_ANSWERED;
}

static void counts_write(struct buf *out, struct counts *counts)
{
    buf_printf(out,
               "{\"requests\":%llu,\"accepted\":%llu,\"refused\":%llu,\"warned\":%llu,"
               "\"dropped\":0}",
               (unsigned long long)atomic_load(&counts->requests),
               (unsigned long long)atomic_load(&counts->accepted),
               (unsigned long long)atomic_load(&counts->refused),
               (unsigned long long)atomic_load(&counts->warned));
}

static void urls_write(struct buf *out, char *const *urls)
{
    for (size_t i = 0; urls != NULL && urls[i] != NULL; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        json_text_puts(out, urls[i]);
    }
}

static enum step_result answer(struct exchange *x)
{
    if (buf_ok(&x->scratch))
        respond(x, 200, x->scratch.data, x->scratch.length, "");
    else
        respond_error(x, 500);
    return STEP_ANSWERED;
}

/* Strangers learn that it is up, and nothing else. */
static enum step_result health_answer(struct exchange *x)
{
    struct buf *out = &x->scratch;
    int64_t uptime_us = clock_monotonic_us() - x->mock->started_us;

    buf_clear(out);
    buf_puts(out, "{\"v\":1,\"status\":\"ok\"");
    if (is_asked_from_here(x)) {
        buf_printf(out, ",\"version\":\"%s\",\"uptime_s\":%" PRId64 ",\"now\":%" PRId64,
                   hm_version(), uptime_us / 1000000, x->now_s);
        buf_printf(out, ",\"clock\":\"%s\",\"listeners\":[", clock_kind_name(&x->state->clock));
        urls_write(out, atomic_load(&x->mock->urls));
        buf_puts(out, "],\"counts\":");
        counts_write(out, &x->mock->counts);
    }
    buf_putc(out, '}');
    return answer(x);
}

static enum step_result policy_answer(struct exchange *x)
{
    buf_clear(&x->scratch);
    buf_puts(&x->scratch, "{\"v\":1,\"policy\":");
    policy_write(&x->scratch, &x->state->policy);
    buf_putc(&x->scratch, '}');
    return answer(x);
}

static const step_fn health_steps[] = { control_refuse_page, health_answer, NULL };
static const step_fn policy_steps[] = { control_refuse_page, control_refuse_stranger, policy_answer,
                                        NULL };

const struct operation op_health = { "health", true, health_steps };
const struct operation op_policy = { "policy", true, policy_steps };
