// Transport-wide congestion control: the packets written, arrivals told, and sent packets joined
// with them, on virtual time.
#include <algorithm>
#include <array>
#include <vector>

#include "core/rtp/rtcp_reader.hpp"
#include "core/rtp/twcc_receiver.hpp"
#include "core/rtp/twcc_sender.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;                // NOLINT: the folder under test
using namespace cardea::rtp;           // NOLINT
using namespace std::chrono_literals;  // NOLINT: 10ms reads better

constexpr Time kStart{1000s};
using Buffer = std::array<std::uint8_t, 1200>;

struct Seen {
  int seq = 0;
  long arrival = -1;  // us since the reference, -1 lost
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> walk(const TwccFeedback& feedback) {
  std::vector<Seen> seen;
  TwccReader reader(feedback);
  for (TwccPacket packet; reader.next(packet);) {
    seen.push_back({packet.seq, packet.received ? static_cast<long>(packet.arrival.count()) : -1});
  }
  assert_false(reader.malformed());
  return seen;
}

TwccFeedback parse(Bytes bytes) {
  RtcpReader reader(bytes);
  const auto item = reader.next();
  assert_true(item.has_value());
  assert_false(reader.malformed());
  assert_true(std::holds_alternative<TwccFeedback>(*item));
  return std::get<TwccFeedback>(*item);
}

std::vector<TwccPacket> packets(std::uint16_t base, std::initializer_list<long> arrivals) {
  std::vector<TwccPacket> list;
  for (const long at : arrivals) {
    list.push_back({base++, at >= 0, Duration(std::max(at, 0L))});
  }
  return list;
}

// All kinds of chunks in turn: a run of small deltas, one-bit and two-bit vectors, a run of lost.
void writes_what_it_reads_in_every_kind_of_chunk(void**) {
  std::vector<TwccPacket> list;
  long at = 0;
  for (int i = 0; i < 100; ++i) {
    const bool lost = (i > 30 && i < 45 && i % 3 == 0) || (i >= 60 && i < 90);
    at += i > 48 && i % 2 == 0 ? 100'000 : 1'250;
    list.push_back({static_cast<std::uint16_t>(65'500 + i), !lost, Duration(at)});
  }
  list.push_back({static_cast<std::uint16_t>(65'500 + 100), true, Duration(at - 5'000)});
  Buffer buffer{};
  RtcpWriter writer(buffer);
  TwccFeedback head;
  head.sender_ssrc = 7;
  head.media_ssrc = 9;
  head.base_seq = 65'500;
  head.reference_time = -3;
  head.feedback_number = 200;
  assert_int_equal(writer.twcc(head, list), list.size());
  assert_true(writer.ok());
  assert_int_equal(writer.size() % 4, 0);
  const TwccFeedback feedback = parse(writer.written());
  assert_int_equal(feedback.sender_ssrc, 7);
  assert_int_equal(feedback.media_ssrc, 9);
  assert_int_equal(feedback.reference_time, -3);
  assert_int_equal(feedback.feedback_number, 200);
  const auto seen = walk(feedback);
  assert_int_equal(seen.size(), list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Seen want{list[i].seq,
                    list[i].received ? static_cast<long>(list[i].arrival.count()) : -1};
    assert_true(seen[i] == want);
  }
}

// draft-holmer 3.1.3: a run of 10 small deltas is 0x200A.
void writes_the_bytes_of_the_draft(void**) {
  std::vector<TwccPacket> list;
  for (std::uint16_t i = 0; i < 10; ++i) {
    list.push_back({i, true, Duration(250 * i)});
  }
  Buffer buffer{};
  RtcpWriter writer(buffer);
  TwccFeedback head;
  head.reference_time = 0x010203;
  writer.twcc(head, list);
  const std::vector<std::uint8_t> want = {0x8F, 205, 0, 7, 0,  0, 0, 0, 0, 0,    0,
                                          0,    0,   0, 0, 10, 1, 2, 3, 0, 0x20, 0x0A,
                                          0,    1,   1, 1, 1,  1, 1, 1, 1, 1};
  assert_int_equal(writer.size(), want.size());
  assert_memory_equal(buffer.data(), want.data(), want.size());
}

void stops_where_the_deltas_or_the_space_end(void**) {
  Buffer buffer{};
  RtcpWriter writer(buffer);
  assert_int_equal(writer.twcc({}, packets(0, {0, 1000, 9'000'000})), 2);
  std::array<std::uint8_t, 30> small{};
  RtcpWriter tight(small);
  const auto many = packets(0, {0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250});
  const std::size_t told = tight.twcc({}, many);
  assert_in_range(told, 1, 9);
  assert_int_equal(walk(parse(tight.written())).size(), told);
  std::array<std::uint8_t, 20> none{};
  RtcpWriter no_room(none);
  assert_int_equal(no_room.twcc({}, many), 0);
  assert_int_equal(no_room.size(), 0);
  assert_false(no_room.ok());
}

// What a receiver tells at `now`, over all its packets.
std::vector<Seen> told(TwccReceiver& receiver, Time now) {
  std::vector<Seen> all;
  for (;;) {
    Buffer buffer{};
    RtcpWriter writer(buffer);
    if (!receiver.write(writer, 1, 2, now)) {
      return all;
    }
    const TwccFeedback feedback = parse(writer.written());
    for (Seen seen : walk(feedback)) {
      if (seen.arrival >= 0) {
        seen.arrival += long{feedback.reference_time} * 64'000;
      }
      all.push_back(seen);
    }
  }
}

long us(Time at) { return static_cast<long>(at.time_since_epoch().count()); }

void tells_arrivals_and_gaps_over_the_wrap(void**) {
  TwccReceiver receiver;
  assert_false(receiver.next_deadline().has_value());
  receiver.received(65'534, 1200, kStart);
  receiver.received(65'535, 1200, kStart + 1ms);
  receiver.received(1, 1200, kStart + 5ms);
  receiver.received(1, 1200, kStart + 8ms);
  assert_true(receiver.next_deadline() == kStart);
  const std::vector<Seen> want = {
      {65'534, us(kStart)}, {65'535, us(kStart + 1ms)}, {0, -1}, {1, us(kStart + 5ms)}};
  assert_true(told(receiver, kStart + 8ms) == want);
  assert_false(receiver.next_deadline().has_value());
}

void a_late_packet_is_told_of_again(void**) {
  TwccReceiver receiver;
  receiver.received(10, 1200, kStart);
  receiver.received(12, 1200, kStart + 1ms);
  told(receiver, kStart + 1ms);
  receiver.received(11, 1200, kStart + 30ms);
  const std::vector<Seen> want = {{11, us(kStart + 30ms)}, {12, us(kStart + 1ms)}};
  assert_true(told(receiver, kStart + 100ms) == want);
}

void feedback_is_50_to_250_ms_apart(void**) {
  for (const bool fast : {true, false}) {
    TwccReceiver receiver;
    std::vector<Time> written;
    Time next_packet = kStart;
    std::uint16_t seq = 0;
    for (Time now = kStart; now < kStart + 5s; now += 1ms) {
      if (now >= next_packet) {
        receiver.received(seq++, fast ? 1200 : 100, now);
        next_packet += fast ? 4ms : 20ms;
      }
      if (receiver.next_deadline() && *receiver.next_deadline() <= now) {
        assert_false(told(receiver, now).empty());
        written.push_back(now);
      }
    }
    for (std::size_t i = 1; i < written.size(); ++i) {
      assert_in_range((written[i] - written[i - 1]) / 1ms, 50, 270);
    }
    // Audio alone is told of seldom: reports must not cost as much as the media.
    assert_in_range(written.size(), fast ? 80 : 18, fast ? 101 : 30);
  }
}

void a_long_backlog_leaves_in_several_packets(void**) {
  TwccReceiver receiver;
  std::vector<Seen> want;
  for (int i = 0; i < 1000; ++i) {
    // Every second delta is a large one.
    const Time at = kStart + i * 1ms * (i % 2 == 0 ? 1 : 300);
    receiver.received(static_cast<std::uint16_t>(i), 100, at);
    want.push_back({i, us(at)});
  }
  std::vector<Seen> all;
  int written = 0;
  for (;; ++written) {
    std::array<std::uint8_t, 400> buffer{};
    RtcpWriter writer(buffer);
    if (!receiver.write(writer, 1, 2, kStart + 400s)) {
      break;
    }
    const TwccFeedback feedback = parse(writer.written());
    for (const Seen& seen : walk(feedback)) {
      all.push_back(seen);
    }
  }
  assert_true(written >= 5);
  assert_int_equal(all.size(), 1000);
}

void a_jump_begins_anew(void**) {
  TwccReceiver receiver;
  receiver.received(100, 1200, kStart);
  receiver.received(30'000, 1200, kStart + 1ms);
  assert_int_equal(told(receiver, kStart + 1ms).size(), 1);
  receiver.received(101, 1200, kStart + 2ms);
  assert_int_equal(told(receiver, kStart + 100ms).size(), 1);
}

struct Loop {
  TwccSender sender;
  TwccReceiver receiver;

  std::uint16_t send(Time now, std::uint32_t size = 1000) {
    const std::uint16_t seq = sender.next_seq();
    sender.sent(size, now);
    return seq;
  }
  std::vector<PacketResult> report(Time now) { return report(now, now); }
  std::vector<PacketResult> report(Time remote_now, Time now) {
    std::vector<PacketResult> all;
    Buffer buffer{};
    for (RtcpWriter writer(buffer); receiver.write(writer, 1, 2, remote_now);
         writer = RtcpWriter(buffer)) {
      const auto results = sender.feedback(parse(writer.written()), now);
      all.insert(all.end(), results.begin(), results.end());
    }
    return all;
  }
};

void joins_what_was_sent_with_what_came(void**) {
  Loop loop;
  const Time remote{77'777s};  // the remote has another clock
  for (int i = 0; i < 5; ++i) {
    const std::uint16_t seq = loop.send(kStart + i * 10ms);
    if (i != 2) {
      loop.receiver.received(seq, 1000, remote + i * 12ms);
    }
  }
  assert_int_equal(loop.sender.in_flight(), 5000);
  const auto results = loop.report(remote + 100ms, kStart + 100ms);
  assert_int_equal(results.size(), 5);
  for (int i = 0; i < 5; ++i) {
    const PacketResult& result = results[static_cast<std::size_t>(i)];
    assert_true(result.sent == kStart + i * 10ms);
    assert_int_equal(result.received, i != 2);
    assert_int_equal(result.size, 1000);
    if (i != 2) {
      assert_true(result.arrived - results[0].arrived == i * 12ms);
    }
  }
  assert_int_equal(loop.sender.in_flight(), 0);
}

void a_packet_that_was_only_late_is_told_once_more(void**) {
  Loop loop;
  std::array<std::uint16_t, 3> seqs{};
  for (auto& seq : seqs) {
    seq = loop.send(kStart);
  }
  loop.receiver.received(seqs[0], 1000, kStart + 20ms);
  loop.receiver.received(seqs[2], 1000, kStart + 20ms);
  assert_int_equal(loop.report(kStart + 20ms).size(), 3);
  loop.receiver.received(seqs[1], 1000, kStart + 40ms);
  const auto results = loop.report(kStart + 200ms);
  assert_int_equal(results.size(), 1);
  assert_true(results[0].received);
  assert_true(results[0].was_lost);
}

void numbers_and_reference_time_wrap(void**) {
  Loop loop;
  // 24 bits of 64 ms end here.
  Time now{Duration((1LL << 24) * 64'000) - 20s};
  Time last_arrival;
  std::size_t got = 0;
  for (int i = 0; i < 70'000; ++i, now += 600us) {
    loop.receiver.received(loop.send(now), 1000, now);
    if (i % 100 == 99) {
      for (const PacketResult& result : loop.report(now)) {
        assert_true(result.received);
        assert_true(got == 0 || result.arrived - last_arrival >= 500us);
        assert_true(got == 0 || result.arrived - last_arrival <= 1ms);
        last_arrival = result.arrived;
        ++got;
      }
    }
  }
  assert_true(got > 69'800);
}

void the_history_is_bounded_and_forgets_the_unreported(void**) {
  TwccSender sender;
  for (int i = 0; i < 20'000; ++i) {
    sender.sent(10, kStart + i * 1us);
  }
  assert_int_equal(sender.forgotten(), 20'000 - TwccSender::kMaxHistory);
  assert_int_equal(sender.in_flight(), 10 * TwccSender::kMaxHistory);
  // At a usual rate it stays small, and in flight is what the last 2 s sent at most.
  TwccSender slow;
  for (int i = 0; i < 10'000; ++i) {
    slow.sent(10, kStart + i * 100ms);
  }
  assert_int_equal(slow.in_flight(), 10 * 128);
}

void ignores_feedback_about_what_was_never_sent(void**) {
  TwccSender sender;
  for (int i = 0; i < 10; ++i) {
    sender.sent(100, kStart);
  }
  for (const int base : {10, 20'000, 65'535, 5}) {
    Buffer buffer{};
    RtcpWriter writer(buffer);
    TwccFeedback head;
    head.base_seq = static_cast<std::uint16_t>(base);
    writer.twcc(head, packets(head.base_seq, {0, 250, 500, 750, 1000, 1250, 1500}));
    const auto results = sender.feedback(parse(writer.written()), kStart + 10ms);
    // Of 65535.. the numbers 0 to 5 were sent, then of 5.. the rest.
    assert_int_equal(results.size(), base == 65'535 ? 6 : (base == 5 ? 4 : 0));
  }
  assert_int_equal(sender.in_flight(), 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(writes_what_it_reads_in_every_kind_of_chunk),
      cmocka_unit_test(writes_the_bytes_of_the_draft),
      cmocka_unit_test(stops_where_the_deltas_or_the_space_end),
      cmocka_unit_test(tells_arrivals_and_gaps_over_the_wrap),
      cmocka_unit_test(a_late_packet_is_told_of_again),
      cmocka_unit_test(feedback_is_50_to_250_ms_apart),
      cmocka_unit_test(a_long_backlog_leaves_in_several_packets),
      cmocka_unit_test(a_jump_begins_anew),
      cmocka_unit_test(joins_what_was_sent_with_what_came),
      cmocka_unit_test(a_packet_that_was_only_late_is_told_once_more),
      cmocka_unit_test(numbers_and_reference_time_wrap),
      cmocka_unit_test(the_history_is_bounded_and_forgets_the_unreported),
      cmocka_unit_test(ignores_feedback_about_what_was_never_sent),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
