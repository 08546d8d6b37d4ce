// STUN parser.
#include "core/ice/stun_message.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <openssl/crypto.h>

#include "core/ice/crc32.hpp"
#include "core/ice/integrity.hpp"
#include "core/ice/stun_wire.hpp"

namespace cardea::ice {

namespace {

std::optional<Address> read_xor_address(Bytes value, const TransactionId& id) {
  ByteReader reader(value);
  reader.skip(1);
  const std::uint8_t family = reader.u8();
  const auto port = static_cast<std::uint16_t>(reader.u16() ^ (wire::kMagicCookie >> 16));
  std::array<std::uint8_t, 16> mask{};
  store_u32(mask.data(), wire::kMagicCookie);
  std::copy(id.begin(), id.end(), mask.begin() + 4);
  const std::size_t ip_size = family == 1 ? 4 : 16;
  const Bytes masked = reader.bytes(ip_size);
  if (!reader.ok() || reader.left() != 0 || (family != 1 && family != 2)) {
    return std::nullopt;
  }
  std::array<std::uint8_t, 16> ip{};
  for (std::size_t i = 0; i < ip_size; ++i) {
    ip[i] = masked[i] ^ mask[i];
  }
  if (family == 1) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, ip.data(), 4);
    return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  std::memcpy(&v6.sin6_addr, ip.data(), 16);
  return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

std::optional<int> read_error_code(Bytes value) {
  ByteReader reader(value);
  reader.skip(2);
  const int hundreds = reader.u8() & 7;
  const int rest = reader.u8();
  if (!reader.ok() || hundreds < 3 || hundreds > 6 || rest > 99) {
    return std::nullopt;
  }
  return hundreds * 100 + rest;
}

/// Collects attributes into a message; each function returns false for a value of the wrong shape.
class AttributeReader {
 public:
  explicit AttributeReader(StunMessage& message) : message_(message) {}

  bool take(std::uint16_t type, Bytes value, std::size_t offset) {
    switch (type) {
      case wire::kUsername:
        return take_username(value);
      case wire::kMessageIntegrity:
        message_.integrity_offset = offset;
        return value.size() == wire::kIntegritySize;
      case wire::kPriority:
        return take_number(value, message_.priority);
      case wire::kUseCandidate:
        message_.use_candidate = true;
        return value.empty();
      case wire::kIceControlled:
        return take_number(value, message_.ice_controlled);
      case wire::kIceControlling:
        return take_number(value, message_.ice_controlling);
      case wire::kXorMappedAddress:
        return take_once(message_.xor_mapped_address,
                         read_xor_address(value, message_.transaction_id));
      case wire::kErrorCode:
        return take_once(message_.error_code, read_error_code(value));
      case wire::kUnknownAttributes:
        return true;
      default:
        note_unknown(type);
        return true;
    }
  }

 private:
  bool take_username(Bytes value) {
    // RFC 8489 14.3: fewer than 509 bytes.
    if (value.empty() || value.size() > 508) {
      return false;
    }
    if (message_.username.empty()) {
      message_.username = as_text(value);
    }
    return true;
  }

  template <typename T>
  static bool take_number(Bytes value, std::optional<T>& out) {
    if (value.size() != sizeof(T)) {
      return false;
    }
    if (!out) {
      T number = 0;
      for (const std::uint8_t byte : value) {
        number = static_cast<T>((number << 8) | byte);
      }
      out = number;
    }
    return true;
  }

  template <typename T>
  static bool take_once(std::optional<T>& out, const std::optional<T>& value) {
    if (!out) {
      out = value;
    }
    return value.has_value();
  }

  void note_unknown(std::uint16_t type) {
    if (type < wire::kComprehensionOptional &&
        message_.unknown_required_count < message_.unknown_required.size()) {
      message_.unknown_required[message_.unknown_required_count++] = type;
    }
  }

  StunMessage& message_;
};

StunFault check_fingerprint(Bytes datagram, Bytes value, std::size_t offset) {
  // RFC 8489 14.7: the last attribute, over everything before it.
  const bool last = offset + wire::kAttributeHeader + 4 == datagram.size();
  if (value.size() != 4 || !last) {
    return StunFault::BadFingerprint;
  }
  const std::uint32_t expected = crc32(datagram.first(offset)) ^ wire::kFingerprintMask;
  return load_u32(value.data()) == expected ? StunFault::None : StunFault::BadFingerprint;
}

StunFault read_attributes(StunMessage& message) {
  AttributeReader attributes(message);
  ByteReader reader(message.bytes.subspan(kStunHeaderSize));
  while (reader.left() != 0) {
    const std::size_t offset = message.bytes.size() - reader.left();
    const std::uint16_t type = reader.u16();
    const std::uint16_t size = reader.u16();
    const Bytes value = reader.bytes(size);
    reader.skip(wire::padded(size) - size);
    if (!reader.ok()) {
      return StunFault::BadAttribute;
    }
    if (type == wire::kFingerprint) {
      message.has_fingerprint = true;
      return check_fingerprint(message.bytes, value, offset);
    }
    if (message.integrity_offset == 0 && !attributes.take(type, value, offset)) {
      return StunFault::BadAttribute;
    }
  }
  return StunFault::None;
}

}  // namespace

StunParse parse_stun(Bytes datagram) {
  StunParse parse;
  if (datagram.size() < kStunHeaderSize || datagram[0] > 3 ||
      load_u32(datagram.data() + 4) != wire::kMagicCookie) {
    parse.fault = StunFault::NotStun;
    return parse;
  }
  const std::uint16_t type = load_u16(datagram.data());
  const std::size_t length = load_u16(datagram.data() + 2);
  if (datagram.size() > kMaxStunSize || length % 4 != 0 ||
      length + kStunHeaderSize != datagram.size()) {
    parse.fault = StunFault::BadLength;
    return parse;
  }
  StunMessage& message = parse.message;
  // RFC 8489 5: the two class bits sit between the method bits.
  message.type_class = static_cast<StunClass>(((type >> 7) & 2) | ((type >> 4) & 1));
  message.method =
      static_cast<std::uint16_t>((type & 0xF) | ((type >> 1) & 0x70) | ((type >> 2) & 0xF80));
  std::copy_n(datagram.begin() + 8, message.transaction_id.size(), message.transaction_id.begin());
  message.bytes = datagram;
  parse.fault = read_attributes(message);
  return parse;
}

bool check_integrity(const StunMessage& message, std::string_view password) {
  IntegrityTag expected{};
  if (message.integrity_offset == 0 ||
      !compute_integrity(message.bytes, message.integrity_offset, password, expected)) {
    return false;
  }
  const auto* received = message.bytes.data() + message.integrity_offset + wire::kAttributeHeader;
  return CRYPTO_memcmp(received, expected.data(), expected.size()) == 0;
}

std::string_view username_ufrag(Bytes datagram) {
  const StunParse parse = parse_stun(datagram);
  if (!parse || !parse.message.is_binding_request()) {
    return {};
  }
  const std::size_t colon = parse.message.username.find(':');
  return colon == std::string_view::npos ? std::string_view{}
                                         : parse.message.username.substr(0, colon);
}

}  // namespace cardea::ice
