// Sessions and handles from birth to end: who owns them, when they time out, how many there may be.
#include "core/session/api.hpp"

#include "core/session/errors.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;
using namespace std::chrono_literals;

namespace {

bool is(const Json& answer, const char* kind) { return answer["janus"].as_text() == kind; }

void verbs_are_matched_without_regard_to_case(void** state) {
  Bench& b = bench(state);
  assert_true(is(b.ask(Bench::verb("PING")), "pong"));
}

void each_of_several_texts_in_one_message_is_answered(void** state) {
  Bench& b = bench(state);
  const auto got = b.send_text(
      R"({"janus":"ping","transaction":"1"} {"janus":"ping","transaction":"2"}{"janus":"no","transaction":"3"})");
  assert_int_equal(got.size(), 3);
  assert_true(got[0]["transaction"].as_text() == "1");
  assert_true(got[1]["transaction"].as_text() == "2");
  assert_int_equal(code_of(got[2]), kErrorInvalidRequestPath);
}

void a_polling_client_gets_one_answer_per_message(void** state) {
  Bench& b = bench(state);
  const auto got =
      b.send_text(R"({"janus":"ping","transaction":"1"}{"janus":"ping","transaction":"2"})", 3);
  assert_int_equal(got.size(), 1);
  assert_int_equal(code_of(got[0]), kErrorInvalidJson);
}

void a_client_may_choose_its_session_id(void** state) {
  Bench& b = bench(state);
  const Json got = b.ask(Bench::verb("create").set("id", 1234567));
  assert_int_equal(got["data"]["id"].as_int(), 1234567);
  assert_false(got.has("session_id"));
  assert_true(b.ask(Bench::verb("create").set("id", 0))["data"]["id"].as_int() > 0);
}

void info_keeps_to_the_number_space_of_janus(void** state) {
  Bench& b = bench(state);
  const Json info = b.ask(Bench::verb("info"));
  assert_true(is(info, "server_info"));
  assert_true(info["name"].as_text() == "Janus WebRTC Server");
  assert_true(info["version"].as_int() >= 1101);
  assert_true(info["data_channels"].is_bool());
  assert_int_equal(info["plugins"]["janus.plugin.fake"]["version"].as_int(), 3);
  assert_true(info["cardea"].is_object());
}

void a_session_belongs_to_its_connection_until_claimed(void** state) {
  Bench& b = bench(state);
  const auto session = b.create(1);
  const auto handle = b.attach(session, 1);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session), 2)), kErrorSessionNotFound);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session), 3)), kErrorSessionNotFound);
  assert_int_equal(code_of(b.ask(Bench::verb("destroy", session), 2)), kErrorSessionNotFound);
  const Json foreign = b.ask(Bench::verb("keepalive", session), 2);
  const Json unknown = b.ask(Bench::verb("keepalive", session + 1), 2);
  assert_int_equal(foreign.size(), unknown.size());

  assert_true(is(b.ask(Bench::verb("claim", session), 2), "success"));
  b.clients.take(1);
  b.api.event(handle, 0, R"({"fake":"event"})", nullptr);
  assert_int_equal(b.clients.take(1).size(), 0);
  assert_int_equal(b.clients.take(2).size(), 1);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session), 1)), kErrorSessionNotFound);
  // The old connection's end means nothing to the session any more.
  b.api.client_closed({0, 1});
  assert_int_equal(b.api.session_count(), 1);
}

void closing_the_connection_ends_its_sessions(void** state) {
  Bench& b = bench(state);
  b.attach(b.create());
  b.create(2);
  b.api.client_closed({0, 1});
  assert_int_equal(b.api.session_count(), 1);
  assert_int_equal(b.api.handle_count(), 0);
  assert_int_equal(b.feature.detached, 1);
}

void within_the_reclaim_time_a_session_can_be_claimed_with_what_it_missed(void** state) {
  Bench& b = bench(state);
  Settings settings;
  settings.reclaim_timeout = 10s;
  b.api.set_settings(settings);
  const auto session = b.create();
  const auto handle = b.attach(session);
  b.api.client_closed({0, 1});
  b.api.event(handle, 0, R"({"fake":"missed"})", nullptr);
  b.advance(9s);
  assert_int_equal(code_of(b.ask(Bench::verb("keepalive", session), 2)), kErrorSessionNotFound);
  const auto got = b.send(Bench::verb("claim", session), 2);
  assert_int_equal(got.size(), 2);
  assert_true(is(got[0], "success"));
  assert_true(got[1]["plugindata"]["data"]["fake"].as_text() == "missed");
  b.advance(5s);
  assert_int_equal(b.api.session_count(), 1);
  b.api.client_closed({0, 2});
  b.advance(10s);
  assert_int_equal(b.api.session_count(), 0);
}

void an_idle_session_times_out_with_an_event(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  b.attach(session);
  b.advance(59s);
  b.send(Bench::verb("keepalive", session));
  b.advance(59s);
  assert_int_equal(b.api.session_count(), 1);
  assert_true(b.api.next_deadline().has_value());
  b.advance(1s);
  const auto got = b.clients.take(1);
  assert_int_equal(got.size(), 1);
  assert_true(is(got[0], "timeout"));
  assert_int_equal(got[0]["session_id"].as_uint(), session);
  assert_int_equal(b.api.session_count(), 0);
  assert_int_equal(b.feature.detached, 1);
  assert_false(b.api.next_deadline().has_value());
}

