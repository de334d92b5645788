#include "fault/fault_read.h"

#include "contract/channel_rules.h"
#include "contract/mask_write.h"
#include "store/store.h"
#include "support/no_memory.h"
#include "support/text.h"
#include "support/try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COUNT_MOST = 1000000000,
    SHOWN_BYTES = 120, /* of a rule or a value in a complaint */
    SHOWN_TEXT = 2 * SHOWN_BYTES
};

/* A value for a key of a rule. */
struct setting {
    const struct key *key;
    struct fault *fault;
    const struct store *store;
    const char *text;
    bool lacks_memory;
};

enum key_kind { KEY_TEXT, KEY_INTEGER, KEY_TRUTH };

struct key {
    const char *name;
    enum key_kind kind; /* as JSON */
    const char *expected;
    bool (*set)(struct setting *setting);
    size_t offset;            /* of the member of struct fault, if set() needs it */
    int64_t least, most;      /* of an integer */
    const char *const *words; /* all possible values, ending with NULL; NULL: others, too */
};

/* The value among the words of its key; -1: it is none of them. */
static int word_index(const struct setting *setting)
{
    for (int i = 0; setting->key->words[i] != NULL; i++) {
        if (strcmp(setting->text, setting->key->words[i]) == 0)
            return i;
    }
    return -1;
}

static bool set_operation(struct setting *setting)
{
    int index = word_index(setting);

    if (index >= 0)
        setting->fault->operation = fault_operation_names[index];
    return index >= 0;
}

static bool set_contact(struct setting *setting)
{
    return store_uuid_of(setting->fault->contact, setting->store, setting->text);
}

static bool set_text(struct setting *setting)
{
    char **member = (void *)((char *)setting->fault + setting->key->offset);

    *member = strdup(setting->text);
    setting->lacks_memory = *member == NULL;
    return *member != NULL;
}

static bool set_integer(struct setting *setting)
{
    int64_t value;

    if (!text_to_int64(&value, setting->text, setting->key->least, setting->key->most))
        return false;
    memcpy((char *)setting->fault + setting->key->offset, &value, sizeof value);
    return true;
}

/* "250ms" or "2s". */
static bool set_delay(struct setting *setting)
{
    size_t digits = strspn(setting->text, "0123456789");
    bool is_seconds = strcmp(setting->text + digits, "s") == 0;
    char number[8];
    int64_t value;

    if (digits == 0 || digits >= sizeof number ||
        (!is_seconds && strcmp(setting->text + digits, "ms") != 0))
        return false;
    memcpy(number, setting->text, digits);
    number[digits] = '\0';
    if (!text_to_int64(&value, number, 1,
                       is_seconds ? FAULT_WAIT_MS_MAX / 1000 : FAULT_WAIT_MS_MAX))
        return false;
    setting->fault->delay_ms = is_seconds ? value * 1000 : value;
    return true;
}

static bool set_abort(struct setting *setting)
{
    int index = word_index(setting);

    if (index >= 0)
        setting->fault->delivery = (enum delivery)(DELIVER_TRUNCATED + index);
    return index >= 0;
}

static bool set_truth(struct setting *setting)
{
    int index = word_index(setting);

    *(bool *)(void *)((char *)setting->fault + setting->key->offset) = index > 0;
    return index >= 0;
}

/* The second one is true. */
static const char *const commits[] = { "no", "yes", NULL }, *const stages[] = { "last", "first",
                                                                                NULL };

static const char an_operation[] = "one of these operations:"
#define OPERATION(Id, Name, ...) " " #Name
#include "contract/operations.def"
#undef OPERATION
    ;

