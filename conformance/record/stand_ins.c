#include "record/stand_ins.h"
#include "support/hash.h"
#include "support/text.h"
#include "support/uuid.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum {
    DIGITS_LEAST = 10,      /* of a phone number in running text */
    DIGITS_LEAST_PLUS = 7,  /* the same after a + */
    DIGITS_MOST = 15,       /* E.164 */
    VALUE_DIGITS_LEAST = 5, /* of a member that has a phone number */
    FICTIONAL_LINES = 100,  /* 555-0100 to 555-0199 */
    AREAS = 800,            /* 200 to 999 */
    AREA_FIRST = 200,
    FICTIONAL_DIGITS = 11,
    TEXT_BYTES_MAX = 32 * 1024 * 1024,
    SHOWN_TEXT = 48
};

enum kind { KIND_PHONE, KIND_EMAIL, KIND_OTHER };

struct stand_in {
    char *value; /* "p" and digits, "e" and an address, "o" and a text */
    char shown[SHOWN_TEXT];
    UT_hash_handle hh;
};

static void entry_free(struct stand_in *entry)
{
    if (entry != NULL)
        free(entry->value);
    free(entry);
}

void stand_ins_fini(struct stand_ins *stand_ins)
{
    struct stand_in *entry = stand_ins->by_value;

    HASH_CLEAR(hh, stand_ins->by_value);
    while (entry != NULL) {
        struct stand_in *next = entry->hh.next;

        entry_free(entry);
        entry = next;
    }
    memset(stand_ins, 0, sizeof *stand_ins);
}

static void shown_make(char shown[SHOWN_TEXT], struct stand_ins *stand_ins, enum kind kind)
{
    const size_t phone = stand_ins->phones % ((size_t)AREAS * FICTIONAL_LINES);

    switch (kind) {
    case KIND_PHONE:
        snprintf(shown, SHOWN_TEXT, "1%03zu55501%02zu", AREA_FIRST + phone / FICTIONAL_LINES,
                 phone % FICTIONAL_LINES);
        stand_ins->phones++;
        break;
    case KIND_EMAIL:
        snprintf(shown, SHOWN_TEXT, "person%zu@example.com", ++stand_ins->emails);
        break;
    case KIND_OTHER:
        snprintf(shown, SHOWN_TEXT, "text%zu", ++stand_ins->others);
        break;
    }
}

static struct stand_in *entry_find(const struct stand_ins *stand_ins, const char *key,
                                   size_t length)
{
    struct stand_in *entry;

    HASH_FIND(hh, stand_ins->by_value, key, length, entry);
    return entry;
}

/* Appends the stand-in of a value of that kind; it is made where there is none. */
static void entry_write(struct buf *out, struct stand_ins *stand_ins, enum kind kind,
                        const char *value, size_t length)
{
    static const char *const when_full[] = { "15005550199", "person@example.com", "text" };
    static const char marks[] = "peo";
    struct stand_in *entry = NULL;
    struct buf key;

    buf_init(&key, TEXT_BYTES_MAX);
    buf_putc(&key, marks[kind]);
    buf_add(&key, value, length);
    if (buf_ok(&key))
        entry = entry_find(stand_ins, buf_text(&key), key.length);
    if (buf_ok(&key) && entry == NULL && HASH_COUNT(stand_ins->by_value) < STAND_INS_MAX &&
        (entry = calloc(1, sizeof *entry)) != NULL) {
        const size_t bytes = key.length;

        entry->value = buf_take(&key);
        if (entry->value != NULL)
            HASH_ADD_KEYPTR(hh, stand_ins->by_value, entry->value, bytes, entry);
        if (entry->value == NULL || entry->hh.tbl == NULL) {
            entry_free(entry);
            entry = NULL;
        } else {
            shown_make(entry->shown, stand_ins, kind);
        }
    }
    stand_ins->is_full = stand_ins->is_full || entry == NULL;
    buf_puts(out, entry != NULL ? entry->shown : when_full[kind]);
    buf_fini(&key);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ASCII letters and digits, and all bytes of other characters. */
static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           ((unsigned char)c & 0x80U) != 0;
}

/* What is found at one place of a text. */
struct place {
    size_t length; /* 0: nothing */
    size_t digit_count;
    char digits[DIGITS_MOST + 1];
    bool has_plus;
    bool has_others; /* spaces, dashes, dots or parentheses */
};

/* "2024-04-16" and what follows is a time, not a phone number. */
static bool is_date(struct span text)
{
    return text.length >= 10 && text.at[4] == '-' && text.at[7] == '-' && is_digit(text.at[3]) &&
           is_digit(text.at[5]) && is_digit(text.at[6]) && is_digit(text.at[8]) &&
           is_digit(text.at[9]);
}

