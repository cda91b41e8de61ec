#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* What OpenSSL has as macros and variadic functions. */

static inline EVP_PKEY *cssl_make_key(void) { return EVP_EC_gen("P-256"); }

static inline void cssl_limit_version(SSL_CTX *context, int highest) {
  SSL_CTX_set_max_proto_version(context, highest);
  if (highest < TLS1_2_VERSION) {
    SSL_CTX_set_min_proto_version(context, highest);
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  }
}

/* Adds an extension in the words of OpenSSL's configuration files. */
static inline int cssl_add_extension(X509 *certificate, int kind, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
  if (!extension) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}
