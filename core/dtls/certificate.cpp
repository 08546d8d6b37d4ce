// Makes the key, the certificate and the shared SSL_CTX.
#include "core/dtls/certificate.hpp"

#include <array>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "core/dtls/peer_check.hpp"

namespace cardea::dtls {

namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Freer<X509_free>>;

// Our order of preference; as DTLS server we choose.
constexpr const char* kSrtpProfiles =
    "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80";
// Forward secrecy and AEAD only; every WebRTC browser has these.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

constexpr long kDay = 24L * 60 * 60;

Error failed(const char* what) {
  ERR_clear_error();
  return Error{std::string("DTLS certificate: OpenSSL failed at ") + what};
}

CertPtr make_certificate(EVP_PKEY* key) {
  CertPtr cert(X509_new());
  std::array<std::uint8_t, 8> serial{};
  if (!cert || RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) {
    return nullptr;
  }
  X509_set_version(cert.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert.get()), load_u64(serial.data()) >> 1);
  // A day back: the browser's clock may be behind ours.
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 365L * kDay);
  X509_NAME* name = X509_get_subject_name(cert.get());
  const std::string_view common_name = "WebRTC";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, as_bytes(common_name).data(),
                             static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(cert.get(), name);
  if (X509_set_pubkey(cert.get(), key) != 1 || X509_sign(cert.get(), key, EVP_sha256()) == 0) {
    return nullptr;
  }
  return cert;
}

// The chain of a self-signed certificate proves nothing: the fingerprint out of the SDP does.
// Refusing here, and not after the handshake, tells the other side by an alert.
int verify_peer(X509_STORE_CTX* store, void*) {
  const void* ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  auto* check = static_cast<PeerCheck*>(SSL_get_app_data(static_cast<const SSL*>(ssl)));
  if (check != nullptr && check->accepts(X509_STORE_CTX_get0_cert(store))) {
    return 1;
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
  return 0;
}

bool set_up(SSL_CTX* context, X509* cert, EVP_PKEY* key) {
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_peer, nullptr);
  return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
         SSL_CTX_use_certificate(context, cert) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1 &&
         // Zero is success here, unlike everywhere else.
         SSL_CTX_set_tlsext_use_srtp(context, kSrtpProfiles) == 0;
}

}  // namespace

Result<std::shared_ptr<const Certificate>> Certificate::generate() {
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) {
    return failed("the key");
  }
  const CertPtr cert = make_certificate(key.get());
  if (!cert) {
    return failed("the certificate");
  }
  ContextPtr context(SSL_CTX_new(DTLS_method()));
  if (!context || !set_up(context.get(), cert.get(), key.get())) {
    return failed("the context");
  }
  std::array<std::uint8_t, 32> digest{};
  if (X509_digest(cert.get(), EVP_sha256(), digest.data(), nullptr) != 1) {
    return failed("the digest");
  }
  auto fingerprint = Fingerprint::from_digest(HashAlgorithm::Sha256, digest);
  if (!fingerprint) {
    return fingerprint.error();
  }
  return std::shared_ptr<const Certificate>(
      new Certificate(std::move(context), *std::move(fingerprint)));
}

}  // namespace cardea::dtls
