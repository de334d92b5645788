#define _DEFAULT_SOURCE /* MAP_ANON; NOLINT(bugprone-reserved-identifier) */
#include "tests/need_proc.h"
#include "tls/trust.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KEY_BYTES = 32, KEYS_MOST = 8, MASK = 0xA5 };

/* The private keys that were signed with, in the order of their use, in a disguise: a search for
 * one must not find this. */
static unsigned char seen[KEYS_MOST][KEY_BYTES];
static size_t seen_count;

static void disguise(unsigned char out[KEY_BYTES], const unsigned char in[KEY_BYTES])
{
    for (size_t i = 0; i < KEY_BYTES; i++)
        out[i] = in[i] ^ MASK;
}

static void key_note(const EVP_PKEY *key)
{
    unsigned char bytes[KEY_BYTES];
    BIGNUM *number = NULL;

    if (seen_count < KEYS_MOST &&
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
        BN_bn2binpad(number, bytes, sizeof bytes) == KEY_BYTES)
        disguise(seen[seen_count++], bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
    BN_clear_free(number);
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c) the linker's names */
int __real_X509_sign(X509 *cert, EVP_PKEY *key, const EVP_MD *hash);
int __wrap_X509_sign(X509 *cert, EVP_PKEY *key, const EVP_MD *hash);

int __wrap_X509_sign(X509 *cert, EVP_PKEY *key, const EVP_MD *hash)
{
    key_note(key);
    return __real_X509_sign(cert, key, hash);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c) */

/* What a chain serves, taken apart. */
struct served {
    struct trust_chain *chain;
    SSL_CTX *ctx;
    X509 *leaf, *intermediate; /* borrowed from ctx */
    X509 *root;
};

static X509 *certificate_of(const char *pem)
{
    BIO *text = BIO_new_mem_buf(pem, -1);
    X509 *cert = PEM_read_bio_X509(text, NULL, NULL, NULL);

    BIO_free(text);
    return cert;
}

static void served_init(struct served *s)
{
    STACK_OF(X509) *between = NULL;

    seen_count = 0;
    assert_int_equal(trust_chain_begin(&s->chain, NULL), HM_OK);
    assert_int_equal(trust_chain_end(s->chain, NULL), HM_OK);
    s->ctx = SSL_CTX_new(TLS_server_method());
    assert_true(trust_chain_serve(s->chain, s->ctx));
    s->leaf = SSL_CTX_get0_certificate(s->ctx);
    SSL_CTX_get0_chain_certs(s->ctx, &between);
    assert_int_equal(sk_X509_num(between), 1);
    s->intermediate = sk_X509_value(between, 0);
    s->root = certificate_of(trust_root_pem(s->chain));
    assert_non_null(s->root);
}

static void served_fini(struct served *s)
{
    X509_free(s->root);
    SSL_CTX_free(s->ctx);
    trust_chain_free(s->chain);
}

/* What OpenSSL says of the leaf, for a host or an address; X509_V_OK or a reason. */
static int verdict(const struct served *s, const char *host, const char *address)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *between = sk_X509_new_null();
    X509_VERIFY_PARAM *param; /* borrowed */
    int result;

    X509_STORE_add_cert(store, s->root);
    sk_X509_push(between, s->intermediate);
    X509_STORE_CTX_init(ctx, store, s->leaf, between);
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_set_auth_level(param, 2);
    if (host != NULL)
        X509_VERIFY_PARAM_set1_host(param, host, 0);
    if (address != NULL)
        X509_VERIFY_PARAM_set1_ip_asc(param, address);
    result = X509_verify_cert(ctx) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(ctx);
    sk_X509_free(between);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return result;
}

