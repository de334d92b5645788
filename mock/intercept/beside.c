#include "intercept/beside.h"

#include "support/buf.h"
#include "support/file.h"
#include <string.h>

enum { RESOLVER_BYTES_MAX = 64 * 1024 };

enum hm_code beside_init(struct beside *beside, const struct option_texts *allow_hosts,
                         struct hm_error *err)
{
    memset(beside, 0, sizeof *beside);
    asked_init(&beside->asked);
    peers_init(&beside->peers);
    return allow_targets_read(&beside->targets, allow_hosts, err);
}

enum hm_code beside_fork(struct beside *beside, struct hm_error *err)
{
    return allow_start(&beside->allow, &beside->targets, err);
}

enum hm_code beside_listen(struct beside *beside, struct hm_error *err)
{
    return allow_listen(&beside->allow, err);
}

static void resolver_read(struct name_forward *forward)
{
    struct hm_error ignored; /* without the file there is a default */
    struct buf text;

    buf_init(&text, RESOLVER_BYTES_MAX);
    name_forward_init(
        forward, file_read(&text, "/etc/resolv.conf", &ignored) == HM_OK ? buf_text(&text) : "");
    buf_fini(&text);
}

enum hm_code beside_serve_names(struct beside *beside, int udp, int tcp, struct in_addr address,
                                bool forwards, struct hm_error *err)
{
    const struct name_server_options options = {
        .udp = udp,
        .tcp = tcp,
        .known = beside->known,
        .known_count = forwards ? 1 : 1 + allow_names(beside->known + 1, &beside->targets),
        .forward = forwards ? &beside->forward : NULL,
        .asked = &beside->asked,
    };

    if (forwards)
        resolver_read(&beside->forward);
    beside->known[0] =
        (struct known_name){ .name = INTERCEPT_NAME, .address = address, .result = ASKED_OURS };
    return name_server_start(&beside->names, &options, err);
}

enum hm_code beside_serve_clear(struct beside *beside, const struct sockaddr_in *clear,
                                struct hm_error *err)
{
    return clear_port_start(&beside->clear, clear, &beside->asked, err);
}

enum hm_code beside_serve_proxy(struct beside *beside, int mock_port,
                                struct environment *environment, struct hm_error *err)
{
    const struct proxy_options options = { .mock_port = mock_port,
                                           .allowed = &beside->targets,
                                           .asked = &beside->asked };
    const enum hm_code code = proxy_start(&beside->proxy, &options, err);

    if (code == HM_OK)
        proxy_environment_set(environment, proxy_port(beside->proxy));
    return code;
}

void beside_stop(struct beside *beside)
{
    name_server_stop(beside->names);
    clear_port_stop(beside->clear);
    proxy_stop(beside->proxy);
    allow_stop(&beside->allow);
    beside->names = NULL;
    beside->clear = NULL;
    beside->proxy = NULL;
}

void beside_fini(struct beside *beside)
{
    beside_stop(beside);
    peers_fini(&beside->peers);
    asked_fini(&beside->asked);
}
