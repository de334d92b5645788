#include "intercept/reach.h"

#include "journal/counts.h"
#include "tls/handshake.h"
#include <string.h>

enum { REACH_BYTES_MAX = 64 * 1024, HOSTS_SHOWN = 10 };

static const struct kind_row {
    const char *word, *why;
} kind_rows[REACH_KINDS] = {
    [REACH_ARRIVED] = { "arrived", NULL },
    [REACH_DISTRUSTED] = { "distrusted", NULL },
    [REACH_IN_THE_CLEAR] = { "in-the-clear", NULL },
    [REACH_SUBDOMAIN] = { "subdomain",
                          "CMD asked only for a host below " INTERCEPT_NAME
                          ", which is not intercepted; it must call https://" INTERCEPT_NAME },
    [REACH_SILENT] = { "silent",
                       "CMD looked " INTERCEPT_NAME " up or connected to it, but sent no request" },
    [REACH_PROXY_UNUSED] = { "proxy-unused",
                             "no connection came to the proxy. CMD made no call, or its client "
                             "ignores proxy variables: then it called the real service. Use "
                             "--intercept without =proxy" },
    [REACH_NEVER_CONNECTED] = { "never-connected",
                                "CMD never connected to " INTERCEPT_NAME
                                ". It made no call (do its tests replace the HTTP client?), or it "
                                "uses another host or a fixed address" },
};

const char *reach_word(enum reach_kind kind)
{
    return kind_rows[kind].word;
}

/* Requests for the intercepted host that were not for its port 443, "port 80". 0: there was none.
 */
static int wrong_port(struct asked *asked)
{
    int port = 0;

    pthread_mutex_lock(&asked->lock);
    for (size_t i = 0; i < asked->count && port == 0; i++) {
        const struct asked_host *host = &asked->at[i];

        if (host->result == ASKED_REFUSED && host->port != INTERCEPTED_PORT &&
            strcmp(host->name, INTERCEPT_NAME) == 0)
            port = host->port;
    }
    pthread_mutex_unlock(&asked->lock);
    return port;
}

static bool has_subdomain(struct asked *asked)
{
    bool has_one = false;

    pthread_mutex_lock(&asked->lock);
    for (size_t i = 0; i < asked->count; i++) {
        const char *name = asked->at[i].name;

        has_one |= host_is_subdomain((struct span){ name, strlen(name) });
    }
    pthread_mutex_unlock(&asked->lock);
    return has_one;
}

/* A connection that ended before its first TLS message is no failed handshake of a client that did
 * not like what it saw. */
static bool has_handshake(const struct mock *mock)
{
    return handshakes_failed(&mock->handshakes) > 0 &&
           (mock->handshakes.watch == NULL || atomic_load(&mock->handshakes.begun) > 0);
}

static enum reach_kind kind_find(struct intercept *intercept, const struct mock *mock)
{
    struct asked *asked = &intercept->beside.asked;

    if (atomic_load(&mock->counts->requests) + atomic_load(&mock->counts->others) > 0)
        return REACH_ARRIVED;
    if (has_handshake(mock))
        return REACH_DISTRUSTED;
    if (wrong_port(asked) != 0)
        return REACH_IN_THE_CLEAR;
    if (handshakes_failed(&mock->handshakes) + atomic_load(&mock->handshakes.begun) +
            asked_times(asked, ASKED_OURS) >
        0)
        return REACH_SILENT;
    if (has_subdomain(asked))
        return REACH_SUBDOMAIN;
    return intercept->method == INTERCEPT_PROXY && asked->count == 0 ? REACH_PROXY_UNUSED
                                                                     : REACH_NEVER_CONNECTED;
}

static void handshake_write(struct buf *out, const struct intercept *intercept,
                            const struct mock *mock, const struct environment *given)
{
    const struct peer *worst = peers_worst(&intercept->beside.peers);
    const char *reason = handshake_reason(&mock->handshakes);

    if (!has_handshake(mock))
        return;
    if (worst != NULL && handshake_is_distrust(reason))
        peer_cure(out, worst, given, intercept->has_mounts);
    else
        handshake_cure(out, reason, true);
}

/* Calls of the intercepted host that went to another port. */
static void wrong_port_write(struct buf *out, int port)
{
    if (port == INTERCEPTED_CLEAR_PORT)
        buf_puts(out,
                 "CMD called http://" INTERCEPT_NAME ", so requests were sent in the clear; it "
                 "must call https://" INTERCEPT_NAME);
    else if (port != 0)
        buf_printf(out,
                   "CMD called port %d of " INTERCEPT_NAME "; it must call "
                   "https://" INTERCEPT_NAME,
                   port);
}

