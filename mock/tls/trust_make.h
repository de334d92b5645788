/* Makes a throw-away chain: root -> intermediate -> leaf, all P-256, valid from a year ago for two
 * years. The leaf has the names localhost and api.heymarket.com and no IP address; the intermediate
 * may sign for no other name. Its key and the root's are wiped once they have signed, so a client
 * that trusts the root trusts this one leaf. */
#ifndef MOCK_TLS_TRUST_MAKE_H
#define MOCK_TLS_TRUST_MAKE_H

#include <heymarket/error.h>
#include <openssl/x509.h>
#include <pthread.h>

struct made_certificates {
    EVP_PKEY *key; /* of the leaf */
    X509 *root, *intermediate, *leaf;
};

/* A thread that makes them, while its owner does something else. */
struct certificates_making {
    pthread_t thread;
    void *stack;                   /* NULL: there is no thread */
    struct made_certificates made; /* what was made, also where a later step failed */
    enum hm_code code;             /* HM_INTERNAL: OpenSSL refuses, see err */
    struct hm_error err;
};

/* returns HM_OK; HM_NO_MEMORY, HM_INTERNAL (no thread) */
HM_MUST_USE enum hm_code certificates_begin(struct certificates_making *making,
                                            struct hm_error *err);

/* Waits for the thread, if there is one. The caller frees what was made. */
void certificates_end(struct certificates_making *making);

#endif