static const struct key keys[] = {
    { "operation", KEY_TEXT, an_operation, set_operation, 0, 0, 0, fault_operation_names },
    { "contact", KEY_TEXT, "a UUID or the name of a contact in the world", set_contact, 0, 0, 0,
      NULL },
    { "channel_type", KEY_TEXT, "a text", set_text, offsetof(struct fault, type), 0, 0, NULL },
    { "channel_id", KEY_TEXT, "a text", set_text, offsetof(struct fault, id), 0, 0, NULL },
    { "nth", KEY_INTEGER, "a number of at least 1", set_integer, offsetof(struct fault, nth), 1,
      COUNT_MOST, NULL },
    { "times", KEY_INTEGER, "a number of at least 1", set_integer, offsetof(struct fault, times), 1,
      COUNT_MOST, NULL },
    { "status", KEY_INTEGER, "a status from 400 to 599", set_integer,
      offsetof(struct fault, status), 400, 599, NULL },
    { "retry-after", KEY_INTEGER, "seconds from 1 to 86400", set_integer,
      offsetof(struct fault, retry_after_s), 1, FAULT_RETRY_AFTER_S_MAX, NULL },
    { "delay", KEY_TEXT, "a time such as 250ms or 2s, 30s at most", set_delay, 0, 0, 0, NULL },
    { "abort", KEY_TEXT, "reset, stall, truncate or garbage", set_abort, 0, 0, 0,
      fault_abort_names },
    { "commit", KEY_TRUTH, "yes or no", set_truth, offsetof(struct fault, commits), 0, 0, commits },
    { "stage", KEY_TEXT, "first or last", set_truth, offsetof(struct fault, is_first), 0, 0,
      stages },
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static size_t key_find(const char *name)
{
    size_t i = 0;

    while (i < KEY_COUNT && strcmp(keys[i].name, name) != 0)
        i++;
    return i;
}

/* What is wrong with a rule as a whole; NULL: nothing. */
static const char *rule_fault(const struct fault *fault)
{
    if (!fault_makes_answer(fault) && fault->delay_ms == 0)
        return "the rule has no effect, expected status, delay or abort";
    if (fault->retry_after_s != 0 && fault->status == 0)
        return "found retry-after without status, expected both";
    if (fault->status != 0 && fault->delivery > DELIVER_TRUNCATED)
        return "status can be combined only with abort=truncate";
    if (fault->operation != NULL && strcmp(fault->operation, "inbox_list") == 0 &&
        (fault->contact[0] != '\0' || fault->type != NULL || fault->id != NULL))
        return "inbox_list has no contact and no channel, so the rule would never apply";
    if (fault->is_first && (fault->type != NULL || fault->id != NULL || fault->commits))
        return "stage=first comes before the body is read, so it cannot be combined with "
               "channel_type, channel_id or commit=yes";
    if (fault->is_first && fault->delivery == DELIVER_TRUNCATED && fault->status == 0)
        return "abort=truncate with stage=first needs a status";
    return NULL;
}

/* Decodes %XX in place. False: a bad escape, or a NUL. */
static bool unescape(char *text)
{
    char *out = text;

    for (const char *at = text; *at != '\0'; at++, out++) {
        bool is_escape = *at == '%';
        int byte = is_escape ? hex_byte(at + 1) : (unsigned char)*at;

        if (byte <= 0)
            return false;
        *out = (char)byte;
        at += is_escape ? 2 : 0;
    }
    *out = '\0';
    return true;
}

/* A text of the user as a complaint may show it: masked, and then cut. */
struct shown {
    char text[SHOWN_TEXT];
};
static struct shown shown(const struct store *store, const char *text)
{
    const struct masking masking = { .mask = store_mask(store) };
    struct shown out;
    struct buf masked;

    buf_init(&masked, FAULT_RULE_BYTES_MAX);
    mask_write_text(&masked, &masking, (struct span){ text, strlen(text) }, SHOWN_BYTES, NULL);
    snprintf(out.text, sizeof out.text, "%s", buf_text(&masked));
    buf_fini(&masked);
    return out;
}

static enum hm_code complain_of_key(const struct store *store, const char *found,
                                    struct hm_error *err)
{
    struct buf names;

    buf_init(&names, HM_ERROR_TEXT);
    for (size_t i = 0; i < KEY_COUNT; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : i + 1 == KEY_COUNT ? " and " : ", ", keys[i].name);
    hm_error_set(err, HM_BAD_ARGUMENT,
                 "found \"%s\", expected key=value pairs separated by commas; keys: %s",
                 shown(store, found).text, buf_text(&names));
    buf_fini(&names);
    return HM_BAD_ARGUMENT;
}

/* One "key=value", which is modified; @seen: a bit for each key so far. */
static enum hm_code pair_read(struct fault *fault, const struct store *store, char *pair,
                              unsigned *seen, struct hm_error *err)
{
    char *equals = strchr(pair, '=');
    struct setting setting = { .fault = fault, .store = store };
    size_t key;

    if (equals == NULL)
        return complain_of_key(store, pair, err);
    *equals = '\0';
    key = key_find(pair);
    if (key == KEY_COUNT)
        return complain_of_key(store, pair, err);
    if ((*seen & 1U << key) != 0)
        return hm_error_set(err, HM_BAD_ARGUMENT, "found %s twice, expected it once", pair);
    *seen |= 1U << key;
    setting.key = &keys[key];
    setting.text = equals + 1;
    if (!unescape(equals + 1))
        return hm_error_set(err, HM_BAD_ARGUMENT,
                            "%s: found a bad escape, expected %%XX, such as %%2C for a comma and "
                            "%%25 for a percent sign",
                            pair);
    if (utf8_prefix(setting.text, strlen(setting.text)) < strlen(setting.text))
        return hm_error_set(err, HM_BAD_ARGUMENT, "%s: found bytes that are not UTF-8", pair);
    if (!keys[key].set(&setting))
        return setting.lacks_memory
                   ? no_memory(err)
                   : hm_error_set(err, HM_BAD_ARGUMENT, "%s: found \"%s\", expected %s", pair,
                                  shown(store, setting.text).text, keys[key].expected);
    return HM_OK;
}

static enum hm_code rule_read(struct fault *fault, const struct store *store, char *text,
                              struct hm_error *err)
{
    unsigned seen = 0;
    const char *wrong;
    enum hm_code code = HM_OK;

    for (char *pair = text, *end; pair != NULL; pair = end) {
        end = strchr(pair, ',');
        if (end != NULL)
            *end++ = '\0';
        TRY(pair_read(fault, store, pair, &seen, err));
    }
    wrong = rule_fault(fault);
    if (wrong != NULL)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT, "%s", wrong));
