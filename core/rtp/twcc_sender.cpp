// A bounded history of sent packets by transport-wide number.
#include "core/rtp/twcc_sender.hpp"

#include <algorithm>

namespace cardea::rtp {

namespace {

constexpr std::size_t kFirstHistory = 128;
constexpr Duration kReferenceUnit = std::chrono::milliseconds(64);

}  // namespace

// The slot of next_ must be free: when it is still young, the ring doubles.
void TwccSender::make_room(Time now) {
  if (history_.empty()) {
    history_.resize(kFirstHistory);
  }
  if (count_ < history_.size()) {
    return;
  }
  const Sent& old = entry(next_);
  if (now - time_of(old, now) < kKeep && history_.size() < kMaxHistory) {
    std::vector<Sent> larger(history_.size() * 2);
    for (std::uint64_t seq = oldest(); seq < next_; ++seq) {
      larger[seq & (larger.size() - 1)] = entry(seq);
    }
    history_ = std::move(larger);
    count_ = history_.size() / 2;
    return;
  }
  if (old.fate == Fate::Unknown) {
    ++forgotten_;
    reported(next_ - history_.size());
  }
}

void TwccSender::sent(std::uint32_t size, Time now, std::uint16_t probe_cluster) {
  make_room(now);
  Sent& sent = entry(next_);
  sent.at = low_bits(now);
  sent.size = static_cast<std::uint16_t>(size);
  sent.probe_cluster = probe_cluster & (kMaxCluster - 1);
  sent.fate = Fate::Unknown;
  in_flight_ += size;
  ++next_;
  ++count_;
}

// Everything up to `seq` is not in flight any more.
void TwccSender::reported(std::uint64_t seq) {
  for (reported_to_ = std::max(reported_to_, oldest()); reported_to_ <= seq; ++reported_to_) {
    in_flight_ -= entry(reported_to_).size;
  }
}

// 24 bits that wrap after 12 days; reordered feedback steps back.
Time TwccSender::reference(std::int32_t units) {
  if (!reference_) {
    reference_ = units;
  }
  const auto step = static_cast<std::uint32_t>(units - *reference_) << 8;
  *reference_ += static_cast<std::int32_t>(step) >> 8;
  return Time(*reference_ * kReferenceUnit);
}

std::span<const PacketResult> TwccSender::feedback(const TwccFeedback& feedback, Time now) {
  results_.clear();
  if (feedback.count > kMaxHistory) {
    return results_;
  }
  // The last number sent is the reference point: feedback speaks of the past.
  const std::uint64_t newest = next_ - 1;
  const auto behind =
      static_cast<std::uint16_t>(static_cast<std::uint16_t>(newest) - feedback.base_seq);
  std::uint64_t seq = newest - behind;
  const Time base = reference(feedback.reference_time);
  TwccReader reader(feedback);
  for (TwccPacket packet; reader.next(packet); ++seq) {
    if (seq >= next_) {
      break;  // it speaks of what was never sent
    }
    if (seq < oldest()) {
      continue;
    }
    Sent& sent = entry(seq);
    const bool tells = packet.received ? sent.fate != Fate::Received : sent.fate == Fate::Unknown;
    if (!tells) {
      continue;
    }
    const bool was_lost = sent.fate == Fate::Lost;
    sent.fate = packet.received ? Fate::Received : Fate::Lost;
    results_.push_back({seq, time_of(sent, now), packet.received ? base + packet.arrival : Time(),
                        sent.size, sent.probe_cluster, packet.received, was_lost});
    reported(seq);
    if (packet.received && !was_lost) {
      round_trip_ = now - time_of(sent, now);
    }
  }
  return results_;
}

}  // namespace cardea::rtp