/* Groups of digits, each pair with at most two of " ().-" between. */
static void phone_read(struct place *place, struct span text)
{
    size_t at = 0;
    size_t gap = 0;
    size_t dots = 0;

    *place = (struct place){ 0 };
    place->has_plus = text.at[0] == '+';
    if (is_date(text))
        return;
    for (at = place->has_plus; at < text.length; at++) {
        const char c = text.at[at];

        if (is_digit(c)) {
            if (place->digit_count == DIGITS_MOST) {
                place->length = 0; /* too long: not a phone number */
                return;
            }
            place->has_others = place->has_others || gap > 0;
            place->digits[place->digit_count++] = c;
            place->length = at + 1;
            gap = 0;
        } else if (is_one_of(c, " ().-") && gap < 2) {
            dots += c == '.';
            gap++;
        } else {
            break;
        }
    }
    if (at < text.length && place->length == at && (is_alnum(text.at[at]) || text.at[at] == '_'))
        place->length = 0;
    if (dots == 3 && !place->has_plus)
        place->length = 0; /* an IPv4 address */
    if (place->digit_count < (size_t)(place->has_plus ? DIGITS_LEAST_PLUS : DIGITS_LEAST))
        place->length = 0;
}

/* No character that joins a name and an address, such as = / : or '. */
static size_t local_part_length(struct span text)
{
    size_t at = 0;

    while (at < text.length && (is_alnum(text.at[at]) || is_one_of(text.at[at], "._+-")))
        at++;
    return at;
}

/* The bytes of "@" or "%40" here; 0: neither. */
static size_t at_sign(struct span text)
{
    if (text.length > 0 && text.at[0] == '@')
        return 1;
    return span_starts(text, "%40") ? 3 : 0;
}

/* The length of an address that begins here; 0: none does. */
static size_t email_read(size_t *local, size_t *sign, struct span text)
{
    size_t at = *local = local_part_length(text);

    *sign = at_sign(span_skip(text, at));
    if (at == 0 || *sign == 0)
        return 0;
    for (at += *sign; at < text.length && (is_alnum(text.at[at]) || is_one_of(text.at[at], "-."));)
        at++;
    while (is_one_of(text.at[at - 1], "-."))
        at--;
    return at > *local + *sign ? at : 0;
}

/* Appends a phone number's stand-in in the form that the number had [B4]. */
static void phone_write(struct buf *out, struct stand_ins *stand_ins, const struct place *place)
{
    struct buf plain;
    const char *text;

    buf_init(&plain, SHOWN_TEXT);
    entry_write(&plain, stand_ins, KIND_PHONE, place->digits, place->digit_count);
    text = buf_text(&plain);
    if (place->has_plus)
        buf_putc(out, '+');
    else if (place->digits[0] == '0')
        buf_putc(out, '0');
    if (place->has_others && plain.length == FICTIONAL_DIGITS)
        buf_printf(out, "%.1s-%.3s-%.3s-%s", text, text + 1, text + 4, text + 7);
    else
        buf_puts(out, text);
    buf_fini(&plain);
}

/* A UUID, or letters and digits, or one other character: nothing begins in the middle of it. */
static size_t word_length(struct span text)
{
    size_t at = 0;

    if (text.length >= UUID_TEXT - 1 && uuid_is_valid(text.at, UUID_TEXT - 1))
        return UUID_TEXT - 1;
    while (at < text.length && (is_alnum(text.at[at]) || text.at[at] == '_'))
        at++;
    return at > 0 ? at : 1;
}

/* Appends the stand-in of a word that was replaced as a whole value before, or the word. */
static void word_write(struct buf *out, const struct stand_ins *stand_ins, struct span word)
{
    char key[SHOWN_TEXT];
    const struct stand_in *known = NULL;

    if (word.length > 1 && word.length < sizeof key - 1 && stand_ins->by_value != NULL) {
        memcpy(key + 1, word.at, word.length);
        key[0] = 'o';
        known = entry_find(stand_ins, key, word.length + 1);
        key[0] = 'p';
        known = known != NULL ? known : entry_find(stand_ins, key, word.length + 1);
    }
    if (known != NULL)
        buf_puts(out, known->shown);
    else
        buf_add(out, word.at, word.length);
}

/* Appends the stand-in of what begins here, or a word as it is; returns the bytes it took.
 *
 * no_email_before  offset before which no address begins; kept from call to call */
static size_t piece_write(struct buf *out, struct stand_ins *stand_ins, struct span text,
                          const char **no_email_before)
{
    const size_t word = word_length(text);
    struct place phone = { 0 };
    size_t local = 0;
    size_t sign = 0;
    const size_t email = text.at >= *no_email_before ? email_read(&local, &sign, text) : 0;

    if (email > 0) {
        struct buf address;

        buf_init(&address, TEXT_BYTES_MAX);
        buf_add(&address, text.at, local);
        buf_putc(&address, '@');
        buf_add(&address, text.at + local + sign, email - local - sign);
        entry_write(out, stand_ins, KIND_EMAIL, buf_text(&address), address.length);
        buf_fini(&address);
        return email;
    }
    if (local > 0)
        *no_email_before = text.at + local;
    if ((is_digit(text.at[0]) || is_one_of(text.at[0], "+(")) && word != UUID_TEXT - 1) {
        const size_t skipped = text.at[0] == '(';

        phone_read(&phone, span_skip(text, skipped));
        phone.has_others = phone.has_others || skipped > 0;
        if (phone.length > 0) {
            phone_write(out, stand_ins, &phone);
            return phone.length + skipped;
        }
    }
    word_write(out, stand_ins, (struct span){ text.at, word });
    return word;
}

