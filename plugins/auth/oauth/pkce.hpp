// Proof Key for Code Exchange (RFC 7636), method S256.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/evp.h>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth::oauth {

inline std::string pkce_challenge(std::string_view verifier) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(verifier.data(), verifier.size(), digest.data(), nullptr, EVP_sha256(), nullptr) !=
      1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace cardea::auth::oauth
