// STUN codec (RFC 8489) for ICE connectivity checks: a bounds-checked view of one message, and
// writers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/address.hpp"
#include "core/base/bytes.hpp"

namespace cardea::ice {

// RFC 8489 6.1: the size that passes any IPv4 path; a longer datagram is no connectivity check.
constexpr std::size_t kMaxStunSize = 548;
constexpr std::size_t kStunHeaderSize = 20;
constexpr std::uint16_t kStunBinding = 0x001;

using TransactionId = std::array<std::uint8_t, 12>;

enum class StunClass : std::uint8_t { Request = 0, Indication = 1, Success = 2, Error = 3 };

enum class StunFault : std::uint8_t { None, NotStun, BadLength, BadAttribute, BadFingerprint };

/// One parsed message. `username` and `bytes` borrow from the datagram. Attributes behind
/// MESSAGE-INTEGRITY, other than FINGERPRINT, are ignored (RFC 8489 14.5); of a repeated attribute
/// the first counts.
struct StunMessage {
  StunClass type_class = StunClass::Request;
  std::uint16_t method = 0;
  TransactionId transaction_id{};
  std::string_view username;  // empty when absent
  std::optional<std::uint32_t> priority;
  std::optional<std::uint64_t> ice_controlling;
  std::optional<std::uint64_t> ice_controlled;
  bool use_candidate = false;
  std::optional<Address> xor_mapped_address;
  std::optional<int> error_code;
  bool has_fingerprint = false;
  /// Offset of MESSAGE-INTEGRITY in `bytes`, zero when absent.
  std::size_t integrity_offset = 0;
  /// Comprehension-required attributes (below 0x8000) that we do not know: the first few, for an
  /// error 420.
  std::array<std::uint16_t, 4> unknown_required{};
  std::size_t unknown_required_count = 0;
  Bytes bytes;

  [[nodiscard]] bool is_binding_request() const {
    return type_class == StunClass::Request && method == kStunBinding;
  }
};

/// `message` is meaningful only while `fault` is None.
struct StunParse {
  StunFault fault = StunFault::None;
  StunMessage message;

  explicit operator bool() const { return fault == StunFault::None; }
};

/// Reads one datagram; borrowed as long as the result is used. Checks length, attribute bounds and
/// FINGERPRINT (when present), not MESSAGE-INTEGRITY. RFC 8489 6.3. Allocates nothing.
StunParse parse_stun(Bytes datagram);

/// True when MESSAGE-INTEGRITY is present and made with this password (short-term credential, RFC
/// 8489 9.1). Compares in constant time.
bool check_integrity(const StunMessage& message, std::string_view password);

/// The part of USERNAME before the colon: in a check towards us that is our own ufrag (RFC
/// 8445 7.2.2). Empty when the datagram is no well-formed Binding request. Borrows from `datagram`;
/// proves nothing about the sender.
std::string_view username_ufrag(Bytes datagram);

/// A message under construction, small enough to live on the stack. Attributes are left out once
/// the buffer is full, and then finish() yields an empty span.
class StunWriter {
 public:
  StunWriter(StunClass type_class, std::uint16_t method, const TransactionId& transaction_id);
  StunWriter(const StunWriter&) = delete;
  StunWriter& operator=(const StunWriter&) = delete;

  void username(std::string_view value);
  void priority(std::uint32_t value);
  void use_candidate();
  void ice_controlling(std::uint64_t tie_breaker);
  void ice_controlled(std::uint64_t tie_breaker);
  void xor_mapped_address(const Address& address);
  /// @param code 300..699. The reason phrase is left empty, so that an error is never longer than
  /// its request.
  void error_code(int code);
  void unknown_attributes(std::span<const std::uint16_t> types);

  /// Appends MESSAGE-INTEGRITY (password not empty) and FINGERPRINT. Call once, last.
  /// @returns the whole message, borrowed from this object.
  Bytes finish(std::string_view password);

 private:
  void begin_attribute(std::uint16_t type, std::size_t size);
  void raw_attribute(std::uint16_t type, Bytes value);
  void set_length(std::size_t attributes_size);

  std::array<std::uint8_t, kMaxStunSize> buffer_{};
  ByteWriter writer_{buffer_};
  TransactionId transaction_id_;
};

}  // namespace cardea::ice
