#include "intercept/intercept.h"

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
    return hm_error_set(err, HM_INTERNAL, "--intercept=%s: not built yet",
                        intercept_words[options->wish]);
}

const char *intercept_listen(const struct intercept *intercept)
{
    return intercept->method == INTERCEPT_NAMESPACE ? INTERCEPT_ADDRESS ":80" : "127.0.0.1:0";
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
    return intercept->method == INTERCEPT_NONE ? HM_OK : HM_INTERNAL;
}

enum hm_code intercept_serve(struct intercept *intercept, int http_port, int https_port,
                             struct environment *environment, struct hm_error *err)
{
    (void)environment;
    (void)err;
    intercept->http_port = http_port;
    intercept->https_port = https_port;
    return HM_OK;
}

void intercept_end(struct intercept *intercept)
{
    if (intercept->options == NULL)
        return;
    if (intercept->name_udp >= 0)
        close(intercept->name_udp);
    if (intercept->name_tcp >= 0)
        close(intercept->name_tcp);
}
