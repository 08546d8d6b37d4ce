// Transport-wide feedback: the input is a schedule of packets that come, are lost, repeated or
// reordered between a receiver and a sender; then the same bytes are hostile feedback. Whatever it
// tells, the bandwidth estimate stays within its bounds (threat M7).
#include <array>
#include <cstdlib>

#include "core/peer/bwe/bandwidth_estimator.hpp"
#include "core/rtp/rtcp_reader.hpp"
#include "core/rtp/twcc_receiver.hpp"
#include "core/rtp/twcc_sender.hpp"

namespace {

using namespace cardea;       // NOLINT: the folder under test
using namespace cardea::rtp;  // NOLINT

void check(bool good) {
  if (!good) {
    std::abort();
  }
}

constexpr peer::RateBounds kBounds;

struct Sender {
  TwccSender twcc;
  peer::BandwidthEstimator estimator{kBounds};

  void send(std::uint32_t size, Time now) {
    const peer::Probe* probe = estimator.probe(now);
    const std::uint16_t cluster = probe != nullptr ? probe->cluster : 0;
    twcc.sent(size, now, cluster);
    estimator.sent(size, cluster, now);
  }
  void feed(Bytes compound, Time now) {
    RtcpReader reader(compound);
    while (const auto item = reader.next()) {
      if (const auto* feedback = std::get_if<TwccFeedback>(&*item)) {
        const auto results = twcc.feedback(*feedback, now);
        for (const PacketResult& result : results) {
          check(result.size != 0);
        }
        estimator.feedback(results, now);
      }
    }
    estimator.poll(now);
    check(estimator.estimate() >= kBounds.min && estimator.estimate() <= kBounds.max);
  }
};

// What was written must be read whole.
void report(TwccReceiver& receiver, Sender& sender, std::size_t space, Time now) {
  std::array<std::uint8_t, 1200> buffer;
  for (;;) {
    RtcpWriter writer(MutableBytes(buffer).first(space));
    if (!receiver.write(writer, 1, 2, now)) {
      check(!receiver.next_deadline() || *receiver.next_deadline() > now);
      return;
    }
    RtcpReader reader(writer.written());
    check(reader.next().has_value() && !reader.malformed());
    sender.feed(writer.written(), now);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Sender sender;
  TwccReceiver receiver;
  Time now{std::chrono::seconds(5)};
  constexpr std::size_t kMostSteps = 200;
  for (std::size_t i = 0; i + 3 <= size && i < 3 * kMostSteps; i += 3) {
    now += Duration(load_u16(data + i + 1) * 16);
    const std::uint8_t step = data[i];
    const std::uint16_t seq = sender.twcc.next_seq();
    sender.send(1 + step, now);
    // Lost, some numbers back, far ahead, or as it should be.
    if (step % 8 != 0) {
      const int offset = step % 8 == 1 ? -(step / 8) : (step % 8 == 2 ? step * 100 : 0);
      receiver.received(static_cast<std::uint16_t>(seq + offset), 1 + step, now);
    }
    if (receiver.next_deadline() && *receiver.next_deadline() <= now) {
      report(receiver, sender, TwccReceiver::kMinSpace + step * 4, now);
    }
  }
  sender.feed(Bytes(data, size), now);
  check(sender.twcc.in_flight() <= 256 * TwccSender::kMaxHistory);
  return 0;
}
