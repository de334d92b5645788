/* The contact's id of the path [T3 B7]: a UUID, or what it looks like instead. */
#include "contract/channel_rules.h"

#include "support/quoted.h"
#include "support/text.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { UUID_LENGTH = UUID_TEXT - 1, UUID_DIGITS = 32, SHOWN_BYTES_MAX = 24 };

static bool is_all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
    }
    return length > 0;
}

/* 32 hex digits in a row. */
static bool is_without_dashes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return false;
    }
    return length == UUID_DIGITS;
}

/* A variable that was empty, or a value that was never one. */
static bool is_printed_nothing(const char *text, size_t length)
{
    static const char *const nothings[] = { "undefined", "null", "None",
                                            "nil",       "NaN",  "[object Object]" };

    for (size_t i = 0; i < sizeof nothings / sizeof nothings[0]; i++) {
        if (length == strlen(nothings[i]) && strncasecmp(text, nothings[i], length) == 0)
            return true;
    }
    return false;
}

/* {contactID}, <contactID>, :contactID, $CONTACT_ID, and what templates make of them. */
static bool is_placeholder(const char *text, size_t length)
{
    bool names_contact = false;

    for (size_t i = 0; i + 7 <= length; i++)
        names_contact = names_contact || strncasecmp(text + i, "contact", 7) == 0;
    return names_contact || strchr("<:$%", text[0]) != NULL ||
           (text[0] == '{' && !uuid_is_valid(text + 1, length < 2 ? 0 : length - 2));
}

/* What differs from a UUID; @length is not 0. */
static const char *difference(const char *text, size_t length)
{
    static const char urn[] = "urn:uuid:";
    size_t urn_length = sizeof urn - 1;

    if (is_printed_nothing(text, length))
        return "what an empty variable prints as";
    if (length == UUID_LENGTH + 2 && uuid_is_valid(text + 1, length - 2))
        return text[0] == '{' ? "a UUID in braces" : "a UUID in quotes or brackets";
    if (is_without_dashes(text, length))
        return "a UUID without its dashes";
    if (length > urn_length && strncasecmp(text, urn, urn_length) == 0)
        return "a UUID with the prefix urn:uuid:";
    if (is_placeholder(text, length))
        return "a placeholder that nothing was put in for";
    if (length > UUID_LENGTH && uuid_is_valid(text, UUID_LENGTH))
        return "a UUID with something behind it";
    if (memchr(text, ' ', length) != NULL || memchr(text, '\n', length) != NULL)
        return "a text with blanks in it";
    if (length < UUID_LENGTH)
        return "too short for a UUID, which has 36 characters";
    if (length > UUID_LENGTH)
        return "too long for a UUID, which has 36 characters";
    return "36 characters long, but not 8-4-4-4-12 hex digits";
}

/* In quotes; a long one by its length alone, for a secret or a token may have slipped into its
 * place. */
static struct quoted shown(const char *text, size_t length)
{
    struct quoted out;

    if (length <= SHOWN_BYTES_MAX)
        return quoted(text, length);
    snprintf(out.text, sizeof out.text, "<%zu characters>", length);
    return out;
}

bool contact_id_check(const char *text, size_t length, struct hm_findings *findings)
{
    if (uuid_is_valid(text, length))
        return true;
    if (length == 0)
        hm_findings_add(findings, HM_B7_CONTACT_ID_NOT_UUID, "the contact's id is empty");
    else if (is_all_digits(text, length) && length != UUID_DIGITS)
        hm_findings_add(findings, HM_B7_CONTACT_ID_IS_INTEGER, "the contact's id is the integer %s",
                        shown(text, length).text);
    else
        hm_findings_add(findings, HM_B7_CONTACT_ID_NOT_UUID, "the contact's id is %s, %s",
                        shown(text, length).text, difference(text, length));
    return false;
}