TEST(the_leaf_is_good_for_two_names_and_no_address)
{
    struct served s;

    served_init(&s);
    assert_int_equal(verdict(&s, "localhost", NULL), X509_V_OK);
    assert_int_equal(verdict(&s, "api.heymarket.com", NULL), X509_V_OK);
    assert_int_equal(verdict(&s, "app.heymarket.com", NULL), X509_V_ERR_HOSTNAME_MISMATCH);
    assert_int_equal(verdict(&s, "example.com", NULL), X509_V_ERR_HOSTNAME_MISMATCH);
    assert_int_equal(verdict(&s, NULL, "127.0.0.1"), X509_V_ERR_IP_ADDRESS_MISMATCH);
    assert_int_equal(verdict(&s, NULL, "::1"), X509_V_ERR_IP_ADDRESS_MISMATCH);
    served_fini(&s);
}

/* What the intermediate's constraints say of a certificate with these names. */
static int judge_names(const struct served *s, const char *names)
{
    NAME_CONSTRAINTS *constraints =
        X509_get_ext_d2i(s->intermediate, NID_name_constraints, NULL, NULL);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
    X509 *cert = X509_new();
    int result;

    assert_non_null(constraints);
    assert_non_null(extension);
    X509_add_ext(cert, extension, -1);
    X509_check_purpose(cert, -1, 0); /* makes it look at its extensions */
    result = NAME_CONSTRAINTS_check(cert, constraints);
    X509_free(cert);
    X509_EXTENSION_free(extension);
    NAME_CONSTRAINTS_free(constraints);
    return result;
}

TEST(the_intermediate_can_sign_for_no_other_name)
{
    struct served s;
    int is_critical = 0;
    NAME_CONSTRAINTS *constraints;

    served_init(&s);
    assert_int_equal(judge_names(&s, "DNS:localhost"), X509_V_OK);
    assert_int_equal(judge_names(&s, "DNS:api.heymarket.com"), X509_V_OK);
    assert_int_equal(judge_names(&s, "DNS:heymarket.com"), X509_V_ERR_PERMITTED_VIOLATION);
    assert_int_equal(judge_names(&s, "DNS:example.com"), X509_V_ERR_PERMITTED_VIOLATION);
    assert_int_equal(judge_names(&s, "DNS:localhost,DNS:a.com"), X509_V_ERR_PERMITTED_VIOLATION);
    assert_int_equal(judge_names(&s, "IP:127.0.0.1"), X509_V_ERR_EXCLUDED_VIOLATION);
    assert_int_equal(judge_names(&s, "IP:203.0.113.7"), X509_V_ERR_EXCLUDED_VIOLATION);
    assert_int_equal(judge_names(&s, "IP:::1"), X509_V_ERR_EXCLUDED_VIOLATION);
    assert_int_equal(judge_names(&s, "IP:2001:db8::1"), X509_V_ERR_EXCLUDED_VIOLATION);
    constraints = X509_get_ext_d2i(s.intermediate, NID_name_constraints, &is_critical, NULL);
    NAME_CONSTRAINTS_free(constraints);
    assert_int_equal(is_critical, 1);
    assert_int_equal(X509_get_pathlen(s.intermediate), 0);
    served_fini(&s);
}

TEST(only_the_leaf_is_no_authority)
{
    struct served s;

    served_init(&s);
    assert_int_equal(X509_check_ca(s.root), 1);
    assert_int_equal(X509_check_ca(s.intermediate), 1);
    assert_int_equal(X509_check_ca(s.leaf), 0);
    assert_int_equal(X509_get_key_usage(s.leaf), KU_DIGITAL_SIGNATURE);
    assert_int_equal(X509_get_extended_key_usage(s.leaf), XKU_SSL_SERVER);
    served_fini(&s);
}

TEST(a_clock_may_be_months_off)
{
    struct served s;
    int days, seconds;

    served_init(&s);
    ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(s.leaf), NULL);
    assert_in_range(days, 364, 366);
    ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(s.leaf));
    assert_in_range(days, 364, 366);
    served_fini(&s);
}

TEST(no_two_chains_are_alike)
{
    struct served a, b;

    served_init(&a);
    served_init(&b);
    assert_int_not_equal(
        X509_NAME_cmp(X509_get_subject_name(a.root), X509_get_subject_name(b.root)), 0);
    assert_string_not_equal(trust_root_file(a.chain), trust_root_file(b.chain));
    assert_int_not_equal(
        ASN1_INTEGER_cmp(X509_get0_serialNumber(a.leaf), X509_get0_serialNumber(b.leaf)), 0);
    assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(a.leaf), X509_get0_pubkey(b.leaf)), 0);
    served_fini(&a);
    served_fini(&b);
}

