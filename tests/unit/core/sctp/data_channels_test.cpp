// Channels between two associations in one process.
#include "core/sctp/data_channels.hpp"

#include "tests/support/cmocka.hpp"
#include "tests/unit/core/sctp/pair.hpp"

namespace cardea::sctp::test {
namespace {

using Sent = DataChannels::Sent;

const ChannelInfo kChat{"chat", "", {}};

// cmocka leaves a failing test by longjmp: the pair is the test's state, so that it is freed.
template <int kLossPercent>
int set_up(void** state) {
  *state = new Pair(kLossPercent / 100.0);
  return 0;
}
int tear_down(void** state) {
  delete static_cast<Pair*>(*state);
  return 0;
}
Pair& pair(void** state) { return *static_cast<Pair*>(*state); }

void both_ends_connect(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  assert_true(p.a.channels->is_up());
  assert_true(p.b.channels->is_up());
}

void a_message_opens_its_channel_and_the_answer_takes_the_same(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  assert_true(p.a.channels->send({"chat", "v1", {}}, false, "hello") == Sent::Queued);
  assert_true(p.run([&] { return !p.b.got.empty(); }));
  assert_string_equal(p.b.got[0].payload.c_str(), "hello");
  assert_string_equal(p.b.got[0].channel.label.c_str(), "chat");
  assert_string_equal(p.b.got[0].channel.protocol.c_str(), "v1");
  assert_false(p.b.got[0].binary);
  assert_true(p.b.channels->send(kChat, true, "back") == Sent::Queued);
  assert_true(p.run([&] { return !p.a.got.empty(); }));
  assert_true(p.a.got[0].binary);
  assert_int_equal(p.a.channels->count(), 1);
  assert_int_equal(p.b.channels->count(), 1);
}

void empty_messages_stay_empty(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  p.a.channels->send(kChat, false, "");
  p.a.channels->send(kChat, true, "");
  assert_true(p.run([&] { return p.b.got.size() == 2; }));
  assert_int_equal(p.b.got[0].payload.size(), 0);
  assert_false(p.b.got[0].binary);
  assert_true(p.b.got[1].binary);
}

void the_largest_message_arrives_whole(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  std::string large(kMaxMessage, 'x');
  large.back() = 'y';
  assert_true(p.a.channels->send(kChat, false, large) == Sent::Queued);
  assert_true(p.run([&] { return !p.b.got.empty(); }));
  assert_true(p.b.got[0].payload == large);
  large.push_back('z');
  assert_true(p.a.channels->send(kChat, false, large) == Sent::Refused);
  assert_true(p.a.refusals == std::vector{Refusal::MessageSize});
}

void every_message_arrives_in_order_over_a_lossy_path(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  constexpr int kMessages = 2000;
  int sent = 0;
  const auto more = [&] {
    while (sent < kMessages) {
      const std::string text = std::to_string(sent) + std::string(1000, '.');
      if (p.a.channels->send(kChat, false, text) != Sent::Queued) {
        break;
      }
      ++sent;
    }
    return p.b.got.size() == kMessages;
  };
  assert_true(p.run(more, std::chrono::minutes(30)));
  for (int i = 0; i < kMessages; ++i) {
    assert_int_equal(std::stoi(p.b.got[static_cast<std::size_t>(i)].payload), i);
  }
}

void unreliable_messages_may_be_given_up_and_nothing_stalls(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  const ChannelInfo lossy{"lossy", "", {Reliability::Kind::Retransmits, 0, false}};
  // The opening itself is reliable.
  p.a.channels->send(lossy, false, "first");
  assert_true(p.run([&] { return p.b.channels->count() == 1; }));
  for (int i = 0; i < 300; ++i) {
    p.a.channels->send(lossy, true, std::string(500, 'u'));
    p.run([] { return false; }, Stack::kTick);
  }
  const ChannelInfo sure{"sure", "", {}};
  p.a.channels->send(sure, false, "end");
  assert_true(p.run([&] { return !p.b.got.empty() && p.b.got.back().payload == "end"; }));
  assert_in_range(p.b.got.size(), 100, 299);
  const auto& info = p.b.got[p.b.got.size() / 2].channel;
  assert_true(info.reliability == lossy.reliability);
}

void a_reader_that_stops_slows_the_sender_down(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  p.b.reads = false;
  std::size_t sent = 0;
  const std::string text(1000, 't');
  const auto fill = [&] {
    while (p.a.channels->send(kChat, false, text) == Sent::Queued) {
      sent += text.size();
    }
    return false;
  };
  p.run(fill, std::chrono::seconds(20));
  // One send buffer and one receive buffer, not more.
  assert_in_range(sent, 100'000, 1'000'000);
  p.b.reads = true;
  assert_true(p.run([&] { return p.b.got.size() * text.size() == sent; }));
}

void the_label_is_free_again_when_a_channel_was_closed(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  p.a.channels->send(kChat, false, "one");
  assert_true(p.run([&] { return p.b.got.size() == 1; }));
  p.a.channels->close("chat");
  assert_true(p.run([&] { return p.b.channels->count() == 0 && p.a.channels->count() == 0; }));
  p.b.channels->send(kChat, false, "two");
  assert_true(p.run([&] { return p.a.got.size() == 1; }));
  p.a.channels->send(kChat, false, "three");
  assert_true(p.run([&] { return p.b.got.size() == 2; }));
}

void no_channel_beyond_the_streams_of_an_association(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  int opened = 0;
  for (int i = 0; i < kMaxStreams; ++i) {
    opened += p.a.channels->send({"c" + std::to_string(i), "", {}}, false, "x") == Sent::Queued;
  }
  assert_int_equal(opened, kMaxStreams / 2);
  assert_int_equal(p.a.refusals.size(), kMaxStreams / 2);
  assert_true(p.a.refusals.front() == Refusal::ChannelLimit);
  assert_true(p.run([&] { return p.b.got.size() == kMaxStreams / 2; }));
}

void an_end_that_goes_takes_the_other_down(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  p.a.channels->send(kChat, false, "x");
  assert_true(p.run([&] { return p.b.got.size() == 1; }));
  p.a.channels.reset();
  for (const auto& packet : std::exchange(p.a.packets, {})) {
    p.b.channels->receive(packet);
  }
  while (p.b.channels->read()) {
  }
  assert_true(p.b.is_down);
  assert_int_equal(p.b.channels->count(), 0);
  assert_true(p.b.channels->send(kChat, false, "late") == Sent::Refused);
}

void texts_that_are_none_are_refused(void** state) {
  Pair& p = pair(state);
  assert_true(p.connect());
  p.a.channels->send(kChat, false, "\xFF\xFE");
  p.a.channels->send(kChat, true, "\xFF\xFE");
  assert_true(p.run([&] { return p.b.got.size() == 1; }));
  assert_true(p.b.got[0].binary);
  assert_true(p.b.refusals == std::vector{Refusal::BadText});
}

}  // namespace
}  // namespace cardea::sctp::test

int main() {
  using namespace cardea::sctp::test;
#define CLEAN(test) cmocka_unit_test_setup_teardown(test, set_up<0>, tear_down)
#define LOSSY(test) cmocka_unit_test_setup_teardown(test, set_up<5>, tear_down)
  const CMUnitTest tests[] = {
      CLEAN(both_ends_connect),
      LOSSY(both_ends_connect),
      CLEAN(a_message_opens_its_channel_and_the_answer_takes_the_same),
      LOSSY(a_message_opens_its_channel_and_the_answer_takes_the_same),
      CLEAN(empty_messages_stay_empty),
      CLEAN(the_largest_message_arrives_whole),
      LOSSY(the_largest_message_arrives_whole),
      LOSSY(every_message_arrives_in_order_over_a_lossy_path),
      LOSSY(unreliable_messages_may_be_given_up_and_nothing_stalls),
      CLEAN(a_reader_that_stops_slows_the_sender_down),
      CLEAN(the_label_is_free_again_when_a_channel_was_closed),
      CLEAN(no_channel_beyond_the_streams_of_an_association),
      CLEAN(an_end_that_goes_takes_the_other_down),
      CLEAN(texts_that_are_none_are_refused),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
