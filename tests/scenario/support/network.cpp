// The virtual network's queue and dice.
#include "tests/scenario/support/network.hpp"

#include <algorithm>

#include "core/peer/classify.hpp"

namespace cardea::scenario {

double Network::chance() {
  // std::uniform_real_distribution may differ between libraries; this does not.
  return static_cast<double>(random_() >> 11) / static_cast<double>(1ULL << 53);
}

void Network::note(std::uint64_t value) {
  for (int i = 0; i < 8; ++i) {
    trace_ = (trace_ ^ (value & 0xFF)) * 1099511628211ULL;
    value >>= 8;
  }
}

std::optional<Duration> Network::queue(const Address& to, std::size_t size) {
  const auto found = bottlenecks_.find(to);
  if (found == bottlenecks_.end() || found->second.bitrate == 0) {
    return Duration();
  }
  Bottleneck& hop = found->second;
  const Time begin = std::max(hop.free, now_);
  if (begin - now_ > std::chrono::milliseconds(200)) {
    return std::nullopt;
  }
  hop.free = begin + Duration(static_cast<std::int64_t>(size * 8'000'000 / hop.bitrate));
  return hop.free - now_;
}

void Network::send(const Address& from, const Address& to, Bytes datagram) {
  if (filter_ && !filter_(from, to, datagram)) {
    return;
  }
  ++sent_;
  ++sent_to_[to];
  const peer::Protocol kind = peer::classify(datagram);
  note(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  note(from.port());
  note(to.port());
  note(static_cast<std::uint64_t>(kind));
  note(kind == peer::Protocol::Dtls ? 0 : datagram.size());
  const bool lost = chance() < path_.loss;
  const int copies = chance() < path_.duplicate ? 2 : 1;
  const auto jitter =
      static_cast<std::int64_t>(chance() * static_cast<double>(path_.jitter.count()));
  const auto queued = queue(to, datagram.size());
  if (lost || !queued) {
    return;
  }
  for (int i = 0; i < copies; ++i) {
    const Time arrival = now_ + path_.delay + *queued + Duration(jitter) + Duration(i * 1000);
    in_flight_[{arrival, sent_ * 2 + static_cast<std::uint64_t>(i)}] = {
        from, to, Bytestring(datagram.begin(), datagram.end())};
  }
}

void Network::deliver(Time now) {
  now_ = now;
  while (next() <= now) {
    Flight flight = std::move(in_flight_.begin()->second);
    in_flight_.erase(in_flight_.begin());
    const auto host = hosts_.find(flight.to);
    if (host != hosts_.end()) {
      host->second(flight.datagram, flight.from, now);
    }
  }
}

}  // namespace cardea::scenario
