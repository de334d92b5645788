#include "intercept/intercept.h"

#include "support/try.h"
#include <arpa/inet.h>
#include <unistd.h>

const char *const intercept_words[] = { "off",          "auto",  "namespace", "connect",
                                        "keep-network", "proxy", "check",     NULL };

enum hm_code intercept_choose(struct intercept *intercept, const struct intercept_options *options,
                              struct hm_error *err)
{
    *intercept = (struct intercept){ .options = options, .name_udp = -1, .name_tcp = -1 };
    inet_pton(AF_INET, INTERCEPT_ADDRESS, &intercept->address);
    if (options->wish == WISH_NONE)
        return HM_OK;
    if (options->wish == WISH_PROXY) {
        intercept->method = INTERCEPT_PROXY;
        return beside_init(&intercept->beside, &options->allow_hosts, err);
    }
    return hm_error_set(err, HM_INTERNAL, "--intercept=%s: not built yet",
                        intercept_words[options->wish]);
}

const char *intercept_tls_listen(const struct intercept *intercept)
{
    return intercept->method == INTERCEPT_NAMESPACE ? INTERCEPT_ADDRESS ":443" : "127.0.0.1:0";
}

enum hm_code intercept_enter(struct intercept *intercept, const struct intercept_trust *trust,
                             struct environment *environment, struct hm_error *err)
{
    (void)trust;
    (void)environment;
    (void)err;
    if (intercept->method == INTERCEPT_PROXY)
        return HM_OK;
    return intercept->method == INTERCEPT_NONE ? HM_OK : HM_INTERNAL;
}

/* The name server has its bound sockets, and the mock's address port 80. */
static enum hm_code names_serve(struct intercept *intercept, struct hm_error *err)
{
    const bool is_private = intercept->method == INTERCEPT_NAMESPACE;
    const struct sockaddr_in clear = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = is_private ? intercept->address.s_addr : htonl(INADDR_LOOPBACK),
        .sin_port = is_private ? htons(INTERCEPTED_CLEAR_PORT) : 0,
    };
    const int udp = intercept->name_udp, tcp = intercept->name_tcp;
    enum hm_code code;

    intercept->name_udp = intercept->name_tcp = -1;
    TRY(beside_serve_names(&intercept->beside, udp, tcp, intercept->address, err));
    TRY(beside_serve_clear(&intercept->beside, &clear, err));
    intercept->http_port = clear_port_number(intercept->beside.clear);
out:
    return code;
}

enum hm_code intercept_serve(struct intercept *intercept, int https_port,
                             struct environment *environment, struct hm_error *err)
{
    intercept->https_port = https_port;
    return intercept->method == INTERCEPT_PROXY
               ? beside_serve_proxy(&intercept->beside, https_port, environment, err)
               : names_serve(intercept, err);
}

void intercept_end(struct intercept *intercept)
{
    if (intercept->options == NULL)
        return;
    beside_stop(&intercept->beside);
    if (intercept->name_udp >= 0)
        close(intercept->name_udp);
    if (intercept->name_tcp >= 0)
        close(intercept->name_tcp);
}
