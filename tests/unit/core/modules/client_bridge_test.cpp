// Modules as Janus clients: what they may, when they are called, and how they end.
#include "core/modules/client_bridge.hpp"

#include "core/session/errors.hpp"
#include "tests/unit/core/session/fakes.hpp"

using namespace cardea;
using namespace cardea::modules;
using namespace cardea::session::test;
using namespace std::chrono_literals;

namespace {

constexpr session::ClientId kOutsider{0, 1};

session::Settings closed_server() {
  session::Settings settings;
  settings.api_secret = "word";
  settings.janus_open = false;
  return settings;
}

struct Inside {
  explicit Inside(session::Settings settings = closed_server())
      : api(std::move(settings), inner, engine, bus, log::Logger(), registry,
            [this] { return now; }) {
    api.add_feature(feature);
  }

  cardea_inner_client_t open() {
    return inner.open(api, this,
                      [this](std::string_view json) { got.push_back(*Json::parse(json)); });
  }
  /// Runs until nothing waits. @returns what came.
  std::vector<Json> settle() {
    for (int i = 0; i < 4; ++i) {
      inner.dispatch(api);
    }
    return std::exchange(got, {});
  }
  Json ask(cardea_inner_client_t client, const Json& message) {
    assert_true(inner.send(client, message.dump()));
    const auto answers = settle();
    return answers.empty() ? Json() : answers[0];
  }
  std::uint64_t create(cardea_inner_client_t client) {
    return ask(client, Bench::verb("create"))["data"]["id"].as_uint();
  }

  metrics::Registry registry;
  InnerClients inner{registry};
  FakeEngine engine;
  FakeFeature feature;
  Time now{};
  std::vector<Json> got;
  event::Bus bus{"", [] { return std::int64_t{1}; }};
  session::Api api;
};

void an_inner_client_needs_no_secret_and_may_enter_a_closed_server(void**) {
  Inside in;
  const auto client = in.open();
  const auto session = in.create(client);
  assert_true(session != 0);
  const Json attached =
      in.ask(client, Bench::verb("attach", session).set("plugin", "janus.plugin.fake"));
  const auto handle = attached["data"]["id"].as_uint();
  assert_true(handle != 0);
  const Json answer = in.ask(
      client, Bench::message(session, handle, Json::object({{"request", "join"}, {"room", 1}})));
  assert_true(answer["janus"].as_text() == "ack");
  assert_int_equal(in.feature.messages, 1);
}

void others_still_need_the_secret(void**) {
  Inside in;
  in.api.client_opened(kOutsider, {"127.0.0.1", true, false});
  in.api.message(kOutsider, 0, 0, Bench::verb("create").dump());
  assert_int_equal(in.api.session_count(), 0);
}

void nothing_happens_before_the_dispatch(void**) {
  Inside in;
  const auto client = in.open();
  assert_true(in.inner.send(client, Bench::verb("create").dump()));
  assert_int_equal(in.api.session_count(), 0);
  in.inner.dispatch(in.api);
  assert_int_equal(in.api.session_count(), 1);
  assert_true(in.got.empty());
  in.inner.dispatch(in.api);
  assert_int_equal(in.got.size(), 1);
}

void its_sessions_do_not_time_out_and_cannot_be_claimed(void**) {
  Inside in;
  const auto session = in.create(in.open());
  in.now += 10h;
  in.api.poll(in.now);
  assert_int_equal(in.api.session_count(), 1);
  const auto other = in.open();
  const Json refused = in.ask(other, Bench::verb("claim", session));
  assert_int_equal(refused["error"]["code"].as_int(), session::kErrorSessionNotFound);
}

void no_text_comes_after_close_and_its_sessions_end(void**) {
  Inside in;
  const auto client = in.open();
  in.create(client);
  assert_true(in.inner.send(client, Bench::verb("ping").dump()));
  in.inner.close(client);
  assert_true(in.settle().empty());
  assert_int_equal(in.api.session_count(), 0);
  assert_false(in.inner.send(client, Bench::verb("ping").dump()));
}

void a_module_that_ends_takes_its_clients_along(void**) {
  Inside in;
  const int other = 0;
  const auto stays = in.inner.open(in.api, &other, [](std::string_view) {});
  const auto goes = in.open();
  in.inner.forget(&in);
  assert_false(in.inner.send(goes, "{}"));
  assert_true(in.inner.send(stays, "{}"));
}

void a_client_may_close_itself_in_its_own_text(void**) {
  Inside in;
  cardea_inner_client_t client = 0;
  int texts = 0;
  client = in.inner.open(in.api, &in, [&](std::string_view) {
    ++texts;
    in.inner.close(client);
  });
  assert_true(in.inner.send(client, Bench::verb("ping").dump()));
  assert_true(in.inner.send(client, Bench::verb("ping").dump()));
  in.settle();
  assert_int_equal(texts, 1);
}

void there_are_bounds_on_clients_and_waiting_messages(void**) {
  Inside in;
  const auto first = in.open();
  for (std::size_t i = 1; i < InnerClients::kMaxClients; ++i) {
    assert_true(in.open() != 0);
  }
  assert_true(in.open() == 0);
  std::size_t taken = 0;
  while (taken <= InnerClients::kMaxWaiting && in.inner.send(first, "{}")) {
    ++taken;
  }
  assert_int_equal(taken, InnerClients::kMaxWaiting);
}

void a_full_server_refuses_at_once(void**) {
  session::Settings settings;
  settings.limits.clients = 1;
  Inside in(settings);
  assert_true(in.open() != 0);
  assert_true(in.open() == 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(an_inner_client_needs_no_secret_and_may_enter_a_closed_server),
      cmocka_unit_test(others_still_need_the_secret),
      cmocka_unit_test(nothing_happens_before_the_dispatch),
      cmocka_unit_test(its_sessions_do_not_time_out_and_cannot_be_claimed),
      cmocka_unit_test(no_text_comes_after_close_and_its_sessions_end),
      cmocka_unit_test(a_module_that_ends_takes_its_clients_along),
      cmocka_unit_test(a_client_may_close_itself_in_its_own_text),
      cmocka_unit_test(there_are_bounds_on_clients_and_waiting_messages),
      cmocka_unit_test(a_full_server_refuses_at_once),
  };
  return cmocka_run_group_tests_name("modules/client_bridge", tests, nullptr, nullptr);
}
