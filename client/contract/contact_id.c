#include "contract/contact_id.h"

#include "support/quoted.h"
#include "support/span.h"
#include "support/uuid.h"
#include <ctype.h>
#include <stdio.h>

enum { UUID_LENGTH = UUID_TEXT - 1, UUID_DIGITS = 32, SHOWN_BYTES_MAX = 24 };

static bool is_all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
    }
    return length > 0;
}

static bool is_32_hex_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return false;
    }
    return length == UUID_DIGITS;
}

/* What languages print for a variable that is not set. */
static bool is_printed_nothing(struct span text)
{
    static const char *const nothings[] = { "undefined", "null", "None",
                                            "nil",       "NaN",  "[object Object]" };

    for (size_t i = 0; i < sizeof nothings / sizeof nothings[0]; i++) {
        if (span_is_nocase(text, nothings[i]))
            return true;
    }
    return false;
}

/* {contactID}, <contactID>, :contactID, $CONTACT_ID, and what templates make of them. */
static bool is_placeholder(struct span text)
{
    bool names_contact = false;

    for (size_t i = 0; i < text.length; i++)
        names_contact = names_contact || span_starts_nocase(span_skip(text, i), "contact");
    return names_contact || is_one_of(text.at[0], "<:$%") ||
           (text.at[0] == '{' &&
            !uuid_is_valid(text.at + 1, text.length < 2 ? 0 : text.length - 2));
}

/* What differs from a UUID; @length is not 0. */
static const char *difference(const char *text, size_t length)
{
    static const char urn[] = "urn:uuid:";
    const struct span id = { text, length };

    if (is_printed_nothing(id))
        return "the printed form of an empty variable";
    if (length == UUID_LENGTH + 2 && uuid_is_valid(text + 1, length - 2))
        return text[0] == '{' ? "a UUID in braces" : "a UUID in quotes or brackets";
    if (is_32_hex_digits(text, length))
        return "a UUID without its hyphens";
    if (length > sizeof urn - 1 && span_starts_nocase(id, urn))
        return "a UUID with the prefix urn:uuid:";
    if (is_placeholder(id))
        return "a placeholder that was not replaced";
    if (length > UUID_LENGTH && uuid_is_valid(text, UUID_LENGTH))
        return "a UUID followed by something else";
    if (memchr(text, ' ', length) != NULL || memchr(text, '\n', length) != NULL)
        return "a text with spaces in it";
    if (length < UUID_LENGTH)
        return "too short for a UUID, which has 36 characters";
    if (length > UUID_LENGTH)
        return "too long for a UUID, which has 36 characters";
    return "36 characters long, but not 8-4-4-4-12 hex digits";
}

bool contact_id_check(const char *text, size_t length, struct hm_findings *findings)
{
    if (uuid_is_valid(text, length))
        return true;
    if (length == 0)
        hm_findings_add(findings, HM_B7_CONTACT_ID_NOT_UUID, "the contact's ID is empty");
    else if (is_all_digits(text, length) && length != UUID_DIGITS)
        hm_findings_add(findings, HM_B7_CONTACT_ID_IS_INTEGER, "the contact's ID is the integer %s",
                        quoted_if_short(text, length, SHOWN_BYTES_MAX).text);
    else
        hm_findings_add(findings, HM_B7_CONTACT_ID_NOT_UUID, "the contact's ID is %s, %s",
                        quoted_if_short(text, length, SHOWN_BYTES_MAX).text,
                        difference(text, length));
    return false;
}
