// Transport-wide congestion control at the client's end: numbers, and reports both ways.
#include <algorithm>
#include <array>

#include "core/rtp/header_extension.hpp"
#include "tests/scenario/support/client_peer.hpp"

namespace cardea::scenario {
namespace {

constexpr std::uint32_t kReporter = 7;

}  // namespace

/// Each time that it is sent a packet gets a number of its own.
void ClientPeer::number(MutableBytes packet, Time now) {
  const auto parsed = rtp::Packet::parse(packet);
  const auto value = parsed ? rtp::find_extension(*parsed, kTransportCcId) : std::optional<Bytes>();
  if (value) {
    store_u16(packet.data() + (value->data() - packet.data()), numbers_.next_seq());
    numbers_.sent(static_cast<std::uint32_t>(packet.size()), now);
  }
}

void ClientPeer::on(const rtp::TwccFeedback& feedback, Time now) {
  if (reported_.feedbacks++ > 1) {
    reported_.least_interval = std::min<Duration>(reported_.least_interval, now - reported_.last);
    reported_.most_interval = std::max<Duration>(reported_.most_interval, now - reported_.last);
  }
  reported_.last = now;
  for (const rtp::PacketResult& result : numbers_.feedback(feedback, now)) {
    ++(result.received ? reported_.arrived : reported_.lost);
  }
}

void ClientPeer::send_arrivals(Time now) {
  if (arrivals_.next_deadline().value_or(Time::max()) <= now) {
    send_rtcp([&](rtp::RtcpWriter& out) { arrivals_.write(out, kReporter, 0, now); }, now);
  }
}

}  // namespace cardea::scenario
