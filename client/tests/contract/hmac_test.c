/* HMAC against RFC 4231, by both ways of calling it. */
#include "contract/hmac.h"
#include "tests/unit.h"

/* RFC 4231 §4.3 (test case 2). */
static const char key[] = "Jefe";
static const char data[] = "what do ya want for nothing?";
static const unsigned char sha256[] = {
    0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
    0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
};
static const unsigned char sha384_start[] = { 0xaf, 0x45, 0xd2, 0xe3, 0x76, 0x48, 0x40, 0x31 };
static const unsigned char sha512_start[] = { 0x16, 0x4b, 0x7a, 0x7b, 0xfc, 0xf8, 0x19, 0xe2 };

TEST(a_prepared_key_gives_the_rfc_digest_again_and_again)
{
    struct hmac_key *prepared = NULL;
    unsigned char mac[MAC_BYTES_MAX];

    assert_int_equal(hmac_key_new(&prepared, HASH_SHA256, key, 4, NULL), HM_OK);
    for (int i = 0; i < 3; i++) {
        memset(mac, 0, sizeof mac);
        assert_true(hmac_key_mac(prepared, data, strlen(data), mac));
        assert_memory_equal(mac, sha256, sizeof sha256);
    }
    hmac_key_free(prepared);
}

TEST(a_scratch_changes_key_and_hash_at_will)
{
    struct hmac_scratch *scratch = hmac_scratch_new();
    unsigned char mac[MAC_BYTES_MAX];
    unsigned char other[MAC_BYTES_MAX];

    assert_non_null(scratch);
    assert_true(hmac_scratch_mac(scratch, HASH_SHA512, key, 4, data, strlen(data), mac));
    assert_memory_equal(mac, sha512_start, sizeof sha512_start);
    assert_true(hmac_scratch_mac(scratch, HASH_SHA256, "other", 5, data, strlen(data), mac));
    assert_true(hmac_scratch_mac(scratch, HASH_SHA256, key, 4, data, strlen(data), mac));
    assert_memory_equal(mac, sha256, sizeof sha256);
    assert_true(hmac_scratch_mac(scratch, HASH_SHA384, key, 4, data, strlen(data), mac));
    assert_memory_equal(mac, sha384_start, sizeof sha384_start);
    assert_true(hmac_scratch_mac(scratch, HASH_SHA256, "", 0, data, strlen(data), mac));
    assert_true(hmac_scratch_mac(scratch, HASH_SHA256, "\0\0", 2, data, strlen(data), other));
    assert_memory_equal(mac, other, SHA256_BYTES); /* RFC 2104 pads with zeros */
    hmac_scratch_free(scratch);
}

/* Lengths around the blocks of 64 and 128 bytes: a longer key is replaced by its digest. */
TEST(both_ways_agree_for_every_hash_and_length_of_key)
{
    struct hmac_scratch *scratch = hmac_scratch_new();
    unsigned char mac[MAC_BYTES_MAX], other[MAC_BYTES_MAX];
    char long_key[200];
    size_t wrong = 0;

    assert_non_null(scratch);
    memset(long_key, 'k', sizeof long_key);
    for (int hash = 0; hash < HASH_COUNT; hash++) {
        for (size_t length = 0; length <= sizeof long_key; length++) {
            struct hmac_key *prepared = NULL;

            assert_int_equal(hmac_key_new(&prepared, (enum hash)hash, long_key, length, NULL),
                             HM_OK);
            assert_true(hmac_key_mac(prepared, data, strlen(data), mac));
            assert_true(hmac_scratch_mac(scratch, (enum hash)hash, long_key, length, data,
                                         strlen(data), other));
            wrong += memcmp(mac, other, hash_bytes((enum hash)hash)) != 0;
            hmac_key_free(prepared);
        }
    }
    assert_int_equal(wrong, 0);
    hmac_scratch_free(scratch);
}

TEST(compares_every_byte)
{
    assert_true(bytes_equal("same", "same", 4));
    assert_false(bytes_equal("same", "samf", 4));
    assert_true(bytes_equal("a", "b", 0));
}
