#include "plugins/auth/oauth/jwk.hpp"

#include <optional>
#include <string>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kCoordinate = 32;  // bytes, of P-256

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey none() { return {nullptr, EVP_PKEY_free}; }

PublicKey build(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return none();
  }
  return {key, EVP_PKEY_free};
}

PublicKey rsa_key(const Json& jwk) {
  const auto modulus = from_base64url(jwk["n"].as_text());
  const auto exponent = from_base64url(jwk["e"].as_text());
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!modulus || !exponent || builder == nullptr) {
    return none();
  }
  const Number n = number(*modulus);
  const Number e = number(*exponent);
  if (n == nullptr || e == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return none();
  }
  PublicKey key = build("RSA", builder.get());
  return key != nullptr && EVP_PKEY_get_bits(key.get()) >= kLeastRsaBits ? std::move(key) : none();
}

PublicKey ec_key(const Json& jwk) {
  const auto x = from_base64url(jwk["x"].as_text());
  const auto y = from_base64url(jwk["y"].as_text());
  const Builder builder(OSSL_PARAM_BLD_new());
  if (jwk["crv"].as_text() != "P-256" || !x || !y || x->size() != kCoordinate ||
      y->size() != kCoordinate || builder == nullptr) {
    return none();
  }
  const std::string point = "\x04" + *x + *y;  // uncompressed
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return none();
  }
  return build("EC", builder.get());
}

// JOSE writes r and s one behind the other, OpenSSL reads DER.
std::optional<std::string> der_of(std::string_view signature) {
  if (signature.size() != 2 * kCoordinate) {
    return std::nullopt;
  }
  Number r = number(signature.substr(0, kCoordinate));
  Number s = number(signature.substr(kCoordinate));
  const EcSignature made(ECDSA_SIG_new());
  if (made == nullptr || r == nullptr || s == nullptr ||
      ECDSA_SIG_set0(made.get(), r.get(), s.get()) != 1) {
    return std::nullopt;
  }
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(made.get(), &out);
  if (size <= 0) {
    return std::nullopt;
  }
  std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

}  // namespace

PublicKey public_key(const Json& jwk, std::string_view algorithm) {
  const std::string_view use = jwk["use"].as_text();
  const std::string_view made_for = jwk["alg"].as_text();
  if ((!use.empty() && use != "sig") || (!made_for.empty() && made_for != algorithm)) {
    return none();
  }
  if (algorithm == "RS256" && jwk["kty"].as_text() == "RSA") {
    return rsa_key(jwk);
  }
  return algorithm == "ES256" && jwk["kty"].as_text() == "EC" ? ec_key(jwk) : none();
}

bool verifies(EVP_PKEY* key, std::string_view algorithm, std::string_view text,
              std::string_view signature) {
  const auto der = algorithm == "ES256" ? der_of(signature) : std::string(signature);
  const DigestContext context(EVP_MD_CTX_new());
  return der && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(*der), der->size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace cardea::auth::oauth
