#include "tls/trust.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it. */
#include <cmocka.h>

enum { CLIENTS = 4, CHANGES = 10, TURNS_MOST = 16 };

/* What clients shake hands with. */
struct stage {
    struct trust_slot *slot;
    SSL_CTX *server, *client;
    atomic_bool is_over;
    atomic_uint good, bad;
};

static struct trust_chain *chain_new(void)
{
    struct trust_chain *chain;

    assert_int_equal(trust_chain_new(&chain, NULL), HM_OK);
    return chain;
}

static void stage_init(struct stage *stage)
{
    *stage = (struct stage){ .slot = trust_slot_new(chain_new()),
                             .server = SSL_CTX_new(TLS_server_method()),
                             .client = SSL_CTX_new(TLS_client_method()) };
    assert_non_null(stage->slot);
    assert_true(trust_slot_serve(stage->slot, stage->server));
}

static void stage_fini(struct stage *stage)
{
    SSL_CTX_free(stage->server);
    SSL_CTX_free(stage->client);
    trust_slot_free(stage->slot);
}

/* The certificate that signed the leaf of one handshake; that the leaf's key is the server's was
 * proved by the handshake. NULL: it failed, or the certificates do not belong together. */
static X509 *issuer_seen(const struct stage *stage)
{
    SSL *client = SSL_new(stage->client), *server = SSL_new(stage->server);
    STACK_OF(X509) * sent;
    X509 *issuer = NULL;
    BIO *a, *b;

    BIO_new_bio_pair(&a, 0, &b, 0);
    SSL_set_bio(client, a, a);
    SSL_set_bio(server, b, b);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    for (int i = 0; i < TURNS_MOST && !SSL_is_init_finished(server); i++) {
        SSL_do_handshake(client);
        SSL_do_handshake(server);
    }
    sent = SSL_get_peer_cert_chain(client);
    if (SSL_is_init_finished(server) && sk_X509_num(sent) == 2 &&
        X509_verify(sk_X509_value(sent, 0), X509_get0_pubkey(sk_X509_value(sent, 1))) == 1)
        issuer = sk_X509_value(sent, 1);
    if (issuer != NULL)
        X509_up_ref(issuer);
    SSL_free(client);
    SSL_free(server);
    return issuer;
}

/* Did the slot's root sign it? */
static bool is_of_the_present(const struct stage *stage, X509 *issuer)
{
    struct trust_chain *chain = trust_slot_take(stage->slot);
    BIO *pem = BIO_new_mem_buf(trust_root_pem(chain), -1);
    X509 *root = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    bool is_so = issuer != NULL && X509_verify(issuer, X509_get0_pubkey(root)) == 1;

    X509_free(root);
    BIO_free(pem);
    trust_chain_free(chain);
    return is_so;
}

static void a_handshake_shows_the_chain_of_the_moment(void **state)
{
    struct stage stage;
    X509 *first, *second;

    (void)state;
    stage_init(&stage);
    first = issuer_seen(&stage);
    assert_true(is_of_the_present(&stage, first));
    trust_slot_put(stage.slot, chain_new());
    second = issuer_seen(&stage);
    assert_true(is_of_the_present(&stage, second));
    assert_false(is_of_the_present(&stage, first));
    X509_free(first);
    X509_free(second);
    stage_fini(&stage);
}

static void *client_run(void *data)
{
    struct stage *stage = data;

    while (!atomic_load(&stage->is_over)) {
        X509 *issuer = issuer_seen(stage);

        atomic_fetch_add(issuer == NULL ? &stage->bad : &stage->good, 1);
        X509_free(issuer);
    }
    return NULL;
}

static void no_handshake_fails_while_the_chain_changes(void **state)
{
    struct stage stage;
    pthread_t clients[CLIENTS];

    (void)state;
    stage_init(&stage);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, client_run, &stage), 0);
    for (int i = 0; i < CHANGES || atomic_load(&stage.good) < CHANGES; i++)
        trust_slot_put(stage.slot, chain_new());
    atomic_store(&stage.is_over, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
    assert_int_equal(stage.bad, 0);
    stage_fini(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_shows_the_chain_of_the_moment),
        cmocka_unit_test(no_handshake_fails_while_the_chain_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
