// MESSAGE-INTEGRITY of STUN (RFC 8489 14.5): HMAC-SHA1 over the message up to the attribute.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/ice/stun_wire.hpp"

namespace cardea::ice {

using IntegrityTag = std::array<std::uint8_t, wire::kIntegritySize>;

/// The HMAC over the first `offset` bytes of `message`, with the length field of the header as it
/// is once the attribute has been added. @param offset where MESSAGE-INTEGRITY begins, at least 20.
/// @returns false when OpenSSL fails.
bool compute_integrity(Bytes message, std::size_t offset, std::string_view password,
                       IntegrityTag& tag);

}  // namespace cardea::ice
