// Messages to a feature: the form and order of answers, roles, the guard, hangups.
#include "core/session/operation.hpp"

#include "core/session/errors.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::session;
using namespace cardea::session::test;

namespace {

struct Attached {
  std::uint64_t session;
  std::uint64_t handle;
};

Attached attached(Bench& b) {
  const auto session = b.create();
  return {session, b.attach(session)};
}

std::vector<Json> request(Bench& b, const Attached& at, Json body) {
  return b.send(Bench::message(at.session, at.handle, std::move(body)));
}

Json join_body() { return Json::object({{"request", "join"}, {"room", 1234}}); }

long feature_code(const Json& answer) {
  return answer["plugindata"]["data"]["error_code"].as_int();
}

void events_made_inside_the_call_leave_after_the_ack(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  b.feature.on_message = [&](const cardea_request_t& r) {
    b.api.event(at.handle, r.id, R"({"fake":"first"})", nullptr);
    b.api.event(at.handle, 0, R"({"fake":"second"})", nullptr);
  };
  const auto got = request(b, at, join_body());
  assert_int_equal(got.size(), 3);
  assert_true(got[0]["janus"].as_text() == "ack");
  assert_int_equal(got[0]["session_id"].as_uint(), at.session);
  assert_true(got[1]["janus"].as_text() == "event");
  assert_true(got[1]["transaction"].as_text() == "t");
  assert_true(got[1]["plugindata"]["data"]["fake"].as_text() == "first");
  assert_true(got[1]["plugindata"]["plugin"].as_text() == "janus.plugin.fake");
  assert_int_equal(got[1]["sender"].as_uint(), at.handle);
  assert_false(got[2].has("transaction"));
}

void events_for_others_wait_for_the_ack_too(void** state) {
  Bench& b = bench(state);
  const Attached one = attached(b);
  const Attached other = attached(b);
  b.feature.on_message = [&](const cardea_request_t&) {
    b.api.event(other.handle, 0, R"({"fake":"other"})", nullptr);
  };
  const auto got = request(b, one, join_body());
  assert_true(got.at(0)["janus"].as_text() == "ack");
  assert_int_equal(got.at(1)["session_id"].as_uint(), other.session);
}

void a_synchronous_reply_is_a_success_with_its_data(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  b.feature.on_message = [&](const cardea_request_t& r) {
    assert_non_null(r.operation);
    assert_string_equal(r.operation->name, "list");
    b.api.reply(r.id, R"({"fake":"success","list":[]})");
  };
  const auto got = request(b, at, Json::object({{"request", "LIST"}}));
  assert_int_equal(got.size(), 1);
  assert_true(got[0]["janus"].as_text() == "success");
  assert_true(got[0]["transaction"].as_text() == "t");
  assert_int_equal(got[0]["sender"].as_uint(), at.handle);
  assert_true(got[0]["plugindata"]["data"]["list"].is_array());
}

void a_synchronous_operation_without_reply_is_an_internal_error(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  const auto silent = request(b, at, Json::object({{"request", "list"}}));
  assert_int_equal(feature_code(silent.at(0)), 499);
  b.feature.on_message = [&](const cardea_request_t& r) { b.api.reply(r.id, "not JSON"); };
  assert_int_equal(feature_code(request(b, at, Json::object({{"request", "list"}})).at(0)), 499);
}

void unknown_requests_are_answered_at_once_and_bad_parameters_in_the_operations_form(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  const auto none = request(b, at, Json::object());
  assert_int_equal(none.size(), 1);
  assert_true(none[0]["janus"].as_text() == "success");
  assert_true(none[0]["plugindata"]["data"]["fake"].as_text() == "event");
  assert_int_equal(feature_code(none[0]), 429);
  const auto unknown = request(b, at, Json::object({{"request", "foo"}}));
  assert_int_equal(feature_code(unknown.at(0)), 423);
  assert_true(unknown[0]["plugindata"]["data"]["error"].as_text() == "Unknown request 'foo'");
  const auto missing = request(b, at, Json::object({{"request", "join"}}));
  assert_int_equal(missing.size(), 2);
  assert_true(missing[0]["janus"].as_text() == "ack");
  assert_true(missing[1]["transaction"].as_text() == "t");
  assert_int_equal(feature_code(missing[1]), 429);
  assert_int_equal(b.feature.messages, 0);
}

void operations_of_a_role_need_the_role(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  const Json configure = Json::object({{"request", "configure"}});
  assert_int_equal(feature_code(request(b, at, configure).at(1)), 424);
  b.api.set_role(at.handle, "subscriber");
  assert_int_equal(feature_code(request(b, at, configure).at(1)), 423);
  b.api.set_role(at.handle, "publisher");
  assert_int_equal(request(b, at, configure).size(), 1);
  assert_int_equal(b.feature.messages, 1);
}

void on_a_closed_server_anonymous_clients_enter_nothing(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  Settings settings;
  settings.janus_open = false;
  b.api.set_settings(settings);
  assert_int_equal(feature_code(request(b, at, join_body()).at(1)), 433);
  assert_int_equal(feature_code(request(b, at, Json::object({{"request", "create"}})).at(0)), 433);
  assert_int_equal(b.feature.messages, 0);
  assert_false(b.api.may(at.handle, CARDEA_ACCESS_ENTER));
  request(b, at, Json::object({{"request", "list"}}));
  assert_int_equal(b.feature.messages, 1);
}

void an_optional_request_means_the_first_operation(void** state) {
  Bench& b = bench(state);
  b.feature.described.request_optional = true;
  const Attached at = attached(b);
  std::string name;
  b.feature.on_message = [&](const cardea_request_t& r) {
    name = r.operation->name;
    b.api.reply(r.id, "{}");
  };
  request(b, at, Json::object({{"audio", true}}));
  assert_string_equal(name.c_str(), "list");
}

void answers_may_come_long_after_the_message(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  cardea_request_id_t id = 0;
  b.feature.on_message = [&](const cardea_request_t& r) { id = r.id; };
  request(b, at, join_body());
  assert_int_equal(b.api.event(at.handle, id, R"({"fake":"late"})", nullptr), 0);
  assert_true(b.clients.take(1).at(0)["transaction"].as_text() == "t");
  // Never for another handle's client.
  const Attached other = attached(b);
  b.clients.take(1);
  b.api.event(other.handle, id, R"({"fake":"late"})", nullptr);
  assert_false(b.clients.take(1).at(0).has("transaction"));
}

void unanswered_requests_of_a_handle_are_bounded(void** state) {
  Settings settings;
  settings.limits.enabled = false;
  Bench& b = bench(state);
  b.api.set_settings(settings);
  const Attached at = attached(b);
  std::vector<cardea_request_id_t> ids;
  b.feature.on_message = [&](const cardea_request_t& r) { ids.push_back(r.id); };
  for (int i = 0; i < 70; ++i) {
    request(b, at, join_body());
  }
  b.clients.take(1);
  b.api.event(at.handle, ids.front(), "{}", nullptr);
  b.api.event(at.handle, ids.back(), "{}", nullptr);
  const auto got = b.clients.take(1);
  assert_false(got.at(0).has("transaction"));
  assert_true(got.at(1).has("transaction"));
}

void events_for_a_handle_that_is_gone_are_refused(void** state) {
  Bench& b = bench(state);
  const Attached at = attached(b);
  b.send(Bench::verb("detach", at.session, at.handle));
  assert_int_equal(b.api.event(at.handle, 0, "{}", nullptr), CARDEA_EVENT_NO_HANDLE);
  assert_int_equal(b.api.accept_answer(1), CARDEA_EVENT_NO_HANDLE);
  std::size_t count = 7;
  assert_null(b.api.mlines(at.handle, count));
  assert_int_equal(count, 0);
  b.api.hangup(at.handle, "x");
  b.api.reply(12345, "{}");
}

}  // namespace

int main() {
#define CARDEA_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const CMUnitTest tests[] = {
      CARDEA_CASE(events_made_inside_the_call_leave_after_the_ack),
      CARDEA_CASE(events_for_others_wait_for_the_ack_too),
      CARDEA_CASE(a_synchronous_reply_is_a_success_with_its_data),
      CARDEA_CASE(a_synchronous_operation_without_reply_is_an_internal_error),
      CARDEA_CASE(unknown_requests_are_answered_at_once_and_bad_parameters_in_the_operations_form),
      CARDEA_CASE(operations_of_a_role_need_the_role),
      CARDEA_CASE(on_a_closed_server_anonymous_clients_enter_nothing),
      CARDEA_CASE(an_optional_request_means_the_first_operation),
      CARDEA_CASE(answers_may_come_long_after_the_message),
      CARDEA_CASE(unanswered_requests_of_a_handle_are_bounded),
      CARDEA_CASE(events_for_a_handle_that_is_gone_are_refused),
  };
  return cmocka_run_group_tests_name("session/operation", tests, nullptr, nullptr);
}
