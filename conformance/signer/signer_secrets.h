/* The secrets that a signer is run with. */
#ifndef SUITE_SIGNER_SIGNER_SECRETS_H
#define SUITE_SIGNER_SIGNER_SECRETS_H

#include <stdbool.h>

enum { SIGNER_CREDENTIAL_MAX = 256 }; /* bytes of an ID or a key */

/* A secret in a shape that a signer must not change. */
struct signer_secret {
    const char *shape;  /* "a key with + / =" */
    bool is_documented; /* as the vendor's secrets: refusals count, else they only warn */
    char id[SIGNER_CREDENTIAL_MAX];
    char key[SIGNER_CREDENTIAL_MAX];
};

enum { SIGNER_SHAPES = 5 };

/* Makes new random secrets. False: the system gave no random bytes. */
bool signer_secrets_make(struct signer_secret secrets[SIGNER_SHAPES]);

#endif
