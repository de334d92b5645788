#include "intercept/name_answer.h"

#include "support/span.h"
#include <stdbool.h>
#include <string.h>

enum {
    HEAD = 12,            /* bytes of a message's header */
    LABEL_MAX = 63,       /* longer "lengths" are pointers, or reserved */
    NAME_MAX_BYTES = 255, /* with the length of each label, and the empty last one */
    QUESTION_TAIL = 4,    /* type and class after the name */
    RECORD_TAIL = 10,     /* type, class, time to live and length after the name */
    TTL_S = 60,
    UDP_BYTES_WE_TAKE = 1232
};

enum { TYPE_A = 1, TYPE_OPT = 41, TYPE_ANY = 255, CLASS_IN = 1, CLASS_ANY = 255 };

enum {
    GOOD = 0,
    FORMAT_ERROR = 1,
    NO_SUCH_NAME = 3,
    NOT_IMPLEMENTED = 4,
    REFUSED = 5,
    BAD_VERSION = 16
};

/* The bits of the header's third and fourth byte. */
enum { QR = 0x80, AUTHORITATIVE = 0x04, RECURSION_DESIRED = 0x01, RECURSION_AVAILABLE = 0x80 };

struct query {
    const uint8_t *at;
    size_t length;
    size_t question_end; /* 0: there is no question that can be repeated */
    char name[NAME_MAX_BYTES + 1];
    size_t name_length;
    unsigned type, class;
    bool has_edns;
    int result;
};

static unsigned read_16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static uint8_t *write_16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

/* The name of the question, with dots. Returns where it ends; 0: it is malformed. A pointer is,
 * too: nothing is in front of the first question that it could point to. */
static size_t name_read(struct query *query, size_t at)
{
    const size_t start = at;

    for (;;) {
        const size_t label = at < query->length ? query->at[at] : LABEL_MAX + 1;

        if (label > LABEL_MAX || at + 1 + label > query->length ||
            at + 1 + label - start > NAME_MAX_BYTES)
            return 0;
        at++;
        if (label == 0)
            return at;
        if (query->name_length > 0)
            query->name[query->name_length++] = '.';
        memcpy(query->name + query->name_length, query->at + at, label);
        query->name_length += label;
        at += label;
    }
}

/* Where the name at @at ends, which may be a pointer; 0: it is malformed. */
static size_t name_skip(const struct query *query, size_t at)
{
    while (at < query->length) {
        const uint8_t label = query->at[at];

        if (label >= 0xc0)
            return at + 2;
        if (label > LABEL_MAX)
            return 0;
        at += 1 + (size_t)label;
        if (label == 0)
            return at;
    }
    return 0;
}

/* Looks for EDNS0 among the records after the question. False: they are malformed. */
static bool records_read(struct query *query)
{
    const unsigned additional = read_16(query->at + 10);
    const unsigned count = read_16(query->at + 6) + read_16(query->at + 8) + additional;
    size_t at = query->question_end;

    for (unsigned i = 0; i < count; i++) {
        const size_t name = at;
        size_t bytes;

        at = name_skip(query, name);
        if (at == 0 || at + RECORD_TAIL > query->length)
            return false;
        bytes = read_16(query->at + at + 8);
        if (read_16(query->at + at) == TYPE_OPT && i >= count - additional) {
            if (query->has_edns || query->at[name] != 0)
                return false; /* RFC 6891, section 6.1.1: one, of the root */
            query->has_edns = true;
            if (query->at[at + 5] != 0)
                query->result = BAD_VERSION;
        }
        at += RECORD_TAIL + bytes;
        if (at > query->length)
            return false;
    }
    return true;
}

/* False: it is no query. Sets the result to what is wrong with it. */
static bool query_read(struct query *query, const uint8_t *bytes, size_t length)
{
    size_t end;

    *query = (struct query){ .at = bytes, .length = length, .result = GOOD };
    if (length < HEAD || (bytes[2] & QR) != 0)
        return false;
    if ((bytes[2] & 0x78) != 0) {
        query->result = NOT_IMPLEMENTED;
        return true;
    }
    end = read_16(bytes + 4) == 1 ? name_read(query, HEAD) : 0;
    if (end == 0 || end + QUESTION_TAIL > length) {
        query->result = FORMAT_ERROR;
        return true;
    }
    query->type = read_16(bytes + end);
    query->class = read_16(bytes + end + 2);
    query->question_end = end + QUESTION_TAIL;
    if (!records_read(query))
        query->result = FORMAT_ERROR;
    else if (query->result == GOOD && query->class != CLASS_IN && query->class != CLASS_ANY)
        query->result = REFUSED;
    return true;
}