static bool finds(const unsigned char *bytes, size_t length, const unsigned char key[KEY_BYTES])
{
    const unsigned char *at = bytes, *end = bytes + length;

    while ((at = memchr(at, key[0], (size_t)(end - at))) != NULL && end - at >= KEY_BYTES) {
        if (memcmp(at, key, KEY_BYTES) == 0)
            return true;
        at++;
    }
    return false;
}

/* How many writable mappings of this process hold the key, as a big number is kept or as it is
 * written down; not in the mapping that @address is in. Read through /proc, which no sanitizer
 * minds. What was read is disguised, not the key: the search must leave no copy of it. */
static int places_of(const unsigned char key[KEY_BYTES], const void *address)
{
    enum { MAPPING_BYTES_MAX = 1 << 28 };
    FILE *maps = fopen("/proc/self/maps", "re"), *mem = fopen("/proc/self/mem", "re");
    unsigned char *copy = mmap(NULL, MAPPING_BYTES_MAX, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANON, -1, 0); /* never merged with others */
    unsigned char turned[KEY_BYTES];
    char line[512], *end;
    int places = 0;

    assert_non_null(maps);
    assert_non_null(mem);
    assert_ptr_not_equal(copy, MAP_FAILED);
    setvbuf(mem, NULL, _IONBF, 0);
    for (size_t i = 0; i < KEY_BYTES; i++)
        turned[i] = key[KEY_BYTES - 1 - i];
    while (fgets(line, sizeof line, maps) != NULL) {
        uintptr_t from = strtoull(line, &end, 16), to = strtoull(end + 1, &end, 16);
        size_t length;

        if (end[2] != 'w' || to - from > MAPPING_BYTES_MAX ||
            (from <= (uintptr_t)copy && (uintptr_t)copy < to) ||
            (from <= (uintptr_t)address && (uintptr_t)address < to) ||
            fseeko(mem, (off_t)from, SEEK_SET) != 0)
            continue;
        length = fread(copy, 1, to - from, mem);
        for (size_t i = 0; i < length; i++)
            copy[i] ^= MASK;
        places += finds(copy, length, key) + finds(copy, length, turned);
    }
    munmap(copy, MAPPING_BYTES_MAX);
    fclose(mem);
    fclose(maps);
    return places;
}

TEST(both_keys_that_can_sign_for_others_are_gone_from_memory)
{
    const void *stack = __builtin_frame_address(0);
    unsigned char leaf[KEY_BYTES];
    struct trust_chain *chain;
    SSL_CTX *ctx;

    NEED_PROC();
    seen_count = 0;
    assert_int_equal(trust_chain_begin(&chain, NULL), HM_OK);
    assert_int_equal(trust_chain_end(chain, NULL), HM_OK);
    assert_int_equal(seen_count,
                     3); /* root by itself, intermediate by root, leaf by intermediate */
    assert_memory_equal(seen[0], seen[1], KEY_BYTES);
    assert_int_equal(places_of(seen[0], NULL), 0);
    assert_int_equal(places_of(seen[2], NULL), 0);

    /* The leaf's key is in use, so the search finds a key that is there. */
    ctx = SSL_CTX_new(TLS_server_method());
    assert_true(trust_chain_serve(chain, ctx));
    key_note(SSL_CTX_get0_privatekey(ctx));
    assert_int_equal(seen_count, 4);
    memcpy(leaf, seen[3], KEY_BYTES);
    assert_true(places_of(leaf, stack) > 0);

    /* Some processors leave a copy of it on this stack: that one is not ours to wipe. */
    SSL_CTX_free(ctx);
    trust_chain_free(chain);
    assert_int_equal(places_of(leaf, stack), 0);
}

