// The RTCP packets we read and write, as values and views of received bytes. All counts are checked
// before a view exists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace cardea::rtp {

/// RFC 3550 6.4.1.
struct ReportBlock {
  std::uint32_t ssrc = 0;
  /// Lost since the last report, in 1/256.
  std::uint8_t fraction_lost = 0;
  /// 24-bit signed on the wire; may be negative with duplicates.
  std::int32_t cumulative_lost = 0;
  /// Cycles in the upper 16 bits.
  std::uint32_t highest_seq = 0;
  /// In units of the RTP clock.
  std::uint32_t jitter = 0;
  /// Middle 32 bits of the NTP time of the last sender report seen, 0 when none.
  std::uint32_t last_sr = 0;
  /// 1/65536 s since that report came.
  std::uint32_t delay_since_last_sr = 0;
};

/// A list of report blocks inside received bytes.
class ReportBlocks {
 public:
  static constexpr std::size_t kBlockSize = 24;

  ReportBlocks() = default;
  /// @param bytes a whole number of blocks.
  explicit ReportBlocks(Bytes bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size() / kBlockSize; }
  /// @param index below size().
  [[nodiscard]] ReportBlock operator[](std::size_t index) const;

 private:
  Bytes bytes_;
};

struct SenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;
  ReportBlocks blocks;
};

struct ReceiverReport {
  std::uint32_t ssrc = 0;
  ReportBlocks blocks;
};

/// The first CNAME chunk of an SDES packet (RFC 3550 6.5.1).
struct SdesCname {
  std::uint32_t ssrc = 0;
  std::string_view cname;
};

/// RFC 3550 6.6. `ssrcs` holds 4 bytes each.
struct Bye {
  Bytes ssrcs;
  [[nodiscard]] std::size_t size() const { return ssrcs.size() / 4; }
  [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
    return load_u32(ssrcs.data() + 4 * i);
  }
};

/// Generic NACK (RFC 4585 6.2.1). `pairs` holds 4 bytes each: a sequence number and a mask of the
/// 16 after it.
struct Nack {
  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
  Bytes pairs;

  /// Calls visit(std::uint16_t seq) for each number asked for; at most 17 per pair.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t at = 0; at + 4 <= pairs.size(); at += 4) {
      const std::uint16_t first = load_u16(pairs.data() + at);
      visit(first);
      std::uint16_t mask = load_u16(pairs.data() + at + 2);
      for (std::uint16_t offset = 1; mask != 0;
           ++offset, mask = static_cast<std::uint16_t>(mask >> 1)) {
        if ((mask & 1) != 0) {
          visit(static_cast<std::uint16_t>(first + offset));
        }
      }
    }
  }
};

/// RFC 4585 6.3.1.
struct Pli {
  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
};

/// Full intra request (RFC 5104 4.3.1). `entries` holds 8 bytes each: ssrc, command number, 3
/// reserved.
struct Fir {
  std::uint32_t sender_ssrc = 0;
  Bytes entries;
  [[nodiscard]] std::size_t size() const { return entries.size() / 8; }
  [[nodiscard]] std::uint32_t ssrc(std::size_t i) const { return load_u32(entries.data() + 8 * i); }
  [[nodiscard]] std::uint8_t command(std::size_t i) const { return entries[8 * i + 4]; }
};

/// Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03).
struct Remb {
  std::uint32_t sender_ssrc = 0;
  /// Clamped to 2^63 where the exponent would overflow.
  std::uint64_t bitrate_bps = 0;
  Bytes ssrcs;
};

/// One packet as transport-wide congestion feedback tells of it.
struct TwccPacket {
  std::uint16_t seq = 0;
  bool received = false;
  /// Since the reference time of the feedback (multiple of 64 ms); only when received.
  Duration arrival{};
};

/// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 3.1). The reader has
/// checked that the status chunks cover `count` packets and that every delta is there.
struct TwccFeedback {
  std::uint32_t sender_ssrc = 0;
  std::uint32_t media_ssrc = 0;
  std::uint16_t base_seq = 0;
  std::uint16_t count = 0;
  /// 24-bit signed, in units of 64 ms.
  std::int32_t reference_time = 0;
  std::uint8_t feedback_number = 0;
  /// Status chunks, then receive deltas, then padding.
  Bytes chunks_and_deltas;
};

/// Walks the packets of one TWCC feedback in order; at most `count` of them.
class TwccReader {
 public:
  explicit TwccReader(const TwccFeedback& feedback);
  /// False at the end, or where the bytes end too early (then malformed()).
  bool next(TwccPacket& out);
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  bool find_deltas();

  ByteReader chunks_;
  ByteReader deltas_;
  Duration arrival_{};
  std::uint16_t seq_;
  std::uint16_t left_;
  std::uint16_t chunk_ = 0;
  std::uint16_t symbols_ = 0;
  std::uint16_t symbol_index_ = 0;
  bool malformed_ = false;
};

/// A packet that we let pass unread (XR, APP, other feedback).
struct OtherRtcp {
  std::uint8_t packet_type = 0;
  std::uint8_t format = 0;
};

using RtcpItem = std::variant<SenderReport, ReceiverReport, SdesCname, Bye, Nack, Pli, Fir, Remb,
                              TwccFeedback, OtherRtcp>;

}  // namespace cardea::rtp
