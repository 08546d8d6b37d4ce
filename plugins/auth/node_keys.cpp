#include "plugins/auth/node_keys.hpp"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth {

namespace {

constexpr int kLeastBits = 2048;
constexpr std::size_t kDigits = 16;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

Bio reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Key read_key(const std::string& pem) {
  const Bio bio = reader(pem);
  Key key(bio == nullptr ? nullptr : PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  const bool fits = key != nullptr && EVP_PKEY_is_a(key.get(), "RSA") == 1 &&
                    EVP_PKEY_get_bits(key.get()) >= kLeastBits;
  return fits ? std::move(key) : nullptr;
}

Certificate read_certificate(const std::string& pem) {
  const Bio bio = reader(pem);
  return Certificate(bio == nullptr ? nullptr
                                    : PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

// As every writer of PEM writes it, with line feeds, whatever the client sent.
std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PUBKEY(bio.get(), key) != 1) {
    return {};
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string id_of(EVP_PKEY* key) {
  return "dpc-node-" + sha256_hex(pem_of(key)).substr(0, kDigits);
}

std::string common_name(X509* certificate) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  // One only: with two it depends on the reader which one counts.
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) {
    return {};
  }
  unsigned char* text = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0) {
    return {};
  }
  std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return out;
}

bool is_valid_now(X509* certificate) {
  return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
         X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

}  // namespace

std::optional<std::string> node_id_of(const std::string& public_key) {
  const Key key = read_key(public_key);
  return key == nullptr ? std::nullopt : std::optional(id_of(key.get()));
}

const char* fault_of(const NodeClaim& claim) {
  const Key key = read_key(claim.public_key);
  if (key == nullptr) {
    return "public_key should be an RSA key of at least 2048 bits in PEM";
  }
  if (id_of(key.get()) != claim.node_id) {
    return "node_id is not that of the public key";
  }
  const Certificate certificate = read_certificate(claim.certificate);
  if (certificate == nullptr) {
    return "certificate should be in PEM";
  }
  const EVP_PKEY* certified = X509_get0_pubkey(certificate.get());
  if (certified == nullptr || EVP_PKEY_eq(certified, key.get()) != 1) {
    return "the certificate has another key";
  }
  if (common_name(certificate.get()) != claim.node_id) {
    return "the certificate has another name";
  }
  if (X509_verify(certificate.get(), key.get()) != 1) {
    return "the certificate is not signed with its own key";
  }
  return is_valid_now(certificate.get()) ? nullptr
                                         : "the certificate has expired or is not valid yet";
}

bool node_signed(const std::string& public_key, std::string_view text, std::string signature) {
  while (signature.ends_with('=')) {
    signature.pop_back();
  }
  std::replace(signature.begin(), signature.end(), '+', '-');
  std::replace(signature.begin(), signature.end(), '/', '_');
  const auto bytes = from_base64url(signature);
  const Key key = read_key(public_key);
  const DigestContext context(EVP_MD_CTX_new());
  const auto data = [](std::string_view of) {
    return reinterpret_cast<const unsigned char*>(of.data());
  };
  return bytes && key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), data(*bytes), bytes->size(), data(text), text.size()) == 1;
}

}  // namespace cardea::auth
