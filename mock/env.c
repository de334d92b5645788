#include "env.h"

#include "ask.h"
#include "mock_options.h"
#include "support/buf.h"
#include "support/environment.h"
#include "support/escape.h"
#include "support/json_text.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { OUTPUT_BYTES_MAX = 4 * 1024 * 1024 };

/* A quoted word in which nothing is expanded; each quote within it is written as @quote. */
static void single_quoted(struct buf *out, const char *text, const char *quote, const char *special)
{
    buf_putc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_puts(out, quote);
        else
            buf_printf(out, "%s%c", strchr(special, *text) != NULL ? "\\" : "", *text);
    }
    buf_putc(out, '\'');
}

/* In double quotes, as the usual readers of such files take it. */
static void dotenv_quoted(struct buf *out, const char *text)
{
    if (strchr(text, '\'') == NULL && strpbrk(text, "\r\n") == NULL) {
        buf_printf(out, "'%s'", text);
        return;
    }
    buf_putc(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            buf_puts(out, "\\n");
        else
            buf_printf(out, "%s%c", strchr("\"\\$`", *text) != NULL ? "\\" : "", *text);
    }
    buf_putc(out, '"');
}

static void variable_write(struct buf *out, enum env_shell shell, const char *name,
                           const char *value)
{
    switch (shell) {
    case SHELL_FISH:
        buf_printf(out, "set -gx %s ", name);
        single_quoted(out, value, "\\'", "\\");
        buf_puts(out, ";\n");
        break;
    case SHELL_POWERSHELL:
        buf_printf(out, "$env:%s = ", name);
        single_quoted(out, value, "''", "");
        buf_putc(out, '\n');
        break;
    case SHELL_DOTENV:
        buf_printf(out, "%s=", name);
        dotenv_quoted(out, value);
        buf_putc(out, '\n');
        break;
    default:
        buf_printf(out, "export %s=", name);
        escape_shell(out, value);
        buf_putc(out, '\n');
    }
}

/* Adds the list of hosts without a proxy, as it would be in our own environment. */
static bool proxy_add(json_t *env)
{
    static const char *const names[] = { "NO_PROXY", "no_proxy" };
    struct environment environment;
    bool is_good = true;

    environment_init(&environment);
    environment_bypass_proxy(&environment);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        is_good = json_object_set_new(env, names[i],
                                      json_string(environment_find(&environment, names[i]))) == 0 &&
                  is_good;
    is_good = is_good && !environment.is_broken;
    environment_fini(&environment);
    return is_good;
}

/* The contacts that have names are comments, so that all shells skip them. */
static void contacts_write(struct buf *out, json_t *contacts)
{
    const char *name;
    json_t *value;

    json_object_foreach (contacts, name, value) {
        buf_puts(out, "# contact ");
        escape_terminal(out, name, strlen(name));
        buf_printf(out, ": %s\n", json_string_value(value));
    }
}

static void variables_write(struct buf *out, enum env_shell shell, json_t *env)
{
    const char *name;
    json_t *value;

    json_object_foreach (env, name, value) {
        variable_write(out, shell, name, json_string_value(value));
    }
}

int env_print(const struct program *program, enum env_shell shell, const char *text)
{
    json_t *answer = json_loads(text, 0, NULL);
    json_t *env = json_object_get(answer, "env");
    const char *control_url = json_string_value(json_object_get(answer, "control_url"));
    int exit_code = EXIT_GOOD;
    struct buf out;

    buf_init(&out, OUTPUT_BYTES_MAX);
    if (!json_is_object(env))
        exit_code =
            program_fail(program, EXIT_FELL_SHORT, "the answer has no variables; is it a mock?");
    else if (!proxy_add(env))
        exit_code = program_fail(program, EXIT_OUR_FAULT, "out of memory");
    else if (shell == SHELL_JSON)
        json_text_tree(&out, answer, JSON_INDENT(2));
    if (exit_code == EXIT_GOOD && shell != SHELL_JSON) {
        if (control_url != NULL && strstr(control_url, "/sandboxes/") != NULL)
            buf_printf(&out, "# To end it: heymarket-mock sandbox --end %s\n", control_url);
        contacts_write(&out, json_object_get(answer, "contacts"));
        variables_write(&out, shell, env);
    }
    if (shell == SHELL_JSON && exit_code == EXIT_GOOD)
        buf_putc(&out, '\n');
    fputs(buf_text(&out), stdout);
    if (exit_code == EXIT_GOOD && !buf_ok(&out))
        exit_code = program_fail(program, EXIT_OUR_FAULT, "out of memory");
    buf_fini(&out);
    json_decref(answer);
    return exit_code;
}

int env_run(const struct verb_call *call)
{
    const struct env_options *options = call->options;
    struct ask_answer answer = { 0 };
    struct ask_where where;
    int exit_code = ask_find(&where, call->program, &options->ask);

    if (exit_code == EXIT_GOOD)
        exit_code = ask(&answer, call->program, &where, "GET", "/env", NULL);
    if (exit_code == EXIT_GOOD && answer.status != 200)
        exit_code = ask_refused(call->program, &where, &answer);
    if (exit_code == EXIT_GOOD)
        exit_code = env_print(call->program, (enum env_shell)options->shell, answer.body);
    ask_fini(&answer);
    return exit_code;
}
