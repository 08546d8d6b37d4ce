// MESSAGE-INTEGRITY by OpenSSL's HMAC.
#include "core/ice/integrity.hpp"

#include <algorithm>

#include <openssl/evp.h>

#include "core/ice/stun_message.hpp"

namespace cardea::ice {

bool compute_integrity(Bytes message, std::size_t offset, std::string_view password,
                       IntegrityTag& tag) {
  if (offset < kStunHeaderSize || offset > message.size() || offset > kMaxStunSize) {
    return false;
  }
  std::array<std::uint8_t, kMaxStunSize> covered{};
  std::copy_n(message.begin(), offset, covered.begin());
  const std::size_t length =
      offset - kStunHeaderSize + wire::kAttributeHeader + wire::kIntegritySize;
  store_u16(covered.data() + 2, static_cast<std::uint16_t>(length));
  std::size_t size = 0;
  return EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA1", nullptr, password.data(), password.size(),
                   covered.data(), offset, tag.data(), tag.size(), &size) != nullptr &&
         size == tag.size();
}

}  // namespace cardea::ice
