// The TLS exporter for DTLS-SRTP.
#include "core/dtls/key_export.hpp"

#include <algorithm>
#include <string_view>

#include <openssl/crypto.h>
#include <openssl/srtp.h>

namespace cardea::dtls {

namespace {

constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";

bool set_sizes(SrtpProfile profile, SrtpKey& key) {
  switch (profile) {
    case SrtpProfile::Aes128CmSha1_80:
      key.key_size = 16;
      key.salt_size = 14;
      return true;
    case SrtpProfile::AeadAes128Gcm:
      key.key_size = 16;
      key.salt_size = 12;
      return true;
    case SrtpProfile::AeadAes256Gcm:
      key.key_size = 32;
      key.salt_size = 12;
      return true;
  }
  return false;
}

}  // namespace

std::optional<SrtpKeys> export_srtp_keys(SSL* ssl, bool is_client) {
  const SRTP_PROTECTION_PROFILE* selected = SSL_get_selected_srtp_profile(ssl);
  if (selected == nullptr) {
    return std::nullopt;
  }
  SrtpKeys keys;
  keys.profile = static_cast<SrtpProfile>(selected->id);
  if (!set_sizes(keys.profile, keys.local) || !set_sizes(keys.profile, keys.remote)) {
    return std::nullopt;
  }
  std::array<std::uint8_t, std::size_t{2} * (32 + 14)> material{};
  const std::size_t key_size = keys.local.key_size;
  const std::size_t salt_size = keys.local.salt_size;
  if (SSL_export_keying_material(ssl, material.data(), 2 * (key_size + salt_size), kLabel.data(),
                                 kLabel.size(), nullptr, 0, 0) != 1) {
    return std::nullopt;
  }
  // Client key, server key, client salt, server salt.
  SrtpKey& client = is_client ? keys.local : keys.remote;
  SrtpKey& server = is_client ? keys.remote : keys.local;
  const auto* from = material.data();
  std::copy_n(from, key_size, client.key_bytes.begin());
  std::copy_n(from + key_size, key_size, server.key_bytes.begin());
  std::copy_n(from + 2 * key_size, salt_size, client.salt_bytes.begin());
  std::copy_n(from + 2 * key_size + salt_size, salt_size, server.salt_bytes.begin());
  OPENSSL_cleanse(material.data(), material.size());
  return keys;
}

}  // namespace cardea::dtls
