#include "transports/tls/certificate.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace cardea::tls {

namespace {

constexpr long kDay = 24L * 60 * 60;
constexpr long kDaysValid = 825;  // browsers take no certificate that lives longer

// TLS 1.2 with forward secrecy and AEAD; those of 1.3 are all good.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

// OpenSSL would ask at the terminal.
int no_passphrase(char* /*text*/, int /*size*/, int /*writes*/, void* /*argument*/) { return -1; }

Result<ContextPtr> make_context() {
  ContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kCiphers) != 1) {
    return Error{"OpenSSL refused a context: " + take_error()};
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Clients resume by tickets; a store of sessions would grow.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  return context;
}

Error wrong(const char* what, const std::string& file, const std::string& why) {
  return Error{std::string("[tls] ") + what + ": " + file + ": " + why};
}

Result<void> check_readable(const char* what, const std::string& file) {
  if (file.empty()) {
    return Error{std::string("[tls] ") + what + " is not set, and the other file is"};
  }
  return access(file.c_str(), R_OK) == 0 ? Result<void>() : wrong(what, file, std::strerror(errno));
}

Result<void> check_dates(const X509* cert, const std::string& file) {
  if (X509_cmp_current_time(X509_get0_notAfter(cert)) <= 0) {
    return wrong("cert", file, "the certificate has expired");
  }
  if (X509_cmp_current_time(X509_get0_notBefore(cert)) >= 0) {
    return wrong("cert", file, "the certificate is not valid yet");
  }
  return {};
}

bool add_extension(X509* cert, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value));
  return extension && X509_add_ext(cert, extension.get(), -1) == 1;
}

CertPtr certify(EVP_PKEY* key) {
  CertPtr cert(X509_new());
  std::uint64_t serial = 0;
  if (!cert || RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) {
    return nullptr;
  }
  X509_set_version(cert.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert.get()), serial >> 1);
  // A day back: the client's clock may be behind ours.
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), (kDaysValid - 1) * kDay);
  constexpr std::array<unsigned char, 9> kName = {'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'};
  X509_NAME* name = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName.data(), kName.size(), -1, 0);
  X509_set_issuer_name(cert.get(), name);
  const bool good =
      X509_set_pubkey(cert.get(), key) == 1 &&
      add_extension(cert.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
      add_extension(cert.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(cert.get(), NID_ext_key_usage, "serverAuth") &&
      X509_sign(cert.get(), key, EVP_sha256()) != 0;
  return good ? std::move(cert) : nullptr;
}

}  // namespace

Result<ContextPtr> load_certificate(const std::string& cert, const std::string& key) {
  for (const auto& readable : {check_readable("cert", cert), check_readable("key", key)}) {
    if (!readable) {
      return readable.error();
    }
  }
  auto context = make_context();
  if (!context) {
    return context;
  }
  SSL_CTX* made = context->get();
  if (SSL_CTX_use_certificate_chain_file(made, cert.c_str()) != 1) {
    return wrong("cert", cert, "no certificate in PEM: " + take_error());
  }
  if (SSL_CTX_use_PrivateKey_file(made, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    // It compares the two at once.
    const bool other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
                       ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH;
    const std::string why = take_error();
    return wrong(
        "key", key,
        other ? "not the key of " + cert : "no private key in PEM without password: " + why);
  }
  if (SSL_CTX_check_private_key(made) != 1) {
    ERR_clear_error();
    return wrong("key", key, "not the key of " + cert);
  }
  if (auto dates = check_dates(SSL_CTX_get0_certificate(made), cert); !dates) {
    return dates.error();
  }
  return context;
}

Result<ContextPtr> self_signed() {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertPtr cert = key ? certify(key.get()) : nullptr;
  auto context = make_context();
  if (context && (!cert || SSL_CTX_use_certificate(context->get(), cert.get()) != 1 ||
                  SSL_CTX_use_PrivateKey(context->get(), key.get()) != 1)) {
    return Error{"OpenSSL refused a self-signed certificate: " + take_error()};
  }
  return context;
}

}  // namespace cardea::tls
