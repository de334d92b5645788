#include "intercept/intercept.h"

#include "intercept/name_files.h"
#include "intercept/refusal.h"
#include "intercept/supervise_trial.h"
#include "support/try.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const intercept_words[] = { "off",          "auto",  "namespace", "connect",
                                        "keep-network", "proxy", "check",     NULL };

enum { NAME_PORT = 53 };

enum hm_code intercept_connect_try(struct hm_error *err)
{
    return supervise_try(err);
}

/* What to do where nothing is possible. */
#define OTHER_WAYS                                                                                 \
    "set HEYMARKET_API_BASE_URL or the client's own setting, or use --intercept=proxy if your "    \
    "client obeys proxy variables"

static enum hm_code namespace_choose(struct intercept *intercept, struct hm_error *err)
{
    const bool is_free = intercept->options->wish == WISH_ANY;
    struct hm_error why = { 0 };
    struct refusal refusal;
    struct buf text;
    enum hm_code code = HM_OK;

    buf_init(&text, REFUSAL_BYTES_MAX);
    intercept->method = INTERCEPT_NAMESPACE;
    namespace_trial_end(&intercept->trial, &refusal);
    intercept->has_mounts = refusal.step == STEP_NONE;
    if (intercept->has_mounts)
        goto out;
    refusal_write(&text, &refusal);
    if (!is_free)
        TRY(hm_error_set(err, HM_INTERNAL, "--intercept=namespace: %s; CMD was not run",
                         buf_text(&text)));
    if (intercept_connect_try(&why) != HM_OK)
        TRY(hm_error_set(err, HM_INTERNAL, "--intercept: %s, and %s; CMD was not run: " OTHER_WAYS,
                         buf_text(&text), why.text));
    intercept->method = INTERCEPT_CONNECT;
    fprintf(stderr, "heymarket-mock: --intercept: %s; using supervised connect instead\n",
            buf_text(&text));
out:
    buf_fini(&text);
    return code;
}

static enum hm_code connect_choose(struct intercept *intercept, struct hm_error *err)
{
    struct hm_error why = { 0 };

    intercept->method = INTERCEPT_CONNECT;
    if (intercept_connect_try(&why) == HM_OK)
        return HM_OK;
    return hm_error_set(err, HM_INTERNAL, "--intercept=%s: %s; CMD was not run",
                        intercept_words[intercept->options->wish], why.text);
}

/* Without mounts, most clients still believe the variables. */
static enum hm_code keep_network_choose(struct intercept *intercept, struct hm_error *err)
{
    struct refusal refusal;
    struct buf text;
    enum hm_code code;

    buf_init(&text, REFUSAL_BYTES_MAX);
    TRY(connect_choose(intercept, err));
    intercept->method = INTERCEPT_KEEP_NETWORK;
    namespace_trial_end(&intercept->trial, &refusal);
    intercept->has_mounts = refusal.step == STEP_NONE;
    if (intercept->has_mounts)
        goto out;
    refusal_write(&text, &refusal);
    fprintf(stderr,
            "heymarket-mock: --intercept=keep-network: %s; the certificate is made known by "
            "environment variables alone\n",
            buf_text(&text));
out:
    buf_fini(&text);
    return code;
}

enum hm_code intercept_begin(struct intercept *intercept, const struct intercept_options *options,
                             struct hm_error *err)
{
    const int wish = options->wish;

    *intercept = (struct intercept){ .options = options, .name_udp = -1, .name_tcp = -1 };
    inet_pton(AF_INET, INTERCEPT_ADDRESS, &intercept->address);
    if (wish == WISH_NONE && (options->allow_hosts.count > 0 || options->trust_files.count > 0))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s needs --intercept",
                            options->allow_hosts.count > 0 ? "--allow-host" : "--trust-file");
    if (wish == WISH_ANY || wish == WISH_NAMESPACE || wish == WISH_KEEP_NETWORK)
        namespace_trial_begin(&intercept->trial, wish != WISH_KEEP_NETWORK);
    return wish == WISH_NONE ? HM_OK : beside_init(&intercept->beside, &options->allow_hosts, err);
}

enum hm_code intercept_choose(struct intercept *intercept, struct hm_error *err)
{
    switch (intercept->options->wish) {
    case WISH_ANY:
    case WISH_NAMESPACE:
        return namespace_choose(intercept, err);
    case WISH_CONNECT:
        return connect_choose(intercept, err);
    case WISH_KEEP_NETWORK:
        return keep_network_choose(intercept, err);
    case WISH_PROXY:
        intercept->method = INTERCEPT_PROXY;
        return HM_OK;
    default:
        return HM_OK;
    }
}

const char *intercept_tls_listen(const struct intercept *intercept)
{
    return intercept->method == INTERCEPT_NAMESPACE ? INTERCEPT_ADDRESS ":443" : "127.0.0.1:0";
}

static enum hm_code names_mount(struct intercept *intercept, const char *directory,
                                struct hm_error *err)
{
    struct mounts *mounts = &intercept->mounting.mounts;

    if (!mounts_begin(mounts, directory))
        return mounts_complain(directory, err);
    return intercept->method == INTERCEPT_NAMESPACE ? name_files_mount(mounts, err)
                                                    : name_files_mount_hosts(mounts, err);
}

/* Sockets for names. In a network of our own they have the port that all programs ask. */
static enum hm_code names_listen(struct intercept *intercept, struct hm_error *err)
{
    const int port = intercept->method == INTERCEPT_NAMESPACE ? NAME_PORT : 0;
    const struct in_addr loopback = { .s_addr = htonl(INADDR_LOOPBACK) };

