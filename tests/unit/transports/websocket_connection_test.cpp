// Limits and clocks of a WebSocket connection, without any socket.
#include <ios>  // before CMocka, whose macro fail() would hit it
#include <string>

#include "tests/support/cmocka.hpp"
#include "transports/websocket/connection.hpp"

namespace {

using namespace cardea::websocket;
using namespace std::chrono_literals;

constexpr Time kStart{1000s};

const Settings& settings() {
  static const Settings kSettings = [] {
    Settings out;
    out.max_message = 100;
    out.max_message_jsep = 200;
    out.send_queue_bytes = 1000;
    out.send_queue_messages = 5;
    out.ping_interval = 20s;
    out.ping_timeout = 60s;
    out.partial_message_timeout = 10s;
    out.pings_per_second = 10;
    return out;
  }();
  return kSettings;
}

Connection connection() { return {1, "127.0.0.1", settings(), kStart}; }

void joins_the_pieces_of_a_message(void**) {
  auto c = connection();
  assert_false(c.receive("{\"a\"", 0, false, kStart).has_value());
  assert_false(c.receive(":1}", 0, true, kStart).has_value());
  assert_string_equal(c.take_text().c_str(), "{\"a\":1}");
  assert_true(c.take_text().empty());
}

void refuses_a_message_beyond_the_limit_before_it_is_there(void**) {
  auto c = connection();
  assert_false(c.receive("x", 199, false, kStart).has_value());
  auto other = connection();
  const auto closing = other.receive("x", 200, false, kStart);
  assert_true(closing.has_value());
  assert_int_equal(closing->code, kTooBig);
}

void counts_fragments_together(void**) {
  auto c = connection();
  assert_false(c.receive(std::string(150, 'x'), 0, false, kStart).has_value());
  assert_true(c.receive(std::string(51, 'x'), 0, false, kStart).has_value());
}

void allows_more_only_with_jsep(void**) {
  auto plain = connection();
  assert_false(plain.receive(std::string(100, 'x'), 0, true, kStart).has_value());
  assert_true(connection().receive(std::string(101, 'x'), 0, true, kStart).has_value());
  const std::string jsep = "{\"jsep\":\"" + std::string(150, 'x') + "\"}";
  assert_false(connection().receive(jsep, 0, true, kStart).has_value());
}

void a_message_that_stops_half_way_stalls(void**) {
  auto c = connection();
  assert_false(c.stalled(kStart + 100s));
  c.receive("{", 0, false, kStart);
  c.receive("\"", 0, false, kStart + 9s);
  assert_false(c.stalled(kStart + 9s));
  assert_true(c.stalled(kStart + 10s));
  c.receive("}", 0, true, kStart + 10s);
  assert_false(c.stalled(kStart + 11s));
}

void a_queue_over_its_bytes_or_messages_is_emptied_and_refused(void**) {
  auto bytes = connection();
  assert_true(bytes.queue(std::string(900, 'x')));
  assert_false(bytes.queue(std::string(101, 'x')));
  assert_false(bytes.has_text());
  auto messages = connection();
  for (int i = 0; i < 5; ++i) {
    assert_true(messages.queue("x"));
  }
  assert_false(messages.queue("x"));
}

void one_large_text_alone_is_sent(void**) {
  auto c = connection();
  assert_true(c.queue(std::string(5000, 'x')));
  assert_int_equal(c.next_text().size(), 5000);
  assert_true(c.queue("next"));
}

void nothing_is_queued_once_it_closes_and_the_first_reason_stays(void**) {
  auto c = connection();
  c.queue("before");
  c.close({kGoingAway, "first"}, kStart);
  c.close({kPolicyViolation, "second"}, kStart);
  assert_true(c.queue("after"));
  assert_string_equal(c.next_text().c_str(), "before");
  assert_false(c.has_text());
  assert_int_equal(c.close_reason()->code, kGoingAway);
}

void a_client_that_does_not_read_its_close_frame_is_dead_after_the_wait(void**) {
  auto c = connection();
  c.close({kGoingAway, ""}, kStart);
  assert_false(c.dead(kStart + kCloseWait - 1ms));
  assert_true(c.dead(kStart + kCloseWait));
}

void pings_after_silence_and_gives_up_after_the_timeout(void**) {
  auto c = connection();
  assert_false(c.ping_due(kStart + 19s));
  assert_true(c.ping_due(kStart + 20s));
  assert_false(c.ping_due(kStart + 21s));
  assert_true(c.ping_due(kStart + 40s));
  assert_false(c.dead(kStart + 59s));
  assert_true(c.dead(kStart + 60s));
  c.heard(kStart + 59s);
  assert_false(c.dead(kStart + 60s));
}

void pings_within_the_rate_are_no_flood(void**) {
  auto c = connection();
  std::uint64_t received = 500;
  for (int second = 1; second <= 100; ++second) {
    received += 131 * 10;
    assert_false(c.floods(received, kStart + std::chrono::seconds(second)));
  }
}

void more_control_bytes_than_allowed_are_a_flood(void**) {
  auto c = connection();
  assert_false(c.floods(16'384, kStart + 1s));
  assert_true(c.floods(16'384 + 131 * 10 + 1, kStart + 2s));
}

void messages_are_no_flood(void**) {
  auto c = connection();
  std::uint64_t received = 0;
  for (int i = 0; i < 10'000; ++i) {
    c.receive("x", 0, true, kStart);
    c.take_text();
    received += 7;  // a frame of one byte
  }
  assert_false(c.floods(received, kStart + 1s));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(joins_the_pieces_of_a_message),
      cmocka_unit_test(refuses_a_message_beyond_the_limit_before_it_is_there),
      cmocka_unit_test(counts_fragments_together),
      cmocka_unit_test(allows_more_only_with_jsep),
      cmocka_unit_test(a_message_that_stops_half_way_stalls),
      cmocka_unit_test(a_queue_over_its_bytes_or_messages_is_emptied_and_refused),
      cmocka_unit_test(one_large_text_alone_is_sent),
      cmocka_unit_test(nothing_is_queued_once_it_closes_and_the_first_reason_stays),
      cmocka_unit_test(a_client_that_does_not_read_its_close_frame_is_dead_after_the_wait),
      cmocka_unit_test(pings_after_silence_and_gives_up_after_the_timeout),
      cmocka_unit_test(pings_within_the_rate_are_no_flood),
      cmocka_unit_test(more_control_bytes_than_allowed_are_a_flood),
      cmocka_unit_test(messages_are_no_flood),
  };
  return cmocka_run_group_tests_name("websocket/connection", tests, nullptr, nullptr);
}
