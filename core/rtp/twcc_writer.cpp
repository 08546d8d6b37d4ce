// Writes transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 3.1).
#include <algorithm>
#include <array>
#include <limits>

#include "core/rtp/rtcp_writer.hpp"

namespace cardea::rtp {

namespace {

constexpr std::int64_t kDeltaUnit = 250;  // us
constexpr std::size_t kFixedPart = 16;  // both SSRCs, base, count, reference time, feedback number

// What fits in a datagram of 1,500 bytes, with the smallest cost of a packet that arrived.
constexpr std::size_t kMaxPackets = 1500;
constexpr std::uint16_t kMaxRun = 0x1FFF;
constexpr std::size_t kOneBitSymbols = 14;
constexpr std::size_t kTwoBitSymbols = 7;

enum Symbol : std::uint8_t { Lost = 0, SmallDelta = 1, LargeDelta = 2 };

struct Status {
  Symbol symbol = Lost;
  std::int16_t delta = 0;  // in units of 250 us
};

// Statuses of as many packets as surely fit in `space` bytes and whose deltas fit in 16 bits.
class Statuses {
 public:
  Statuses(std::span<const TwccPacket> packets, std::size_t space) {
    std::int64_t last_tick = 0;
    for (const TwccPacket& packet : packets.first(std::min(packets.size(), kMaxPackets))) {
      Status status;
      if (packet.received) {
        // Differences of rounded times, so that the rounding does not add up.
        const std::int64_t tick = packet.arrival.count() / kDeltaUnit;
        const std::int64_t delta = tick - last_tick;
        if (delta != static_cast<std::int16_t>(delta)) {
          break;
        }
        last_tick = tick;
        status.delta = static_cast<std::int16_t>(delta);
        status.symbol = delta >= 0 && delta <= 0xFF ? SmallDelta : LargeDelta;
      }
      // No chunk is worse than one of two-bit symbols.
      const std::size_t chunks = size_ / kTwoBitSymbols + 1;
      if (chunks * 2 + delta_bytes_ + status.symbol > space) {
        break;
      }
      delta_bytes_ += status.symbol;  // its value is the size of the delta
      all_[size_++] = status;
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t delta_bytes() const { return delta_bytes_; }
  [[nodiscard]] std::span<const Status> all() const { return std::span(all_).first(size_); }

 private:
  std::array<Status, kMaxPackets> all_;
  std::size_t size_ = 0;
  std::size_t delta_bytes_ = 0;
};

std::size_t run_length(std::span<const Status> rest) {
  const auto end = std::find_if(rest.begin(), rest.end(),
                                [&](const Status& s) { return s.symbol != rest[0].symbol; });
  return std::min<std::size_t>(static_cast<std::size_t>(end - rest.begin()), kMaxRun);
}

// Takes the statuses that one chunk tells from the front of `rest`: the kind that covers most.
std::uint16_t take_chunk(std::span<const Status>& rest) {
  const std::size_t run = run_length(rest);
  const auto vector = rest.first(std::min(rest.size(), kOneBitSymbols));
  const bool one_bit = std::none_of(vector.begin(), vector.end(),
                                    [](const Status& s) { return s.symbol == LargeDelta; });
  const std::size_t in_vector = one_bit ? vector.size() : std::min(rest.size(), kTwoBitSymbols);
  std::uint32_t chunk = 0;
  if (run >= in_vector) {
    chunk = (std::uint32_t{rest[0].symbol} << 13) | static_cast<std::uint32_t>(run);
    rest = rest.subspan(run);
    return static_cast<std::uint16_t>(chunk);
  }
  const std::size_t bits = one_bit ? 1 : 2;
  chunk = one_bit ? 0x8000 : 0xC000;
  for (std::size_t i = 0; i < in_vector; ++i) {
    chunk |= std::uint32_t{rest[i].symbol} << (14 - bits * (i + 1));
  }
  rest = rest.subspan(in_vector);
  return static_cast<std::uint16_t>(chunk);
}

}  // namespace

std::size_t RtcpWriter::twcc(const TwccFeedback& head, std::span<const TwccPacket> packets) {
  const std::size_t left = out_.size() - size_;
  // The common header, the fixed part and up to 3 bytes of padding.
  const std::size_t overhead = 4 + kFixedPart + 3;
  const Statuses statuses(packets, left > overhead ? left - overhead : 0);
  std::array<std::uint16_t, kMaxPackets / kTwoBitSymbols + 1> chunks{};
  std::size_t chunk_count = 0;
  for (auto rest = statuses.all(); !rest.empty();) {
    chunks[chunk_count++] = take_chunk(rest);
  }
  if (chunk_count == 0) {
    ok_ = ok_ && packets.empty();
    return 0;
  }
  const std::size_t used = kFixedPart + 2 * chunk_count + statuses.delta_bytes();
  ByteWriter out(claim(15, 205, (used + 3) / 4 * 4));
  out.u32(head.sender_ssrc);
  out.u32(head.media_ssrc);
  out.u16(head.base_seq);
  out.u16(static_cast<std::uint16_t>(statuses.size()));
  out.u24(static_cast<std::uint32_t>(head.reference_time) & 0xFFFFFF);
  out.u8(head.feedback_number);
  for (const std::uint16_t chunk : std::span(chunks).first(chunk_count)) {
    out.u16(chunk);
  }
  for (const Status& status : statuses.all()) {
    if (status.symbol == SmallDelta) {
      out.u8(static_cast<std::uint8_t>(status.delta));
    } else if (status.symbol == LargeDelta) {
      out.u16(static_cast<std::uint16_t>(status.delta));
    }
  }
  out.zeros(out.left());
  return statuses.size();
}

}  // namespace cardea::rtp
