/* The files that TLS needs: whom to trust, and who we are. */
#ifndef TRANSPORT_HTTP_TLS_H
#define TRANSPORT_HTTP_TLS_H

#include "support/buf.h"
#include <heymarket/error.h>

/* Paths of PEM files; borrowed. All NULL: the system's roots, and no client certificate. */
struct http_tls {
    const char *ca_file;   /* the only root certificates to trust */
    const char *cert_file; /* the client's certificate, with its chain */
    const char *key_file;  /* its private key; NULL: in cert_file */
};

/* What is in them. Empty: there is no such file. */
struct http_pems {
    struct buf roots;
    struct buf cert;
    struct buf key;
};

/* Fills @pems, which is zeroed. Call http_pems_fini() after it.
 * returns HM_OK; HM_BAD_INPUT: not such a file, or a key with a passphrase; HM_BAD_ARGUMENT: a key
 * without a certificate; HM_NO_MEMORY, HM_INTERNAL */
HM_MUST_USE enum hm_code http_pems_read(struct http_pems *pems, const struct http_tls *tls,
                                        struct hm_error *err);

/* Wipes and frees. A zeroed struct is fine. */
void http_pems_fini(struct http_pems *pems);

#endif
