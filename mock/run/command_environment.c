#include "run/command_environment.h"

#include "contract/variables.h"
#include "control/control_env.h"
#include "support/text.h"
#include <string.h>

void command_environment_bypass_proxy(struct environment *environment)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost", "::1" };
    static const char *const names[] = { "NO_PROXY", "no_proxy" };
    struct buf lists[2];

    for (size_t i = 0; i < 2; i++) {
        const char *present = environment_find(environment, names[i]);

        if (present == NULL) /* so that both mean the same */
            present = environment_find(environment, names[1 - i]);
        buf_init(&lists[i], ENVIRONMENT_VARIABLE_BYTES_MAX);
        if (present != NULL)
            buf_puts(&lists[i], present);
        for (size_t j = 0; j < sizeof hosts / sizeof hosts[0]; j++) {
            if (present == NULL ||
                (!text_lists_word(present, "*") && !text_lists_word(present, hosts[j])))
                buf_printf(&lists[i], "%s%s", lists[i].length > 0 ? "," : "", hosts[j]);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        environment_set(environment, names[i], buf_text(&lists[i]));
        environment->is_broken = environment->is_broken || !buf_ok(&lists[i]);
        buf_fini(&lists[i]);
    }
}

static void variable_set(void *to, const char *name, const char *value)
{
    environment_set(to, name, value);
}

void command_environment_set(struct environment *environment, struct buf *replaced,
                             const char *base_url, const char *mock_url, const struct store *store)
{
    struct environment inherited;

    environment_init(&inherited);
    for (const char *const *name = variables_of_target; *name != NULL; name++)
        environment_remove(environment, *name);
    world_variables(variable_set, environment, base_url, mock_url, store);
    for (const char *const *name = variables_of_target; *name != NULL; name++) {
        const char *before = environment_find(&inherited, *name);
        const char *now = environment_find(environment, *name);

        if (before != NULL && *before != '\0' && (now == NULL || strcmp(now, before) != 0))
            buf_printf(replaced, "%s%s", replaced->length > 0 ? " " : "", *name);
    }
    environment->is_broken = environment->is_broken || inherited.is_broken;
    environment_fini(&inherited);
    command_environment_bypass_proxy(environment);
}
