#include "tls/trust_make.h"

#include "store/clock.h"
#include "support/no_memory.h"
#include "support/platform.h"
#include "tls/openssl.h"
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { STACK_BYTES = 1024 * 1024 };
enum { VALID_DAYS = 365, SERIAL_BITS = 127, MARK_BYTES = 4, NAME_TEXT = 64, EXTENSIONS_MOST = 8 };

/* What a certificate is made from: its common name and its extensions. */
struct form {
    const char *name;
    struct {
        int nid;
        const char *value;
    } extensions[EXTENSIONS_MOST]; /* ends with a value of NULL */
};

static const struct form root_form = {
    "heymarket-mock temporary root",
    { { NID_subject_key_identifier, "hash" },
      { NID_basic_constraints, "critical,CA:TRUE" },
      { NID_key_usage, "critical,keyCertSign,cRLSign" } },
};

/* A constraint on DNS names allows any IP address, so all of these are excluded. BoringSSL would
 * refuse a chain that permits some of them. */
static const struct form intermediate_form = {
    "heymarket-mock temporary intermediate",
    { { NID_subject_key_identifier, "hash" },
      { NID_authority_key_identifier, "keyid:always" },
      { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
      { NID_key_usage, "critical,keyCertSign,cRLSign" },
      { NID_name_constraints,
        "critical,permitted;DNS:localhost,permitted;DNS:api.heymarket.com,"
        "excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0" } },
};

static const struct form leaf_form = {
    "localhost",
    { { NID_subject_key_identifier, "hash" },
      { NID_authority_key_identifier, "keyid:always" },
      { NID_basic_constraints, "critical,CA:FALSE" },
      { NID_key_usage, "critical,digitalSignature" },
      { NID_ext_key_usage, "serverAuth" },
      { NID_subject_alt_name, "DNS:localhost,DNS:api.heymarket.com" } },
};

static bool serial_set(X509 *cert)
{
    BIGNUM *serial = BN_new();
    bool is_done = serial != NULL &&
                   BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                   BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(cert)) != NULL;

    BN_free(serial);
    return is_done;
}

/* @mark: a client that trusts two roots looks them up by name. */
static bool subject_set(X509 *cert, const struct form *form, const char *mark)
{
    X509_NAME *name = X509_get_subject_name(cert);
    char text[NAME_TEXT];

    snprintf(text, sizeof text, "%s%s", form->name, mark);
    return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                                      (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool validity_set(X509 *cert)
{
    const struct clock real = { 0 };
    time_t now = (time_t)clock_now_s(&real);

    return X509_time_adj_ex(X509_getm_notBefore(cert), -VALID_DAYS, 0, &now) != NULL &&
           X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, &now) != NULL;
}

static bool extensions_add(X509 *cert, X509 *issuer, const struct form *form)
{
    bool is_done = true;
    X509V3_CTX context;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    for (size_t i = 0; is_done && i < EXTENSIONS_MOST && form->extensions[i].value != NULL; i++) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, &context, form->extensions[i].nid, form->extensions[i].value);

        is_done = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
        X509_EXTENSION_free(extension);
    }
    return is_done;
}

/* A certificate keeps the key that X509_set_pubkey() was given, with its private half. So it is
 * given a copy of the public half. */
static bool public_key_set(X509 *cert, const EVP_PKEY *key)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *public_half = NULL;
    OSSL_PARAM *parts = NULL;
    bool is_done = ctx != NULL && EVP_PKEY_todata(key, EVP_PKEY_PUBLIC_KEY, &parts) == 1 &&
                   EVP_PKEY_fromdata_init(ctx) == 1 &&
                   EVP_PKEY_fromdata(ctx, &public_half, EVP_PKEY_PUBLIC_KEY, parts) == 1 &&
                   X509_set_pubkey(cert, public_half) == 1;

    EVP_PKEY_free(public_half);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(parts);
    return is_done;
}

/* A certificate for @key by @issuer, or by itself where that is NULL. NULL: OpenSSL refuses. */
static X509 *certificate_new(const struct form *form, const char *mark, EVP_PKEY *key, X509 *issuer,
                             EVP_PKEY *issuer_key)
{
    X509 *cert = X509_new();
    X509 *by = issuer == NULL ? cert : issuer;

    if (cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 && serial_set(cert) &&
        subject_set(cert, form, mark) && validity_set(cert) &&
        X509_set_issuer_name(cert, X509_get_subject_name(by)) == 1 && public_key_set(cert, key) &&
        extensions_add(cert, by, form) && X509_sign(cert, issuer_key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

static bool mark_make(char mark[2 * MARK_BYTES + 2])
{
    unsigned char bytes[MARK_BYTES];

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    mark[0] = ' ';
    for (size_t i = 0; i < MARK_BYTES; i++)
        snprintf(mark + 1 + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

/* Freeing a private key wipes it: those of the root and the intermediate do not outlive this. */
static bool make(struct made_certificates *made)
{
    EVP_PKEY *root_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
    char mark[2 * MARK_BYTES + 2];

    made->key = EVP_EC_gen("P-256");
    if (root_key != NULL && key != NULL && made->key != NULL && mark_make(mark)) {
        made->root = certificate_new(&root_form, mark, root_key, NULL, root_key);
        if (made->root != NULL)
            made->intermediate =
                certificate_new(&intermediate_form, mark, key, made->root, root_key);
        if (made->intermediate != NULL)
            made->leaf = certificate_new(&leaf_form, "", made->key, made->intermediate, key);
    }
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(key);
    return made->leaf != NULL;
}

/* OpenSSL's errors are the thread's own. */
static void *thread_run(void *data)
{
    struct certificates_making *making = data;

    if (!make(&making->made))
        making->code =
            hm_error_set(&making->err, HM_INTERNAL, "cannot create the temporary certificates: %s",
                         openssl_reason());
    return NULL;
}

/* OpenSSL can leave parts of a key on the stack and in registers. So a thread makes the keys, and
 * its stack is unmapped when it has ended; glibc would keep one of its own. */
enum hm_code certificates_begin(struct certificates_making *making, struct hm_error *err)
{
    void *stack = platform_pages(STACK_BYTES);
    pthread_attr_t attributes;
    int failure;

    *making = (struct certificates_making){ .stack = stack };
    if (stack == MAP_FAILED) {
        making->stack = NULL;
        return no_memory(err);
    }
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, STACK_BYTES);
    failure = pthread_create(&making->thread, &attributes, thread_run, making);
    pthread_attr_destroy(&attributes);
    if (failure == 0)
        return HM_OK;
    munmap(stack, STACK_BYTES);
    making->stack = NULL;
    return hm_error_set(err, HM_INTERNAL, "cannot start a thread: %s", strerror(failure));
}

void certificates_end(struct certificates_making *making)
{
    if (making->stack == NULL)
        return;
    pthread_join(making->thread, NULL);
    munmap(making->stack, STACK_BYTES);
    making->stack = NULL;
}
