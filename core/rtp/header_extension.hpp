// RTP header extensions (RFC 8285): the kinds we know, the ids negotiated for them, reading and
// writing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/rtp/packet.hpp"

namespace cardea::rtp {

enum class ExtensionKind : std::uint8_t {
  Mid,
  Rid,
  RepairedRid,
  AudioLevel,
  AbsSendTime,
  TransportCc,
  VideoOrientation,
  PlayoutDelay,
  DependencyDescriptor,
  TransmissionOffset,
  AbsCaptureTime,
  VideoContentType,
  VideoTiming,
  ColorSpace,
  VideoLayersAllocation,
  Unknown,
};

inline constexpr std::size_t kExtensionKinds = static_cast<std::size_t>(ExtensionKind::Unknown);

/// The URI of a=extmap; empty for Unknown.
std::string_view extension_uri(ExtensionKind kind);
/// The kind of a URI; Unknown when we do not model it.
ExtensionKind extension_kind(std::string_view uri);

/// Which id each kind has on one m-line, both ways in one look-up. Id 0 means "not negotiated".
class ExtensionIds {
 public:
  ExtensionIds() { kinds_.fill(ExtensionKind::Unknown); }

  /// @param id 1..255; out of range or Unknown is ignored.
  void set(ExtensionKind kind, unsigned id);
  [[nodiscard]] std::uint8_t id(ExtensionKind kind) const {
    return kind == ExtensionKind::Unknown ? std::uint8_t{0} : ids_[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] ExtensionKind kind(std::uint8_t id) const { return kinds_[id]; }

  friend bool operator==(const ExtensionIds&, const ExtensionIds&) = default;

 private:
  std::array<std::uint8_t, kExtensionKinds> ids_{};
  std::array<ExtensionKind, 256> kinds_{};
};

struct Extension {
  std::uint8_t id = 0;
  Bytes value;
};

/// Walks the elements of a packet's extension block; stops at the first one that does not fit.
class ExtensionReader {
 public:
  explicit ExtensionReader(const Packet& packet)
      : rest_(packet.extension_block()), profile_(packet.extension_profile()) {}

  /// False at the end. Padding is skipped; id 15 ends a one-byte block (RFC 8285 4.2).
  bool next(Extension& out);

 private:
  bool next_one_byte(Extension& out);
  bool next_two_byte(Extension& out);

  Bytes rest_;
  std::uint16_t profile_;
};

/// The value of the first element with this id. @param id 1..255; 0 finds nothing.
std::optional<Bytes> find_extension(const Packet& packet, std::uint8_t id);
/// The value as text (mid, rid), empty when absent.
std::string_view find_text_extension(const Packet& packet, std::uint8_t id);

/// RFC 6464: level is in -dBov, 0 (loudest) .. 127 (silence).
struct AudioLevel {
  bool voice = false;
  std::uint8_t level = 127;
};
std::optional<AudioLevel> read_audio_level(Bytes value);

/// 24-bit 6.18 fixed-point seconds of the abs-send-time extension.
std::uint32_t abs_send_time(Time now);

/// Writes an extension block (the 4-byte head included) to `out`, in one-byte form where all
/// elements allow it. Elements: add() in any order, then finish(). Never allocates.
class ExtensionWriter {
 public:
  /// @param two_byte needed when an id is over 14 or a value is empty or longer than 16 bytes (RFC
  /// 8285 4.1.2).
  ExtensionWriter(MutableBytes out, bool two_byte);

  /// False when it does not fit in `out` or in the form chosen; the element is then left out.
  bool add(std::uint8_t id, Bytes value);
  /// Pads to 32 bits and patches the length. @returns bytes written, 0 when no element was added.
  std::size_t finish();

 private:
  MutableBytes out_;
  std::size_t size_ = 4;
  bool two_byte_;
};

}  // namespace cardea::rtp
