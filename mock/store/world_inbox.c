#include "store/world_inbox.h"

#include "store/world_contact.h"
#include "support/try.h"
#include <inttypes.h>

/* Reads the array @member, each of whose elements @check accepts. */
static enum hm_code array_check(const struct json_node *inbox, const char *member,
                                enum hm_code (*check)(const struct json_node *element,
                                                      struct hm_error *err),
                                struct hm_error *err)
{
    struct json_node array;
    enum hm_code code;

    TRY(json_get_array(inbox, member, JSON_REQUIRED, &array, err));
    for (size_t i = 0; i < json_array_size(array.value); i++) {
        struct json_node element = json_node_element(&array, i);

        TRY(check(&element, err));
    }
out:
    return code;
}

static enum hm_code member_check(const struct json_node *element, struct hm_error *err)
{
    const json_int_t id = json_integer_value(element->value);

    if (!json_is_integer(element->value))
        return json_complain_type(element, err, "the integer id of a member");
    if (id < WORLD_ID_LEAST || id > WORLD_ID_MOST)
        return json_complain(element, err,
                             "found %" JSON_INTEGER_FORMAT ", expected an integer from %d to "
                             "%" PRId64,
                             id, WORLD_ID_LEAST, WORLD_ID_MOST);
    return HM_OK;
}

static enum hm_code phone_check(const struct json_node *element, struct hm_error *err)
{
    return json_is_string(element->value)
               ? HM_OK
               : json_complain_type(element, err, "a phone number, which is a string");
}

enum hm_code world_inbox_read(struct store *store, size_t team, const struct json_node *node,
                              struct hm_error *err)
{
    static const char *const allowed[] = {
        "id", "name", "team", "members", "phones", "phone", NULL
    };
    const struct json_node id_node = json_node_member(node, "id");
    const struct json_node name_node = json_node_member(node, "name");
    const struct json_node team_node = json_node_member(node, "team");
    const char *text;
    int64_t id, team_id;
    enum hm_code code;

    TRY(json_expect_object(node, allowed, err));
    TRY(json_get_integer(node, "id", JSON_REQUIRED, WORLD_ID_LEAST, WORLD_ID_MOST, &id, err));
    TRY(json_get_string(node, "name", JSON_REQUIRED, &text, err));
    if (*text == '\0')
        TRY(json_complain(&name_node, err, "found an empty string, expected the inbox's name"));
    TRY(json_get_integer(node, "team", JSON_REQUIRED, INT64_MIN, INT64_MAX, &team_id, err));
    if (team_id != store_team_id(store, team))
        TRY(json_complain(&team_node, err,
                          "found %" PRId64 ", expected %" PRId64
                          ", the team_id of the inbox's team",
                          team_id, store_team_id(store, team)));
    TRY(array_check(node, "members", member_check, err));
    TRY(array_check(node, "phones", phone_check, err));
    TRY(json_get_string(node, "phone", JSON_OPTIONAL, &text, err));
    code = directory_add_inbox(store_directory(store), team, id, node->value, err);
    if (code == HM_BAD_ARGUMENT)
        code = json_complain(&id_node, err,
                             "found %" PRId64 " a second time, expected each inbox id once", id);
    else if (code == HM_BAD_INPUT)
        code = json_complain(node, err, "found more than %d MiB of inboxes of one team",
                             INBOXES_BYTES_MAX / 1024 / 1024);
out:
    return code;
}