    if (intercept->method == INTERCEPT_PROXY)
        return HM_OK;
    intercept->name_udp = namespace_bind(SOCK_DGRAM, loopback, port);
    if (intercept->name_udp >= 0)
        intercept->name_tcp = namespace_bind(SOCK_STREAM, loopback, port);
    if (intercept->name_tcp < 0)
        return hm_error_set(err, HM_INTERNAL,
                            "--intercept: cannot listen on 127.0.0.1:%d for name look-ups: %s",
                            port, strerror(errno));
    return HM_OK;
}

/* Namespaces, with a network in which lo has the mock's address and those of --allow-host. */
static enum hm_code namespaces_enter(struct intercept *intercept, struct namespaces *namespaces,
                                     struct hm_error *err)
{
    const bool has_network = intercept->method == INTERCEPT_NAMESPACE;
    struct in_addr addresses[1 + ALLOW_ADDRESSES_MAX] = { intercept->address };
    struct refusal refusal;
    size_t count = 0;
    enum hm_code code = HM_OK;

    if (has_network) {
        count = 1 + allow_addresses(addresses + 1, &intercept->beside.targets);
        TRY(beside_fork(&intercept->beside, err));
    }
    if (!namespaces_make(namespaces, addresses, count, &refusal))
        TRY(hm_error_set(err, HM_INTERNAL, "--intercept: step %d failed after its trial: %s",
                         (int)refusal.step, strerror(refusal.number)));
    if (has_network)
        TRY(beside_listen(&intercept->beside, err));
out:
    return code;
}

enum hm_code intercept_enter(struct intercept *intercept, const struct intercept_trust *trust,
                             const struct environment *environment, struct hm_error *err)
{
    const bool has_network = intercept->method == INTERCEPT_NAMESPACE;
    struct namespaces namespaces;
    enum hm_code code;

    if (intercept->has_mounts) {
        if (trust->directory->path[0] == '\0')
            TRY(trust_dir_make(trust->directory, environment_find(environment, "TMPDIR"), err));
        TRY(namespaces_enter(intercept, &namespaces, err));
        TRY(names_mount(intercept, trust->directory->path, err));
        TRY(guard_start(&intercept->guard, has_network, trust->directory, err));
        intercept->mounting.trust = *trust;
        intercept->mounting.files = &intercept->options->trust_files;
        intercept->mounting.environment = environment;
        TRY(trust_files_begin(&intercept->mounting, err));
    } else if (intercept->options->trust_files.count > 0) {
        fputs(
            "heymarket-mock: --trust-file has no effect here, as no file can be mounted over it\n",
            stderr);
    }
    if (!intercept->has_mounts)
        guard_adopt();
    TRY(names_listen(intercept, err));
    if (intercept->has_mounts) {
        namespaces_settle(&namespaces);
        intercept->has_other_users = !namespaces.has_users;
    }
out:
    return code;
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
    struct method_ports ports = { .https = intercept->https_port,
                                  .names_udp = intercept->name_udp,
                                  .names_tcp = intercept->name_tcp };
    enum hm_code code;

    TRY(beside_serve_clear(&intercept->beside, &clear, err));
    intercept->http_port = ports.clear = clear_port_number(intercept->beside.clear);
    method_connect_init(&intercept->connect, intercept->address, &ports, &intercept->beside.targets,
                        intercept->method == INTERCEPT_KEEP_NETWORK);
    intercept->name_udp = intercept->name_tcp = -1;
    TRY(beside_serve_names(&intercept->beside, ports.names_udp, ports.names_tcp, intercept->address,
                           intercept->method == INTERCEPT_KEEP_NETWORK, err));
out:
    return code;
}

enum hm_code intercept_wait(struct intercept *intercept, struct hm_error *err)
{
    return trust_files_end(&intercept->mounting, err);
}

enum hm_code intercept_serve(struct intercept *intercept, int https_port,
                             struct environment *environment, struct hm_error *err)
{
    intercept->https_port = https_port;
    return intercept->method == INTERCEPT_PROXY
               ? beside_serve_proxy(&intercept->beside, https_port, environment, err)
               : names_serve(intercept, err);
}

enum hm_code intercept_spawn(struct intercept *intercept, pid_t *pid, const struct spawn *spawn,
                             int *exit_code, struct hm_error *err)
{
    if (intercept->method != INTERCEPT_CONNECT && intercept->method != INTERCEPT_KEEP_NETWORK)
        return spawn_start(pid, spawn, exit_code, err);
    return supervise_spawn(&intercept->connect.supervise, pid, spawn, &intercept->connect.map,
                           &intercept->beside.asked, exit_code, err);
}

void intercept_release(struct intercept *intercept)
{
    guard_release(&intercept->guard);
}

void intercept_end(struct intercept *intercept)
{
    if (intercept->options == NULL)
        return;
    namespace_trial_end(&intercept->trial, &(struct refusal){ 0 });
    trust_files_end(&intercept->mounting, NULL);
    guard_end(&intercept->guard);
    if (intercept->method != INTERCEPT_NONE &&
        (!intercept->has_mounts || intercept->connect.supervise != NULL))
        guard_end_children();
    supervise_stop(intercept->connect.supervise);
    intercept->connect.supervise = NULL;
    beside_stop(&intercept->beside);
    if (intercept->name_udp >= 0)
        close(intercept->name_udp);
    if (intercept->name_tcp >= 0)
        close(intercept->name_tcp);
    intercept->name_udp = intercept->name_tcp = -1;
}
