#include "export/export_entry.h"
#include "cases/layer.h"
#include "cases/shape.h"
#include "recipe/recipe_text.h"
#include "support/escape.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char base_url[] = "{{base_url}}";

static const struct {
    const char *placeholder;
    const char *contact; /* by name; NULL: it is no contact */
    const char *help;
} variables[] = {
    { base_url, NULL, "the server, without a slash at the end: http://127.0.0.1:8080" },
    { "{{token}}", NULL,
      "a token of the team, which is valid for five minutes; heymarket token sign prints one" },
    { "{{second_token}}", NULL, "a token that is signed with the team's second secret" },
    { "{{other_team_token}}", NULL, "a token of another team" },
    { "{{contact_id}}", "ada", "UUID of a contact that may be written to" },
    { "{{empty_contact_id}}", "empty", "UUID of a contact without channels" },
    { "{{crowded_contact_id}}", "crowded", "UUID of a contact with many channels" },
    { "{{other_team_contact_id}}", "other-team", "UUID of a contact of the other team" },
};
enum { VARIABLE_COUNT = sizeof variables / sizeof *variables, VARIABLE_TOKEN = 1 };

static const char *const reasons[EXPORT_REASON_COUNT] = {
    "",
    "they wait, or need a clock that is stopped or set",
    "they need our mock, with arguments or a world of its own",
    "they send requests at the same time",
    "their token is wrong on purpose, so that it must be made by a program",
    "they change the contact's ID, which is a variable, or take it from an answer",
    "their request cannot be written in this format, or tools change it",
};

const char *export_reason_text(enum export_reason reason)
{
    return reasons[reason];
}

enum hm_code export_names(struct names *names, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    names->origin = "the list of placeholders";
    for (size_t i = 0; i < VARIABLE_COUNT && code == HM_OK; i++) {
        if (variables[i].contact != NULL)
            code = names_add_contact(names, variables[i].contact, variables[i].placeholder, err);
    }
    return code;
}

/* Can the value be written with a good token in it? What is made of a secret cannot. */
static bool is_plain_form(const char *form)
{
    static const char *const made[] = { "{ID}",  "{KEY",     "{LEGACY",  "{now",
                                        "{hex:", "{base64:", "{percent:" };

    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        if (strstr(form, made[i]) != NULL)
            return false;
    }
    return strstr(form, "{{") == NULL;
}

static bool has_token(const char *form)
{
    return strstr(form, "{token}") != NULL;
}

/* Is the token good, whatever is sent around it? */
static bool is_good_token(json_t *recipe)
{
    json_t *good = layer_base(LAYER_TOKEN);
    json_t *token = json_copy(recipe);

    json_object_del(good, "authorization");
    json_object_del(token, "authorization");
    json_object_del(good, "use");
    json_object_del(token, "use");
    const bool is_good = good != NULL && json_equal(good, token) != 0;
    json_decref(good);
    json_decref(token);
    return is_good;
}

static bool is_plain_token(json_t *recipe)
{
    json_t *forms = json_object_get(recipe, "authorization");
    json_t *form;
    size_t i;
    bool is_used = json_is_string(forms) && has_token(json_string_value(forms));

    if (json_is_string(forms) && !is_plain_form(json_string_value(forms)))
        return false;
    json_array_foreach (forms, i, form) {
        if (!is_plain_form(json_string_value(form)))
            return false;
        is_used = is_used || has_token(json_string_value(form));
    }
    return !is_used || is_good_token(recipe);
}

static bool is_plain_contact(const struct step *step, const struct names *names)
{
    const char *id = step_text(step, "contact_id");
    const char *contact = step_text(step, "contact");

    if (id != NULL)
        return strcmp(id, "$contact_id") != 0;
    return step_text(step, "contact_form") == NULL && contact != NULL &&
           names_contact(names, contact) != NULL;
}

enum export_reason export_case_reason(const struct test_case *test, const struct names *names)
{
    if (test->needs & NEED_CLOCK || test->by_date || test->wait_s > 0)
        return EXPORT_CLOCK;
    if (test->needs & (NEED_MOCK | NEED_WORLD) || test->file->mock_arguments[0] != NULL ||
        strcmp(test->file->world, "default") != 0)
        return EXPORT_MOCK;
    if (test->together > 0)
        return EXPORT_TOGETHER;
    for (size_t i = 0; i < test->step_count; i++) {
        if (!is_plain_token(test->steps[i].token))
            return EXPORT_TOKEN;
        if (!is_plain_contact(&test->steps[i], names))
            return EXPORT_CONTACT;
    }
    return EXPORT_GOES;
}

