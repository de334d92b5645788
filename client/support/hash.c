#include "support/hash.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

__extension__ typedef unsigned __int128 uint128;

static uint64_t seed[2];

/* Before main(), so that no lock is needed. The tables also work if the system has no random bytes
 * yet. */
__attribute__((constructor)) static void seed_draw(void)
{
    if (getrandom(seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed[0] = (uintptr_t)seed;
}

/* As in wyhash: both halves of a product of secret factors. */
static uint64_t mix(uint64_t hash, const unsigned char *bytes)
{
    uint64_t words[2];
    uint128 product;

    memcpy(words, bytes, sizeof words);
    product = (uint128)(words[0] ^ seed[1]) * (words[1] ^ hash);
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

unsigned hash_of_key(const void *key, size_t length)
{
    const unsigned char *at = key;
    unsigned char last[2 * sizeof(uint64_t)] = { 0 };
    uint64_t hash = seed[0] ^ length;

    for (; length >= sizeof last; length -= sizeof last, at += sizeof last)
        hash = mix(hash, at);
    if (length > 0) {
        memcpy(last, at, length);
        hash = mix(hash, last);
    }
    return (unsigned)(hash ^ hash >> 32);
}
