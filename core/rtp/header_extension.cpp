// Reads and writes the one-byte and two-byte forms of RTP header extensions.
#include "core/rtp/header_extension.hpp"

namespace cardea::rtp {

namespace {

constexpr std::uint16_t kOneByteProfile = 0xBEDE;
constexpr std::uint16_t kTwoByteProfile = 0x1000;
// The lower 4 bits are "appbits", for any use (RFC 8285 4.3).
constexpr std::uint16_t kTwoByteMask = 0xFFF0;

constexpr std::array<std::string_view, kExtensionKinds> kUris = {
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:3gpp:video-orientation",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
    "urn:ietf:params:rtp-hdrext:toffset",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-timing",
    "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
    "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
};

}  // namespace

std::string_view extension_uri(ExtensionKind kind) {
  return kind == ExtensionKind::Unknown ? std::string_view{}
                                        : kUris[static_cast<std::size_t>(kind)];
}

ExtensionKind extension_kind(std::string_view uri) {
  for (std::size_t i = 0; i < kUris.size(); ++i) {
    if (kUris[i] == uri) {
      return static_cast<ExtensionKind>(i);
    }
  }
  return ExtensionKind::Unknown;
}

void ExtensionIds::set(ExtensionKind kind, unsigned id) {
  if (kind == ExtensionKind::Unknown || id == 0 || id > 255) {
    return;
  }
  const std::uint8_t old = ids_[static_cast<std::size_t>(kind)];
  if (old != 0) {
    kinds_[old] = ExtensionKind::Unknown;
  }
  if (kinds_[id] != ExtensionKind::Unknown) {
    ids_[static_cast<std::size_t>(kinds_[id])] = 0;
  }
  ids_[static_cast<std::size_t>(kind)] = static_cast<std::uint8_t>(id);
  kinds_[id] = kind;
}

bool ExtensionReader::next(Extension& out) {
  if (profile_ == kOneByteProfile) {
    return next_one_byte(out);
  }
  return (profile_ & kTwoByteMask) == kTwoByteProfile && next_two_byte(out);
}

bool ExtensionReader::next_one_byte(Extension& out) {
  while (!rest_.empty()) {
    const std::uint8_t head = rest_[0];
    if (head == 0) {
      rest_ = rest_.subspan(1);
      continue;
    }
    const std::size_t size = (head & 0x0FU) + 1U;
    // Id 15 is reserved and ends the block; id 0 with a length is no padding, yet says nothing
    // either.
    if (head >> 4 == 15 || rest_.size() < 1 + size) {
      break;
    }
    out = {static_cast<std::uint8_t>(head >> 4), rest_.subspan(1, size)};
    rest_ = rest_.subspan(1 + size);
    if (out.id != 0) {
      return true;
    }
  }
  rest_ = {};
  return false;
}

bool ExtensionReader::next_two_byte(Extension& out) {
  while (!rest_.empty() && rest_[0] == 0) {
    rest_ = rest_.subspan(1);
  }
  if (rest_.size() < 2 || rest_.size() < 2U + rest_[1]) {
    rest_ = {};
    return false;
  }
  const std::size_t size = rest_[1];
  out = {rest_[0], rest_.subspan(2, size)};
  rest_ = rest_.subspan(2 + size);
  return true;
}

std::optional<Bytes> find_extension(const Packet& packet, std::uint8_t id) {
  ExtensionReader reader(packet);
  Extension element;
  while (id != 0 && reader.next(element)) {
    if (element.id == id) {
      return element.value;
    }
  }
  return std::nullopt;
}

std::string_view find_text_extension(const Packet& packet, std::uint8_t id) {
  const auto value = find_extension(packet, id);
  return value ? as_text(*value) : std::string_view{};
}

std::optional<AudioLevel> read_audio_level(Bytes value) {
  if (value.empty()) {
    return std::nullopt;
  }
  return AudioLevel{(value[0] & 0x80) != 0, static_cast<std::uint8_t>(value[0] & 0x7F)};
}

std::uint32_t abs_send_time(Time now) {
  const auto us = static_cast<std::uint64_t>(now.time_since_epoch().count());
  // Whole and fraction apart, so that a long uptime does not overflow the shift.
  const std::uint64_t fixed = ((us / 1'000'000) << 18) + ((us % 1'000'000) << 18) / 1'000'000;
  return static_cast<std::uint32_t>(fixed & 0xFFFFFF);
}

ExtensionWriter::ExtensionWriter(MutableBytes out, bool two_byte) : out_(out), two_byte_(two_byte) {
  if (out_.size() >= 4) {
    store_u16(out_.data(), two_byte ? kTwoByteProfile : kOneByteProfile);
  }
}

bool ExtensionWriter::add(std::uint8_t id, Bytes value) {
  const std::size_t head = two_byte_ ? 2 : 1;
  const bool fits_form = two_byte_ ? id != 0 && value.size() <= 255
                                   : id != 0 && id <= 14 && !value.empty() && value.size() <= 16;
  // Up to 3 bytes of padding must still fit behind it.
  const std::size_t end = (size_ + head + value.size() + 3) / 4 * 4;
  if (!fits_form || end > out_.size()) {
    return false;
  }
  std::uint8_t* p = out_.data() + size_;
  if (two_byte_) {
    p[0] = id;
    p[1] = static_cast<std::uint8_t>(value.size());
  } else {
    p[0] = static_cast<std::uint8_t>((std::size_t{id} << 4) | (value.size() - 1));
  }
  if (!value.empty()) {
    std::memcpy(p + head, value.data(), value.size());
  }
  size_ += head + value.size();
  return true;
}

std::size_t ExtensionWriter::finish() {
  if (size_ == 4) {
    return 0;
  }
  while (size_ % 4 != 0) {
    out_[size_++] = 0;
  }
  store_u16(out_.data() + 2, static_cast<std::uint16_t>(size_ / 4 - 1));
  return size_;
}

}  // namespace cardea::rtp