out:
    return code;
}

enum hm_code faults_add(struct faults *faults, const struct store *store, const char *rule,
                        struct hm_error *err)
{
    struct fault *fault = fault_new();
    char *text = strdup(rule);
    struct hm_error why = { 0 };
    enum hm_code code;

    if (fault == NULL || text == NULL) {
        code = no_memory(err);
        goto out;
    }
    if (strlen(rule) > FAULT_RULE_BYTES_MAX)
        TRY(hm_error_set(err, HM_BAD_ARGUMENT, "--fault: found %zu bytes, expected at most %d",
                         strlen(rule), FAULT_RULE_BYTES_MAX));
    code = rule_read(fault, store, text, &why);
    if (code != HM_OK)
        TRY(hm_error_set(err, code, "--fault %s: %s", shown(store, rule).text, why.text));
    code = faults_take(faults, fault, err);
    fault = NULL;
out:
    fault_free(fault);
    free(text);
    return code;
}

/* The value of a member as on the command line; @number is for an integer. NULL: wrong type. */
static const char *member_text(char number[24], const struct key *key, const json_t *value)
{
    if (key->kind == KEY_INTEGER) {
        snprintf(number, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return json_is_integer(value) ? number : NULL;
    }
    if (key->kind == KEY_TRUTH && json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    return json_string_length(value) > FAULT_RULE_BYTES_MAX ? NULL : json_string_value(value);
}

static enum hm_code member_read(struct fault *fault, const struct store *store,
                                const struct json_node *object, const struct key *key,
                                struct hm_error *err)
{
    struct json_node node = json_node_member(object, key->name);
    struct setting setting = { .key = key, .fault = fault, .store = store };
    char number[24];

    if (node.value == NULL)
        return HM_OK;
    setting.text = member_text(number, key, node.value);
    if (setting.text == NULL)
        return json_complain_type(&node, err, key->expected);
    if (json_is_string(node.value) && strlen(setting.text) != json_string_length(node.value))
        return json_complain(&node, err, "found a NUL, expected none");
    if (!key->set(&setting))
        return setting.lacks_memory ? no_memory(err)
                                    : json_complain(&node, err, "found %s, expected %s",
                                                    shown(store, setting.text).text, key->expected);
    return HM_OK;
}

static enum hm_code object_read(struct faults *faults, const struct store *store,
                                const struct json_node *object, struct hm_error *err)
{
    static const char *const ignored[] = { "matched", "done" };
    const char *allowed[KEY_COUNT + sizeof ignored / sizeof ignored[0] + 1] = { NULL };
    struct fault *fault = fault_new();
    const char *wrong;
    enum hm_code code;

    for (size_t i = 0; i < KEY_COUNT; i++)
        allowed[i] = keys[i].name;
    memcpy(&allowed[KEY_COUNT], ignored, sizeof ignored);
    if (fault == NULL) {
        code = no_memory(err);
        goto out;
    }
    TRY(json_expect_object(object, allowed, err));
    for (size_t i = 0; i < KEY_COUNT; i++)
        TRY(member_read(fault, store, object, &keys[i], err));
    wrong = rule_fault(fault);
    if (wrong != NULL)
        TRY(json_complain(object, err, "%s", wrong));
    code = faults_take(faults, fault, NULL);
    fault = NULL;
    if (code == HM_BAD_ARGUMENT)
        code = json_complain(object, err, "too many rules (limit %d)", FAULT_RULES_MAX);
out:
    fault_free(fault);
    return code;
}

enum hm_code faults_read(struct faults *faults, const struct store *store,
                         const struct json_node *array, struct hm_error *err)
{
    enum hm_code code = HM_OK;

    if (!json_is_array(array->value))
        return json_complain_type(array, err, "an array of fault rules");
    for (size_t i = 0; i < json_array_size(array->value); i++) {
        struct json_node element = json_node_element(array, i);

        TRY(object_read(faults, store, &element, err));
    }
out:
    return code;
}

enum hm_code faults_replace(struct faults **faults, const struct store *store,
                            const struct json_node *array, struct hm_error *err)
{
    struct faults *read = NULL;
    enum hm_code code;

    TRY(faults_new(&read, err));
    TRY(faults_read(read, store, array, err));
    faults_free(*faults);
    *faults = read;
    read = NULL;
out:
    faults_free(read);
    return code;
}

/* The names of the world's contacts. */
static void offer_names(struct offers *offers, const struct store *store)
{
    const struct contact_name *name = store == NULL ? NULL : store_first_name(store);

    for (; name != NULL; name = contact_name_after(name))
        offer(offers, name->name, NULL);
}

void fault_offer(struct offers *offers, const struct store *store)
{
    offers_keep(offers, ',');
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!offers_keep_name(offers, keys[i].name))
            continue;
        if (keys[i].words != NULL)
            offer_words(offers, keys[i].words);
        else if (keys[i].set == set_contact)
            offer_names(offers, store);
        else if (keys[i].offset == offsetof(struct fault, type))
            offer_words(offers, channel_known_types);
        return;
    }
    for (size_t i = 0; i < KEY_COUNT; i++)
        offer_name(offers, keys[i].name, keys[i].expected);
}
