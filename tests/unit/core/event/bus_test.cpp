#include "core/event/bus.hpp"

#include <string>
#include <vector>

#include "tests/support/cmocka.hpp"

using namespace cardea;  // NOLINT(google-build-using-namespace): a test
using event::Kind;

namespace {

class FakeSink final : public event::Sink {
 public:
  FakeSink(std::string id, std::uint32_t wanted) : mask_(wanted) { info_.id = std::move(id); }
  [[nodiscard]] const event::SinkInfo& info() const override { return info_; }
  [[nodiscard]] std::uint32_t mask() const override { return mask_; }
  void event(Kind, std::string_view json) override { texts.emplace_back(json); }
  Json query(const Json& request) override {
    mask_ = static_cast<std::uint32_t>(request["mask"].as_int());
    return Json::object({{"result", 200}});
  }

  std::vector<std::string> texts;

 private:
  event::SinkInfo info_;
  std::uint32_t mask_;
};

struct Bench {
  event::Bus bus{"here", [] { return std::int64_t{1'700'000'000'000'001}; }};
  FakeSink sessions{"one", CARDEA_EVENT_SESSION};
  FakeSink media{"two", CARDEA_EVENT_MEDIA | CARDEA_EVENT_EXTERNAL};
  int made = 0;

  Bench() {
    bus.add(sessions);
    bus.add(media);
  }
  Json body() {
    ++made;
    return Json::object({{"name", "created"}});
  }
};

int set_up(void** state) {
  *state = new Bench;
  return 0;
}
int tear_down(void** state) {
  delete static_cast<Bench*>(*state);
  return 0;
}
Bench& bench(void** state) { return *static_cast<Bench*>(*state); }

void an_event_reaches_only_the_sinks_that_want_its_kind(void** state) {
  Bench& b = bench(state);
  b.bus.emit(event::kSession, {7, 0, {}}, [&] { return b.body(); });
  assert_int_equal(b.sessions.texts.size(), 1);
  assert_int_equal(b.media.texts.size(), 0);
  assert_string_equal(b.sessions.texts[0].c_str(),
                      R"({"emitter":"here","type":1,"timestamp":1700000000000001,"session_id":7,)"
                      R"("event":{"name":"created"}})");
}

void an_envelope_names_subtype_handle_and_opaque_id_where_there_are_any(void** state) {
  Bench& b = bench(state);
  b.bus.emit(event::kSlowLink, {7, 8, "mine"}, [&] { return b.body(); });
  assert_string_equal(b.media.texts.at(0).c_str(),
                      R"({"emitter":"here","type":32,"subtype":2,"timestamp":1700000000000001,)"
                      R"("session_id":7,"handle_id":8,"opaque_id":"mine",)"
                      R"("event":{"name":"created"}})");
}

void an_event_that_nobody_wants_is_not_made(void** state) {
  Bench& b = bench(state);
  b.bus.emit(event::kPlugin, {7, 8, {}}, [&] { return b.body(); });
  assert_int_equal(b.made, 0);
  assert_false(b.bus.wanted(Kind::Plugin));
}

void a_query_may_change_what_a_sink_wants(void** state) {
  Bench& b = bench(state);
  assert_int_equal(b.bus.query("one", Json::object({{"mask", 64}}))["result"].as_int(), 200);
  b.bus.emit(event::kPlugin, {}, [&] { return b.body(); });
  b.bus.emit(event::kSession, {7, 0, {}}, [&] { return b.body(); });
  assert_int_equal(b.sessions.texts.size(), 1);
  assert_int_equal(b.made, 1);
}

void a_query_of_an_unknown_sink_has_no_answer(void** state) {
  assert_false(static_cast<bool>(bench(state).bus.query("three", Json::object())));
}

void an_outside_event_carries_schema_and_data(void** state) {
  Bench& b = bench(state);
  b.bus.custom("mine", Json::object({{"a", 1}}));
  const auto text = Json::parse(b.media.texts.at(0));
  assert_int_equal((*text)["type"].as_int(), 4);
  assert_string_equal((*text)["event"].dump().c_str(), R"({"schema":"mine","data":{"a":1}})");
}

void nothing_is_sent_after_close(void** state) {
  Bench& b = bench(state);
  b.bus.close();
  b.bus.emit(event::kSession, {7, 0, {}}, [&] { return b.body(); });
  assert_int_equal(b.sessions.texts.size() + b.media.texts.size(), 0);
  assert_int_equal(b.made, 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(an_event_reaches_only_the_sinks_that_want_its_kind, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(
          an_envelope_names_subtype_handle_and_opaque_id_where_there_are_any, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_event_that_nobody_wants_is_not_made, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_query_may_change_what_a_sink_wants, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_query_of_an_unknown_sink_has_no_answer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_outside_event_carries_schema_and_data, set_up, tear_down),
      cmocka_unit_test_setup_teardown(nothing_is_sent_after_close, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("event/bus", tests, nullptr, nullptr);
}
