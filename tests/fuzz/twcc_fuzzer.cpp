// Transport-wide feedback: the input is a schedule of packets that come, are lost, repeated or
// reordered between a receiver and a sender; then the same bytes are hostile feedback.
#include <array>
#include <cstdlib>

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

void feed(TwccSender& sender, Bytes compound, Time now) {
  RtcpReader reader(compound);
  while (const auto item = reader.next()) {
    if (const auto* feedback = std::get_if<TwccFeedback>(&*item)) {
      for (const PacketResult& result : sender.feedback(*feedback, now)) {
        check(result.size != 0);
      }
    }
  }
}

// What was written must be read whole.
void report(TwccReceiver& receiver, TwccSender& sender, std::size_t space, Time now) {
  std::array<std::uint8_t, 1200> buffer;
  for (;;) {
    RtcpWriter writer(MutableBytes(buffer).first(space));
    if (!receiver.write(writer, 1, 2, now)) {
      check(!receiver.next_deadline() || *receiver.next_deadline() > now);
      return;
    }
    RtcpReader reader(writer.written());
    check(reader.next().has_value() && !reader.malformed());
    feed(sender, writer.written(), now);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TwccSender sender;
  TwccReceiver receiver;
  Time now{std::chrono::seconds(5)};
  constexpr std::size_t kMostSteps = 200;
  for (std::size_t i = 0; i + 3 <= size && i < 3 * kMostSteps; i += 3) {
    now += Duration(load_u16(data + i + 1) * 16);
    const std::uint8_t step = data[i];
    const std::uint16_t seq = sender.next_seq();
    sender.sent(1 + step, now);
    // Lost, some numbers back, far ahead, or as it should be.
    if (step % 8 != 0) {
      const int offset = step % 8 == 1 ? -(step / 8) : (step % 8 == 2 ? step * 100 : 0);
      receiver.received(static_cast<std::uint16_t>(seq + offset), 1 + step, now);
    }
    if (receiver.next_deadline() && *receiver.next_deadline() <= now) {
      report(receiver, sender, TwccReceiver::kMinSpace + step * 4, now);
    }
  }
  feed(sender, Bytes(data, size), now);
  check(sender.in_flight() <= 256 * TwccSender::kMaxHistory);
  return 0;
}
