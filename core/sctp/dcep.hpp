// The Data Channel Establishment Protocol: the two messages that open a channel (RFC 8832).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/sctp/association.hpp"

namespace cardea::sctp {

/// Payload protocol identifiers of RFC 8831 8.
enum class PayloadType : std::uint32_t {
  Control = 50,
  Text = 51,
  Binary = 53,
  EmptyText = 56,
  EmptyBinary = 57,
};

/// Of a label, and of a subprotocol, in bytes.
inline constexpr std::size_t kMaxLabel = 256;

/// What both ends know of a channel besides its stream.
struct ChannelInfo {
  std::string label;
  std::string protocol;
  Reliability reliability;
  friend bool operator==(const ChannelInfo&, const ChannelInfo&) = default;
};

/// DATA_CHANNEL_OPEN. Empty when it is none, is cut short, has texts that are too long or no UTF-8.
std::optional<ChannelInfo> parse_open(Bytes message);
std::vector<std::uint8_t> write_open(const ChannelInfo& channel);

/// DATA_CHANNEL_ACK is this one byte.
inline constexpr std::uint8_t kAck = 0x02;

}  // namespace cardea::sctp
