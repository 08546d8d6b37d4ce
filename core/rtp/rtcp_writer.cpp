// Writes RTCP packets: reports, SDES, feedback, BYE.
#include "core/rtp/rtcp_writer.hpp"

#include <algorithm>

namespace cardea::rtp {

namespace {

constexpr std::size_t kMaxBlocks = 31;
constexpr std::size_t kMaxNackPairs = 256;

void write_blocks(ByteWriter& out, std::span<const ReportBlock> blocks) {
  for (const ReportBlock& block : blocks) {
    // 24-bit signed: clamped, so that a long lossy call does not wrap to "negative".
    const std::int32_t lost = std::clamp(block.cumulative_lost, -0x800000, 0x7FFFFF);
    out.u32(block.ssrc);
    out.u8(block.fraction_lost);
    out.u24(static_cast<std::uint32_t>(lost) & 0xFFFFFF);
    out.u32(block.highest_seq);
    out.u32(block.jitter);
    out.u32(block.last_sr);
    out.u32(block.delay_since_last_sr);
  }
}

struct NackPair {
  std::uint16_t first;
  std::uint16_t mask;
};

// Takes the numbers that fit in one entry from the front of `seqs`.
NackPair take_pair(std::span<const std::uint16_t>& seqs) {
  NackPair pair{seqs[0], 0};
  seqs = seqs.subspan(1);
  while (!seqs.empty()) {
    const auto ahead = static_cast<std::uint16_t>(seqs[0] - pair.first);
    if (ahead == 0 || ahead > 16) {
      break;
    }
    pair.mask = static_cast<std::uint16_t>(pair.mask | (1U << (ahead - 1)));
    seqs = seqs.subspan(1);
  }
  return pair;
}

}  // namespace

MutableBytes RtcpWriter::claim(std::uint8_t format, std::uint8_t packet_type,
                               std::size_t body_size) {
  if (body_size + 4 > out_.size() - size_) {
    ok_ = false;
    return {};
  }
  std::uint8_t* p = out_.data() + size_;
  p[0] = static_cast<std::uint8_t>(0x80 | format);
  p[1] = packet_type;
  store_u16(p + 2, static_cast<std::uint16_t>(body_size / 4));
  const MutableBytes body = out_.subspan(size_ + 4, body_size);
  size_ += 4 + body_size;
  return body;
}

void RtcpWriter::sender_report(const SenderReport& report, std::span<const ReportBlock> blocks) {
  blocks = blocks.first(std::min(blocks.size(), kMaxBlocks));
  ByteWriter out(claim(static_cast<std::uint8_t>(blocks.size()), 200,
                       24 + ReportBlocks::kBlockSize * blocks.size()));
  out.u32(report.ssrc);
  out.u64(report.ntp);
  out.u32(report.rtp_timestamp);
  out.u32(report.packets);
  out.u32(report.octets);
  write_blocks(out, blocks);
}

void RtcpWriter::receiver_report(std::uint32_t ssrc, std::span<const ReportBlock> blocks) {
  blocks = blocks.first(std::min(blocks.size(), kMaxBlocks));
  ByteWriter out(claim(static_cast<std::uint8_t>(blocks.size()), 201,
                       4 + ReportBlocks::kBlockSize * blocks.size()));
  out.u32(ssrc);
  write_blocks(out, blocks);
}

void RtcpWriter::sdes_cname(std::uint32_t ssrc, std::string_view cname) {
  cname = cname.substr(0, 255);
  // The list of items ends with at least one zero byte (RFC 3550 6.5).
  const std::size_t used = 4 + 2 + cname.size();
  const std::size_t padding = 4 - used % 4;
  ByteWriter out(claim(1, 202, used + padding));
  out.u32(ssrc);
  out.u8(1);
  out.u8(static_cast<std::uint8_t>(cname.size()));
  out.bytes(as_bytes(cname));
  out.zeros(padding);
}

void RtcpWriter::nack(std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
                      std::span<const std::uint16_t> seqs) {
  std::size_t pairs = 0;
  for (auto rest = seqs; !rest.empty() && pairs < kMaxNackPairs; ++pairs) {
    take_pair(rest);
  }
  if (pairs == 0) {
    return;
  }
  ByteWriter out(claim(1, 205, 8 + 4 * pairs));
  out.u32(sender_ssrc);
  out.u32(media_ssrc);
  for (; pairs > 0; --pairs) {
    const NackPair pair = take_pair(seqs);
    out.u16(pair.first);
    out.u16(pair.mask);
  }
}

void RtcpWriter::pli(std::uint32_t sender_ssrc, std::uint32_t media_ssrc) {
  ByteWriter out(claim(1, 206, 8));
  out.u32(sender_ssrc);
  out.u32(media_ssrc);
}

void RtcpWriter::fir(std::uint32_t sender_ssrc, std::uint32_t media_ssrc, std::uint8_t command) {
  ByteWriter out(claim(4, 206, 16));
  out.u32(sender_ssrc);
  out.u32(0);
  out.u32(media_ssrc);
  out.u8(command);
  out.zeros(3);
}

void RtcpWriter::remb(std::uint32_t sender_ssrc, std::uint64_t bitrate_bps,
                      std::span<const std::uint32_t> media_ssrcs) {
  media_ssrcs = media_ssrcs.first(std::min<std::size_t>(media_ssrcs.size(), 255));
  std::uint32_t exponent = 0;
  while (bitrate_bps >> exponent > 0x3FFFF) {
    ++exponent;
  }
  ByteWriter out(claim(15, 206, 16 + 4 * media_ssrcs.size()));
  out.u32(sender_ssrc);
  out.u32(0);
  out.bytes(as_bytes("REMB"));
  out.u8(static_cast<std::uint8_t>(media_ssrcs.size()));
  out.u24((exponent << 18) | static_cast<std::uint32_t>(bitrate_bps >> exponent));
  for (const std::uint32_t ssrc : media_ssrcs) {
    out.u32(ssrc);
  }
}

void RtcpWriter::bye(std::uint32_t ssrc) {
  ByteWriter out(claim(1, 203, 4));
  out.u32(ssrc);
}

}  // namespace cardea::rtp
