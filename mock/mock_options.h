/* The command line of heymarket-mock: one table row an option, from which --help is printed. */
#ifndef MOCK_MOCK_OPTIONS_H
#define MOCK_MOCK_OPTIONS_H

#include "intercept/intercept.h"
#include "support/options.h"
#include <stdbool.h>
#include <stdint.h>

/* CONTROL_AUTO: on while every listener is loopback. */
enum control_kind { CONTROL_AUTO, CONTROL_ON, CONTROL_OFF };

/* How `env` writes variables. */
enum env_shell { SHELL_SH, SHELL_FISH, SHELL_POWERSHELL, SHELL_DOTENV, SHELL_JSON };

struct serve_options {
    struct option_texts listen;
    struct option_texts profiles;
    struct option_texts settings; /* --set */
    struct option_texts tls_listen;
    struct option_texts faults;
    struct option_texts vary;
    struct option_texts control_hosts;
    struct option_texts allow;
    const char *tls_cert;
    const char *tls_key;
    const char *tls_ca_out;
    const char *misbehave;
    int control;     /* enum control_kind */
    int64_t journal; /* exchanges kept */
    const char *port_file;
    const char *world;
    const char *state; /* where it is kept; NULL: in memory */
    const char *fixtures;
    const char *clock;
    const char *other_paths;
    const char *private_address; /* of listeners that only the command of run reaches; NULL: none */
    bool is_strict;
    bool is_terse;
    bool is_until_stdin_ends; /* serve only */
    int log;
    int64_t rate_limit; /* 0: none */
    int64_t threads;
};

struct run_options {
    struct serve_options serve; /* first: the rows of both tables are the same */
    struct option_texts fail_on;
    struct option_texts reports;
    int report_mode; /* enum report_mode */
    int64_t expect;  /* accepted at least; 0: any */
    bool is_tls;
    bool keeps_page;
    struct intercept_options intercept;
};

/* How a verb's options say which mock. */
struct ask_options {
    const char *port_file;
    const char *url; /* --url */
};

struct env_options {
    struct ask_options ask; /* first, like for every verb that asks a running mock */
    int shell;              /* enum env_shell */
};

struct verify_options {
    struct ask_options ask;
    bool is_of_channels;
    int64_t at_least, at_most, exactly; /* -1: not given */
};

struct sandbox_options {
    struct ask_options ask;
    int64_t ttl_s; /* 0: not given */
    const char *world;
    bool is_env;
    int shell;       /* enum env_shell */
    const char *end; /* ID or control URL */
};

extern const struct option serve_option_table[];
extern const struct option run_option_table[];
extern const struct option health_option_table[];
extern const struct option env_option_table[];
extern const struct option verify_option_table[];
extern const struct option sandbox_option_table[];

void serve_options_defaults(void *options);
void run_options_defaults(void *options);
void verify_options_defaults(void *options);

#endif
