// Reads report blocks and the status chunks of transport-wide feedback.
#include "core/rtp/rtcp_packets.hpp"

#include <algorithm>

namespace cardea::rtp {

namespace {

constexpr Duration kDeltaUnit{250};

// One status chunk holds 13 bits of run length, or 14 one-bit, or 7 two-bit symbols.
std::uint16_t symbols_in(std::uint16_t chunk) {
  if ((chunk & 0x8000) == 0) {
    return chunk & 0x1FFF;
  }
  return (chunk & 0x4000) == 0 ? 14 : 7;
}

// 0 not received, 1 small delta, 2 large or negative delta, 3 reserved.
unsigned symbol_at(std::uint16_t chunk, unsigned index) {
  if ((chunk & 0x8000) == 0) {
    return (chunk >> 13) & 3U;
  }
  if ((chunk & 0x4000) == 0) {
    return (chunk >> (13 - index)) & 1U;
  }
  return (chunk >> (12 - 2 * index)) & 3U;
}

std::size_t delta_size(unsigned symbol) { return symbol == 1 ? 1 : (symbol == 2 ? 2 : 0); }

// Of the first `symbols` symbols of a chunk.
std::size_t delta_bytes(std::uint16_t chunk, std::uint32_t symbols) {
  if ((chunk & 0x8000) == 0) {
    return symbols * delta_size(symbol_at(chunk, 0));
  }
  std::size_t bytes = 0;
  for (unsigned i = 0; i < symbols; ++i) {
    bytes += delta_size(symbol_at(chunk, i));
  }
  return bytes;
}

}  // namespace

ReportBlock ReportBlocks::operator[](std::size_t index) const {
  const std::uint8_t* p = bytes_.data() + index * kBlockSize;
  ReportBlock block;
  block.ssrc = load_u32(p);
  block.fraction_lost = p[4];
  const std::uint32_t lost = load_u24(p + 5);
  block.cumulative_lost = static_cast<std::int32_t>(lost << 8) >> 8;
  block.highest_seq = load_u32(p + 8);
  block.jitter = load_u32(p + 12);
  block.last_sr = load_u32(p + 16);
  block.delay_since_last_sr = load_u32(p + 20);
  return block;
}

TwccReader::TwccReader(const TwccFeedback& feedback)
    : chunks_(feedback.chunks_and_deltas),
      deltas_(Bytes{}),
      seq_(feedback.base_seq),
      left_(feedback.count) {
  malformed_ = !find_deltas();
}

// The deltas begin behind the last chunk, so the chunks are counted through first. The work is
// bounded by the bytes that came, not by the count that they claim.
bool TwccReader::find_deltas() {
  ByteReader scan = chunks_;
  std::size_t deltas = 0;
  for (std::uint32_t left = left_; left > 0;) {
    const std::uint16_t chunk = scan.u16();
    const std::uint32_t symbols = std::min<std::uint32_t>(symbols_in(chunk), left);
    // A run of nothing would let a packet of N bytes claim any count.
    if (!scan.ok() || symbols == 0) {
      return false;
    }
    deltas += delta_bytes(chunk, symbols);
    left -= symbols;
  }
  deltas_ = ByteReader(scan.rest());
  return deltas <= scan.left();
}

bool TwccReader::next(TwccPacket& out) {
  if (left_ == 0 || malformed_) {
    return false;
  }
  if (symbol_index_ == symbols_) {
    chunk_ = chunks_.u16();
    symbols_ = symbols_in(chunk_);
    symbol_index_ = 0;
  }
  const unsigned symbol = symbol_at(chunk_, symbol_index_++);
  const std::size_t size = delta_size(symbol);
  const Bytes delta = deltas_.bytes(size);
  if (!deltas_.ok()) {
    malformed_ = true;
    return false;
  }
  if (size == 1) {
    arrival_ += delta[0] * kDeltaUnit;
  } else if (size == 2) {
    arrival_ += static_cast<std::int16_t>(load_u16(delta.data())) * kDeltaUnit;
  }
  out = {seq_++, size != 0, arrival_};
  --left_;
  return true;
}

}  // namespace cardea::rtp
