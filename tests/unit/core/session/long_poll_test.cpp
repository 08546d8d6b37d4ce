// Clients that do not push: events wait for a poll, and a poll waits for events (threat S13).
#include "core/session/errors.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kEvent = R"({"fake":"event"})";

void a_poll_waits_until_an_event_comes(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  const auto handle = b.attach(session, 4);  // another exchange of the same client
  b.api.poll_events({0, 5}, session, 1);
  assert_int_equal(b.clients.take(5).size(), 0);
  b.api.event(handle, 0, kEvent, nullptr);
  const auto got = b.clients.take(5);
  assert_int_equal(got.size(), 1);
  assert_true(got[0]["janus"].as_text() == "event");
  assert_int_equal(got[0]["sender"].as_uint(), handle);
}

void a_poll_for_several_events_gets_an_array(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  const auto handle = b.attach(session, 4);
  for (int i = 0; i < 5; ++i) {
    b.api.event(handle, 0, kEvent, nullptr);
  }
  b.api.poll_events({0, 5}, session, 3);
  const auto first = b.clients.take(5);
  assert_int_equal(first.size(), 1);
  assert_true(first[0].is_array());
  assert_int_equal(first[0].size(), 3);
  b.api.poll_events({0, 6}, session, 10);
  assert_int_equal(b.clients.take(6)[0].size(), 2);
}

void a_poll_without_events_ends_with_a_keepalive(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  b.api.poll_events({0, 5}, session, 1);
  b.advance(29s);
  assert_int_equal(b.clients.take(5).size(), 0);
  b.advance(1s);
  const auto got = b.clients.take(5);
  assert_int_equal(got.size(), 1);
  assert_true(got[0]["janus"].as_text() == "keepalive");
  b.api.poll_events({0, 6}, session, 4);
  b.advance(30s);
  const auto array = b.clients.take(6);
  assert_true(array.at(0).is_array());
  assert_true(array[0].at(0)["janus"].as_text() == "keepalive");
}

void a_second_poll_ends_the_first(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  const auto handle = b.attach(session, 3);
  b.api.poll_events({0, 5}, session, 1);
  b.api.poll_events({0, 6}, session, 1);
  assert_true(b.clients.take(5).at(0)["janus"].as_text() == "keepalive");
  b.api.event(handle, 0, kEvent, nullptr);
  assert_int_equal(b.clients.take(5).size(), 0);
  assert_int_equal(b.clients.take(6).size(), 1);
}

void a_poll_whose_client_went_away_takes_no_event(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  const auto handle = b.attach(session, 3);
  b.api.poll_events({0, 5}, session, 1);
  b.api.client_closed({0, 5});
  b.api.event(handle, 0, kEvent, nullptr);
  assert_int_equal(b.clients.take(5).size(), 0);
  b.api.poll_events({0, 6}, session, 1);
  assert_int_equal(b.clients.take(6).size(), 1);
}

void polling_keeps_a_session_alive_and_silence_ends_it(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  for (int i = 0; i < 4; ++i) {
    b.api.poll_events({0, 5}, session, 1);
    b.advance(30s);
  }
  assert_int_equal(b.api.session_count(), 1);
  b.advance(60s);
  assert_int_equal(b.api.session_count(), 0);
}

void only_polled_sessions_can_be_polled(void** state) {
  Bench& b = bench(state);
  const auto pushed = b.create(1);
  for (const std::uint64_t session : {pushed, pushed + 1}) {
    b.api.poll_events({0, 5}, session, 1);
    const auto got = b.clients.take(5);
    assert_int_equal(got.size(), 1);
    assert_int_equal(code_of(got[0]), kErrorSessionNotFound);
  }
}

void the_queue_of_a_session_that_nobody_polls_is_bounded(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(3);
  const auto handle = b.attach(session, 3);
  const std::string big = R"({"fake":")" + std::string(100'000, 'x') + "\"}";
  for (int i = 0; i < 20; ++i) {
    b.api.event(handle, 0, big, nullptr);
  }
  assert_int_equal(b.limit_hits("session_events"), 10);
  b.api.poll_events({0, 5}, session, 100);
  assert_int_equal(b.clients.take(5).at(0).size(), 10);
}

}  // namespace

int main() {
#define CARDEA_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const CMUnitTest tests[] = {
      CARDEA_CASE(a_poll_waits_until_an_event_comes),
      CARDEA_CASE(a_poll_for_several_events_gets_an_array),
      CARDEA_CASE(a_poll_without_events_ends_with_a_keepalive),
      CARDEA_CASE(a_second_poll_ends_the_first),
      CARDEA_CASE(a_poll_whose_client_went_away_takes_no_event),
      CARDEA_CASE(polling_keeps_a_session_alive_and_silence_ends_it),
      CARDEA_CASE(only_polled_sessions_can_be_polled),
      CARDEA_CASE(the_queue_of_a_session_that_nobody_polls_is_bounded),
  };
  return cmocka_run_group_tests_name("session/long_poll", tests, nullptr, nullptr);
}
