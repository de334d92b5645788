#include "intercept/proxy.h"

#include "intercept/head_server.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 700 };

static const char connected[] = "HTTP/1.1 200 Connection established\r\n\r\n";
static const char not_connected[] =
    "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

struct proxy {
    struct head_server server; /* first */
    struct loop loop;
    struct proxy_options options;
    struct tunnel_target mock;
    struct tunnel_counts mock_counts;
};

/* The host and port of "http://host:port/path"; port 80 if there is none. False: it is no such URL.
 */
static bool url_read(struct span *host, int *port, struct span url)
{
    static const char scheme[] = "http://";
    char with_port[ASKED_NAME_TEXT + sizeof ":80"];
    size_t length = 0;

    if (!span_starts_nocase(url, scheme))
        return false;
    url = span_skip(url, sizeof scheme - 1);
    while (length < url.length && !is_one_of(url.at[length], "/?#"))
        length++;
    url.length = length;
    if (host_port_read(host, port, url))
        return true;
    if (url.length == 0 || url.length >= ASKED_NAME_TEXT)
        return false;
    memcpy(with_port, url.at, url.length);
    memcpy(with_port + url.length, ":80", sizeof ":80");
    if (!host_port_read(host, port, (struct span){ with_port, url.length + 3 }))
        return false;
    host->at = url.at + (host->at - with_port);
    return true;
}

bool proxy_target_read(struct span *host, int *port, struct span method, struct span target)
{
    return span_is(method, "CONNECT") ? host_port_read(host, port, target)
                                      : url_read(host, port, target);
}

static void refuse(struct head_client *client, struct span host, int port)
{
    char text[TEXT_BYTES_MAX];

    if (host_is_intercepted(host) || host_is_subdomain(host))
        snprintf(text, sizeof text,
                 "heymarket-mock: only https://" INTERCEPT_NAME " is served, %.*s port %d is not",
                 (int)host.length, host.at, port);
    else
        snprintf(text, sizeof text,
                 "heymarket-mock: %.*s port %d is refused; run --intercept=proxy --allow-host "
                 "%.*s:%d allows it",
                 (int)host.length, host.at, port, (int)host.length, host.at, port);
    head_client_answer(client, "403 Forbidden", text);
}

static void on_head(struct head_server *server, struct loop *loop, struct head_client *client,
                    struct span method, struct span target)
{
    struct proxy *proxy = (void *)server;
    const bool is_connect = span_is(method, "CONNECT");
    struct allow_target *allowed;
    struct tunnel_options options = { .early = client->bytes,
                                      .early_length = client->length,
                                      .failure = not_connected };
    struct span host;
    bool is_ours;
    int port;

    if (!proxy_target_read(&host, &port, method, target)) {
        head_client_answer(client, "400 Bad Request",
                           "heymarket-mock: this is a proxy; expected CONNECT HOST:PORT");
        return;
    }
    is_ours = is_connect && port == INTERCEPTED_PORT && host_is_intercepted(host);
    allowed = allow_target_find(proxy->options.allowed, host, port);
    asked_note(proxy->options.asked, host.at, host.length, port,
               is_ours           ? ASKED_OURS
               : allowed != NULL ? ASKED_ALLOWED
                                 : ASKED_REFUSED);
    if (!is_ours && allowed == NULL) {
        refuse(client, host, port);
        return;
    }
    options.target = is_ours ? &proxy->mock : &allowed->outside;
    options.counts = is_ours ? &proxy->mock_counts : &allowed->counts;
    if (is_connect) {
        options.success = connected;
        options.early = client->bytes + client->head;
        options.early_length = client->length - client->head;
    }
    /* A request that is no CONNECT goes on as it is: every server takes a whole URL (RFC 9112,
     * section 3.2.2). */
    tunnel_open(loop, head_client_take(client), &options);
}

enum hm_code proxy_start(struct proxy **proxy, const struct proxy_options *options,
                         struct hm_error *err)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    enum hm_code code;

    *proxy = calloc(1, sizeof **proxy);
    if (*proxy == NULL)
        return no_memory(err);
    (*proxy)->options = *options;
    (*proxy)->server.on_head = on_head;
    TRY(loop_init(&(*proxy)->loop, err));
    TRY(head_server_listen(&(*proxy)->loop, &(*proxy)->server, &at, err));
    at.sin_port = htons((uint16_t)options->mock_port);
    memcpy(&(*proxy)->mock.at[0], &at, sizeof at);
    (*proxy)->mock.count = 1;
    TRY(loop_start(&(*proxy)->loop, err));
out:
    if (code != HM_OK) {
        proxy_stop(*proxy);
        *proxy = NULL;
    }
    return code;
}

void proxy_stop(struct proxy *proxy)
{
    if (proxy == NULL)
        return;
    loop_fini(&proxy->loop);
    free(proxy);
}

int proxy_port(const struct proxy *proxy)
{
    return proxy->server.port;
}

void proxy_environment_set(struct environment *environment, int port)
{
    /* Ruby takes http_proxy for HTTPS, too. */
    static const char *const proxies[] = { "HTTPS_PROXY", "https_proxy", "HTTP_PROXY",
                                           "http_proxy",  "ALL_PROXY",   "all_proxy" };
    static const char *const bypasses[] = { "NO_PROXY", "no_proxy" };
    const char *java;

    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++)
        environment_put(environment, "%s=http://127.0.0.1:%d", proxies[i], port);
    /* Not added to what is there: it could name the intercepted host. */
    for (size_t i = 0; i < sizeof bypasses / sizeof bypasses[0]; i++)
        environment_set(environment, bypasses[i], "localhost,127.0.0.1,::1");
    environment_set(environment, "NODE_USE_ENV_PROXY", "1"); /* Node 24 */
    java = environment_find(environment, "JAVA_TOOL_OPTIONS");
    if (java != NULL)
        environment_put(environment,
                        "JAVA_TOOL_OPTIONS=%s -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=%d",
                        java, port);
}
