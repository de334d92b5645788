/* On systems other than Linux: the proxy works, and nothing else does. Stands for the files that
 * need Linux, see mock/CMakeLists.txt. */
#include "intercept/allow.h"
#include "intercept/intercept.h"
#include "intercept/intercept_check.h"
#include "support/spawn.h"
#include <stdio.h>
#include <string.h>

#define LINUX_ONLY                                                                                 \
    "it works on Linux only; --intercept=proxy works here, for clients that obey proxy variables"

const char *const intercept_words[] = { "off",          "auto",  "namespace", "connect",
                                        "keep-network", "proxy", "check",     NULL };

enum hm_code intercept_begin(struct intercept *intercept, const struct intercept_options *options,
                             struct hm_error *err)
{
    *intercept = (struct intercept){ .options = options, .name_udp = -1, .name_tcp = -1 };
    if (options->wish == WISH_NONE && options->allow_hosts.count > 0)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--allow-host needs --intercept");
    if (options->wish == WISH_NONE && options->trust_files.count > 0)
        return hm_error_set(err, HM_BAD_ARGUMENT, "--trust-file needs --intercept");
    if (options->wish == WISH_NONE)
        return HM_OK;
    if (options->wish != WISH_PROXY)
        return hm_error_set(err, HM_INTERNAL, "--intercept=%s: CMD was not run: " LINUX_ONLY,
                            intercept_words[options->wish]);
    return beside_init(&intercept->beside, &options->allow_hosts, err);
}

enum hm_code intercept_choose(struct intercept *intercept, struct hm_error *err)
{
    (void)err;
    if (intercept->options->wish == WISH_PROXY)
        intercept->method = INTERCEPT_PROXY;
    return HM_OK;
}

const char *intercept_tls_listen(const struct intercept *intercept)
{
    (void)intercept;
    return "127.0.0.1:0";
}

enum hm_code intercept_enter(struct intercept *intercept, const struct intercept_trust *trust,
                             const struct environment *environment, struct hm_error *err)
{
    (void)intercept;
    (void)trust;
    (void)environment;
    (void)err;
    return HM_OK;
}

enum hm_code intercept_wait(struct intercept *intercept, struct hm_error *err)
{
    (void)intercept;
    (void)err;
    return HM_OK;
}

enum hm_code intercept_serve(struct intercept *intercept, int https_port,
                             struct environment *environment, struct hm_error *err)
{
    intercept->https_port = https_port;
    return beside_serve_proxy(&intercept->beside, https_port, environment, err);
}

enum hm_code intercept_spawn(struct intercept *intercept, pid_t *pid, const struct spawn *spawn,
                             int *exit_code, struct hm_error *err)
{
    (void)intercept;
    return spawn_start(pid, spawn, exit_code, err);
}

void intercept_release(struct intercept *intercept)
{
    (void)intercept;
}

void intercept_end(struct intercept *intercept)
{
    if (intercept->method == INTERCEPT_PROXY)
        beside_stop(&intercept->beside);
}

bool intercept_check(void)
{
    puts("namespace, connect, keep-network: not possible: they need Linux");
    puts("proxy: possible, for clients that obey proxy variables");
    puts("--intercept would use: nothing; CMD would not be run");
    return false;
}

/* beside.c calls these where the network is private. */
enum hm_code allow_start(struct allow *allow, struct allow_targets *targets, struct hm_error *err)
{
    (void)allow;
    (void)targets;
    return hm_error_set(err, HM_INTERNAL, LINUX_ONLY);
}

enum hm_code allow_listen(const struct allow *allow, struct hm_error *err)
{
    (void)allow;
    return hm_error_set(err, HM_INTERNAL, LINUX_ONLY);
}

size_t allow_names(struct known_name out[ALLOW_ADDRESSES_MAX], const struct allow_targets *targets)
{
    (void)out;
    (void)targets;
    return 0;
}

void allow_stop(struct allow *allow)
{
    (void)allow;
}
