// Which m-line and layer a received packet belongs to: by SSRC, else by mid and rid, else by
// payload type.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/peer/counters.hpp"
#include "core/peer/params.hpp"
#include "core/peer/receive_stream.hpp"
#include "core/peer/source_state.hpp"
#include "core/rtp/header_extension.hpp"
#include "core/rtp/packet.hpp"

namespace cardea::peer {

rtp::ExtensionIds to_rtp_ids(const ExtensionIds& ids);

/// What a payload type number means on one m-line.
struct PayloadInfo {
  enum class Use : std::uint8_t { None, Media, Rtx };
  Use use = Use::None;
  rtp::Codec codec = rtp::Codec::Unknown;
  /// Of Use::Rtx: the payload type it repeats.
  std::uint8_t original = 0;
};

/// The receiving side of one m-line.
struct SourceLine {
  bool active = false;
  bool video = false;
  bool nack = false;
  bool pli = false;
  bool fir = false;
  bool remb = false;
  /// Told to the layer above: packets arrive.
  bool flowing = false;
  std::uint32_t clock_rate = 0;
  std::string mid;
  std::vector<std::string> rids;
  std::array<PayloadInfo, 128> payloads{};
  std::shared_ptr<SourceState> state;
  /// By layer, lowest first; null until the layer's SSRC is known.
  std::array<std::unique_ptr<ReceiveStream>, kMaxLayers> layers;
};

/// Sans-IO, one thread.
class StreamTable {
 public:
  // Threat M4: an authenticated client must not grow our tables by spraying SSRCs.
  static constexpr std::size_t kMaxSsrcs = 64;

  struct Found {
    ReceiveStream* stream = nullptr;
    SourceLine* line = nullptr;
    PayloadInfo payload;
    /// Set when there is no stream.
    Drop why = Drop::RtpUnknownStream;
  };

  /// @param learns SSRCs that were not announced are attributed by what their packets say.
  explicit StreamTable(bool learns = true) : learns_(learns) {}

  /// Takes the negotiated lines over. Streams of lines that stay go on.
  void configure(const std::vector<LineParams>& lines);

  /// Attributes a packet that SRTP has authenticated, and learns its SSRC when that is new.
  Found find(const rtp::Packet& packet);
  /// The stream whose media (not RTX) has this SSRC, or null.
  [[nodiscard]] ReceiveStream* by_ssrc(std::uint32_t ssrc) const;

  /// By index of the m-line.
  [[nodiscard]] std::vector<SourceLine>& lines() { return lines_; }
  [[nodiscard]] const std::vector<SourceLine>& lines() const { return lines_; }
  [[nodiscard]] std::size_t ssrcs() const { return entries_.size(); }
  /// Id under which packets carry their transport-wide number; 0 not negotiated.
  [[nodiscard]] std::uint8_t transport_cc_id() const {
    return ids_.id(rtp::ExtensionKind::TransportCc);
  }

 private:
  struct Entry {
    std::uint32_t ssrc = 0;
    std::uint32_t line = 0;
    std::uint8_t layer = 0;
    bool rtx = false;
  };
  struct Target {
    std::uint32_t line = 0;
    std::uint8_t layer = 0;
    bool rtx = false;
  };

  void configure_line(std::uint32_t index, const LineParams& params);
  void announce(std::uint32_t index, const LineParams& params);
  bool learn(std::uint32_t ssrc, const Target& target);
  void forget(std::uint32_t line, std::uint8_t layer);
  Found latch(const rtp::Packet& packet);
  [[nodiscard]] std::optional<Target> target_of(const rtp::Packet& packet) const;
  [[nodiscard]] std::optional<std::uint32_t> line_of(const rtp::Packet& packet) const;
  [[nodiscard]] static std::optional<std::uint8_t> layer_of(const SourceLine& line,
                                                            std::string_view rid);
  [[nodiscard]] Found found(const Entry& entry, std::uint8_t payload_type);

  bool learns_;
  std::vector<SourceLine> lines_;
  // A few SSRCs in almost every peer: a scan beats a hash.
  std::vector<Entry> entries_;
  rtp::ExtensionIds ids_;
  std::uint32_t last_epoch_ = 0;
};

}  // namespace cardea::peer
