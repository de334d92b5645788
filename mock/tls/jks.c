#include "tls/jks.h"

#include "contract/hmac.h"
#include <string.h>

enum {
    VERSION = 2,
    TRUSTED_CERTIFICATE = 2,
    COUNT_AT = 8, /* behind magic and version */
    SALT_BYTES_MAX = 64
};

static const uint32_t magic = 0xFEEDFEED;

/* Appends the lowest @bytes of a number, most significant first. */
static void number_add(struct buf *out, uint64_t number, int bytes)
{
    while (bytes-- > 0)
        buf_putc(out, (char)(unsigned char)(number >> (8 * bytes)));
}

/* Length in two bytes, then the text. */
static void text_add(struct buf *out, const char *text)
{
    size_t length = strlen(text);

    number_add(out, length, 2);
    buf_add(out, text, length);
}

void jks_begin(struct jks *jks, struct buf *out, int64_t now_ms)
{
    *jks = (struct jks){ .out = out, .start = out->length, .now_ms = now_ms };
    number_add(out, magic, 4);
    number_add(out, VERSION, 4);
    number_add(out, 0, 4); /* the count is not known yet */
}

void jks_add(struct jks *jks, const char *alias, const void *der, size_t length)
{
    number_add(jks->out, TRUSTED_CERTIFICATE, 4);
    text_add(jks->out, alias);
    number_add(jks->out, (uint64_t)jks->now_ms, 8);
    text_add(jks->out, "X.509");
    number_add(jks->out, length, 4);
    buf_add(jks->out, der, length);
    jks->count++;
}

/* The digest at the end is keyed, in its way: password in UTF-16BE and a salt come first. */
static bool digest_make(const struct jks *jks, unsigned char digest[MAC_BYTES_MAX])
{
    static const char salt[] = "Mighty Aphrodite";
    size_t length = jks->out->length - jks->start;
    struct buf salted;
    bool is_done;

    buf_init(&salted, length + SALT_BYTES_MAX);
    buf_reserve(&salted, length + SALT_BYTES_MAX);
    for (const char *c = JKS_PASSWORD; *c != '\0'; c++)
        number_add(&salted, (unsigned char)*c, 2);
    buf_puts(&salted, salt);
    buf_add(&salted, jks->out->data + jks->start, length);
    is_done = buf_ok(&salted) && hash_digest(HASH_SHA1, salted.data, salted.length, digest);
    buf_fini(&salted);
    return is_done;
}

bool jks_end(struct jks *jks)
{
    unsigned char digest[MAC_BYTES_MAX];

    if (!buf_ok(jks->out))
        return false;
    for (int i = 0; i < 4; i++)
        jks->out->data[jks->start + COUNT_AT + (size_t)i] =
            (char)(unsigned char)(jks->count >> (8 * (3 - i)));
    if (!digest_make(jks, digest))
        return false;
    buf_add(jks->out, digest, hash_bytes(HASH_SHA1));
    return buf_ok(jks->out);
}