TEST(the_search_for_a_key_finds_one_on_the_stack)
{
    volatile unsigned char on_stack[KEY_BYTES];
    unsigned char disguised[KEY_BYTES];

    for (size_t i = 0; i < KEY_BYTES; i++) {
        on_stack[i] = (unsigned char)(i * 7 + 1);
        disguised[i] = on_stack[i] ^ MASK;
    }
    assert_true(places_of(disguised, NULL) > 0);
}

/* Completes a handshake without a network. Frees the client's context. */
static bool shake_hands(const struct served *s, SSL_CTX *client_ctx, const unsigned char *protocols,
                        unsigned protocols_length, char protocol[16])
{
    SSL *client = SSL_new(client_ctx), *server = SSL_new(s->ctx);
    const unsigned char *chosen = NULL;
    unsigned length = 0;
    BIO *a, *b;
    bool is_done = false;
    char host[] = "localhost"; /* the macro below casts a const away */

    BIO_new_bio_pair(&a, 0, &b, 0);
    SSL_set_bio(client, a, a);
    SSL_set_bio(server, b, b);
    SSL_set_tlsext_host_name(client, host);
    SSL_set1_host(client, host);
    SSL_set_verify(client, SSL_VERIFY_PEER, NULL);
    SSL_set_alpn_protos(client, protocols, protocols_length);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    for (int i = 0; i < 16 && !is_done; i++) {
        SSL_do_handshake(client);
        SSL_do_handshake(server);
        is_done = SSL_is_init_finished(client) && SSL_is_init_finished(server);
    }
    SSL_get0_alpn_selected(client, &chosen, &length);
    snprintf(protocol, 16, "%.*s", (int)length, chosen == NULL ? "" : (const char *)chosen);
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(client_ctx);
    return is_done;
}

static SSL_CTX *client_new(X509 *root, int version)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    if (root != NULL)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), root);
    SSL_CTX_set_security_level(ctx, version < TLS1_2_VERSION ? 0 : 2);
    SSL_CTX_set_min_proto_version(ctx, version);
    SSL_CTX_set_max_proto_version(ctx, version);
    return ctx;
}

TEST(tls_1_2_and_1_3_are_spoken_and_nothing_older)
{
    struct served s;
    char protocol[16];

    served_init(&s);
    assert_true(shake_hands(&s, client_new(s.root, TLS1_2_VERSION), NULL, 0, protocol));
    assert_true(shake_hands(&s, client_new(s.root, TLS1_3_VERSION), NULL, 0, protocol));
    SSL_CTX_set_security_level(s.ctx, 0); /* our own setting has to refuse */
    assert_false(shake_hands(&s, client_new(s.root, TLS1_1_VERSION), NULL, 0, protocol));
    assert_false(shake_hands(&s, client_new(s.root, TLS1_VERSION), NULL, 0, protocol));
    served_fini(&s);
}

TEST(a_client_without_the_root_refuses)
{
    struct served s, other;
    char protocol[16];

    served_init(&s);
    served_init(&other);
    assert_false(shake_hands(&s, client_new(NULL, TLS1_3_VERSION), NULL, 0, protocol));
    assert_false(shake_hands(&s, client_new(other.root, TLS1_3_VERSION), NULL, 0, protocol));
    served_fini(&other);
    served_fini(&s);
}

TEST(http_1_1_alone_is_agreed_upon)
{
    static const unsigned char both[] = "\x02h2\x08http/1.1", h2[] = "\x02h2";
    struct served s;
    char protocol[16];

    served_init(&s);
    assert_true(
        shake_hands(&s, client_new(s.root, TLS1_3_VERSION), both, sizeof both - 1, protocol));
    assert_string_equal(protocol, "http/1.1");
    assert_true(shake_hands(&s, client_new(s.root, TLS1_3_VERSION), NULL, 0, protocol));
    assert_string_equal(protocol, "");
    assert_false(shake_hands(&s, client_new(s.root, TLS1_3_VERSION), h2, sizeof h2 - 1, protocol));
    served_fini(&s);
}
