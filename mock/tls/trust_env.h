/* `run --tls`: variables by which the usual runtimes trust the mock's certificate.
 *
 * Each variable keeps what it had, and each bundle has the roots that were trusted before, so all
 * other TLS of the command still works. A program that uses libcurl (not the curl tool) reads none
 * of them; it needs the file by an option of its own, such as --ca-file "$SSL_CERT_FILE".
 *
 * Set: SSL_CERT_FILE, CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE, GIT_SSL_CAINFO, PERL_LWP_SSL_CA_FILE,
 * NODE_EXTRA_CA_CERTS, DENO_CERT, WGETRC, PHP_INI_SCAN_DIR; JAVA_TOOL_OPTIONS if there is a Java
 * (JAVA_HOME, or java on PATH); AWS_CA_BUNDLE, PIP_CERT, NIX_SSL_CERT_FILE,
 * GRPC_DEFAULT_SSL_ROOTS_FILE_PATH and SSL_CERT_DIR if they are set already. */
#ifndef MOCK_TLS_TRUST_ENV_H
#define MOCK_TLS_TRUST_ENV_H

#include "support/environment.h"
#include "tls/trust.h"
#include "tls/trust_dir.h"
#include <heymarket/error.h>

/* Writes the files to a new directory (0700) under TMPDIR, and sets the variables, but for
 * JAVA_TOOL_OPTIONS.
 *
 * environment  the command's; an empty value counts as unset. Its is_broken says that memory ran
 *              out for a variable
 * dir          trust_dir_remove() it once the command has ended
 * chain        the mock's; without a root (see trust_root_pem) nothing is set
 * returns      HM_OK; HM_BAD_INPUT (a file cannot be written, a bundle is larger than 16 MiB);
 *              HM_NO_MEMORY */
HM_MUST_USE enum hm_code trust_env_set_most(struct environment *environment, struct trust_dir *dir,
                                            const struct trust_chain *chain, struct hm_error *err);

/* Sets JAVA_TOOL_OPTIONS, after the others. The same errors. */
HM_MUST_USE enum hm_code trust_env_set_java(struct environment *environment, struct trust_dir *dir,
                                            struct hm_error *err);

#endif