void stand_ins_text(struct buf *out, struct stand_ins *stand_ins, struct span text)
{
    const char *no_email_before = text.at;

    while (text.length > 0)
        text = span_skip(text, piece_write(out, stand_ins, text, &no_email_before));
}

/* Appends the bytes that @piece stands for. */
static void decode(struct buf *out, struct span piece)
{
    for (size_t at = 0; at < piece.length; at++) {
        const int byte =
            piece.at[at] == '%' && at + 2 < piece.length ? hex_byte(piece.at + at + 1) : -1;

        buf_putc(out, (char)(byte >= 0 ? byte : piece.at[at]));
        at += byte >= 0 ? 2 : 0;
    }
}

/* Percent-encodes all but the unreserved characters of RFC 3986. */
static void encode(struct buf *out, struct span text)
{
    for (size_t at = 0; at < text.length; at++) {
        const char c = text.at[at];

        if ((is_alnum(c) && ((unsigned char)c & 0x80U) == 0) || is_one_of(c, "-._~"))
            buf_putc(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* Is it the name of something secret, such as "api_key"? */
static bool is_secret_name(struct span name)
{
    static const char *const words[] = { "password",   "passwd",        "secret",    "token",
                                         "api_key",    "apikey",        "api-key",   "access_key",
                                         "credential", "authorization", "signature", "session" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (size_t at = 0; at < name.length; at++) {
            if (span_starts_nocase(span_skip(name, at), words[i]))
                return true;
        }
    }
    return false;
}

void stand_ins_path(struct buf *out, struct stand_ins *stand_ins, struct span path)
{
    struct span name = { "", 0 };

    while (path.length > 0) {
        struct buf plain;
        struct buf replaced;
        size_t length = 0;

        while (length < path.length && !is_one_of(path.at[length], "/?&=;"))
            length++;
        buf_init(&plain, TEXT_BYTES_MAX);
        buf_init(&replaced, TEXT_BYTES_MAX);
        decode(&plain, (struct span){ path.at, length });
        stand_ins_text(&replaced, stand_ins, (struct span){ buf_text(&plain), plain.length });
        if (length > 0 && is_secret_name(name))
            buf_puts(out, "<hidden>");
        else if (plain.length == replaced.length &&
                 memcmp(buf_text(&plain), buf_text(&replaced), plain.length) == 0)
            buf_add(out, path.at, length);
        else
            encode(out, (struct span){ buf_text(&replaced), replaced.length });
        buf_fini(&replaced);
        buf_fini(&plain);
        name = length < path.length && path.at[length] == '=' ? (struct span){ path.at, length }
                                                              : (struct span){ "", 0 };
        if (length < path.length)
            buf_putc(out, path.at[length++]);
        path = span_skip(path, length);
    }
}

/* Members whose whole value is somebody's number, address or name. */
bool is_personal_member(const char *member)
{
    static const char *const names[] = { "channel_id", "channel_handle", "info_channel" };
    static const char *const endings[] = { "name",  "phone",  "phones",  "phone_number", "mobile",
                                           "email", "emails", "address", "handle" };
    const size_t length = strlen(member);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(member, names[i]) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t end = strlen(endings[i]);

        if (length >= end && strcasecmp(member + length - end, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Is the whole value digits with what joins them? A shorter or longer one than E.164 has keeps a
 * form that is not E.164. */
static bool value_is_phone(struct place *place, struct span value)
{
    *place = (struct place){ 0 };
    for (size_t at = 0; at < value.length; at++) {
        if (is_digit(value.at[at])) {
            if (place->digit_count == DIGITS_MOST)
                return false;
            place->digits[place->digit_count++] = value.at[at];
        } else if (at == 0 && value.at[at] == '+') {
            place->has_plus = true;
        } else if (is_one_of(value.at[at], " ().-")) {
            place->has_others = true;
        } else {
            return false;
        }
    }
    place->has_others = place->has_others || place->digit_count < DIGITS_LEAST_PLUS;
    return place->digit_count >= VALUE_DIGITS_LEAST;
}

void stand_ins_value(struct buf *out, struct stand_ins *stand_ins, const char *member,
                     struct span value)
{
    struct place phone;

    if (value.length == 0)
        return;
    if (is_secret_name((struct span){ member, strlen(member) }))
        buf_puts(out, "<hidden>");
    else if (!is_personal_member(member))
        stand_ins_text(out, stand_ins, value);
    else if (value_is_phone(&phone, value))
        phone_write(out, stand_ins, &phone);
    else
        entry_write(out, stand_ins,
                    memchr(value.at, '@', value.length) != NULL ? KIND_EMAIL : KIND_OTHER, value.at,
                    value.length);
}

bool stand_ins_know_phone(const struct stand_ins *stand_ins, const char *digits)
{
    char key[SHOWN_TEXT];
    const int length = snprintf(key, sizeof key, "p%s", digits);

    return length < SHOWN_TEXT && entry_find(stand_ins, key, (size_t)length) != NULL;
}
