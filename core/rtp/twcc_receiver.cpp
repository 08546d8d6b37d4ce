// Arrival times in a ring by transport-wide number, and feedback packets made of them.
#include "core/rtp/twcc_receiver.hpp"

#include <algorithm>
#include <array>

namespace cardea::rtp {

namespace {

constexpr Time kNever = Time::min();
constexpr Duration kReferenceUnit = std::chrono::milliseconds(64);
// Feedback may cost this part of what is received.
constexpr std::size_t kFeedbackShare = 20;
// What UDP, IP and SRTCP add to one feedback packet. bytes
constexpr std::size_t kDatagramOverhead = 60;

}  // namespace

std::optional<std::uint16_t> read_transport_seq(Bytes value) {
  return value.size() < 2 ? std::nullopt : std::optional(load_u16(value.data()));
}

void TwccReceiver::restart(std::uint64_t seq) {
  arrivals_.assign(kWindow, kNever);
  end_ = next_ = seq;
}

void TwccReceiver::received(std::uint16_t seq, std::size_t size, Time now) {
  const std::uint64_t number = unwrapper_.unwrap(seq);
  // So far ahead or back that nothing links it with what was: another numbering.
  if (arrivals_.empty() || number >= end_ + kWindow || number + kWindow < end_) {
    restart(number);
  }
  for (; end_ <= number; ++end_) {
    arrival(end_) = kNever;
  }
  next_ = std::max(next_, end_ - std::min<std::uint64_t>(end_, kWindow));
  Time& at = arrival(number);
  if (at != kNever) {
    return;  // a duplicate; the first arrival counts
  }
  at = now;
  next_ = std::min(next_, number);
  bytes_since_ += size;
  if (!due_) {
    due_ = std::max(now, last_written_ + interval_);
  }
}

Duration TwccReceiver::interval(Duration since_last) const {
  // So far apart that one packet like the last costs its share of the received rate.
  const auto cost =
      static_cast<std::int64_t>((last_feedback_ + kDatagramOverhead) * kFeedbackShare);
  const auto got = static_cast<std::int64_t>(std::max<std::size_t>(bytes_since_, 1));
  const Duration span = std::min<Duration>(since_last, std::chrono::seconds(1));
  return std::clamp(span * cost / got, kMinInterval, kMaxInterval);
}

bool TwccReceiver::write(RtcpWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc,
                         Time now) {
  if (!due_ || now < *due_ || next_ == end_) {
    return false;
  }
  std::array<TwccPacket, kWindow> packets;
  std::size_t count = 0;
  std::int64_t reference = 0;
  bool have_reference = false;
  for (std::uint64_t seq = next_; seq < end_; ++seq) {
    const Time at = arrival(seq);
    TwccPacket& packet = packets[count++];
    packet.seq = static_cast<std::uint16_t>(seq);
    packet.received = at != kNever;
    if (packet.received && !have_reference) {
      reference = at.time_since_epoch() / kReferenceUnit;
      have_reference = true;
    }
    packet.arrival =
        packet.received ? at.time_since_epoch() - reference * kReferenceUnit : Duration();
  }
  TwccFeedback head;
  head.sender_ssrc = sender_ssrc;
  head.media_ssrc = media_ssrc;
  head.base_seq = static_cast<std::uint16_t>(next_);
  head.reference_time = static_cast<std::int32_t>(reference & 0xFFFFFF);
  head.feedback_number = feedback_number_;
  const std::size_t before = out.size();
  const std::size_t told = out.twcc(head, std::span(packets).first(count));
  if (told == 0) {
    return false;
  }
  ++feedback_number_;
  next_ += told;
  last_feedback_ = out.size() - before;
  if (next_ == end_) {
    // Of the first one nothing can be told but that the sender waits for more.
    interval_ = last_written_ == Time() ? kMinInterval : interval(now - last_written_);
    bytes_since_ = 0;
    last_written_ = now;
    due_.reset();
  }
  return true;
}

}  // namespace cardea::rtp
