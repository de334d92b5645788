#include "http/fields.h"

#include "support/text.h"
#include <string.h>
#include <strings.h>

static size_t length_trimmed(const char *value)
{
    size_t length = strlen(value);

    while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
        length--;
    return length;
}

static void authorization_take(struct request *request, const char *value)
{
    if (request->authorization_count++ > 0)
        return;
    request->authorization = private_text(value);
    request->authorization_length = length_trimmed(value);
}

static void content_type_take(struct request *request, const char *value)
{
    if (!private_is_set(request->content_type))
        request->content_type = private_text(value);
    else if (!text_equal_nocase(private_open(request->content_type), value))
        request->other_content_type = private_text(value);
}

/* A JWT, alone or after the word Bearer, as far as its beginning says: a JSON object in base64url.
 */
static bool is_token(const char *value)
{
    static const char scheme[] = "Bearer ", object[] = "eyJ";

    if (strncasecmp(value, scheme, sizeof scheme - 1) == 0)
        value += sizeof scheme - 1;
    return strncmp(value, object, sizeof object - 1) == 0 && strchr(value, '.') != NULL;
}

static void field_take(struct request *request, const struct framing_field *field, bool *keeps)
{
    switch (field->kind) {
    case FIELD_AUTHORIZATION:
        authorization_take(request, field->value);
        break;
    case FIELD_CONTENT_TYPE:
        content_type_take(request, field->value);
        break;
    case FIELD_HOST:
        request->host = private_text(field->value);
        break;
    case FIELD_ORIGIN:
        request->origin = private_text(field->value);
        break;
    case FIELD_SEC_FETCH_SITE:
        request->sec_fetch_site = private_text(field->value);
        break;
    case FIELD_PREFLIGHT:
        request->preflight = private_text(field->value);
        break;
    case FIELD_UPGRADE:
        request->upgrade = private_text(field->value);
        break;
    case FIELD_MOCK_EXPECT:
        request->expect = private_text(field->value);
        break;
    case FIELD_LAST_EVENT_ID:
        request->last_event_id = private_text(field->value);
        break;
    case FIELD_EXPECT:
        request->expects_continue =
            request->expects_continue || text_lists_word(field->value, "100-continue");
        break;
    case FIELD_CONNECTION:
        *keeps = *keeps || text_lists_word(field->value, "keep-alive");
        request->will_close = request->will_close || text_lists_word(field->value, "close");
        break;
    case FIELD_OTHER:
        if (is_token(field->value))
            request->token_field = field->name;
        break;
    case FIELD_CONTENT_LENGTH: /* see framing.c */
    case FIELD_TRANSFER_ENCODING:
        break;
    }
}

void fields_take(struct request *request, const struct framing_head *head)
{
    bool keeps = false;

    for (int i = 0; i < head->field_count; i++)
        field_take(request, &head->fields[i], &keeps);
    request->is_http_1_0 = strcmp(head->version, "1.0") == 0;
    if (request->is_http_1_0) {
        request->expects_continue = false;
        request->will_close = request->will_close || !keeps;
    }
}
