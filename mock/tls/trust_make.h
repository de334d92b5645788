/* Makes a throw-away chain: root -> intermediate -> leaf, all P-256, valid from a year ago for two
 * years. The leaf has the names localhost and api.heymarket.com and no IP address; the intermediate
 * may sign for no other name. Its key and the root's are wiped once they have signed, so a client
 * that trusts the root trusts this one leaf. */
#ifndef MOCK_TLS_TRUST_MAKE_H
#define MOCK_TLS_TRUST_MAKE_H

#include <heymarket/error.h>
#include <openssl/x509.h>

struct made_certificates {
    EVP_PKEY *key; /* of the leaf */
    X509 *root, *intermediate, *leaf;
};

/* Fills @made, which is zeroed; the caller frees all of it after HM_OK. HM_INTERNAL: OpenSSL
 * refuses. */
HM_MUST_USE enum hm_code certificates_make(struct made_certificates *made, struct hm_error *err);

#endif