void detach_tells_the_client_and_destroy_does_not(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  const auto first = b.attach(session);
  b.attach(session);
  const auto got = b.send(Bench::verb("detach", session, first));
  assert_int_equal(got.size(), 2);
  assert_true(is(got[0], "success"));
  assert_true(is(got[1], "detached"));
  assert_int_equal(got[1]["sender"].as_uint(), first);
  assert_int_equal(b.send(Bench::verb("destroy", session)).size(), 1);
  assert_int_equal(b.feature.detached, 2);
}

void sessions_per_connection_and_handles_per_session_are_bounded(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  for (int i = 0; i < 15; ++i) {
    assert_true(is(b.ask(Bench::verb("create")), "success"));
  }
  assert_int_equal(code_of(b.ask(Bench::verb("create"))), kErrorUnknown);
  assert_int_equal(b.limit_hits("sessions_per_client"), 1);
  for (int i = 0; i < 64; ++i) {
    assert_true(b.attach(session) != 0);
  }
  assert_true(b.attach(session) == 0);
  assert_int_equal(b.limit_hits("handles_per_session"), 1);
}

void a_flood_of_messages_is_refused_until_time_passes(void** state) {
  Bench& b = bench(state);
  int refused = 0;
  for (int i = 0; i < 250; ++i) {
    refused += is(b.ask(Bench::verb("ping")), "error") ? 1 : 0;
  }
  assert_int_equal(refused, 50);
  assert_int_equal(b.limit_hits("messages_per_second"), 50);
  b.advance(100ms);
  for (int i = 0; i < 10; ++i) {
    assert_true(is(b.ask(Bench::verb("ping")), "pong"));
  }
  assert_true(is(b.ask(Bench::verb("ping")), "error"));
  Settings off;
  off.limits.enabled = false;
  b.api.set_settings(off);
  assert_true(is(b.ask(Bench::verb("ping")), "pong"));
}

void trickled_candidates_are_acknowledged_and_counted_whatever_they_say(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  const auto handle = b.attach(session);
  const Json one = Json::object({{"sdpMid", "0"}, {"candidate", "candidate:1 1 udp 1 a.local 9"}});
  const Json forms[] = {one, Json::object({{"completed", true}}), Json(3), Json::object()};
  for (const Json& candidate : forms) {
    const Json got = b.ask(Bench::verb("trickle", session, handle).set("candidate", candidate));
    assert_true(is(got, "ack"));
  }
  Json many = Json::array();
  for (int i = 0; i < 40; ++i) {
    many.push(one);
  }
  assert_true(is(b.ask(Bench::verb("trickle", session, handle).set("candidates", many)), "ack"));
  assert_int_equal(b.limit_hits("candidates_per_handle"), 1);
}

void shutdown_tells_every_client_and_closes_its_connection(void** state) {
  Bench& b = bench(state);
  const auto session = b.create();
  b.attach(session);
  b.api.shutdown();
  const auto got = b.clients.take(1);
  assert_int_equal(got.size(), 1);
  assert_true(is(got[0], "timeout"));
  assert_int_equal(b.clients.closed[1], 1001);
  assert_int_equal(b.feature.detached, 1);
  assert_int_equal(code_of(b.ask(Bench::verb("create"))), kErrorNotAcceptingSessions);
}

void clients_that_were_never_opened_are_not_served(void** state) {
  Bench& b = bench(state);
  assert_int_equal(b.send(Bench::verb("ping"), 77).size(), 0);
}

}  // namespace

int main() {
#define CARDEA_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const CMUnitTest tests[] = {
      CARDEA_CASE(verbs_are_matched_without_regard_to_case),
      CARDEA_CASE(each_of_several_texts_in_one_message_is_answered),
      CARDEA_CASE(a_polling_client_gets_one_answer_per_message),
      CARDEA_CASE(a_client_may_choose_its_session_id),
      CARDEA_CASE(info_keeps_to_the_number_space_of_janus),
      CARDEA_CASE(a_session_belongs_to_its_connection_until_claimed),
      CARDEA_CASE(closing_the_connection_ends_its_sessions),
      CARDEA_CASE(within_the_reclaim_time_a_session_can_be_claimed_with_what_it_missed),
      CARDEA_CASE(an_idle_session_times_out_with_an_event),
      CARDEA_CASE(detach_tells_the_client_and_destroy_does_not),
      CARDEA_CASE(sessions_per_connection_and_handles_per_session_are_bounded),
      CARDEA_CASE(a_flood_of_messages_is_refused_until_time_passes),
      CARDEA_CASE(trickled_candidates_are_acknowledged_and_counted_whatever_they_say),
      CARDEA_CASE(shutdown_tells_every_client_and_closes_its_connection),
      CARDEA_CASE(clients_that_were_never_opened_are_not_served),
  };
  return cmocka_run_group_tests_name("session/api", tests, nullptr, nullptr);
}