static enum hm_code authorization_add(struct export_entry *entry, const char *form,
                                      struct hm_error *err)
{
    static const struct named_secret none;
    struct authorization *authorization = &entry->authorization;
    const char *use = member_text(entry->test->steps[entry->number].token, "use");
    const struct recipe_words words = {
        .secret = &none,
        .token = variables[VARIABLE_TOKEN + (size_t)secret_name_of(use)].placeholder,
    };
    struct buf value;

    if (authorization->count == AUTHORIZATIONS_MAX)
        return hm_error_set(err, HM_BAD_INPUT, "case %s: more than %d Authorization headers",
                            entry->test->id, AUTHORIZATIONS_MAX);
    buf_init(&value, EXPORT_BODY_BYTES_MAX);
    buf_puts(&value, "");
    recipe_text_expand(&value, form, &words);
    authorization->at[authorization->count] = buf_take(&value);
    buf_fini(&value);
    return authorization->at[authorization->count++] != NULL ? HM_OK : no_memory(err);
}

enum hm_code export_entry_make(struct export_entry *entry, const struct test_case *test,
                               size_t number, const struct names *names, struct case_marks *marks,
                               const struct clauses *clauses, struct hm_error *err)
{
    enum hm_code code = HM_OK;
    json_t *forms = json_object_get(test->steps[number].token, "authorization");
    json_t *form;
    size_t i;

    *entry = (struct export_entry){ .test = test,
                                    .number = number,
                                    .bare = test->steps[number],
                                    .marks = marks,
                                    .clauses = clauses };
    entry->bare.token = NULL;
    TRY(message_make(&entry->message, &entry->bare, base_url, names, marks, 0, err));
    if (json_is_string(forms))
        TRY(authorization_add(entry, json_string_value(forms), err));
    json_array_foreach (forms, i, form)
        TRY(authorization_add(entry, json_string_value(form), err));
out:
    return code;
}

void export_entry_fini(struct export_entry *entry)
{
    message_fini(&entry->message);
    authorization_fini(&entry->authorization);
}

/* A URI's characters (RFC 3986) without a fragment; tools resolve dot segments before they send. */
static bool is_plain_url(const char *url)
{
    url += strlen(base_url);
    if (*url != '/' || strstr(url, "/./") != NULL || strstr(url, "/../") != NULL)
        return false;
    for (; *url; url++) {
        if (strncmp(url, "{{", 2) == 0)
            url = strstr(url, "}}") + 2;
        const bool is_alphanumeric = (*url >= '0' && *url <= '9') || (*url >= 'a' && *url <= 'z') ||
                                     (*url >= 'A' && *url <= 'Z');

        if (!is_alphanumeric && strchr("-._~:/?@!$&'()*+,;=%", *url) == NULL)
            return false;
    }
    return true;
}