static bool is_reverse(struct span name)
{
    static const char end[] = ".arpa";
    const size_t length = sizeof end - 1;

    return name.length > length && span_is_nocase(span_skip(name, name.length - length), end);
}

/* Writes an address record of the question's name, to which 0xc00c points. */
static uint8_t *address_write(uint8_t *at, struct in_addr address)
{
    at = write_16(at, 0xc000 | HEAD);
    at = write_16(at, TYPE_A);
    at = write_16(at, CLASS_IN);
    at = write_16(at, 0);
    at = write_16(at, TTL_S);
    at = write_16(at, sizeof address);
    memcpy(at, &address, sizeof address);
    return at + sizeof address;
}

/* Writes the addresses; *count says how many. Returns the end. */
static uint8_t *name_find(uint8_t *at, unsigned *count, struct query *query,
                          const struct known_name *known, size_t known_count, struct asked *asked)
{
    const struct span name = { query->name, query->name_length };
    const bool wants_address = query->type == TYPE_A || query->type == TYPE_ANY;
    enum asked_result result = ASKED_REFUSED;

    query->result = NO_SUCH_NAME;
    for (size_t i = 0; i < known_count; i++) {
        if (!span_is_nocase(name, known[i].name))
            continue;
        query->result = GOOD;
        result = known[i].result;
        if (wants_address && *count < NAME_ADDRESSES_MAX) {
            at = address_write(at, known[i].address);
            ++*count;
        }
    }
    if (asked != NULL && name.length > 0 && !is_reverse(name))
        asked_note(asked, name.at, name.length, 0, result);
    return at;
}

/* The OPT record, with the upper bits of the result. */
static uint8_t *edns_write(uint8_t *at, int result)
{
    *at++ = 0; /* the root */
    at = write_16(at, TYPE_OPT);
    at = write_16(at, UDP_BYTES_WE_TAKE);
    at = write_16(at, (unsigned)(result >> 4) << 8);
    at = write_16(at, 0);
    return write_16(at, 0);
}

size_t name_answer(uint8_t out[NAME_ANSWER_MAX], const uint8_t *bytes, size_t length,
                   const struct known_name *known, size_t known_count, struct asked *asked)
{
    struct query query;
    unsigned count = 0;
    uint8_t *at = out + HEAD;

    if (!query_read(&query, bytes, length))
        return 0;
    memset(out, 0, HEAD);
    memcpy(out, bytes, 2);
    if (query.question_end > 0) {
        memcpy(at, bytes + HEAD, query.question_end - HEAD);
        at += query.question_end - HEAD;
        write_16(out + 4, 1);
    }
    if (query.result == GOOD)
        at = name_find(at, &count, &query, known, known_count, asked);
    write_16(out + 6, count);
    if (query.has_edns) {
        at = edns_write(at, query.result);
        write_16(out + 10, 1);
    }
    out[2] = (uint8_t)(QR | AUTHORITATIVE | (bytes[2] & (0x78 | RECURSION_DESIRED)));
    out[3] = (uint8_t)(RECURSION_AVAILABLE | (query.result & 0x0f));
    return (size_t)(at - out);
}

static bool is_below(struct span name, const char *known)
{
    const size_t length = strlen(known);

    return name.length > length && name.at[name.length - length - 1] == '.' &&
           span_is_nocase(span_skip(name, name.length - length), known);
}

bool name_is_foreign(const uint8_t *bytes, size_t length, const struct known_name *known,
                     size_t known_count, struct asked *asked)
{
    struct query query;
    struct span name;

    if (!query_read(&query, bytes, length) || query.result != GOOD)
        return false;
    name = (struct span){ query.name, query.name_length };
    for (size_t i = 0; i < known_count; i++) {
        if (span_is_nocase(name, known[i].name) || is_below(name, known[i].name))
            return false;
    }
    if (asked != NULL && name.length > 0 && !is_reverse(name))
        asked_note(asked, name.at, name.length, 0, ASKED_ALLOWED);
    return true;
}
