// The arithmetic of RFC 3550 A.3 (loss) and A.8 (jitter).
#include "core/rtp/receive_stats.hpp"

#include <algorithm>

namespace cardea::rtp {

namespace {

// Further back than this the sender has started anew.
constexpr std::uint64_t kMaxMisorder = 3000;

std::uint32_t to_rtp_units(Time now, std::uint32_t clock_rate) {
  const auto us = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t whole = us / 1'000'000 * clock_rate;
  return static_cast<std::uint32_t>(whole + us % 1'000'000 * clock_rate / 1'000'000);
}

}  // namespace

void ReceiveStats::received(std::uint64_t seq, std::uint32_t rtp_timestamp, std::size_t size_bytes,
                            Time now) {
  const bool restart = packets_ != 0 && seq + kMaxMisorder < highest_seq_;
  if (packets_ == 0 || restart) {
    first_seq_ = seq;
    highest_seq_ = seq;
    packets_ = packets_before_ = expected_before_ = 0;
  }
  // Packets of one frame share a timestamp and leave one after the other: only its first tells of
  // the network.
  const bool new_frame = packets_ == 0 || rtp_timestamp != last_timestamp_;
  const bool in_order = seq >= highest_seq_;
  if (new_frame && in_order) {
    const std::uint32_t transit = to_rtp_units(now, clock_rate_) - rtp_timestamp;
    if (packets_ != 0 && clock_rate_ != 0) {
      const auto change = static_cast<std::int32_t>(transit - last_transit_);
      // Half a minute of change is a new time base, not jitter.
      const auto d = static_cast<std::uint32_t>(change < 0 ? -std::int64_t{change} : change);
      if (d / 30 < clock_rate_) {
        jitter_q4_ += d - ((jitter_q4_ + 8) >> 4);
      }
    }
    last_transit_ = transit;
    last_timestamp_ = rtp_timestamp;
  }
  first_seq_ = std::min(first_seq_, seq);
  highest_seq_ = std::max(highest_seq_, seq);
  ++packets_;
  bytes_ += size_bytes;
}

void ReceiveStats::sender_report(std::uint64_t ntp, Time now) {
  last_sr_ = static_cast<std::uint32_t>(ntp >> 16);
  last_sr_at_ = now;
}

std::int64_t ReceiveStats::lost() const {
  if (packets_ == 0) {
    return 0;
  }
  return static_cast<std::int64_t>(highest_seq_ - first_seq_ + 1) -
         static_cast<std::int64_t>(packets_);
}

std::optional<ReportBlock> ReceiveStats::report(std::uint32_t ssrc, Time now) {
  if (packets_ == 0) {
    return std::nullopt;
  }
  const std::uint64_t expected = highest_seq_ - first_seq_ + 1;
  const auto expected_now = static_cast<std::int64_t>(expected - expected_before_);
  const auto received_now = static_cast<std::int64_t>(packets_ - packets_before_);
  expected_before_ = expected;
  packets_before_ = packets_;

  ReportBlock block;
  block.ssrc = ssrc;
  if (expected_now > 0 && expected_now > received_now) {
    block.fraction_lost = static_cast<std::uint8_t>(
        std::min<std::int64_t>(255, ((expected_now - received_now) << 8) / expected_now));
  }
  block.cumulative_lost =
      static_cast<std::int32_t>(std::clamp<std::int64_t>(lost(), -0x800000, 0x7FFFFF));
  // The unwrapper starts one cycle high; on the wire the first cycle is zero.
  block.highest_seq = static_cast<std::uint32_t>(highest_seq_ - 0x10000);
  block.jitter = jitter();
  if (last_sr_at_) {
    block.last_sr = last_sr_;
    const auto us = static_cast<std::uint64_t>((now - *last_sr_at_).count());
    block.delay_since_last_sr = static_cast<std::uint32_t>((us << 16) / 1'000'000);
  }
  return block;
}

}  // namespace cardea::rtp