/* Fields that a tool sets itself or refuses. */
static bool is_plain_header(const struct http_header *header)
{
    static const char *const framing[] = {
        "Transfer-Encoding", "Content-Length", "Connection", "Expect", "TE", "Trailer", "Upgrade"
    };
    const char *value = header->value;

    if (value == NULL || strstr(value, "{{") != NULL)
        return false;
    for (size_t i = 0; i < sizeof framing / sizeof *framing; i++) {
        if (strcasecmp(header->name, framing[i]) == 0)
            return false;
    }
    if (*header->name == '\0' ||
        header->name[strspn(header->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789-_.")] != '\0' ||
        *value == '\0' || strchr(" \t", *value) != NULL ||
        strchr(" \t", value[strlen(value) - 1]) != NULL)
        return false;
    for (; *value; value++) {
        if (*value < ' ' || *value > '~') /* also what is not ASCII: tools encode it differently */
            return false;
    }
    return true;
}

bool export_entry_is_plain(const struct export_entry *entry)
{
    static const char *const methods[] = { "GET",    "HEAD",    "POST", "PUT",
                                           "DELETE", "OPTIONS", "PATCH" };
    const struct message *message = &entry->message;
    const char *method = step_text(&entry->bare, "method");
    bool is_plain = false;

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        is_plain = is_plain || strcmp(method, methods[i]) == 0;
    if (strcmp(method, "HEAD") == 0 && message->body.length > 0) /* tools refuse this */
        is_plain = false;
    for (size_t i = 0; i < entry->authorization.count; i++) {
        const char *value = entry->authorization.at[i];
        const size_t length = strlen(value);

        is_plain = is_plain && length > 0 && value[0] != ' ' && value[length - 1] != ' ';
        for (; *value; value++)
            is_plain = is_plain && *value >= ' ' && *value <= '~';
    }
    for (size_t i = 0; i < message->header_count; i++)
        is_plain = is_plain && is_plain_header(&message->headers[i]);
    return is_plain && is_plain_url(buf_text(&message->url)) && !message->is_chunked &&
           message->body.length <= EXPORT_BODY_BYTES_MAX;
}

bool export_is_expected(const struct export_entry *entry, const struct expect *expect)
{
    const char *name;
    const json_t *wanted;

    json_object_foreach (expect->policy, name, wanted) {
        const struct clause *clause = clause_find_policy(entry->clauses, name);

        if (clause == NULL || strcmp(clause->policy_default, json_string_value(wanted)) != 0)
            return false;
    }
    return !expect->clause->is_skipped;
}

bool export_is_asserted(const struct export_entry *entry, const struct expect *expect)
{
    if (expect->is_mock_only || expect->is_observed)
        return false;
    return !entry->is_documented || (expect->clause->source != SOURCE_ASSUMED &&
                                     expect->policy == NULL && !expect->is_lenient);
}

void export_title(struct buf *out, const char *prefix, const struct export_entry *entry)
{
    const struct test_case *test = entry->test;

    buf_printf(out, "\n%s%s", prefix, test->id);
    if (test->step_count > 1)
        buf_printf(out, ", step %zu of %zu", entry->number + 1, test->step_count);
    buf_puts(out, ": ");
    escape_terminal(out, test->says, strlen(test->says));
    buf_puts(out, test->needs & NEED_LOOPBACK
                      ? "\n# Only for a target on your machine: it writes more than others need.\n"
                      : "\n");
}

static void append_value(struct buf *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

    if (text != NULL)
        escape_terminal(out, text, strlen(text));
    else
        out->status = BUF_NO_MEMORY;
    free(text);
}

void export_expectation(struct buf *out, const struct export_entry *entry,
                        const struct expect *expect)
{
    static const char *const others[] = { "clause", "policy", "only", "lenient", "observed" };
    json_t *expanded = marks_expand_json(expect->json, entry->marks);
    const char *separator = "";
    const char *name;
    json_t *value;

    if (expanded == NULL)
        out->status = BUF_NO_MEMORY;
    for (size_t i = 0; expanded != NULL && i < sizeof others / sizeof *others; i++)
        json_object_del(expanded, others[i]);
    json_object_foreach (expanded, name, value) {
        buf_printf(out, "%s%s", separator, name);
        if (!json_is_true(value)) {
            buf_putc(out, ' ');
            append_value(out, value);
        }
        separator = ", ";
    }
    json_decref(expanded);
}

void export_clause(struct buf *out, const struct expect *expect)
{
    buf_printf(out, "[%s %c]", expect->clause->id, clause_source_letter(expect->clause->source));
}

void export_head(struct buf *out, const struct case_file *file, const struct buf *entries,
                 const char *how)
{
    buf_printf(out, "# %s: ", file->stem);
    escape_terminal(out, file->title, strlen(file->title));
    buf_printf(out,
               "\n#\n# Written by heymarket-conformance export. Do not change it: export it "
               "again.\n# %s\n# Variables:\n",
               how);
    for (size_t i = 0; i < VARIABLE_COUNT; i++) {
        const char *placeholder = variables[i].placeholder;

        if (strstr(buf_text(entries), placeholder) != NULL)
            buf_printf(out, "#   %.*s: %s\n", (int)strlen(placeholder) - 4, placeholder + 2,
                       variables[i].help);
    }
    buf_puts(out,
             "# Addresses, numbers and types such as hm-... are new in each export. Export again "
             "before you send them again.\n"
             "# [J5 S] is a clause of the contract and its source. S and D: the documentation says "
             "so. A: it does not; our mock\n# does this, another server may do something else.\n");
}