static void why_write(struct reach *reach)
{
    if (reach->kind == REACH_DISTRUSTED)
        buf_puts(&reach->why, buf_text(&reach->handshake));
    else if (reach->kind == REACH_IN_THE_CLEAR)
        wrong_port_write(&reach->why, wrong_port(&reach->intercept->beside.asked));
    else if (kind_rows[reach->kind].why != NULL)
        buf_puts(&reach->why, kind_rows[reach->kind].why);
}

/* Hosts that were refused, but not the intercepted one. */
static void refused_write(struct buf *out, struct asked *asked)
{
    const char *between = "CMD also asked for ";
    bool can_allow = false; /* one that --allow-host takes */
    size_t refused = 0;

    pthread_mutex_lock(&asked->lock);
    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_host *host = &asked->at[i];

        if (host->result != ASKED_REFUSED || strcmp(host->name, INTERCEPT_NAME) == 0)
            continue;
        can_allow |= !host_is_subdomain((struct span){ host->name, strlen(host->name) });
        if (++refused > HOSTS_SHOWN)
            continue;
        buf_printf(out, "%s%s", between, host->name);
        if (host->port != 0)
            buf_printf(out, " port %d", host->port);
        between = ", ";
    }
    if (refused > HOSTS_SHOWN)
        buf_printf(out, " and %zu others", refused - HOSTS_SHOWN);
    if (refused > 0)
        buf_puts(out, refused == 1 ? ", which was refused" : ", which were refused");
    if (can_allow)
        buf_puts(out, "; --allow-host HOST:PORT lets CMD reach one");
    if (refused > 0)
        buf_putc(out, '\n');
    pthread_mutex_unlock(&asked->lock);
}

static void failed_write(struct buf *out, const struct allow_targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        const struct tunnel_counts *counts = &targets->at[i].counts;
        const unsigned long long failed = atomic_load(&counts->failed);

        if (failed > 0)
            buf_printf(out, "%llu connection%s to %s:%d of --allow-host failed: %s\n", failed,
                       failed == 1 ? "" : "s", targets->at[i].name, targets->at[i].port,
                       strerror(atomic_load(&counts->error)));
    }
}

static void more_write(struct buf *out, struct intercept *intercept, enum reach_kind kind)
{
    struct asked *asked = &intercept->beside.asked;

    if (kind != REACH_IN_THE_CLEAR && wrong_port(asked) != 0) {
        wrong_port_write(out, wrong_port(asked));
        buf_putc(out, '\n');
    }
    refused_write(out, asked);
    failed_write(out, &intercept->beside.targets);
    if (intercept->method == INTERCEPT_PROXY && kind != REACH_PROXY_UNUSED)
        buf_puts(out, "only what came to the proxy is known: a client that ignores proxy variables "
                      "calls the real service\n");
}

void reach_judge(struct reach *reach, struct intercept *intercept, const struct mock *mock,
                 const struct environment *given)
{
    *reach = (struct reach){ .kind = kind_find(intercept, mock), .intercept = intercept };
    buf_init(&reach->why, REACH_BYTES_MAX);
    buf_init(&reach->handshake, REACH_BYTES_MAX);
    buf_init(&reach->more, REACH_BYTES_MAX);
    handshake_write(&reach->handshake, intercept, mock, given);
    why_write(reach);
    more_write(&reach->more, intercept, reach->kind);
}

void reach_fini(struct reach *reach)
{
    buf_fini(&reach->why);
    buf_fini(&reach->handshake);
    buf_fini(&reach->more);
}

json_t *reach_json(const struct reach *reach)
{
    static const char *const methods[] = { [INTERCEPT_NONE] = "off",
                                           [INTERCEPT_NAMESPACE] = "namespace",
                                           [INTERCEPT_CONNECT] = "connect",
                                           [INTERCEPT_KEEP_NETWORK] = "keep-network",
                                           [INTERCEPT_PROXY] = "proxy" };
    struct beside *beside = &reach->intercept->beside;

    return json_pack(
        "{ss,ss,so,so,sI,so,so}", "method", methods[reach->intercept->method], "reach",
        reach_word(reach->kind), "message",
        reach->why.length == 0 ? json_null()
                               : json_stringn(buf_text(&reach->why), reach->why.length),
        "hosts", asked_json(&beside->asked), "hosts_more", (json_int_t)beside->asked.more,
        "allowed", allow_targets_json(&beside->targets), "distrusted", peers_json(&beside->peers));
}
