#include "signer/signer_secrets.h"
#include "support/platform.h"
#include "support/uuid.h"
#include <stdio.h>
#include <string.h>

enum { DOCUMENTED_KEY = 32, LONG_KEY = 200 };

/* Fills @length random characters of @alphabet. */
static bool fill(char *out, size_t length, const char *alphabet)
{
    unsigned char random[LONG_KEY];

    if (length > sizeof random || !platform_random(random, length))
        return false;
    for (size_t i = 0; i < length; i++)
        out[i] = alphabet[random[i] % strlen(alphabet)]; /* these keys protect nothing */
    out[length] = '\0';
    return true;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* @middle goes into the middle of the key, so that trimming does not remove it. */
static bool make(struct signer_secret *secret, const char *shape, bool is_documented,
                 size_t key_length, const char *middle)
{
    char letters[LONG_KEY + 1];

    secret->shape = shape;
    secret->is_documented = is_documented;
    if (!uuid_new(secret->id) || !fill(letters, key_length, LETTERS))
        return false;
    return snprintf(secret->key, sizeof secret->key, "%.*s%s%s", (int)(key_length / 2), letters,
                    middle, letters + key_length / 2) > 0;
}

bool signer_secrets_make(struct signer_secret secrets[SIGNER_SHAPES])
{
    return make(&secrets[0], "a secret in the documented format", true, DOCUMENTED_KEY, "") &&
           make(&secrets[1], "a key with + / and =", false, DOCUMENTED_KEY, "+/x=") &&
           make(&secrets[2], "a key with spaces inside", false, DOCUMENTED_KEY, " two  three ") &&
           make(&secrets[3], "a key with non-ASCII characters", false, DOCUMENTED_KEY,
                "\xC3\xA9\xC3\x9F\xE6\xBC\xA2") &&
           make(&secrets[4], "a key of 200 characters", false, LONG_KEY, "");
}
