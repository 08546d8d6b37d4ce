// STUN writer.
#include <algorithm>

#include "core/ice/crc32.hpp"
#include "core/ice/integrity.hpp"
#include "core/ice/stun_message.hpp"
#include "core/ice/stun_wire.hpp"

namespace cardea::ice {

StunWriter::StunWriter(StunClass type_class, std::uint16_t method,
                       const TransactionId& transaction_id)
    : transaction_id_(transaction_id) {
  const unsigned bits = static_cast<unsigned>(type_class);
  const unsigned type = (method & 0xFU) | ((method & 0x70U) << 1) | ((method & 0xF80U) << 2) |
                        ((bits & 1) << 4) | ((bits & 2) << 7);
  writer_.u16(static_cast<std::uint16_t>(type));
  writer_.u16(0);
  writer_.u32(wire::kMagicCookie);
  writer_.bytes(transaction_id_);
}

void StunWriter::begin_attribute(std::uint16_t type, std::size_t size) {
  writer_.u16(type);
  writer_.u16(static_cast<std::uint16_t>(size));
}

void StunWriter::raw_attribute(std::uint16_t type, Bytes value) {
  begin_attribute(type, value.size());
  writer_.bytes(value);
  writer_.zeros(wire::padded(value.size()) - value.size());
}

void StunWriter::username(std::string_view value) {
  raw_attribute(wire::kUsername, as_bytes(value));
}

void StunWriter::priority(std::uint32_t value) {
  begin_attribute(wire::kPriority, 4);
  writer_.u32(value);
}

void StunWriter::use_candidate() { begin_attribute(wire::kUseCandidate, 0); }

void StunWriter::ice_controlling(std::uint64_t tie_breaker) {
  begin_attribute(wire::kIceControlling, 8);
  writer_.u64(tie_breaker);
}

void StunWriter::ice_controlled(std::uint64_t tie_breaker) {
  begin_attribute(wire::kIceControlled, 8);
  writer_.u64(tie_breaker);
}

void StunWriter::xor_mapped_address(const Address& address) {
  std::array<std::uint8_t, 16> mask{};
  store_u32(mask.data(), wire::kMagicCookie);
  std::copy(transaction_id_.begin(), transaction_id_.end(), mask.begin() + 4);
  begin_attribute(wire::kXorMappedAddress, 4 + address.ip_size());
  writer_.u8(0);
  writer_.u8(address.is_v4() ? 1 : 2);
  writer_.u16(static_cast<std::uint16_t>(address.port() ^ (wire::kMagicCookie >> 16)));
  for (std::size_t i = 0; i < address.ip_size(); ++i) {
    writer_.u8(address.ip_bytes()[i] ^ mask[i]);
  }
}

void StunWriter::error_code(int code) {
  begin_attribute(wire::kErrorCode, 4);
  writer_.u16(0);
  writer_.u8(static_cast<std::uint8_t>(code / 100));
  writer_.u8(static_cast<std::uint8_t>(code % 100));
}

void StunWriter::unknown_attributes(std::span<const std::uint16_t> types) {
  begin_attribute(wire::kUnknownAttributes, types.size() * 2);
  for (const std::uint16_t type : types) {
    writer_.u16(type);
  }
  writer_.zeros(wire::padded(types.size() * 2) - types.size() * 2);
}

void StunWriter::set_length(std::size_t attributes_size) {
  writer_.patch_u16(2, static_cast<std::uint16_t>(attributes_size));
}

Bytes StunWriter::finish(std::string_view password) {
  if (!password.empty()) {
    IntegrityTag tag{};
    if (!compute_integrity(writer_.written(), writer_.size(), password, tag)) {
      return {};
    }
    raw_attribute(wire::kMessageIntegrity, tag);
  }
  // The CRC covers the header with its final length (RFC 8489 14.7).
  set_length(writer_.size() - kStunHeaderSize + wire::kFingerprintSize);
  const std::uint32_t crc = crc32(writer_.written()) ^ wire::kFingerprintMask;
  begin_attribute(wire::kFingerprint, 4);
  writer_.u32(crc);
  return writer_.ok() ? writer_.written() : Bytes{};
}

}  // namespace cardea::ice
