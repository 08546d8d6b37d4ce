// Writes compound RTCP packets into a borrowed buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/rtp/rtcp_packets.hpp"

namespace cardea::rtp {

/// Appends packets to one compound. A packet that does not fit is left out whole and clears ok();
/// what was written before stays valid. Never allocates. A compound starts with a report (RFC
/// 3550 6.1) unless rtcp-rsize was agreed.
class RtcpWriter {
 public:
  explicit RtcpWriter(MutableBytes out) : out_(out) {}

  /// report.blocks is not used. @param blocks at most 31, the rest is left out.
  void sender_report(const SenderReport& report, std::span<const ReportBlock> blocks = {});
  void receiver_report(std::uint32_t ssrc, std::span<const ReportBlock> blocks = {});
  /// @param cname at most 255 bytes, cut there.
  void sdes_cname(std::uint32_t ssrc, std::string_view cname);
  /// @param seqs oldest first; neighbours within 16 share one entry.
  void nack(std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
            std::span<const std::uint16_t> seqs);
  void pli(std::uint32_t sender_ssrc, std::uint32_t media_ssrc);
  /// @param command grows by one with each new request (RFC 5104 4.3.1.1).
  void fir(std::uint32_t sender_ssrc, std::uint32_t media_ssrc, std::uint8_t command);
  /// @param media_ssrcs the streams that the limit is for, at most 255.
  void remb(std::uint32_t sender_ssrc, std::uint64_t bitrate_bps,
            std::span<const std::uint32_t> media_ssrcs);
  /// Transport-wide feedback. @param head its count and bytes are not used. @param packets one
  /// after the other from head.base_seq on.
  /// @returns of how many of them it tells: fewer when the rest does not fit in the buffer or is
  /// over 8 s apart; none (and nothing written) when not even the first does.
  std::size_t twcc(const TwccFeedback& head, std::span<const TwccPacket> packets);
  void bye(std::uint32_t ssrc);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Bytes written() const { return out_.first(size_); }

 private:
  MutableBytes claim(std::uint8_t format, std::uint8_t packet_type, std::size_t body_size);

  MutableBytes out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace cardea::rtp
